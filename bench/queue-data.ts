import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import type { TenantId, UserId } from '#platform/ids';

/** A season of `n` open cases with two numbers each, for measuring the queue. Invented; numbers of segment 154. */

export const CALLERS = 100;
const CHUNK = 5000;
const SEASON = '01900001-0000-7000-8000-000000000001';
const BATCH = '01900002-0000-7000-8000-000000000001';
const POLICY = '01900002-0000-7000-8000-000000000002';
const GROUP = '01900004-0000-7000-8000-000000000001';

export const callerId = (index: number): UserId =>
  `01900003-0000-7000-8000-${index.toString(16).padStart(12, '0')}` as UserId;

const uuid = (kind: string, index: string) =>
  sql.raw(`('0190${kind}-0000-7000-8000-' || lpad(to_hex(${index}), 12, '0'))::uuid`);

/** Season, one policy open around the clock, a hundred qualified callers. */
export async function loadPeople(tx: Tx, tenantId: TenantId): Promise<void> {
  await sql`insert into season (tenant_id, id, name, year, college_name, home_area_code)
    values (${tenantId}, ${SEASON}, '2026 招生季', 2026, '测试学院', '028')`.execute(tx);
  await sql`insert into batch (tenant_id, id, season_id, code, name, level)
    values (${tenantId}, ${BATCH}, ${SEASON}, '1', '本科批', 'undergraduate')`.execute(tx);
  await sql`insert into province_policy (tenant_id, id, season_id, province_code, batch_id, withdrawable, phone_shielded, calling_from, calling_until)
    values (${tenantId}, ${POLICY}, ${SEASON}, '52', ${BATCH}, true, false, '00:00', '23:59:59')`.execute(tx);
  await sql`insert into staff_group (tenant_id, id, name) values (${tenantId}, ${GROUP}, '一组')`.execute(tx);
  for (let n = 0; n < CALLERS; n += 1) {
    await sql`insert into user_account (tenant_id, id, username, name, must_change_password)
      values (${tenantId}, ${callerId(n)}, ${`caller${n}`}, ${`回访员${n}`}, false)`.execute(tx);
    await sql`insert into staff_profile (tenant_id, user_id, group_id, qualified_at, open_work_cap)
      values (${tenantId}, ${callerId(n)}, ${GROUP}, now(), 10000)`.execute(tx);
  }
}

/** Candidates and numbers by insert-select, cases through case_apply so that journal and counters are true. */
export async function loadCases(owner: Db, ctx: Ctx, n: number): Promise<void> {
  const { tenantId } = ctx;
  const sealed = ctx.vault.seal('+8615400000000');
  for (let from = 0; from < n; from += CHUNK) {
    const until = Math.min(n, from + CHUNK) - 1;
    await owner.kysely.transaction().execute(async (tx) => {
      await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(tx);
      await sql`insert into candidate (tenant_id, id, season_id, candidate_no, province_code, batch_id, policy_id, import_id, name,
          name_key, name_initials, content_hash)
        select ${tenantId}, ${uuid('0005', 'i')}, ${SEASON}, '2652' || lpad(i::text, 10, '0'), '52', ${BATCH}, ${POLICY}, ${GROUP},
          '考生' || i, 'kao sheng', 'ks', '\\x00' from generate_series(${from}::int, ${until}::int) i`.execute(
        tx,
      );
      await sql`insert into phone (tenant_id, id, number, number_blind, masked, kind)
        select ${tenantId}, ${uuid('0006', 'i')}, ${sealed}, sha256(i::text::bytea), '154****' || lpad((i % 10000)::text, 4, '0'), 'mobile'
        from generate_series(${2 * from}::int, ${2 * until + 1}::int) i`.execute(tx);
      await sql`insert into candidate_phone (tenant_id, candidate_id, phone_id, relation, source, position)
        select ${tenantId}, ${uuid('0005', 'i / 2')}, ${uuid('0006', 'i')}, case when i % 2 = 0 then 'self' else 'father' end, 'LXDH', 1 + i % 2
        from generate_series(${2 * from}::int, ${2 * until + 1}::int) i`.execute(tx);
      await sql`select case_apply(jsonb_agg(jsonb_build_object('id', ${uuid('0007', 'i')}, 'version', 0, 'kind', 'opened', 'at', now(), 'after',
          jsonb_build_object('season_id', ${SEASON}::text, 'policy_id', ${POLICY}::text, 'candidate_id', ${uuid('0005', 'i')}, 'phase', 'filing',
          'round', 'first', 'owner_id', ${uuid('0003', `i % ${CALLERS}`)}, 'group_id', ${GROUP}::text, 'state', 'ready', 'disposition', 'uncalled',
          'priority', 5, 'due_at', now(), 'group_due_at', now() + interval '1 day', 'pool_due_at', now() + interval '2 days', 'attempts', 0,
          'dials', 0, 'contacts', 0, 'talk_seconds', 0, 'refusals', 0, 'unanswered', 0, 'considered', 0, 'day_parts', '{}'::jsonb,
          'messages', '{}'::jsonb, 'dialled_today', 0, 'skips', 0))))
        from generate_series(${from}::int, ${until}::int) i`.execute(tx);
    });
  }
}
