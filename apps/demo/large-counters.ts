import { sql } from 'kysely';
import type { Tx } from '#platform/db/pool';
import type { LargeSeason } from './large-plan.ts';

const NIL = sql`'00000000-0000-0000-0000-000000000000'::uuid`;

/** The sums that boards read, counted from the cases and the ledger as the folding of millions of deltas would leave them. */
export async function countCases(tx: Tx, { tenantId }: LargeSeason): Promise<void> {
  await sql`
    insert into case_tally (tenant_id, season_id, grain, policy_id, phase, round, owner_id, group_id, state, disposition, result, cases)
    select tenant_id, season_id, case when grouping(owner_id) = 0 then 'owner' else 'policy' end, coalesce(policy_id, ${NIL}),
      coalesce(phase, ''), coalesce(round, ''), coalesce(owner_id, ${NIL}), coalesce(group_id, ${NIL}), state, disposition,
      coalesce(result, ''), count(*)
    from follow_up_case where tenant_id = ${tenantId}
    group by grouping sets ((tenant_id, season_id, owner_id, group_id, state, disposition, result),
      (tenant_id, season_id, policy_id, phase, round, state, disposition, result))`.execute(tx);
}

/** Of ten million attempts, read once. */
export async function countContacts(tx: Tx, { tenantId, seasonId }: LargeSeason): Promise<void> {
  await sql`
    create temp table demo_sum on commit drop as
    select caller_id, group_id, policy_id, day, weekday, hour, grouping(caller_id) as no_caller, grouping(policy_id) as no_policy,
      grouping(day) as no_day, count(*) as attempts, count(*) filter (where counts_as_contact) as contacts,
      count(*) filter (where outcome = 'L7') as refusals, count(*) filter (where not counts_as_contact) as unreached,
      count(*) filter (where outcome = 'R1') as confirmed, count(*) filter (where outcome = 'R3') as considering,
      sum(talk_seconds) as talk_seconds
    from (
      select a.caller_id, a.group_id, a.policy_id, a.outcome, a.counts_as_contact, a.talk_seconds, t.at::date as day,
        extract(dow from t.at)::smallint as weekday, extract(hour from t.at)::smallint as hour
      from attempt a cross join lateral (select a.started_at at time zone 'Asia/Shanghai' as at) t
      where a.tenant_id = ${tenantId} and a.season_id = ${seasonId}
    ) a
    group by grouping sets ((caller_id, group_id, day), (caller_id, group_id), (policy_id, day), (policy_id), (weekday, hour))`.execute(
    tx,
  );
  await sql`
    insert into contact_tally (tenant_id, season_id, grain, caller_id, group_id, policy_id, phase, day, weekday, hour, attempts, dials, contacts,
      refusals, unreached, unknown_eligibility, confirmed, considering, withdrawing, talk_seconds)
    select ${tenantId}, ${seasonId},
      case when no_caller = 0 then 'caller' when no_policy = 0 then 'policy' else 'hour' end || case when no_day = 0 then '_day' else '' end,
      coalesce(caller_id, ${NIL}), coalesce(group_id, ${NIL}), coalesce(policy_id, ${NIL}), case when no_policy = 0 then 'filing' else '' end,
      coalesce(day, date '1970-01-01'), coalesce(weekday, -1), coalesce(hour, -1), attempts, attempts, contacts, refusals, unreached, 0,
      confirmed, considering, 0, talk_seconds
    from demo_sum`.execute(tx);
}
