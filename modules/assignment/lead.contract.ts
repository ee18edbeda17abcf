import { z } from 'zod';
import { route } from '#platform/http/route';
import { DISPUTES, type Dispute, LEAD_STATES, type LeadState } from './lead.rules.ts';

/** 报备: register, import, settle, void. */

export const LEAD_STATE_LABELS: Readonly<Record<LeadState, string>> = {
  open: '待匹配',
  matched: '已匹配',
  disputed: '有争议',
  void: '已作废',
};

export const DISPUTE_SENTENCES: Readonly<Record<Dispute, string>> = {
  later: '已有他人先报备同一名考生',
  ambiguous: '号码对应多名考生，无法确定是谁',
  name_differs: '考生号或证件号相符，但姓名不同',
  after_delivery: '投档名单到校以后才报备',
};

export const LEAD_IMPORT_ROWS = 5000;
export const LEAD_IMPORT_BYTES = 4 * 1024 * 1024;

const Reason = z.string().trim().min(2, '原因至少 2 个字').max(200, '原因最多 200 个字');
const id = z.object({ id: z.uuid() });

export const LeadRow = z.object({
  id: z.string(),
  /** Masked unless it is the reader's own registration. */
  name: z.string(),
  candidateNo: z.string().nullable(),
  phoneMasked: z.string().nullable(),
  recruiterName: z.string(),
  registeredByName: z.string(),
  source: z.string(),
  registeredAt: z.number(),
  state: z.enum(LEAD_STATES),
  dispute: z.enum(DISPUTES).nullable(),
  voidReason: z.string().nullable(),
  settleReason: z.string().nullable(),
  candidateName: z.string().nullable(),
  /** Whose lead the candidate is now, in a dispute. */
  holderName: z.string().nullable(),
});
export type LeadRow = z.output<typeof LeadRow>;

export const listLeads = route({
  method: 'POST',
  path: '/leads/search',
  permission: 'lead.read',
  summary: '报备（报备人只看自己的）',
  searches: true,
  body: z.object({
    state: z.preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(z.enum(LEAD_STATES)).optional(),
    ),
    recruiter: z.string().trim().max(40).optional(),
    cursor: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
    sort: z.string().max(20).optional(),
  }),
  reply: z.object({ items: z.array(LeadRow), nextCursor: z.string().nullable(), total: z.number() }),
});

export const registerLead = route({
  method: 'POST',
  path: '/leads',
  permission: 'lead.register',
  summary: '报备一名意向考生：考生号、身份证号、手机号至少一项',
  body: z.object({
    name: z.string().trim().min(2, '请填写考生姓名').max(40),
    candidateNo: z.string().trim().max(40).default(''),
    idNumber: z.string().trim().max(40).default(''),
    phone: z.string().trim().max(40).default(''),
    source: z.string().trim().min(2, '请填写来源').max(60),
  }),
  reply: z.object({ id: z.string(), state: z.enum(LEAD_STATES), dispute: z.enum(DISPUTES).nullable() }),
  refusals: { invalid: 422, quota: 409, duplicate: 409, no_season: 409 },
});

export const voidLead = route({
  method: 'POST',
  path: '/leads/:id/void',
  permission: 'lead.manage',
  summary: '作废一条报备',
  params: id,
  body: z.object({ reason: Reason }),
  refusals: { not_found: 404, already_void: 409 },
});

export const settleLead = route({
  method: 'POST',
  path: '/leads/:id/settle',
  permission: 'lead.manage',
  summary: '裁定争议：归这位报备人，或维持原归属',
  params: id,
  body: z.object({ accept: z.boolean(), reason: Reason }),
  refusals: { not_found: 404, not_disputed: 409, no_candidate: 409 },
});

export const leadTemplate = route({
  method: 'GET',
  path: '/leads/import-template',
  permission: 'lead.manage',
  kind: 'stream',
  summary: '报备导入模板（XLSX）',
});

const importRefusals = {
  no_file: 422,
  too_large: 413,
  unreadable: 422,
  no_season: 409,
  rows_rejected: 422,
} as const;

/** Fields `confirm` = yes writes; without it the reply is the preview. */
export const importLeads = route({
  method: 'POST',
  path: '/leads/import',
  permission: 'lead.manage',
  kind: 'upload',
  summary: '导入报备表（XLSX 或 CSV）：先预览，确认后写入',
  query: z.object({ confirm: z.enum(['yes', 'no']).default('no') }),
  reply: z.object({
    rows: z.number(),
    ready: z.number(),
    disputed: z.number(),
    known: z.number(),
    rejected: z.number(),
    written: z.boolean(),
    findings: z.array(z.object({ row: z.number(), sentence: z.string() })),
  }),
  refusals: importRefusals,
});
