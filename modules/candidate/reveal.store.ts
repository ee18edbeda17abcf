import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { newId, toDate, type UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import { shanghaiDay, startOfDay } from '#platform/shanghai';
import type { CandidateId } from './ids.ts';
import type { RevealField } from './rules.ts';

/**
 * How many fields a person has revealed today. `hold` makes others who act for the same person wait until this transaction ends, so that
 * two tabs cannot both take the last one.
 */
export async function revealsToday(ctx: Ctx, userId: UserId, { hold = false } = {}): Promise<number> {
  if (hold) {
    await sql`select id from user_account where tenant_id = ${ctx.tenantId} and id = ${userId} for no key update`.execute(
      ctx.tx,
    );
  }
  const since = new Date(startOfDay(shanghaiDay(ctx.now)));
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from reveal
    where tenant_id = ${ctx.tenantId} and user_id = ${userId} and at >= ${since}`.execute(ctx.tx);
  return rows[0]?.count ?? 0;
}

/** Numbers typed into the reason are masked: the list of reveals is read by more people than the file. */
export async function insertReveal(
  ctx: Ctx,
  given: { userId: UserId; candidateId: CandidateId; field: RevealField; reason: string },
): Promise<void> {
  await sql`insert into reveal (tenant_id, id, user_id, candidate_id, field, reason, at)
    values (${ctx.tenantId}, ${newId()}, ${given.userId}, ${given.candidateId}, ${given.field}, ${maskText(given.reason)}, ${toDate(ctx.now)})`.execute(
    ctx.tx,
  );
}
