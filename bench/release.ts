import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { previewRun, writeRelease } from '#assignment';
import { verifyFollowUp } from '#follow-up';
import { startEmbedded } from '#platform/db/embedded';
import { migrate } from '#platform/db/migrate';
import { closeDb, openDb } from '#platform/db/pool';
import { type Caller, type Ctx, type Env, inTenant, system, withTenant } from '#platform/db/tenant';
import { applicationUrl } from '#platform/db/urls';
import { newId, type TenantId, type UserId } from '#platform/ids';
import { createTenant } from '#platform/tenant';
import { permissionsOf } from '#staff/rules';

const CALLERS = 100;
const CAP = 10_000;

/** Preview and release of `--candidates`, `--shielded` percent of them for the escalation team; memory and proof obligations after it. */
export async function benchRelease(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      candidates: { type: 'string', default: '20000' },
      shielded: { type: 'string', default: '25' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'zhizhao-bench-release-'));
  const cluster = await startEmbedded({ dataDir: folder, durability: 'production' });
  try {
    await migrate(cluster.ownerUrl);
    const figures = await measure(cluster.ownerUrl, Number(values.candidates), Number(values.shielded));
    console.log(values.json ? JSON.stringify({ bench: 'release', ...figures }) : sentence(figures));
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Figures {
  readonly candidates: number;
  readonly escalated: number;
  readonly previewSeconds: number;
  readonly releaseSeconds: number;
  /** Growth of the process while releasing. */
  readonly peakMib: number;
  readonly faults: number;
}

const sentence = (figures: Figures): string =>
  `release: ${figures.candidates} candidates, ${figures.escalated} to the escalation team; preview ${figures.previewSeconds} s, ` +
  `release ${figures.releaseSeconds} s; ${figures.peakMib} MiB more memory; faults ${figures.faults}`;

async function measure(ownerUrl: string, candidates: number, shielded: number): Promise<Figures> {
  const owner = openDb(ownerUrl, { max: 2 });
  const db = openDb(applicationUrl(ownerUrl), { max: 4 });
  const masterKey = createHash('sha256').update('bench release').digest();
  try {
    const tenant = await createTenant(owner, masterKey, {
      code: 'bench',
      name: '测试学院',
      kind: 'institution',
    });
    if (tenant === 'taken') throw new Error('a fresh database has a tenant');
    const env: Env = { db, masterKey };
    const clerk = await withTenant(env, { tenantId: tenant.id, actor: system }, (ctx) =>
      arrange(ctx, candidates, shielded),
    );
    await owner.pool.query('vacuum analyze');
    const timed = await release(env, clerkOf(tenant.id, clerk));
    const { faults } = await withTenant(env, { tenantId: tenant.id, actor: system }, verifyFollowUp);
    return { ...timed, faults: faults.length };
  } finally {
    await closeDb(db);
    await closeDb(owner);
  }
}

function clerkOf(tenantId: TenantId, userId: UserId): Caller {
  const roles = ['file_clerk'];
  const permissions = permissionsOf(roles);
  return { tenantId, actor: { userId, name: '录检员', roles, permissions, sessionId: null, ip: null } };
}

const MIB = 1024 * 1024;
const rounded = (figure: number): number => Math.round(10 * figure) / 10;

async function release(env: Env, clerk: Caller): Promise<Omit<Figures, 'faults'>> {
  const everyone = { provinceCodes: [], batchIds: [], importId: null };
  const limits = { groups: [], skills: [], newPerCaller: null, openWorkCap: null };
  const began = performance.now();
  const run = await inTenant(env, clerk, (ctx) => previewRun(ctx, { filter: everyone, limits }));
  if (!run.ok) throw new Error(run.error.message);
  const previewed = performance.now();
  const before = process.memoryUsage.rss();
  let peak = before;
  const done = await inTenant(env, clerk, (ctx) =>
    writeRelease(ctx, run.value.id, async () => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }),
  );
  if (!done.ok) throw new Error(done.error.message);
  return {
    candidates: done.value.opened,
    escalated: done.value.escalated,
    previewSeconds: rounded((previewed - began) / 1000),
    releaseSeconds: rounded((performance.now() - previewed) / 1000),
    peakMib: Math.round((peak - before) / MIB),
  };
}

/** A season with an open and a shielded withdrawable province, a hundred callers in ten groups, candidates without cases. Returns the clerk. */
async function arrange({ tx, tenantId }: Ctx, candidates: number, shielded: number): Promise<UserId> {
  const [season, batch, clerk] = [newId<string>(), newId<string>(), newId<UserId>()];
  await sql`insert into season (tenant_id, id, name, year, college_name, home_area_code)
    values (${tenantId}, ${season}, '2026 年录取季', 2026, '测试学院', '028')`.execute(tx);
  await sql`insert into batch (tenant_id, id, season_id, code, name, level)
    values (${tenantId}, ${batch}, ${season}, '1', '本科批', 'undergraduate')`.execute(tx);
  for (const [province, hidden] of [
    ['52', false],
    ['53', true],
  ] as const)
    await sql`insert into province_policy (tenant_id, id, season_id, province_code, batch_id, withdrawable, phone_shielded, new_exam, seats,
        batch_starts_at, batch_ends_at, withdrawal_deadline_at)
      values (${tenantId}, ${newId()}, ${season}, ${province}, ${batch}, true, ${hidden}, true, 300, now(), now() + interval '5 days',
        now() + interval '4 days')`.execute(tx);
  await sql`insert into staff_group (tenant_id, id, name)
    select ${tenantId}, gen_random_uuid(), g || '组' from generate_series(1, 10) g`.execute(tx);
  await sql`insert into user_account (tenant_id, id, username, name, must_change_password)
    select ${tenantId}, gen_random_uuid(), 'caller' || i, '回访员' || i, false from generate_series(1, ${CALLERS}::int) i`.execute(
    tx,
  );
  await sql`insert into user_role (tenant_id, user_id, role) select tenant_id, id, 'caller' from user_account where tenant_id = ${tenantId}`.execute(
    tx,
  );
  await sql`insert into staff_profile (tenant_id, user_id, group_id, qualified_at, open_work_cap)
    select u.tenant_id, u.id, g.id, now(), ${CAP}::int
    from (select *, 1 + row_number() over (order by id) % 10 as n from user_account where tenant_id = ${tenantId}) u
    join (select *, row_number() over (order by id) as n from staff_group where tenant_id = ${tenantId}) g on g.n = u.n`.execute(
    tx,
  );
  await sql`insert into user_account (tenant_id, id, username, name, must_change_password)
    values (${tenantId}, ${clerk}, 'clerk', '录检员', false)`.execute(tx);
  await sql`insert into candidate (tenant_id, id, season_id, candidate_no, province_code, batch_id, import_id, name, name_key, name_initials,
      content_hash)
    select ${tenantId}, gen_random_uuid(), ${season}, '26' || lpad(i::text, 12, '0'), case when i % 100 < ${shielded}::int then '53' else '52' end,
      ${batch}, ${season}, '考生' || i, 'kao sheng', 'ks', '\\x00' from generate_series(1, ${candidates}::int) i`.execute(
    tx,
  );
  return clerk;
}
