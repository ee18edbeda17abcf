import type { Ctx } from '#platform/db/tenant';
import type { Refusal } from '#platform/http/refusal';
import type { UserId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { disablePerson as disableAccount, removeFromFollowUp } from '#staff';
import type * as contract from './contract.ts';

/**
 * Gives all open work of a person back to where it came from and says how much it was. Wired in apps/server/app.ts to the
 * module that owns the assignment, so that absence does not depend on how work is handed out.
 */
export type ReturnAll = (
  ctx: Ctx,
  userId: UserId,
  reason: string,
) => Promise<Result<number, Refusal<'open_work'>>>;

type DepartureCode = keyof typeof contract.disablePerson.refusals;

/** Shuts an account: out at the next request, open work back, both or neither. */
export async function disablePerson(
  ctx: Ctx,
  returnAllOf: ReturnAll,
  given: { userId: UserId; reason: string },
): Promise<Result<{ returned: number }, Refusal<DepartureCode>>> {
  const shut = await disableAccount(ctx, given.userId, given.reason);
  if (!shut.ok) return shut;
  const returned = await returnAllOf(ctx, given.userId, `账号停用：${given.reason}`);
  return returned.ok ? ok({ returned: returned.value }) : returned;
}

/** Takes a person off the follow-up: out of the group, open work back; the account stays. */
export async function removePerson(
  ctx: Ctx,
  returnAllOf: ReturnAll,
  given: { userId: UserId; reason: string },
): Promise<Result<{ returned: number }, Refusal<DepartureCode>>> {
  const removed = await removeFromFollowUp(ctx, given.userId, given.reason);
  if (!removed.ok) return removed;
  const returned = await returnAllOf(ctx, given.userId, `退出回访：${given.reason}`);
  return returned.ok ? ok({ returned: returned.value }) : returned;
}
