import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db/pool';
import type { TenantId } from '#platform/ids';
import { type Ask, withoutIndexes } from './bulk-load.ts';
import type { RoundDays } from './rounds.ts';

/**
 * Weeks of contacts in minutes, set by set inside the database, for the college and the large demonstration. Every attempt has its lease,
 * a caller has one lease at a time, every case one closing event in its chain, and the counters are counted from the cases: the
 * proof obligations hold as after real calls. Only the owner of the schema may write here.
 */
export interface BulkContacts {
  readonly tenantId: TenantId;
  readonly seasonId: string;
  /** Attempts a case has on average; 1 to twice as many minus 1. */
  readonly perCase: number;
  readonly days: number;
  readonly rounds: RoundDays;
}

/** Nine to nine. */
const DAY_SECONDS = 12 * 3600;
const NIL = sql`'00000000-0000-0000-0000-000000000000'::uuid`;

const idOf = (kind: string, serial: string) =>
  sql.raw(
    `(('019a' || '${kind}' || '-' || substr(lpad(to_hex(${serial}), 16, '0'), 1, 4) || '-7000-8000-' || substr(lpad(to_hex(${serial}), 16, '0'), 5, 12))::uuid)`,
  );

export async function bulkContacts(
  owner: Db,
  given: BulkContacts,
  say: (line: string) => void,
): Promise<void> {
  await owner.kysely.transaction().execute(async (tx) => {
    await sql`select set_config('app.tenant_id', ${given.tenantId}, true), set_config('work_mem', '256MB', true)`.execute(
      tx,
    );
    const steps: readonly [string, (tx: Tx, given: BulkContacts) => Promise<unknown>][] = [
      ['安排通话', planCalls],
      ['占用和联系记录', insertCalls],
      ['任务结果', finishCases],
      ['计数', countAll],
    ];
    for (const [label, step] of steps) {
      const started = performance.now();
      await step(tx, given);
      say(`  ${label}：${((performance.now() - started) / 1000).toFixed(1)} 秒`);
    }
  });
}

/** One row a call: who, when, what. Repeatable: everything is drawn from the candidate number. */
const planCalls = (tx: Tx, { tenantId, seasonId, perCase, days, rounds }: BulkContacts): Promise<unknown> =>
  sql`
    create temp table planned_call on commit drop as
    with drawn as (
      select k.id as case_id, k.candidate_id, k.policy_id, k.owner_id, k.group_id, c.candidate_no,
        1 + abs(hashtext(c.candidate_no)) % (2 * ${perCase}::int - 1) as calls
      from follow_up_case k join candidate c on c.tenant_id = k.tenant_id and c.id = k.candidate_id
      where k.tenant_id = ${tenantId} and k.season_id = ${seasonId} and k.state = 'ready' and k.owner_id is not null and k.version = 1
    ), numbered as (
      select d.*, i, abs(hashtext(d.candidate_no || ':' || i)) as draw,
        row_number() over (partition by d.owner_id order by i, hashtext(d.candidate_no)) - 1 as slot, row_number() over (order by i, d.case_id) as serial
      from drawn d, generate_series(1, d.calls) i
    ), paced as (
      select *, ceil(count(*) over (partition by owner_id) / ${days}::numeric)::int as a_day from numbered
    )
    select serial, case_id, candidate_id, policy_id, owner_id, group_id, i, i = calls as last,
      case when ${days} - slot / a_day > ${rounds.focus} then 'first' when ${days} - slot / a_day > ${rounds.final} then 'focus' else 'final' end as round,
      date_trunc('day', now(), 'Asia/Shanghai') - (${days} - slot / a_day) * interval '1 day' + interval '9 hours'
        + (slot % a_day) * (${DAY_SECONDS} / a_day) * interval '1 second' as started_at,
      greatest(${DAY_SECONDS} / a_day - 1, 1) as seconds,
      case when i < calls then (array['L5', 'L5', 'L5', 'L3', 'A5', 'A7', 'R3', 'R3'])[1 + draw % 8]
        else (array['R1', 'R1', 'R1', 'R1', 'R1', 'R3', 'L5', 'L7'])[1 + draw % 8] end as outcome
    from paced`
    .execute(tx)
    .then(() => sql`analyze planned_call`.execute(tx));

async function insertCalls(tx: Tx, given: BulkContacts): Promise<void> {
  const ask: Ask = async <Row>(statement: string) => (await sql.raw<Row>(statement).execute(tx)).rows;
  await withoutIndexes(ask, ['lease', 'attempt'], async () => {
    await insertLeases(tx, given);
    await insertAttempts(tx, given);
  });
}

const insertLeases = (tx: Tx, { tenantId }: BulkContacts): Promise<unknown> =>
  sql`
    insert into lease (tenant_id, id, case_id, candidate_id, caller_id, opened_at, heartbeat_at, expires_at, ended_at, end_reason)
    select ${tenantId}, ${idOf('0001', 'serial')}, case_id, candidate_id, owner_id, started_at, started_at, started_at + interval '20 minutes',
      started_at + seconds * interval '1 second', 'finished'
    from planned_call`.execute(tx);

const insertAttempts = (tx: Tx, { tenantId, seasonId }: BulkContacts): Promise<unknown> =>
  sql`
    insert into attempt (tenant_id, id, case_id, candidate_id, season_id, policy_id, lease_id, caller_id, group_id, phase, round, channel, line,
      answerer, result, outcome, counts_as_contact, policy_version, started_at, answered_at, ended_at, talk_seconds, client_key)
    select ${tenantId}, ${idOf('0002', 'serial')}, case_id, candidate_id, ${seasonId}, policy_id, ${idOf('0001', 'serial')}, owner_id, group_id,
      'filing', round, 'phone', case when outcome like 'L%' then outcome end, case when outcome like 'A%' then outcome end,
      case when outcome like 'R%' then outcome end, outcome, outcome not like 'L%', 1, started_at,
      case when outcome not like 'L%' then started_at end, started_at + seconds * interval '1 second',
      case when outcome like 'L%' then 0 else least(seconds, 60 + (serial % 240))::int end, 'bulk-' || serial
    from planned_call`.execute(tx);

/** One event a case, which holds what all its calls made of it; its hash goes on from the opening. */
const finishCases = (tx: Tx, { tenantId }: BulkContacts): Promise<unknown> =>
  sql`
    with summed as (
      select case_id, count(*)::int as attempts, count(*) filter (where outcome not like 'L%')::int as contacts,
        sum(case when outcome like 'L%' then 0 else least(seconds, 60 + (serial % 240)) end)::int as talk_seconds,
        max(serial) as serial, max(outcome) filter (where last) as outcome, max(round) filter (where last) as round, max(started_at) as last_at, (array_agg(owner_id))[1] as owner_id,
        count(*) filter (where outcome like 'L%')::int as unanswered, count(*) filter (where outcome = 'R3')::int as considered
      from planned_call group by case_id
    ), event as (
      select row(${tenantId}, case_id, 2, 'finished', last_at, owner_id, ${idOf('0002', 'serial')},
        jsonb_build_object('round', round, 'attempts', attempts, 'dials', attempts, 'contacts', contacts, 'talk_seconds', talk_seconds, 'unanswered', unanswered,
          'considered', considered, 'last_attempt_id', ${idOf('0002', 'serial')}, 'last_attempt_at', last_at, 'last_outcome', outcome,
          'disposition', case outcome when 'R1' then 'confirmed' when 'R3' then 'considering' else 'uncalled' end)
        || case when outcome = 'R1' then '{"state": "final", "result": "admitted", "due_at": null, "group_due_at": null, "pool_due_at": null}'::jsonb
          else jsonb_build_object('due_at', now(), 'group_due_at', now() + interval '1 day', 'pool_due_at', now() + interval '2 days') end,
        null, ''::bytea)::case_event as e
      from summed
    ), signed as (
      select e, sha256(k.event_hash || convert_to(case_event_text(e), 'UTF8')) as hash, jsonb_populate_record(k, (e).after) as image
      from event join follow_up_case k on k.tenant_id = ${tenantId} and k.id = (e).case_id
    ), journal as (
      insert into case_event
      select (e).tenant_id, (e).case_id, 2, (e).kind, (e).at, (e).actor_id, (e).cause_id, (e).after, null, hash from signed
    )
    update follow_up_case k set state = (image).state, round = (image).round, disposition = (image).disposition, result = (image).result, due_at = (image).due_at,
      group_due_at = (image).group_due_at, pool_due_at = (image).pool_due_at, attempts = (image).attempts, dials = (image).dials,
      contacts = (image).contacts, talk_seconds = (image).talk_seconds, unanswered = (image).unanswered, considered = (image).considered,
      last_attempt_id = (image).last_attempt_id, last_attempt_at = (image).last_attempt_at, last_outcome = (image).last_outcome,
      version = 2, event_hash = hash, updated_at = (e).at
    from signed where k.tenant_id = ${tenantId} and k.id = (e).case_id`.execute(tx);

/** Counters from what stands now; the folding job sums them up. */
async function countAll(tx: Tx, { tenantId, seasonId }: BulkContacts): Promise<void> {
  await sql`delete from case_tally where tenant_id = ${tenantId} and season_id = ${seasonId}`.execute(tx);
  await sql`delete from case_tally_delta where tenant_id = ${tenantId} and season_id = ${seasonId}`.execute(
    tx,
  );
  await sql`
    insert into case_tally_delta (tenant_id, id, season_id, policy_id, phase, round, owner_id, group_id, state, disposition, result, cases)
    select ${tenantId}, gen_random_uuid(), season_id, policy_id, phase, round, coalesce(owner_id, ${NIL}), coalesce(group_id, ${NIL}), state,
      disposition, coalesce(result, ''), count(*)
    from follow_up_case where tenant_id = ${tenantId} and season_id = ${seasonId} group by 3, 4, 5, 6, 7, 8, 9, 10, 11`.execute(
    tx,
  );
  await sql`
    insert into contact_tally_delta (tenant_id, id, season_id, caller_id, group_id, policy_id, phase, day, weekday, hour, attempts, dials, contacts,
      refusals, unreached, unknown_eligibility, confirmed, considering, withdrawing, talk_seconds)
    select ${tenantId}, gen_random_uuid(), ${seasonId}, owner_id, coalesce(group_id, ${NIL}), policy_id, 'filing', local::date,
      extract(dow from local), extract(hour from local), count(*), count(*), count(*) filter (where outcome not like 'L%'), 0,
      count(*) filter (where outcome like 'L%'), count(*) filter (where outcome = 'L7'), count(*) filter (where outcome = 'R1'), count(*) filter (where outcome = 'R3'), 0,
      sum(case when outcome like 'L%' then 0 else least(seconds, 60 + (serial % 240)) end)
    from (select *, started_at at time zone 'Asia/Shanghai' as local from planned_call) c
    group by owner_id, group_id, policy_id, local::date, extract(dow from local), extract(hour from local)`.execute(
    tx,
  );
}
