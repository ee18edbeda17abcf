import { z } from 'zod';
import { route } from '#platform/http/route';
import { Left, ROUND_LABELS } from '#season/contract';
import { PHASES, ROUNDS } from '#season/rules';
import { CaseState, DispositionCode } from './work.contract.ts';

/** Routes of the rounds: what is left in first pass, focus and final. */

export { ROUND_LABELS };

const Round = z.enum(ROUNDS);
const Phase = z.enum(PHASES);

const RoundLeft = Left.extend({ escalated: z.number() });
export type RoundLeft = z.output<typeof RoundLeft>;

export const roundBoard = route({
  method: 'GET',
  path: '/rounds',
  permission: 'round.read',
  summary: '轮次进度：各轮、各组还剩多少考生，按状态分',
  query: z.object({ phase: Phase.optional() }),
  reply: z.object({
    season: z.object({ name: z.string(), phase: Phase, round: Round }),
    phase: Phase,
    /** Of what the reader may see. */
    rounds: z.array(RoundLeft.extend({ round: Round })),
    groups: z.array(RoundLeft.extend({ groupId: z.string(), groupName: z.string(), round: Round })),
    /** Open cases of the phase that have not followed the season into its round yet. */
    behind: z.number(),
  }),
  refusals: { no_season: 409 },
});

export const RoundCase = z.object({
  caseId: z.string(),
  candidateId: z.string(),
  candidateName: z.string(),
  candidateNo: z.string(),
  ownerName: z.string().nullable(),
  groupName: z.string().nullable(),
  round: Round,
  state: CaseState,
  disposition: DispositionCode,
  attempts: z.number(),
  contacts: z.number(),
  lastOutcome: z.string().nullable(),
  dueAt: z.number().nullable(),
  deadlineAt: z.number().nullable(),
});
export type RoundCaseView = z.output<typeof RoundCase>;

export const roundCases = route({
  method: 'GET',
  path: '/rounds/cases',
  permission: 'round.read',
  summary: '一轮里还没有办结的考生',
  query: z.object({
    phase: Phase.optional(),
    round: Round.optional(),
    disposition: DispositionCode.optional(),
    groupId: z.uuid().optional(),
    cursor: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  }),
  reply: z.object({ items: z.array(RoundCase), nextCursor: z.string().nullable(), total: z.number() }),
  refusals: { no_season: 409 },
});

export const moveRoundRoute = route({
  method: 'POST',
  path: '/rounds/move',
  permission: 'round.manage',
  summary: '让未办结的考生立即进入招生季当前这一轮（平时每分钟自动进行）',
  reply: z.object({ moved: z.number(), left: z.number() }),
  refusals: { no_season: 409 },
});
