import { sql } from 'kysely';
import type { Tx } from '#platform/db/pool';
import { withoutIndexes } from './bulk-load.ts';
import { asking } from './large-calls.ts';
import { arrangeSlots, type LargeSeason, type Sql, talkSeconds, uuidOf } from './large-plan.ts';

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

interface Range {
  readonly from: number;
  readonly until: number;
}

/** Every case as its calls left it, by the same formula that makes the calls. */
function worked({ owners, policies }: LargeSeason, { from, until }: Range): Sql {
  const many = sql.lit(owners.length);
  return sql`(
    select k.n, ${uuidOf('case', sql`k.n`)} as id, ${uuidOf('candidate', sql`k.n`)} as candidate_id, o.user_id as owner_id, o.group_id,
      p.id as policy_id, p.deadline_at, ${uuidOf('attempt', sql`s.slot * ${many} + o.no`)} as attempt_id,
      s.last_at, s.attempts, s.contacts, s.unanswered, s.considered, s.outcome
    from (select n, n / ${many} as m, n % ${many} as no from generate_series(${sql.lit(from)}, ${sql.lit(until - 1)}) n) k
    join demo_owner o on o.no = k.no
    join demo_policy p on p.place = (k.n + k.m) % ${sql.lit(policies.length)}
    join demo_sum s on s.m = k.m and s.kind = o.kind
  ) k`;
}

/** Within a day before and nine days after now. */
const promisedAt = sql`(now() + (n % 240 - 24) * interval '1 hour')`;

/** A tenth of those nobody answered last are handed over; an agreed time is a call-back; confirmed is admitted; the rest is due again. */
const decided = sql`(
  select 'final' as state, 'confirmed' as disposition, 'admitted' as result, null::uuid as callback_id, null::uuid as escalation_id,
    null::timestamptz as due_at, null::timestamptz as group_due_at where outcome = 'R1'
  union all select 'scheduled', 'uncalled', null, ${uuidOf('callback', sql`n`)}, null, ${promisedAt}, ${promisedAt} + interval '15 minutes'
    where outcome = 'A8'
  union all select 'escalated', 'unreachable', null, null, ${uuidOf('escalation', sql`n`)}, null, null where outcome = 'L5' and n % 10 = 0
  union all select 'ready', case outcome when 'R3' then 'considering' else 'uncalled' end, null, null, null, now(), now() + interval '1 day'
    where outcome not in ('R1', 'A8') and not (outcome = 'L5' and n % 10 = 0)
) d`;

async function loadChunk(tx: Tx, season: LargeSeason, range: Range): Promise<void> {
  const opened = sql`timestamptz ${sql.lit(new Date(season.from).toISOString())}`;
  const event = (columns: Sql): Sql =>
    sql`row(${season.tenantId}::uuid, id, ${columns}, null, ''::bytea)::case_event`;
  const first = event(sql`1, 'opened', ${opened}, null::uuid, null::uuid, after_one`);
  const second = event(sql`2, 'finished', last_at, owner_id, attempt_id, after_two`);
  await sql`
    with told as (
      select k.*, d.*, ${openedAfter(season, opened)} as after_one, ${finishedAfter(season)} as after_two
      from ${worked(season, range)} cross join lateral ${decided} offset 0
    ), opened as (
      select *, sha256(convert_to(case_event_text(${first}), 'UTF8')) as hash_one from told offset 0
    ), signed as materialized (
      select *, sha256(hash_one || convert_to(case_event_text(${second}), 'UTF8')) as hash_two from opened offset 0
    ), journal as (
      insert into case_event (tenant_id, case_id, seq, kind, at, actor_id, cause_id, after, hash)
      select ${season.tenantId}, id, seq, e.kind, e.at, e.actor_id, e.cause_id, e.after, e.hash from signed cross join lateral (values
        (1, 'opened', ${opened}, null::uuid, null::uuid, after_one, hash_one),
        (2, 'finished', last_at, owner_id, attempt_id, after_two, hash_two)) e (seq, kind, at, actor_id, cause_id, after, hash)
    )
    insert into follow_up_case (tenant_id, id, season_id, policy_id, candidate_id, phase, owner_id, group_id, deadline_at, attempts, dials,
      contacts, talk_seconds, unanswered, considered, last_attempt_id, last_attempt_at, last_outcome, version, event_hash, created_at, updated_at,
      disposition, state, result, callback_id, escalation_id, due_at, group_due_at)
    select ${season.tenantId}, id, ${season.seasonId}, policy_id, candidate_id, 'filing', owner_id, group_id, deadline_at, attempts, attempts,
      contacts, contacts * ${sql.lit(talkSeconds(season))}, unanswered, considered, attempt_id, last_at, outcome, 2, hash_two, ${opened}, last_at,
      disposition, state, result, callback_id, escalation_id, due_at, group_due_at
    from signed`.execute(tx);
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

/** What the last call set. */
const finishedAfter = (season: LargeSeason): Sql => sql`
  jsonb_build_object('attempts', attempts, 'dials', attempts, 'contacts', contacts,
    'talk_seconds', contacts * ${sql.lit(talkSeconds(season))}, 'unanswered', unanswered, 'considered', considered,
    'last_attempt_id', attempt_id, 'last_attempt_at', last_at, 'last_outcome', outcome, 'disposition', disposition, 'state', state,
    'result', result, 'callback_id', callback_id, 'escalation_id', escalation_id, 'due_at', due_at, 'group_due_at', group_due_at)`;

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
