import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';

/** Deltas folded in one transaction; more wait for the next turn. */
const FOLD_LIMIT = 20_000;
const NIL = sql`'00000000-0000-0000-0000-000000000000'::uuid`;

/**
 * Folds waiting deltas of cases into their sums. A reader adds sums and deltas in one snapshot, so it sees the same figures before
 * and after. Of two who fold at once the second waits and finds nothing left. Returns how many deltas were folded.
 */
export async function foldCases(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ folded: number }>`
    with taken as (
      select id from case_tally_delta where tenant_id = ${ctx.tenantId} order by id limit ${FOLD_LIMIT}
    ), moved as (
      delete from case_tally_delta d using taken where d.tenant_id = ${ctx.tenantId} and d.id = taken.id returning d.*
    ), summed as (
      insert into case_tally as t (tenant_id, season_id, grain, policy_id, phase, round, owner_id, group_id, state, disposition, result, cases)
      select tenant_id, season_id, grain, case when by_policy then policy_id else ${NIL} end, phase,
        case when by_policy then round else '' end, case when by_policy then ${NIL} else owner_id end,
        case when by_policy then ${NIL} else group_id end, state, disposition, result, sum(cases)
      from moved cross join (values ('owner', false), ('policy', true)) as g (grain, by_policy)
      group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 having sum(cases) <> 0
      on conflict (tenant_id, season_id, grain, policy_id, phase, round, owner_id, group_id, state, disposition, result)
      do update set cases = t.cases + excluded.cases
    )
    select count(*) as folded from moved`.execute(ctx.tx);
  await sql`delete from case_tally where tenant_id = ${ctx.tenantId} and cases = 0`.execute(ctx.tx);
  return rows[0]?.folded ?? 0;
}

const ANY_DAY = sql`date '1970-01-01'`;
const ANY_HOUR = sql`-1::smallint`;

/** What each grain keeps apart; everything else it adds up. A season of ten million contacts is a few thousand rows in each. */
const GRAINS = sql`(values
  ('caller_day', true, false, true, false),
  ('caller', true, false, false, false),
  ('policy_day', false, true, true, false),
  ('policy', false, true, false, false),
  ('hour', false, false, false, true)
) as g (grain, by_caller, by_policy, by_day, by_hour)`;

/** The same for contacts: one delta goes into one row of each grain. */
export async function foldContacts(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ folded: number }>`
    with taken as (
      select id from contact_tally_delta where tenant_id = ${ctx.tenantId} order by id limit ${FOLD_LIMIT}
    ), moved as (
      delete from contact_tally_delta d using taken where d.tenant_id = ${ctx.tenantId} and d.id = taken.id returning d.*
    ), summed as (
      insert into contact_tally as t (tenant_id, season_id, grain, caller_id, group_id, policy_id, phase, day, weekday, hour, attempts, dials,
        contacts, refusals, unreached, unknown_eligibility, not_eligible, confirmed, considering, withdrawing, talk_seconds, discarded)
      select tenant_id, season_id, grain, case when by_caller then caller_id else ${NIL} end, case when by_caller then group_id else ${NIL} end,
        case when by_policy then policy_id else ${NIL} end, case when by_policy then phase else '' end,
        case when by_day then day else ${ANY_DAY} end, case when by_hour then weekday else ${ANY_HOUR} end,
        case when by_hour then hour else ${ANY_HOUR} end, sum(attempts), sum(dials), sum(contacts), sum(refusals), sum(unreached),
        sum(unknown_eligibility), sum(not_eligible), sum(confirmed), sum(considering), sum(withdrawing), sum(talk_seconds), sum(discarded)
      from moved cross join ${GRAINS}
      group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
      on conflict (tenant_id, season_id, grain, day, caller_id, group_id, policy_id, phase, weekday, hour) do update set
        attempts = t.attempts + excluded.attempts, dials = t.dials + excluded.dials, contacts = t.contacts + excluded.contacts,
        refusals = t.refusals + excluded.refusals, unreached = t.unreached + excluded.unreached,
        unknown_eligibility = t.unknown_eligibility + excluded.unknown_eligibility,
        not_eligible = t.not_eligible + excluded.not_eligible, confirmed = t.confirmed + excluded.confirmed,
        considering = t.considering + excluded.considering, withdrawing = t.withdrawing + excluded.withdrawing,
        talk_seconds = t.talk_seconds + excluded.talk_seconds, discarded = t.discarded + excluded.discarded
    )
    select count(*) as folded from moved`.execute(ctx.tx);
  return rows[0]?.folded ?? 0;
}
