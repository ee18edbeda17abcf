import { sql } from 'kysely';
import type { Tx } from '#platform/db/pool';
import { withoutIndexes } from './bulk-load.ts';
import { arrangeSlots, type LargeSeason, type Sql, talkSeconds, uuidOf } from './large-plan.ts';

/** Every call in the order in which they were made: the slots of the season, each for all owners; n is the candidate, serial the call. */
function calls({ owners, policies, count }: LargeSeason): Sql {
  const many = sql.lit(owners.length);
  return sql`(
    select s.at, s.ended_at, c.outcome, o.user_id, o.group_id, p.id as policy_id, s.m * ${many} + o.no as n, s.slot * ${many} + o.no as serial
    from (select * from demo_slot order by slot offset 0) s
    cross join lateral (select * from demo_owner order by no offset 0) o
    join demo_call c on c.slot = s.slot and c.kind = o.kind
    join demo_policy p on p.place = (s.m * ${many} + o.no + s.m) % ${sql.lit(policies.length)}
    where s.m * ${many} + o.no < ${sql.lit(count)}
  ) c`;
}

/** One lease a call: closed, one after the other for every caller. */
export async function loadLeases(tx: Tx, season: LargeSeason): Promise<void> {
  await arrangeSlots(tx, season);
  await withoutIndexes(asking(tx), ['lease'], async () => {
    await sql`
      insert into lease (tenant_id, id, case_id, candidate_id, caller_id, opened_at, heartbeat_at, expires_at, ended_at, end_reason)
      select ${season.tenantId}, ${uuidOf('lease', sql`serial`)}, ${uuidOf('case', sql`n`)}, ${uuidOf('candidate', sql`n`)}, user_id, at, at,
        at + interval '20 minutes', ended_at, 'finished'
      from ${calls(season)}`.execute(tx);
  });
}

/** One attempt a call. */
export async function loadAttempts(tx: Tx, season: LargeSeason): Promise<void> {
  await arrangeSlots(tx, season);
  await withoutIndexes(asking(tx), ['attempt'], async () => {
    await sql`
      insert into attempt (tenant_id, id, case_id, candidate_id, season_id, policy_id, lease_id, caller_id, group_id, phase, round, channel,
        line, answerer, result, outcome, counts_as_contact, policy_version, started_at, answered_at, ended_at, talk_seconds, client_key)
      select ${season.tenantId}, ${uuidOf('attempt', sql`serial`)}, ${uuidOf('case', sql`n`)}, ${uuidOf('candidate', sql`n`)}, ${season.seasonId},
        policy_id, ${uuidOf('lease', sql`serial`)}, user_id, group_id, 'filing', 'first', 'phone',
        case when outcome like 'L%' then outcome end, case when outcome like 'A%' then outcome end, case when outcome like 'R%' then outcome end,
        outcome, outcome not like 'L%', 1, at, case when outcome not like 'L%' then at end, ended_at,
        case when outcome like 'L%' then 0 else ${sql.lit(talkSeconds(season))} end, 'demo-' || to_hex(1099511627776 + serial)
      from ${calls(season)}`.execute(tx);
  });
}

export const asking =
  (tx: Tx) =>
  async <Row>(statement: string): Promise<Row[]> =>
    (await sql.raw<Row>(statement).execute(tx)).rows;
