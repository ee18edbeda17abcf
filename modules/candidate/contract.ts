import { z } from 'zod';
import { route } from '#platform/http/route';
import type { Missing } from './list.rules.ts';
import {
  PHONE_STATES,
  type PhoneState,
  RELATIONS,
  REVEAL_FIELDS,
  type Relation,
  type RevealField,
} from './rules.ts';

export * from './change.contract.ts';
export * from './list.contract.ts';
export * from './major.contract.ts';
export * from './view.contract.ts';

/** One candidate file: the drawer and what is done in it. */

export const RELATION_LABELS: Readonly<Record<Relation, string>> = {
  self: '本人',
  father: '父亲',
  mother: '母亲',
  guardian: '监护人',
  grandparent: '祖父母',
  relative: '亲属',
  teacher: '老师',
  school: '中学',
  neighbour: '邻居',
  village: '村委 / 社区',
  other: '其他',
  unknown: '未注明',
};

export const PHONE_STATE_LABELS: Readonly<Record<PhoneState, string>> = {
  live: '可拨',
  suspect: '疑似空号',
  suspended: '停机',
  cooling: '暂缓',
  dead: '空号',
  do_not_call: '勿拨',
};

export const MISSING_LABELS: Readonly<Record<Missing, string>> = {
  phone: '无号码',
  name: '姓名缺字',
  id: '身份证号有误',
};

export const REVEAL_LABELS: Readonly<Record<RevealField, string>> = {
  name: '姓名',
  id_number: '身份证号',
  phone: '电话号码',
  address: '通讯地址',
  recipient: '收件人',
};

const id = z.object({ id: z.uuid() });
const Reason = z.string().trim().min(4).max(200);

export const FilePhone = z.object({
  phoneId: z.string(),
  masked: z.string(),
  kind: z.enum(['mobile', 'landline']),
  areaCode: z.string().nullable(),
  relation: z.enum(RELATIONS),
  source: z.string(),
  basis: z.string().nullable(),
  position: z.number(),
  contactName: z.string().nullable(),
  informant: z.boolean(),
  state: z.enum(PHONE_STATES),
  stateAt: z.number().nullable(),
  lastDialledAt: z.number().nullable(),
  addedAt: z.number(),
  detachedAt: z.number().nullable(),
  detachedReason: z.string().nullable(),
  sharedWith: z.number(),
});

export const FileCase = z.object({
  id: z.string(),
  phase: z.string(),
  round: z.string(),
  state: z.string(),
  disposition: z.string(),
  result: z.string().nullable(),
  ownerName: z.string().nullable(),
  groupName: z.string().nullable(),
  dueAt: z.number().nullable(),
  deadlineAt: z.number().nullable(),
  attempts: z.number(),
  contacts: z.number(),
  talkSeconds: z.number(),
});

export const CandidateFile = z.object({
  id: z.string(),
  candidateNo: z.string(),
  name: z.string(),
  sex: z.enum(['male', 'female']).nullable(),
  minor: z.boolean(),
  /** Of a minor: who approved that the candidate is followed up, and when. */
  approval: z.object({ name: z.string(), at: z.number() }).nullable(),
  birth: z.string().nullable(),
  idMasked: z.string().nullable(),
  address: z.string().nullable(),
  recipient: z.string().nullable(),
  provinceCode: z.string(),
  batchName: z.string(),
  withdrawable: z.boolean().nullable(),
  phoneShielded: z.boolean().nullable(),
  withdrawalDeadlineAt: z.number().nullable(),
  schoolCode: z.string().nullable(),
  schoolName: z.string().nullable(),
  category: z.string().nullable(),
  majorCode: z.string().nullable(),
  majorName: z.string().nullable(),
  preferenceRank: z.number().nullable(),
  obeysAdjustment: z.boolean().nullable(),
  artSchoolExam: z.boolean(),
  examState: z.string().nullable(),
  missing: z.array(z.enum(['phone', 'name', 'id'])),
  hasPhoto: z.boolean(),
  updatedAt: z.number(),
  mergedInto: z.string().nullable(),
  merge: z
    .object({ id: z.string(), otherNo: z.string(), reason: z.string(), mergedAt: z.number() })
    .nullable(),
  phones: z.array(FilePhone),
  signals: z.array(z.string()),
  wish: z.object({ pathwayInterest: z.boolean(), majorWish: z.string().nullable() }),
  cases: z.array(FileCase),
  scores: z
    .object({
      score: z.number().nullable(),
      filingScore: z.number().nullable(),
      subjects: z.array(z.object({ name: z.string(), score: z.union([z.number(), z.string()]).nullable() })),
    })
    .nullable(),
  preferences: z.array(
    z.object({
      rank: z.number().nullable(),
      college: z.string(),
      majors: z.array(z.string()),
      /** Only where it is another batch than that of the filing. */
      batch: z.string().optional(),
      filed: z.boolean(),
    }),
  ),
  /** What the delivery says of the filing beside that, in words. */
  delivered: z.array(z.object({ label: z.string(), value: z.string() })),
  revealsLeft: z.number(),
});
export type CandidateFile = z.infer<typeof CandidateFile>;

export const candidateFile = route({
  method: 'GET',
  path: '/candidates/:id',
  permission: 'candidate.read',
  summary: '考生档案（脱敏）',
  params: id,
  reply: CandidateFile,
  refusals: { not_found: 404 },
});

export const ContactLine = z.object({
  id: z.string(),
  startedAt: z.number(),
  channel: z.string(),
  direction: z.string(),
  phone: z.string().nullable(),
  callerName: z.string(),
  phase: z.string(),
  answerer: z.string().nullable(),
  outcome: z.string(),
  contact: z.boolean(),
  talkSeconds: z.number(),
  note: z.string().nullable(),
  flagged: z.array(z.string()),
  incomplete: z.boolean(),
  corrected: z.array(z.object({ kind: z.string(), reason: z.string(), at: z.number(), by: z.string() })),
});

export const candidateContacts = route({
  method: 'GET',
  path: '/candidates/:id/contacts',
  permission: 'candidate.read',
  summary: '与考生的全部联系记录，各渠道',
  params: id,
  reply: z.object({ items: z.array(ContactLine) }),
  refusals: { not_found: 404 },
});

export const candidateMaterials = route({
  method: 'GET',
  path: '/candidates/:id/materials',
  permission: 'candidate.read',
  summary: '考生材料：照片、退档材料的状态',
  params: id,
  reply: z.object({
    hasPhoto: z.boolean(),
    withdrawals: z.array(
      z.object({
        id: z.string(),
        state: z.string(),
        requestedAt: z.number(),
        requestedBy: z.string(),
        hasEvidence: z.boolean(),
        checkedAt: z.number().nullable(),
        executedAt: z.number().nullable(),
        rejectedReason: z.string().nullable(),
      }),
    ),
  }),
  refusals: { not_found: 404 },
});

export const HistoryLine = z.object({
  at: z.number(),
  actorName: z.string(),
  action: z.string(),
  reason: z.string().nullable(),
  detail: z.string(),
});

export const candidateHistory = route({
  method: 'GET',
  path: '/candidates/:id/history',
  permission: 'candidate.read',
  summary: '考生档案的操作日志，含每次显示脱敏信息',
  params: id,
  reply: z.object({ items: z.array(HistoryLine) }),
  refusals: { not_found: 404 },
});

export const revealField = route({
  method: 'POST',
  path: '/candidates/:id/reveal',
  permission: 'candidate.reveal',
  summary: '显示一项脱敏信息（需原因，记入日志，每日限次）',
  params: id,
  body: z.object({ field: z.enum(REVEAL_FIELDS), phoneId: z.uuid().optional(), reason: Reason }),
  reply: z.object({ value: z.string(), left: z.number() }),
  refusals: { not_found: 404, nothing_there: 409, limit_reached: 429 },
});

export const candidatePhoto = route({
  method: 'GET',
  path: '/candidates/:id/photo',
  permission: 'candidate.read',
  kind: 'stream',
  summary: '考生照片（记入日志，不缓存）',
  params: id,
  refusals: { not_found: 404, no_photo: 404 },
});
