/** Front door of the follow-up: what other modules may call. Rules and labels come from `#follow-up/rules` and `#follow-up/contract`. */
import type { Module } from '#platform/module';
import { followUpJobs, followUpRecurring } from './jobs.ts';
import { followUpRetention } from './retention.ts';
import { roundRecurring } from './round.jobs.ts';
import { followUpEndpoints } from './routes.ts';

export type { CaseEventKind, CaseId, CaseResult, CaseRow } from './case.store.ts';
export { readCase } from './case.store.ts';
export { claim } from './claim.service.ts';
export { type Escalating, type Evidence, escalateOpened } from './escalate.ts';
export { returnHandOvers } from './escalation-return.service.ts';
export { finishAndNext } from './finish.service.ts';
export {
  assignCases,
  blockCase,
  type CloseRefusal,
  closeCase,
  type NewCase,
  type NewOwner,
  noteWithdrawal,
  openCases,
  reopenCase,
  type WithdrawalStep,
} from './lifecycle.service.ts';
export { type Fault, type FollowUpCheck, verifyFollowUp } from './verify.ts';
export type { WorkView } from './work.contract.ts';

/** Endpoints and background work of the queue. */
export const followUpModule: Module = {
  endpoints: () => followUpEndpoints(),
  jobs: followUpJobs,
  recurring: [...followUpRecurring, ...roundRecurring],
  retention: followUpRetention,
};
