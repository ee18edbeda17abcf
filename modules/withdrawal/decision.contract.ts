import { z } from 'zod';
import { route } from '#platform/http/route';
import { DECIDABLE, type Decidable } from './decision.rules.ts';

/** Routes of final decisions: proposed by one person, confirmed by the office. */

export const DECISION_LABELS: Readonly<Record<Decidable, string>> = {
  admitted: '确认录取',
  returned: '退回（信息不符或不在本批）',
  closed: '其他办结',
};

export const DECISION_VIEWS = ['to_propose', 'waiting', 'decided'] as const;
export const DECISION_VIEW_LABELS: Readonly<Record<(typeof DECISION_VIEWS)[number], string>> = {
  to_propose: '待提出',
  waiting: '待招办确认',
  decided: '已确认',
};

export const DecisionRow = z.object({
  caseId: z.string(),
  decisionId: z.string().nullable(),
  candidateId: z.string(),
  candidateName: z.string(),
  candidateNo: z.string(),
  groupName: z.string().nullable(),
  ownerName: z.string().nullable(),
  round: z.string(),
  disposition: z.string(),
  attempts: z.number(),
  contacts: z.number(),
  lastOutcome: z.string().nullable(),
  deadlineAt: z.number().nullable(),
  result: z.enum(DECIDABLE).nullable(),
  reason: z.string().nullable(),
  proposedByName: z.string().nullable(),
  proposedAt: z.number().nullable(),
  confirmedByName: z.string().nullable(),
  confirmedAt: z.number().nullable(),
  /** The last proposal that the office sent back, and why. */
  rejectedReason: z.string().nullable(),
  /** Why the reader may not confirm, in words; null: they may. */
  barredBecause: z.string().nullable(),
  /** For each result why it may not be proposed now; null: it may. */
  gaps: z.record(z.enum(DECIDABLE), z.string().nullable()),
});
export type DecisionView = z.output<typeof DecisionRow>;

export const listDecisions = route({
  method: 'GET',
  path: '/decisions',
  permission: 'decision.read',
  summary: '最终认定：待提出、待招办确认、已确认',
  query: z.object({
    view: z.enum(DECISION_VIEWS).default('to_propose'),
    cursor: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  }),
  reply: z.object({
    items: z.array(DecisionRow),
    nextCursor: z.string().nullable(),
    total: z.number(),
    counts: z.object({
      toPropose: z.number(),
      waiting: z.number(),
      decided: z.number(),
      /** Cases of the phase without a final state: everyone must end with one. */
      open: z.number(),
      overdue: z.number(),
    }),
  }),
  refusals: { no_season: 409 },
});

const Reason = z.string().trim().min(10, '请用至少 10 个字写明理由').max(500);

export const proposeDecision = route({
  method: 'POST',
  path: '/decisions',
  permission: 'decision.propose',
  summary: '提出最终认定（突击后仍联系不上等），由招办另一人确认',
  body: z.object({ caseId: z.uuid(), result: z.enum(DECIDABLE), reason: Reason }),
  reply: DecisionRow,
  refusals: {
    not_found: 404,
    case_closed: 409,
    case_leased: 409,
    withdrawal_open: 409,
    already_proposed: 409,
    too_early: 422,
    no_ground: 422,
  },
});

const params = z.object({ id: z.uuid() });

export const confirmDecision = route({
  method: 'POST',
  path: '/decisions/:id/confirm',
  permission: 'decision.confirm',
  freshAuth: true,
  summary: '招办确认：两人签名，考生办结',
  params,
  reply: DecisionRow,
  refusals: { not_found: 404, already_decided: 409, same_person: 403, case_busy: 409, no_longer: 409 },
});

export const rejectDecision = route({
  method: 'POST',
  path: '/decisions/:id/reject',
  permission: 'decision.confirm',
  summary: '招办退回，写明理由；考生立即可拨',
  params,
  body: z.object({ reason: Reason }),
  reply: DecisionRow,
  refusals: { not_found: 404, already_decided: 409, case_busy: 409 },
});
