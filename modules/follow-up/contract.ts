import { z } from 'zod';
import { RELATIONS } from '#candidate/rules';
import { route } from '#platform/http/route';
import { type Disposition, OUTCOMES, type Outcome } from './outcome.rules.ts';
import {
  AnswererCode,
  type Channel,
  HandOver,
  LineCode,
  MessageOutcome,
  ResultCodes,
  Work,
} from './work.contract.ts';

export { TIER_LABELS } from './consequence.rules.ts';
export { escalateCaseRoute } from './escalation.contract.ts';
export { firstTier } from './escalation.rules.ts';

/** Routes of the queue. Every reply that changes what the caller holds is the whole screen (`Work`). */

const leaseParams = z.object({ leaseId: z.uuid() });

const ClientKey = z.string().regex(/^[A-Za-z0-9_-]{8,100}$/);

export const DISPOSITION_LABELS: Readonly<Record<Disposition, string>> = {
  uncalled: '未表态',
  confirmed: '确认录取',
  considering: '考虑',
  unreachable: '联系不上',
  withdrawing: '申请退档',
};

export const CASE_STATE_LABELS = {
  ready: '待拨打',
  leased: '通话中',
  scheduled: '已约回电',
  blocked: '停拨',
  escalated: '已转交',
  final: '已办结',
} as const;

export const CHANNEL_LABELS: Readonly<Record<z.infer<typeof Channel>, string>> = {
  phone: '电话',
  sms: '短信',
  qq: 'QQ',
  wechat: '微信',
  weibo: '微博',
  visit: '来访',
  portal: '门户',
  other: '其他',
};

export const MESSAGE_OUTCOME_LABELS: Readonly<Record<z.infer<typeof MessageOutcome>, string>> = {
  sent: '已发出',
  added: '已加好友',
  answered: '对方已回复',
  not_found: '搜不到账号',
  declined: '对方拒绝',
};

export const SKIP_REASONS = {
  acquaintance: '与考生相识，需要回避',
  dialect: '方言不通',
  line_fault: '线路故障',
  called_away: '临时被叫走',
  wrong_number_data: '资料有明显错误',
  other: '其他（请说明）',
} as const;

export const PAUSE_REASONS = {
  break: '休息',
  meal: '吃饭',
  meeting: '开会',
  training: '培训',
  paperwork: '整理材料',
  other: '其他',
} as const;

/** Label of an attempt's outcome, whatever its channel. */
export function outcomeLabel(code: string): string {
  if (code === 'incomplete') return '未填结果';
  if (code in OUTCOMES) return OUTCOMES[code as Outcome].label;
  return MESSAGE_OUTCOME_LABELS[code as keyof typeof MESSAGE_OUTCOME_LABELS] ?? code;
}

export const myWork = route({
  method: 'GET',
  path: '/queue',
  permission: 'queue.work',
  summary: '我的录检：手上的考生、今日情况、到期回电',
  reply: Work,
});

export const claimRoute = route({
  method: 'POST',
  path: '/queue/claim',
  permission: 'queue.work',
  summary: '下一位，或指名一个约好的回电；手上已有考生时返回同一位',
  /** A promised call-back by name: the owner may take it before its minute. */
  body: z.object({ callbackCaseId: z.uuid().optional() }),
  reply: Work,
  refusals: {
    not_qualified: 403,
    incomplete_attempt: 409,
    case_taken: 409,
    outside_hours: 409,
    minor_not_approved: 403,
  },
});

export const FinishBody = z.object({
  clientKey: ClientKey,
  channel: z.enum(['phone', 'visit', 'wechat', 'qq']).default('phone'),
  direction: z.enum(['out', 'in']).default('out'),
  phoneId: z.uuid().nullable(),
  line: LineCode.nullable(),
  answerer: AnswererCode.nullable(),
  result: ResultCodes.nullable(),
  startedAt: z.number().nullable(),
  answeredAt: z.number().nullable(),
  talkSeconds: z.int().min(0).max(14_400).default(0),
  note: z.string().max(2000).default(''),
  /** A time agreed with the candidate or family; only with an answered outcome. */
  callback: z
    .object({
      at: z.number(),
      scope: z.enum(['owner', 'group', 'any']).default('owner'),
      note: z.string().max(200).default(''),
    })
    .nullable()
    .default(null),
  /** Hands the case upwards in the same step: whoever has talked records the result and escalates at once. */
  escalation: HandOver.nullable().default(null),
  /** For 方言 / 沟通障碍: the skill the next caller should have, one of `dialectsRoute`; another one asks for nobody in particular. */
  dialect: z.string().max(40).nullable().default(null),
  /** For 确认录取: major and identity were read back and agree. */
  checked: z.object({ major: z.boolean(), identity: z.boolean() }).default({ major: false, identity: false }),
  /** False: finish and take a pause. */
  next: z.boolean().default(true),
});
export type FinishInput = z.output<typeof FinishBody>;

const finishRefusals = {
  lease_ended: 409,
  key_reused: 409,
  no_outcome: 422,
  outcome_not_allowed: 422,
  two_numbers_needed: 422,
  check_needed: 422,
  binding_province: 422,
  past_deadline: 422,
  callback_invalid: 422,
  number_not_held: 422,
  escalation_not_allowed: 422,
  already_escalated: 409,
  no_evidence: 422,
  not_found: 404,
} as const;

export const finishRoute = route({
  method: 'POST',
  path: '/queue/leases/:leaseId/finish',
  permission: 'queue.work',
  summary: '登记结果并取下一位（同一请求）；可同时转交',
  params: leaseParams,
  body: FinishBody,
  reply: Work,
  refusals: finishRefusals,
});

/** What colleagues who may call speak, for 方言 / 沟通障碍. */
export const dialectsRoute = route({
  method: 'GET',
  path: '/queue/dialects',
  permission: 'queue.work',
  summary: '有同事会说的方言',
  reply: z.object({ items: z.array(z.object({ code: z.string(), name: z.string() })) }),
});

export const skipRoute = route({
  method: 'POST',
  path: '/queue/leases/:leaseId/skip',
  permission: 'queue.work',
  summary: '放回队列，必须说明原因',
  params: leaseParams,
  body: z.object({
    reason: z.enum(Object.keys(SKIP_REASONS) as [keyof typeof SKIP_REASONS]),
    note: z.string().trim().max(200).default(''),
    next: z.boolean().default(true),
  }),
  reply: Work,
  refusals: { lease_ended: 409, note_needed: 422, already_dialled: 409 },
});

export const heartbeatRoute = route({
  method: 'POST',
  path: '/queue/leases/:leaseId/heartbeat',
  permission: 'queue.work',
  summary: '每 60 秒一次，延长占用',
  params: leaseParams,
  reply: z.object({ expiresAt: z.number(), serverNow: z.number() }),
  refusals: { lease_ended: 409 },
});

export const draftRoute = route({
  method: 'PUT',
  path: '/queue/leases/:leaseId/draft',
  permission: 'queue.work',
  summary: '保存未提交的内容，刷新或重新登录后恢复',
  params: leaseParams,
  body: z.object({ text: z.string().max(8000) }),
  refusals: { lease_ended: 409 },
});

export const dialRoute = route({
  method: 'POST',
  path: '/queue/leases/:leaseId/dial',
  permission: 'queue.work',
  summary: '开始拨打一个号码（手动拨号也要点）',
  params: leaseParams,
  body: z.object({ phoneId: z.uuid() }),
  reply: z.object({ dialStartedAt: z.number() }),
  refusals: { lease_ended: 409, already_dialled: 409, number_barred: 422, number_not_held: 422 },
});

export const addNumberRoute = route({
  method: 'POST',
  path: '/queue/leases/:leaseId/numbers',
  permission: 'queue.work',
  summary: '通话中得到的新号码',
  params: leaseParams,
  body: z.object({
    number: z.string().trim().min(7).max(30),
    relation: z.enum(RELATIONS),
    contactName: z.string().trim().max(40).default(''),
    basis: z.string().trim().min(2, '请写明号码从何而来').max(200),
  }),
  reply: Work,
  refusals: { lease_ended: 409, bad_number: 422, number_busy: 409, duplicate_number: 409 },
});

export const messageRoute = route({
  method: 'POST',
  path: '/queue/leases/:leaseId/messages',
  permission: 'queue.work',
  summary: '登记短信、微信、QQ、微博联系；短信进入发送队列',
  params: leaseParams,
  body: z.object({
    clientKey: ClientKey,
    channel: z.enum(['sms', 'wechat', 'qq', 'weibo']),
    phoneId: z.uuid().nullable(),
    outcome: MessageOutcome,
    text: z.string().trim().max(500).default(''),
    /** The approved text, when it is sent as it stands. */
    scriptVersionId: z.uuid().nullable().default(null),
    talkSeconds: z.int().min(0).max(14_400).default(0),
  }),
  reply: Work,
  refusals: { lease_ended: 409, number_not_held: 422, number_barred: 422 },
});

export const signalsRoute = route({
  method: 'PUT',
  path: '/queue/leases/:leaseId/signals',
  permission: 'queue.work',
  summary: '标记风险信号',
  params: leaseParams,
  body: z.object({ codes: z.array(z.string().max(40)).max(30) }),
  refusals: { lease_ended: 409, unknown_signal: 422 },
});

export const wishRoute = route({
  method: 'PUT',
  path: '/queue/leases/:leaseId/wish',
  permission: 'queue.work',
  summary: '本专硕意向、专业意愿（只记录，不承诺）',
  params: leaseParams,
  body: z.object({ pathwayInterest: z.boolean(), majorWish: z.string().trim().max(200).nullable() }),
  refusals: { lease_ended: 409 },
});

export const undoRoute = route({
  method: 'POST',
  path: '/queue/attempts/:attemptId/undo',
  permission: 'queue.work',
  summary: '5 秒内撤销刚登记的结果，回到这位考生',
  params: z.object({ attemptId: z.uuid() }),
  reply: Work,
  refusals: { too_late: 409, not_found: 404, case_moved: 409, lease_dialled: 409 },
});
