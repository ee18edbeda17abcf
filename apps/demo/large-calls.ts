import { sql } from 'kysely';
import type { Tx } from '#platform/db/pool';
import { withoutIndexes } from './bulk-load.ts';
import {
  arrangeSlots,
  type LargeSeason,
  outcomeOf,
  pace,
  policyPlace,
  type Sql,
  startOf,
  talkSeconds,
  uuidOf,
} from './large-plan.ts';

/** Every call in the order in which they were made: the slots of the season, each for all owners. */
function calls(season: LargeSeason): Sql {
  const owners = sql.lit(season.owners.length);
  return sql`(
    select s.i, s.last, s.slot, o.user_id, o.group_id, s.m * ${owners} + o.no as n, s.slot * ${owners} + o.no as serial
    from (select * from demo_slot order by slot offset 0) s
    cross join lateral (select * from demo_owner order by no offset 0) o
    where s.m * ${owners} + o.no < ${sql.lit(season.count)}
  ) c`;
}

/** One lease a call: closed, one after the other for every caller. */
export async function loadLeases(tx: Tx, season: LargeSeason): Promise<void> {
  await arrangeSlots(tx, season);
  await withoutIndexes(asking(tx), ['lease'], async () => {
    await sql`
      insert into lease (tenant_id, id, case_id, candidate_id, caller_id, opened_at, heartbeat_at, expires_at, ended_at, end_reason)
      select ${season.tenantId}, ${uuidOf('lease', sql`serial`)}, ${uuidOf('case', sql`n`)}, ${uuidOf('candidate', sql`n`)}, user_id, at, at,
        at + interval '20 minutes', at + ${sql.lit(pace(season).seconds - 1)} * interval '1 second', 'finished'
      from ${calls(season)} cross join lateral (select ${startOf(season, sql`c.slot`)} as at offset 0) t`.execute(
      tx,
    );
  });
}

/** One attempt a call. */
export async function loadAttempts(tx: Tx, season: LargeSeason): Promise<void> {
  const policies = season.policies.map(({ id }) => id);
  await arrangeSlots(tx, season);
  await withoutIndexes(asking(tx), ['attempt'], async () => {
    await sql`
      insert into attempt (tenant_id, id, case_id, candidate_id, season_id, policy_id, lease_id, caller_id, group_id, phase, round, channel,
        line, answerer, result, outcome, counts_as_contact, policy_version, started_at, answered_at, ended_at, talk_seconds, client_key)
      select ${season.tenantId}, ${uuidOf('attempt', sql`serial`)}, ${uuidOf('case', sql`n`)}, ${uuidOf('candidate', sql`n`)}, ${season.seasonId},
        (${policies}::uuid[])[${policyPlace(season)}], ${uuidOf('lease', sql`serial`)}, user_id, group_id, 'filing', 'first', 'phone',
        case axis when 'L' then outcome end, case axis when 'A' then outcome end, case axis when 'R' then outcome end, outcome, axis <> 'L', 1,
        at, case when axis <> 'L' then at end, at + ${sql.lit(pace(season).seconds - 1)} * interval '1 second',
        case when axis = 'L' then 0 else ${sql.lit(talkSeconds(season))} end, 'demo-' || lpad(serial::text, 12, '0')
      from ${calls(season)}
      cross join lateral (select ${startOf(season, sql`c.slot`)} as at, ${outcomeOf(sql`c.last`)} as outcome offset 0) t
      cross join lateral (select left(t.outcome, 1) as axis offset 0) x`.execute(tx);
  });
}

export const asking =
  (tx: Tx) =>
  async <Row>(statement: string): Promise<Row[]> =>
    (await sql.raw<Row>(statement).execute(tx)).rows;
