import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';

/** The two clocks of the database, read by a statement that holds its locks. */
export interface Clock {
  readonly began: Instant;
  readonly at: Instant;
}

/**
 * The time after the locks are held, so that histories never overlap: the database's clock, not the beginning of the transaction. Where
 * somebody else's clock rules (a test), that clock.
 */
export const clockOf = ({ now }: Ctx, { began, at }: Clock): Instant =>
  now >= began && now <= at ? at : now;
