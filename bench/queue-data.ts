import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import type { TenantId, UserId } from '#platform/ids';

/**
 * A season in full swing for measuring the queue: half of the cases closed, most of the rest not due yet, provinces outside their calling hours,
 * fathers' numbers shared by brothers of different owners. Invented; numbers of segment 154.
 */

const CHUNK = 5000;
const POLICIES = 31;
/** Every third province does not take calls now. */
const CLOSED = 3;
const CASES_PER_OWNER = 2000;
const DUE_PER_OWNER = 200;
/** Callers who own nothing: they live on what is open to their group and to all. */
export const NEWCOMERS = 8;
const SEASON = '01900001-0000-7000-8000-000000000001';
const BATCH = '01900002-0000-7000-8000-000000000001';

const hex = (index: number): string => index.toString(16).padStart(12, '0');
export const callerId = (index: number): UserId => `01900003-0000-7000-8000-${hex(index)}` as UserId;
const policyId = (index: number): string => `01900008-0000-7000-8000-${hex(index)}`;
const groupId = (index: number): string => `01900004-0000-7000-8000-${hex(index)}`;

/** The same ids in SQL. */
const uuid = (kind: string, index: string) =>
  sql.raw(`('0190${kind}-0000-7000-8000-' || lpad(to_hex(${index}), 12, '0'))::uuid`);

export interface Size {
  readonly cases: number;
  readonly owners: number;
  readonly groups: number;
  /** Share of the cases that is due now, so that no caller runs out of work. */
  readonly duePercent: number;
}

export function sizeOf(cases: number): Size {
  const owners = Math.min(500, Math.max(100, Math.round(cases / CASES_PER_OWNER)));
  const wanted = Math.ceil((100 * DUE_PER_OWNER * owners) / cases);
  return { cases, owners, groups: Math.ceil(owners / 20), duePercent: Math.min(100, Math.max(10, wanted)) };
}

/** An hour of the day that is far from now. */
function closedHour(now: Date): string {
  const hour = Math.min(22, (now.getUTCHours() + 8 + 12) % 24);
  return `${hour}`.padStart(2, '0');
}

/** Season, policies, qualified callers in groups of twenty. */
export async function loadPeople(tx: Tx, tenantId: TenantId, { owners, groups }: Size): Promise<void> {
  await sql`insert into season (tenant_id, id, name, year, college_name, home_area_code)
    values (${tenantId}, ${SEASON}, '2026 招生季', 2026, '测试学院', '028')`.execute(tx);
  await sql`insert into batch (tenant_id, id, season_id, code, name, level)
    values (${tenantId}, ${BATCH}, ${SEASON}, '1', '本科批', 'undergraduate')`.execute(tx);
  const closed = closedHour(new Date());
  for (let n = 0; n < POLICIES; n += 1) {
    const [from, until] = n % CLOSED === 0 ? [`${closed}:00`, `${closed}:59`] : ['00:00', '23:59:59'];
    await sql`insert into province_policy (tenant_id, id, season_id, province_code, batch_id, withdrawable, phone_shielded, calling_from, calling_until)
      values (${tenantId}, ${policyId(n)}, ${SEASON}, ${`${n + 11}`}, ${BATCH}, ${n % 2 === 0}, false, ${from}, ${until})`.execute(
      tx,
    );
  }
  for (let n = 0; n < groups; n += 1)
    await sql`insert into staff_group (tenant_id, id, name) values (${tenantId}, ${groupId(n)}, ${`${n + 1}组`})`.execute(
      tx,
    );
  await sql`insert into user_account (tenant_id, id, username, name, must_change_password)
    select ${tenantId}, ${uuid('0003', 'i')}, 'caller' || i, '回访员' || i, false from generate_series(0, ${owners + NEWCOMERS - 1}::int) i`.execute(
    tx,
  );
  await sql`insert into staff_profile (tenant_id, user_id, group_id, qualified_at, open_work_cap)
    select ${tenantId}, ${uuid('0003', 'i')}, ${uuid('0004', `i % ${groups}`)}, now(), 10000 from generate_series(0, ${owners + NEWCOMERS - 1}::int) i`.execute(
    tx,
  );
}

/** Candidates and numbers by insert-select, cases through case_apply so that journal and counters are true. Goes on where it was cut off. */
export async function loadCases(owner: Db, ctx: Ctx, size: Size): Promise<void> {
  const sealed = ctx.vault.seal('+8615400000000');
  // On the loader's own connection: an open transaction that has read a table would stop its indexes from being dropped.
  const { rows } = await owner.pool.query<{ there: number }>(
    'select count(*)::int as there from candidate where tenant_id = $1',
    [ctx.tenantId],
  );
  const there = rows[0]?.there ?? 0;
  if (there < size.cases) await dropIndexes(owner);
  for (let from = there; from < size.cases; from += CHUNK) {
    const until = Math.min(size.cases, from + CHUNK) - 1;
    await owner.kysely.transaction().execute(async (tx) => {
      await sql`select set_config('app.tenant_id', ${ctx.tenantId}, true), set_config('synchronous_commit', 'off', true),
        set_config('session_replication_role', 'replica', true)`.execute(tx);
      const part = { tx, tenantId: ctx.tenantId, size, rows: rowsOf(size, from, until) };
      await addCandidates(part, sealed);
      await addCases(part);
      await addHistory(part);
    });
  }
  await makeIndexes(owner);
}

/** Indexes that no constraint needs are made after the rows; a table remembers them, should the loading be cut off. */
async function dropIndexes({ pool }: Db): Promise<void> {
  await pool.query(
    'create table if not exists bench_index (name text primary key, definition text not null)',
  );
  const { rows } = await pool.query<{ name: string }>(`
    insert into bench_index
    select c.relname, replace(pg_get_indexdef(i.indexrelid), 'CREATE INDEX', 'CREATE INDEX IF NOT EXISTS') from pg_index i join pg_class c on c.oid = i.indexrelid
    where not i.indisunique and i.indrelid = any(array['candidate', 'phone', 'candidate_phone', 'follow_up_case', 'lease', 'attempt',
      'callback', 'escalation', 'case_tally_delta']::regclass[]) returning name`);
  for (const { name } of rows) await pool.query(`drop index ${name}`);
}

async function makeIndexes({ pool }: Db): Promise<void> {
  const known = await pool.query(`select to_regclass('bench_index') as there`);
  if (known.rows[0]?.there === null) return;
  const { rows } = await pool.query<{ name: string; definition: string }>(
    'select name, definition from bench_index',
  );
  for (const { name, definition } of rows)
    await pool.query(
      `begin; set local maintenance_work_mem = '512MB'; ${definition}; delete from bench_index where name = '${name}'; commit`,
    );
}

interface Part {
  readonly tx: Tx;
  readonly tenantId: TenantId;
  readonly size: Size;
  readonly rows: ReturnType<typeof rowsOf>;
}

/** One row a case: its place within its owner's work decides what has become of it. */
const rowsOf = ({ owners, groups, duePercent }: Size, from: number, until: number) => sql`(
  select i, ${uuid('0007', 'i')} as case_id, ${uuid('0005', 'i')} as candidate_id, owner, ${uuid('0003', 'owner')} as owner_id,
    ${uuid('0004', `owner % ${groups}`)} as group_id, policy, ${uuid('0008', 'policy')} as policy_id, place,
    case when place % 100 < ${duePercent}::int then 'ready' when place % 100 < 40 then 'later' when place % 100 < 45 then 'scheduled'
      when place % 100 < 50 then 'escalated' when place % 100 < 52 then 'blocked' else 'final' end as kind,
    ${uuid('0009', 'i')} as attempt_id, ${uuid('000a', 'i')} as lease_id, ${uuid('000b', 'i')} as step_id,
    now() - interval '60 days' + place * interval '3 minutes' as called_at
  from (select i, i % ${owners}::int as owner, i / ${owners}::int as place, (7 * i + i / ${owners}::int) % ${POLICIES} as policy
    from generate_series(${from}::int, ${until}::int) i) n)`;

async function addCandidates({ tx, tenantId, rows }: Part, sealed: Buffer): Promise<void> {
  await sql`insert into candidate (tenant_id, id, season_id, candidate_no, province_code, batch_id, policy_id, import_id, name,
      name_key, name_initials, content_hash)
    select ${tenantId}, candidate_id, ${SEASON}, (policy + 11)::text || '26' || lpad(i::text, 10, '0'), (policy + 11)::text, ${BATCH}, policy_id,
      ${SEASON}, '考生' || i, 'kao sheng', 'ks', '\\x00' from ${rows} c`.execute(tx);
  await sql`insert into phone (tenant_id, id, number, number_blind, masked, kind)
    select ${tenantId}, ${uuid('0006', '2 * i + p')}, ${sealed}, sha256((2 * i + p)::text::bytea),
      '154****' || lpad((i % 10000)::text, 4, '0'), 'mobile'
    from ${rows} c cross join generate_series(0, 1) p where p = 0 or i % 10 <> 1`.execute(tx);
  await sql`insert into candidate_phone (tenant_id, candidate_id, phone_id, relation, source, position)
    select ${tenantId}, candidate_id, case when p = 1 and i % 10 = 1 then ${uuid('0006', '2 * (i - 1) + 1')} else ${uuid('0006', '2 * i + p')} end,
      case when p = 0 then 'self' else 'father' end, 'LXDH', 1 + p
    from ${rows} c cross join generate_series(0, 1) p`.execute(tx);
}

async function addCases({ tx, rows }: Part): Promise<void> {
  const due = sql`case c.kind when 'ready' then now() - (place % 180) * interval '1 minute' - (case when policy % ${CLOSED} = 0 then interval '6 hours'
      else interval '0' end) when 'final' then null when 'escalated' then null when 'blocked' then null else now() + interval '2 hours'
      + (place % 4000) * interval '1 minute' end`;
  await sql`select case_apply(jsonb_agg(jsonb_build_object('id', case_id, 'version', 0, 'kind', 'opened', 'at', now(),
      'causeId', case when c.kind in ('ready', 'later') then null else attempt_id end, 'after',
      jsonb_build_object('season_id', ${SEASON}::text, 'policy_id', policy_id, 'candidate_id', candidate_id, 'phase', 'filing', 'round', 'first',
        'owner_id', owner_id, 'group_id', group_id, 'state', case c.kind when 'later' then 'ready' else c.kind end,
        'disposition', case c.kind when 'final' then 'confirmed' when 'ready' then 'uncalled' else 'considering' end,
        'result', case c.kind when 'final' then 'admitted' end, 'priority', case place % 10 when 0 then 2 when 1 then 4 else 5 end,
        'due_at', due, 'group_due_at', due + interval '2 hours', 'pool_due_at', due + interval '4 hours',
        'callback_id', case c.kind when 'scheduled' then step_id end, 'escalation_id', case c.kind when 'escalated' then step_id end,
        'blocked_reason', case c.kind when 'blocked' then 'do_not_call' end, 'in_charge_id', case c.kind when 'blocked' then owner_id end)
      || jsonb_build_object('attempts', called, 'dials', called, 'contacts', called, 'talk_seconds', 60 * called, 'refusals', 0, 'unanswered', 0,
        'considered', 0, 'day_parts', '{}'::jsonb, 'messages', '{}'::jsonb, 'dialled_today', 0, 'skips', 0,
        'last_attempt_id', case called when 1 then attempt_id end, 'last_attempt_at', case called when 1 then called_at end,
        'last_outcome', case called when 1 then 'R3' end))))
    from (select c.*, ${due} as due, (c.kind <> 'ready')::int as called from ${rows} c) c`.execute(tx);
}

/** One call of every case that is not waiting for its first, and what it led to. */
async function addHistory({ tx, tenantId, rows }: Part): Promise<void> {
  await sql`insert into lease (tenant_id, id, case_id, candidate_id, caller_id, opened_at, heartbeat_at, expires_at, ended_at, end_reason)
    select ${tenantId}, lease_id, case_id, candidate_id, owner_id, called_at, called_at, called_at, called_at + interval '2 minutes', 'finished'
    from ${rows} c where kind <> 'ready'`.execute(tx);
  await sql`insert into attempt (tenant_id, id, case_id, candidate_id, season_id, policy_id, lease_id, caller_id, group_id, phase, round, channel,
      phone_id, result, outcome, counts_as_contact, policy_version, started_at, answered_at, ended_at, talk_seconds, client_key)
    select ${tenantId}, attempt_id, case_id, candidate_id, ${SEASON}, policy_id, lease_id, owner_id, group_id, 'filing', 'first', 'phone',
      ${uuid('0006', '2 * i')}, 'R3', 'R3', true, 1, called_at, called_at, called_at + interval '1 minute', 60, 'earlier/' || i
    from ${rows} c where kind <> 'ready'`.execute(tx);
  await sql`insert into contact_tally_delta (tenant_id, id, season_id, caller_id, group_id, policy_id, phase, day, weekday, hour, attempts, dials,
      contacts, refusals, unreached, unknown_eligibility, confirmed, considering, withdrawing, talk_seconds)
    select ${tenantId}, gen_random_uuid(), ${SEASON}, owner_id, group_id, policy_id, 'filing', t.at::date, extract(dow from t.at), extract(hour from t.at),
      count(*), count(*), count(*), 0, 0, 0, 0, count(*), 0, 60 * count(*)
    from ${rows} c cross join lateral (select called_at at time zone 'Asia/Shanghai' as at) t where kind <> 'ready'
    group by owner_id, group_id, policy_id, t.at::date, extract(dow from t.at), extract(hour from t.at)`.execute(
    tx,
  );
  await sql`insert into callback (tenant_id, id, case_id, due_at, created_by)
    select ${tenantId}, step_id, case_id, now() + interval '2 hours' + (place % 4000) * interval '1 minute', owner_id
    from ${rows} c where kind = 'scheduled'`.execute(tx);
  await sql`insert into escalation (tenant_id, id, case_id, from_user_id, tier, cause, summary, evidence, responsible_id, opened_at, accept_by)
    select ${tenantId}, step_id, case_id, owner_id, 'leader', 'R3', '考虑 / 犹豫', '[]', owner_id, now(), now() + interval '4 hours'
    from ${rows} c where kind = 'escalated'`.execute(tx);
}
