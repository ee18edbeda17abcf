import type { PhoneCondition } from '#candidate/rules';
import type { Instant } from '#platform/ids';
import type { FollowUpSettings } from '#season/rules';
import type { CaseImage } from './case.store.ts';
import type { Outcome } from './outcome.rules.ts';

/** What an undo within seconds puts back. */
export interface UndoImage {
  readonly attemptId: string;
  readonly outcome: Outcome;
  readonly consequence: string;
  readonly version: number;
  readonly case: CaseImage;
  readonly phone: {
    readonly id: string;
    readonly condition: PhoneCondition;
    readonly dialled: boolean;
  } | null;
  readonly detached: string | null;
  readonly callbackEnded: string | null;
  readonly callbackMade: string | null;
  readonly escalationMade: string | null;
  readonly escalationEnded: string | null;
  readonly doNotCall: string | null;
}

/** Time for the request to travel, beyond the seconds that the screen shows. */
const GRACE_MS = 5_000;

/** The last instant at which the result of a call that ended then may be undone. */
export const undoUntil = (
  endedAt: Instant,
  { undoSeconds }: Pick<FollowUpSettings, 'undoSeconds'>,
): Instant => endedAt + undoSeconds * 1000 + GRACE_MS;
