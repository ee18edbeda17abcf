import { sql } from 'kysely';
import type { Tx } from '#platform/db/pool';
import type { LargeSeason, Sql } from './large-plan.ts';

const NIL = sql`'00000000-0000-0000-0000-000000000000'::uuid`;

/** The sums that boards read, counted from the cases and the ledger as the folding of millions of deltas would leave them. */
export async function countCases(tx: Tx, { tenantId }: LargeSeason): Promise<void> {
  await sql`
    insert into case_tally (tenant_id, season_id, grain, policy_id, phase, round, owner_id, group_id, state, disposition, result, cases)
    select tenant_id, season_id, case when grouping(owner_id) = 0 then 'owner' else 'policy' end, coalesce(policy_id, ${NIL}),
      phase, coalesce(round, ''), coalesce(owner_id, ${NIL}), coalesce(group_id, ${NIL}), state, disposition,
      coalesce(result, ''), count(*)
    from follow_up_case where tenant_id = ${tenantId}
    group by grouping sets ((tenant_id, season_id, phase, owner_id, group_id, state, disposition, result),
      (tenant_id, season_id, policy_id, phase, round, state, disposition, result))`.execute(tx);
}

/** Of ten million attempts, read twice: a database shares plain grouping among its processes, grouping sets not. */
export async function countContacts(tx: Tx, season: LargeSeason): Promise<void> {
  await sum(tx, season, {
    keys: sql`caller_id, group_id`,
    others: sql`null::uuid as policy_id`,
    hours: sql`extract(dow from t.at)::smallint as weekday, extract(hour from t.at)::smallint as hour`,
    grain: sql`case when grouping(caller_id) = 0 then 'caller' else 'hour' end`,
    grains: sql`(caller_id, group_id, policy_id, day), (caller_id, group_id, policy_id), (policy_id, weekday, hour)`,
  });
  await sum(tx, season, {
    keys: sql`policy_id`,
    others: sql`null::uuid as caller_id, null::uuid as group_id`,
    hours: sql`null::smallint as weekday, null::smallint as hour`,
    grain: sql`'policy'`,
    grains: sql`(caller_id, group_id, policy_id, weekday, hour, day), (caller_id, group_id, policy_id, weekday, hour)`,
  });
}

async function sum(
  tx: Tx,
  { tenantId, seasonId }: LargeSeason,
  { keys, others, hours, grain, grains }: { keys: Sql; others: Sql; hours: Sql; grain: Sql; grains: Sql },
): Promise<void> {
  // Beijing is whole hours off: an hour is an hour there as well.
  await sql`
    create temp table demo_hours on commit drop as
    select ${keys}, ${others}, date_trunc('hour', started_at) as hour_at, count(*) as attempts, count(*) filter (where counts_as_contact) as contacts,
      count(*) filter (where outcome = 'L7') as unknown, count(*) filter (where not counts_as_contact) as unreached,
      count(*) filter (where outcome = 'R1') as confirmed, count(*) filter (where outcome = 'R3') as considering,
      sum(talk_seconds) as talk_seconds
    from attempt where tenant_id = ${tenantId} and season_id = ${seasonId}
    group by ${keys}, date_trunc('hour', started_at)`.execute(tx);
  await sql`
    insert into contact_tally (tenant_id, season_id, grain, caller_id, group_id, policy_id, phase, day, weekday, hour, attempts, dials, contacts,
      refusals, unreached, unknown_eligibility, confirmed, considering, withdrawing, talk_seconds)
    select ${tenantId}, ${seasonId},
      ${grain} || case when grouping(day) = 0 then '_day' else '' end,
      coalesce(caller_id, ${NIL}), coalesce(group_id, ${NIL}), coalesce(policy_id, ${NIL}), case when policy_id is null then '' else 'filing' end,
      coalesce(day, date '1970-01-01'), coalesce(weekday, -1), coalesce(hour, -1), sum(attempts), sum(attempts), sum(contacts), 0,
      sum(unreached), sum(unknown), sum(confirmed), sum(considering), 0, sum(talk_seconds)
    from (
      select h.*, t.at::date as day, ${hours}
      from demo_hours h cross join lateral (select h.hour_at at time zone 'Asia/Shanghai' as at) t
    ) h
    group by grouping sets (${grains})`.execute(tx);
  await sql`drop table demo_hours`.execute(tx);
}
