import { z } from 'zod';
import { route } from '#platform/http/route';
import { ESCALATION_TIERS } from '#season/rules';
import { ESCALATION_STATES, type EscalationState } from './escalation.rules.ts';
import { CaseState, DispositionCode, HandOver, Work } from './work.contract.ts';

/** Routes of hand-overs upwards. */

export const ESCALATION_STATE_LABELS: Readonly<Record<EscalationState, string>> = {
  open: '待接手',
  accepted: '处理中',
  returned: '已退回',
  passed_on: '已转交',
  done: '已办结',
};

export const ESCALATION_VIEWS = ['to_accept', 'mine', 'handed_over', 'all'] as const;
export type EscalationViewCode = (typeof ESCALATION_VIEWS)[number];
export const ESCALATION_VIEW_LABELS: Readonly<Record<EscalationViewCode, string>> = {
  to_accept: '待我接手',
  mine: '我在处理',
  handed_over: '我转出的',
  all: '全部在办',
};

const Tier = z.enum(ESCALATION_TIERS);
const params = z.object({ id: z.uuid() });

export const EscalationRow = z.object({
  id: z.string(),
  caseId: z.string(),
  candidateId: z.string(),
  candidateName: z.string(),
  candidateNo: z.string(),
  tier: Tier,
  cause: z.string(),
  causeLabel: z.string(),
  summary: z.string(),
  state: z.enum(ESCALATION_STATES),
  fromName: z.string().nullable(),
  ownerName: z.string().nullable(),
  responsibleName: z.string(),
  groupName: z.string().nullable(),
  openedAt: z.number(),
  acceptBy: z.number(),
  acceptedAt: z.number().nullable(),
  resolveBy: z.number().nullable(),
  /** Which of the two times has passed. */
  late: z.enum(['accept', 'resolve']).nullable(),
  caseState: CaseState,
  disposition: DispositionCode,
  round: z.string(),
  dueAt: z.number().nullable(),
  deadlineAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  endNote: z.string().nullable(),
});
export type EscalationItem = z.output<typeof EscalationRow>;

export const EvidenceView = z.object({
  channel: z.string(),
  masked: z.string().nullable(),
  outcomes: z.array(z.string()),
  firstAt: z.number(),
  lastAt: z.number(),
});

/** Each act with the reason why it is impossible now; null: it is possible. */
const Acts = z.object({
  accept: z.string().nullable(),
  giveBack: z.string().nullable(),
  passOn: z.string().nullable(),
  work: z.string().nullable(),
});

export const EscalationDetail = EscalationRow.extend({
  evidence: z.array(EvidenceView),
  attempts: z.number(),
  nextTiers: z.array(Tier),
  acts: Acts,
});
export type EscalationDetailView = z.output<typeof EscalationDetail>;

export const listEscalations = route({
  method: 'GET',
  path: '/escalations',
  permission: 'escalation.read',
  summary: '转交的考生：待我接手、我在处理、我转出的、全部在办',
  query: z.object({
    view: z.enum(ESCALATION_VIEWS).default('to_accept'),
    late: z.enum(['true', 'false']).optional(),
    tier: Tier.optional(),
    cursor: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  }),
  reply: z.object({
    items: z.array(EscalationRow),
    nextCursor: z.string().nullable(),
    total: z.number(),
    counts: z.object({
      toAccept: z.number(),
      mine: z.number(),
      handedOver: z.number(),
      /** Of those to accept and of mine, past their time. */
      lateToAccept: z.number(),
      lateMine: z.number(),
    }),
  }),
});

export const escalateCaseRoute = route({
  method: 'POST',
  path: '/follow-up/cases/:caseId/escalate',
  permission: 'escalation.open',
  summary: '从考生档案转交：负责人或组长写明情况，联系记录由系统附上',
  params: z.object({ caseId: z.uuid() }),
  body: HandOver,
  reply: z.object({ escalationId: z.string() }),
  refusals: {
    not_found: 404,
    not_yours: 403,
    already_escalated: 409,
    no_evidence: 422,
    case_leased: 409,
    case_closed: 409,
  },
});

export const readEscalation = route({
  method: 'GET',
  path: '/escalations/:id',
  permission: 'escalation.read',
  summary: '一次转交：情况说明、系统计算的联系记录、可做的事',
  params,
  reply: EscalationDetail,
  refusals: { not_found: 404 },
});

const steps = { not_found: 404, not_yours: 403, already_ended: 409 } as const;

export const acceptEscalation = route({
  method: 'POST',
  path: '/escalations/:id/accept',
  permission: 'escalation.work',
  summary: '接手：从此由接手人负责',
  params,
  reply: EscalationDetail,
  refusals: { ...steps, already_accepted: 409 },
});

const Reason = z.string().trim().min(5, '请用至少 5 个字写明原因').max(500);

export const returnEscalation = route({
  method: 'POST',
  path: '/escalations/:id/return',
  permission: 'escalation.work',
  summary: '退回原负责人，写明原因；考生立即可拨',
  params,
  body: z.object({ reason: Reason }),
  reply: EscalationDetail,
  refusals: { ...steps, case_leased: 409, stays_with_team: 422 },
});

export const passOnEscalation = route({
  method: 'POST',
  path: '/escalations/:id/pass-on',
  permission: 'escalation.work',
  summary: '转交下一级，附情况汇总；没有联系记录不能转突击组',
  params,
  body: z.object({ tier: Tier, summary: z.string().trim().min(10, '请用至少 10 个字汇总情况').max(500) }),
  reply: EscalationDetail,
  refusals: { ...steps, case_leased: 409, tier_not_next: 422, no_evidence: 422 },
});

export const workEscalation = route({
  method: 'POST',
  path: '/escalations/:id/work',
  permission: 'queue.work',
  summary: '拨打：在“我的录检”里打开这名考生',
  params,
  reply: Work,
  refusals: {
    ...steps,
    not_accepted: 409,
    not_qualified: 403,
    incomplete_attempt: 409,
    in_hand: 409,
    case_leased: 409,
    number_busy: 409,
  },
});
