import { z } from 'zod';
import { route } from '#platform/http/route';
import { CHECKS, type Check, REASON_CODES, type ReasonCode, type WithdrawalState } from './rules.ts';

export const STATE_LABELS: Readonly<Record<WithdrawalState, string>> = {
  letter_sent: '待交材料',
  evidence_in: '待组长核对',
  checked: '待录检组办理',
  executed: '已退档',
  rejected: '材料不符',
  cancelled: '已撤回',
  lapsed: '过期未办',
};

export const REASON_LABELS: Readonly<Record<ReasonCode, string>> = {
  repeat: '准备复读',
  other_college: '想读其他学校',
  next_batch: '参加下一批次或征集志愿',
  distance: '离家距离',
  cost: '费用考虑',
  major: '专业不合意愿',
  enlistment: '参军入伍',
  abroad: '出国留学',
  work: '先工作',
  other: '其他',
};

export const CHECK_LABELS: Readonly<Record<Check, string>> = {
  letterSigned: '申请书上有考生本人签名和日期',
  parentSigned: '申请书上有家长签名',
  idCard: '照片里有考生身份证，字迹清楚',
  admissionTicket: '照片里有准考证，字迹清楚',
  nameMatches: '姓名与档案一致',
  numberMatches: '考生号与档案一致',
  ownWill: '已与考生本人确认是自愿申请',
};

export const Id = z.object({ id: z.uuid() });
const State = z.enum([
  'letter_sent',
  'evidence_in',
  'checked',
  'executed',
  'rejected',
  'cancelled',
  'lapsed',
]);
const Reason = z.string().trim().min(4, '请用至少 4 个字说明理由').max(500);

export const WithdrawalView = z.object({
  id: z.uuid(),
  caseId: z.uuid(),
  candidateId: z.uuid(),
  candidateName: z.string(),
  candidateNo: z.string(),
  provinceCode: z.string(),
  batchName: z.string(),
  state: State,
  reasonCode: z.enum(REASON_CODES),
  reasonText: z.string(),
  hasEvidence: z.boolean(),
  checklist: z.partialRecord(z.enum(CHECKS), z.boolean()),
  requestedBy: z.string(),
  requestedByName: z.string(),
  requestedAt: z.number(),
  uploadedByName: z.string().nullable(),
  uploadedAt: z.number().nullable(),
  checkedByName: z.string().nullable(),
  checkedAt: z.number().nullable(),
  executedByName: z.string().nullable(),
  executedAt: z.number().nullable(),
  rejectedReason: z.string().nullable(),
  deadlineAt: z.number().nullable(),
  groupName: z.string().nullable(),
  /** Why the reader may not take the next step, in words; null when they may. */
  barredBecause: z.string().nullable(),
});

const barriers = { policy_missing: 422, binding_province: 422, past_deadline: 422 } as const;
const steps = { ...barriers, not_found: 404, wrong_state: 409, same_person: 403 } as const;

export const listWithdrawals = route({
  method: 'POST',
  path: '/withdrawals/search',
  permission: 'withdrawal.read',
  summary: '退档申请列表（本人、本组或全部）',
  searches: true,
  body: z.object({
    state: State.optional(),
    /** Only those whose papers the reader compares now. */
    toCheck: z.enum(['true', 'false']).optional(),
    q: z.string().trim().max(40).optional(),
    cursor: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  }),
  reply: z.object({
    items: z.array(WithdrawalView),
    nextCursor: z.string().nullable(),
    total: z.number(),
    /** Requests the reader may see, by state, whatever the filter. */
    counts: z.partialRecord(State, z.number()),
  }),
});

export const readWithdrawal = route({
  method: 'GET',
  path: '/withdrawals/:id',
  permission: 'withdrawal.read',
  summary: '一份退档申请',
  params: Id,
  reply: WithdrawalView,
  refusals: { not_found: 404 },
});

/** What a caller should know before asking for a withdrawal; `barredBecause` says why it would be refused now. */
export const withdrawalChance = route({
  method: 'GET',
  path: '/withdrawals/cases/:caseId',
  permission: 'withdrawal.request',
  summary: '登记退档申请之前：考生、政策、截止时间、能不能登记',
  params: z.object({ caseId: z.uuid() }),
  reply: z.object({
    caseId: z.uuid(),
    candidateId: z.uuid(),
    candidateName: z.string(),
    candidateNo: z.string(),
    provinceName: z.string(),
    batchName: z.string(),
    withdrawable: z.boolean().nullable(),
    deadlineAt: z.number().nullable(),
    openId: z.uuid().nullable(),
    barredBecause: z.string().nullable(),
  }),
  refusals: { not_found: 404, not_yours: 403 },
});

export const previewLetter = route({
  method: 'GET',
  path: '/withdrawals/cases/:caseId/letter',
  permission: 'withdrawal.request',
  kind: 'stream',
  summary: '登记之前看一眼申请书（图片，带“预览”字样，不保存）',
  params: z.object({ caseId: z.uuid() }),
  refusals: { ...barriers, not_found: 404, not_yours: 403, wrong_state: 409 },
});

export const requestWithdrawal = route({
  method: 'POST',
  path: '/withdrawals',
  permission: 'withdrawal.request',
  summary: '按考生本人意愿登记退档申请，生成申请书',
  body: z.object({
    caseId: z.uuid(),
    reasonCode: z.enum(REASON_CODES),
    reasonText: z.string().trim().max(500).default(''),
  }),
  reply: WithdrawalView,
  refusals: { ...steps, already_open: 409, not_yours: 403, text_needed: 422 },
});

export const downloadLetter = route({
  method: 'GET',
  path: '/withdrawals/:id/letter',
  permission: 'withdrawal.read',
  kind: 'stream',
  summary: '下载退档申请书（PDF）',
  params: Id,
  refusals: { not_found: 404 },
});

export const uploadEvidence = route({
  method: 'POST',
  path: '/withdrawals/:id/evidence',
  permission: 'withdrawal.request',
  kind: 'upload',
  summary: '上传材料照片：申请书、身份证、准考证在同一张照片里',
  params: Id,
  reply: WithdrawalView,
  refusals: { ...steps, not_yours: 403, not_a_picture: 422, picture_too_large: 422, no_file: 422 },
});

export const viewEvidence = route({
  method: 'GET',
  path: '/withdrawals/:id/evidence',
  permission: 'withdrawal.read',
  kind: 'stream',
  summary: '查看材料照片（带查看人水印，查看会留下记录）',
  params: Id,
  refusals: { not_found: 404, not_yours: 403, removed: 410 },
});

export const checkWithdrawal = route({
  method: 'POST',
  path: '/withdrawals/:id/check',
  permission: 'withdrawal.check',
  summary: '组长核对材料：逐项核对，齐全才能通过；没有组长或组长是经手人的，由招办核对',
  params: Id,
  body: z.object({
    checklist: z.record(z.enum(CHECKS), z.boolean()),
    rejectReason: Reason.optional(),
    /** When the photo that was looked at was uploaded: another one may have taken its place since. */
    uploadedAt: z.number(),
  }),
  reply: WithdrawalView,
  refusals: { ...steps, not_yours: 403, incomplete: 422, photo_changed: 409 },
});

export const sendBackWithdrawal = route({
  method: 'POST',
  path: '/withdrawals/:id/send-back',
  permission: 'withdrawal.execute',
  summary: '录检组退回：办理前发现材料不符，写明理由',
  params: Id,
  body: z.object({ reason: Reason }),
  reply: WithdrawalView,
  refusals: { not_found: 404, wrong_state: 409 },
});

export const executeWithdrawal = route({
  method: 'POST',
  path: '/withdrawals/:id/execute',
  permission: 'withdrawal.execute',
  freshAuth: true,
  summary: '录检组办理退档',
  params: Id,
  reply: WithdrawalView,
  refusals: { ...steps, case_busy: 409 },
});

export const cancelWithdrawal = route({
  method: 'POST',
  path: '/withdrawals/:id/cancel',
  permission: 'withdrawal.request',
  summary: '考生改变主意，撤回申请',
  params: Id,
  body: z.object({ reason: Reason }),
  reply: WithdrawalView,
  refusals: { not_found: 404, wrong_state: 409, not_yours: 403 },
});
