import { sql } from 'kysely';
import type { Tx } from '#platform/db/pool';
import { withoutIndexes } from './bulk-load.ts';
import { asking } from './large-calls.ts';
import {
  arrangeSlots,
  type LargeSeason,
  outcomeOf,
  policyPlace,
  type Sql,
  startOf,
  talkSeconds,
  uuidOf,
} from './large-plan.ts';

/** Cases a statement makes: its journal is signed in memory. */
const CHUNK = 50_000;

/** Cases with their journal of two events, opened and finished, and what stands open: call-backs and escalations. */
export async function loadCases(tx: Tx, season: LargeSeason): Promise<void> {
  await arrangeSlots(tx, season);
  await withoutIndexes(asking(tx), ['follow_up_case', 'case_event', 'callback', 'escalation'], async () => {
    for (let from = 0; from < season.count; from += CHUNK)
      await loadChunk(tx, season, { from, until: Math.min(season.count, from + CHUNK) });
    await loadOpen(tx, season);
  });
}

/** What the calls of each case made of it, by the same formula that makes the calls. */
function summed(season: LargeSeason, { from, until }: { from: number; until: number }): Sql {
  const owners = sql.lit(season.owners.length);
  return sql`(
    select n, (array_agg(o.user_id))[1] as owner_id, (array_agg(o.group_id))[1] as group_id, count(*)::int as attempts,
      count(*) filter (where t.outcome not like 'L%')::int as contacts, count(*) filter (where t.outcome = 'L5')::int as unanswered,
      count(*) filter (where t.outcome = 'R3')::int as considered, max(s.slot) as slot, max(t.outcome) filter (where s.last) as outcome
    from generate_series(${sql.lit(from)}, ${sql.lit(until - 1)}) n
    join demo_owner o on o.no = n % ${owners} join demo_slot s on s.m = n / ${owners}
    cross join lateral (select ${outcomeOf(sql`s.last`)} as outcome offset 0) t
    group by n
  ) k`;
}

async function loadChunk(tx: Tx, season: LargeSeason, range: { from: number; until: number }): Promise<void> {
  const owners = sql.lit(season.owners.length);
  const policies = season.policies.map(({ id }) => id);
  const deadlines = season.policies.map(({ withdrawalDeadlineAt: at }) =>
    at === null ? null : new Date(at).toISOString(),
  );
  const opened = sql`timestamptz ${sql.lit(new Date(season.from).toISOString())}`;
  const event = (seq: Sql, kind: Sql, columns: Sql): Sql =>
    sql`row(${season.tenantId}::uuid, id, ${seq}, ${kind}, ${columns}, null, ''::bytea)::case_event`;
  await sql`
    with summed as (
      select k.*, ${uuidOf('case', sql`n`)} as id, ${uuidOf('candidate', sql`n`)} as candidate_id,
        ${uuidOf('attempt', sql`slot * ${owners} + n % ${owners}`)} as attempt_id, ${startOf(season, sql`slot`)} as last_at,
        (${policies}::uuid[])[${policyPlace(season)}] as policy_id, (${deadlines}::timestamptz[])[${policyPlace(season)}] as deadline_at
      from ${summed(season, range)}
    ), worded as (
      select *, ${event(sql`1`, sql`'opened'`, sql`${opened}, null::uuid, null::uuid, ${openedAfter(season, opened)}`)} as one,
        ${event(sql`2`, sql`'finished'`, sql`last_at, owner_id, attempt_id, ${finishedAfter(season)}`)} as two
      from summed offset 0
    ), first as materialized (
      select *, sha256(convert_to(case_event_text(one), 'UTF8')) as hash_one from worded
    ), signed as materialized (
      select *, sha256(hash_one || convert_to(case_event_text(two), 'UTF8')) as hash_two from first
    ), journal as (
      insert into case_event (tenant_id, case_id, seq, kind, at, actor_id, cause_id, after, hash)
      select (e).tenant_id, (e).case_id, (e).seq, (e).kind, (e).at, (e).actor_id, (e).cause_id, (e).after, hash
      from signed cross join lateral (values (one, hash_one), (two, hash_two)) w (e, hash)
    )
    insert into follow_up_case (tenant_id, id, season_id, policy_id, candidate_id, phase, owner_id, group_id, deadline_at, attempts, dials,
      contacts, talk_seconds, unanswered, considered, last_attempt_id, last_attempt_at, last_outcome, version, event_hash, created_at, updated_at,
      disposition, state, result, callback_id, escalation_id, due_at, group_due_at)
    select ${season.tenantId}, id, ${season.seasonId}, policy_id, candidate_id, 'filing', owner_id, group_id, deadline_at, attempts, attempts,
      contacts, contacts * ${sql.lit(talkSeconds(season))}, unanswered, considered, attempt_id, last_at, outcome, 2, hash_two, ${opened}, last_at,
      coalesce(a ->> 'disposition', 'uncalled'), coalesce(a ->> 'state', 'ready'), a ->> 'result', (a ->> 'callback_id')::uuid,
      (a ->> 'escalation_id')::uuid, (a ->> 'due_at')::timestamptz, (a ->> 'group_due_at')::timestamptz
    from (select *, (two).after as a from signed) s`.execute(tx);
}

/** The same columns that a release sets. */
const openedAfter = ({ seasonId }: LargeSeason, opened: Sql): Sql => sql`
  ${JSON.stringify({
    ...{
      season_id: seasonId,
      phase: 'filing',
      round: 'first',
      state: 'ready',
      disposition: 'uncalled',
      priority: 5,
    },
    ...{ attempts: 0, dials: 0, contacts: 0, talk_seconds: 0, refusals: 0, unanswered: 0, considered: 0 },
    ...{ day_parts: {}, messages: {}, dialled_today: 0, skips: 0 },
  })}::jsonb || jsonb_build_object('policy_id', policy_id, 'candidate_id', candidate_id, 'owner_id', owner_id, 'group_id', group_id,
    'deadline_at', deadline_at, 'due_at', ${opened})`;

/** A tenth of those nobody answered last are handed over; an agreed time is a call-back; confirmed is admitted; the rest is due again. */
const finishedAfter = (season: LargeSeason): Sql => sql`
  jsonb_build_object('attempts', attempts, 'dials', attempts, 'contacts', contacts,
    'talk_seconds', contacts * ${sql.lit(talkSeconds(season))}, 'unanswered', unanswered, 'considered', considered,
    'last_attempt_id', attempt_id, 'last_attempt_at', last_at, 'last_outcome', outcome) ||
  case when outcome = 'R1' then jsonb_build_object('disposition', 'confirmed', 'state', 'final', 'result', 'admitted', 'due_at', null, 'group_due_at', null)
    when outcome = 'A8' then jsonb_build_object('state', 'scheduled', 'callback_id', ${uuidOf('callback', sql`n`)}, 'due_at', ${promisedAt},
      'group_due_at', ${promisedAt} + interval '15 minutes')
    when ${handedOver} then jsonb_build_object('disposition', 'unreachable', 'state', 'escalated', 'escalation_id', ${uuidOf('escalation', sql`n`)},
      'due_at', null, 'group_due_at', null)
    else jsonb_build_object('disposition', case outcome when 'R3' then 'considering' else 'uncalled' end, 'due_at', now(),
      'group_due_at', now() + interval '1 day')
  end`;

const handedOver = sql`(outcome = 'L5' and n % 10 = 0)`;
/** Within a day before and nine days after now. */
const promisedAt = sql`(now() + (n % 240 - 24) * interval '1 hour')`;

/** Call-backs and escalations of the cases that stand on them. */
async function loadOpen(tx: Tx, { tenantId }: LargeSeason): Promise<void> {
  await sql`
    insert into callback (tenant_id, id, case_id, due_at, created_by, created_at)
    select tenant_id, callback_id, id, due_at, owner_id, updated_at from follow_up_case where tenant_id = ${tenantId} and state = 'scheduled'`.execute(
    tx,
  );
  await sql`
    insert into escalation (tenant_id, id, case_id, from_user_id, tier, to_user_id, cause, summary, evidence, responsible_id, opened_at, accept_by)
    select k.tenant_id, k.escalation_id, k.id, k.owner_id, 'leader', g.leader_id, 'R10', '各时段均无人接听。', '[]', k.owner_id, k.updated_at,
      now() + interval '4 hours'
    from follow_up_case k join staff_group g on g.tenant_id = k.tenant_id and g.id = k.group_id
    where k.tenant_id = ${tenantId} and k.state = 'escalated'`.execute(tx);
}
