import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { system, withTenant } from '#platform/db/tenant';
import { storeFile } from '#platform/files/files';
import { diskFiles } from '#platform/files/store';
import { readJob } from '#platform/jobs/job';
import { makeWorld, type World } from '#platform/testing/app';
import { ensureBatch, ensureSeason } from '#season';
import { confirmImport, startImport } from '../../modules/delivery/flow.service.ts';
import { generateDelivery } from '../../modules/delivery/testing/generate.ts';
import { zipBytes } from '../../modules/delivery/testing/zip.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const MINUTE_MS = 60_000;
const ROWS = 1500;
/** Tables in the order in which an import writes them: the process is killed while it waits to write one. */
const POINTS = ['delivery_import', 'code_entry', 'candidate', 'candidate_phone', 'import_finding'];
/** More kills at random moments: DELIVERY_KILLS=50. */
const MORE = Number(process.env.DELIVERY_KILLS ?? 0);

const folder = mkdtempSync(join(tmpdir(), 'zhizhao-kill-'));
const delivery = join(folder, 'delivery');
let world: World;
let env: NodeJS.ProcessEnv;
/** What the import does when nobody disturbs it. */
let figures: Record<string, unknown>;
let undisturbed: unknown;
let lastsMs = 0;

beforeAll(async () => {
  world = await makeWorld();
  const { masterKey } = world.env;
  env = {
    ...process.env,
    ...{ DATABASE_URL: world.ownerUrl, DATA_DIR: join(folder, 'data') },
    MASTER_KEY: Buffer.isBuffer(masterKey) ? masterKey.toString('hex') : '',
  };
  await generateDelivery(delivery, { form: '2017', rows: ROWS, dirtEvery: 7 });
  const calm = await world.addTenant('calm');
  const begun = performance.now();
  figures = await result(importing('calm'));
  lastsMs = performance.now() - begun;
  undisturbed = await contents(calm);
}, 5 * MINUTE_MS);
afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

const started = (...args: string[]): ChildProcess =>
  spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });

const importing = (tenant: string): ChildProcess =>
  started(
    'apps/cli/main.mjs',
    'import',
    delivery,
    '--tenant',
    tenant,
    '--year',
    '2023',
    '--province',
    '51',
    '--batch',
    '本科批',
    '--json',
  );

async function result(child: ChildProcess): Promise<Record<string, unknown>> {
  let out = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  await once(child, 'exit');
  const { importId: _id, rowsPerSecond: _speed, ...figures } = JSON.parse(out) as Record<string, unknown>;
  return figures;
}

/** Kills the process with no warning. */
async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** Does the work while nobody else can write a table, and waits until the database has noticed who is gone. */
async function withHeld(table: string, work: () => Promise<void>): Promise<void> {
  const client = await world.owner.pool.connect();
  await client.query('begin');
  await client.query(`lock table ${table} in share mode`);
  await work();
  await client.query('rollback');
  client.release();
  await until(async () => (await sessions("state <> 'idle'")) === 0);
}

const waiting = async (): Promise<boolean> => (await sessions("wait_event_type = 'Lock'")) > 0;

async function sessions(which: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from pg_stat_activity where datname = current_database() and application_name = 'zhizhao'
      and pid <> pg_backend_pid() and ${sql.raw(which)}`.execute(world.owner.kysely);
  return rows[0]?.n ?? 0;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await holds()) return;
    await wait(10);
  }
}

/** Everything an import writes, as counts and a fingerprint that does not depend on ids or keys. */
async function contents(tenantId: string): Promise<unknown> {
  const { rows } = await sql`
    select (select count(*) from candidate where tenant_id = ${tenantId}) as candidates,
      (select md5(string_agg(candidate_no || name || coalesce(score::text, '') || preferences::text || scores::text, '' order by candidate_no))
        from candidate where tenant_id = ${tenantId}) as people,
      (select count(*) from phone where tenant_id = ${tenantId}) as phones,
      (select md5(string_agg(c.candidate_no || p.masked || x.relation || x.position, '' order by c.candidate_no, x.position, p.masked))
        from candidate_phone x join candidate c on c.tenant_id = x.tenant_id and c.id = x.candidate_id
        join phone p on p.tenant_id = x.tenant_id and p.id = x.phone_id where x.tenant_id = ${tenantId}) as numbers,
      (select md5(string_agg(code || file || coalesce(row, 0) || message, '' order by code, file, row, message)) from import_finding where tenant_id = ${tenantId}) as findings,
      (select count(*) from delivery_import where tenant_id = ${tenantId} and state = 'applied') as imports,
      (select count(*) from code_entry where tenant_id = ${tenantId}) as codes,
      (select count(*) from delivered_detail where tenant_id = ${tenantId}) as details,
      (select count(*) from import_change where tenant_id = ${tenantId}) as changes`.execute(
    world.owner.kysely,
  );
  return rows[0];
}

test('killed at any step an import leaves nothing, and the next run is as if nothing had happened', {
  timeout: (5 + MORE) * MINUTE_MS,
}, async () => {
  const killed = await world.addTenant('kill');
  const empty = await contents(killed);
  expect(undisturbed).not.toEqual(empty);
  for (const table of POINTS) {
    await withHeld(table, async () => {
      const child = importing('kill');
      await until(async () => (await waiting()) || child.exitCode !== null);
      expect(child.exitCode, table).toBeNull();
      await kill(child);
    });
    expect(await contents(killed), table).toEqual(empty);
  }
  for (let more = 0; more < MORE; more += 1) {
    const child = importing('kill');
    await wait(Math.random() * lastsMs * 0.9);
    if (child.exitCode !== null) break;
    await kill(child);
    await until(async () => (await sessions("state <> 'idle'")) === 0);
    expect(await contents(killed)).toEqual(empty);
  }
  expect(await result(importing('kill'))).toEqual(figures);
  expect(await contents(killed)).toEqual(undisturbed);
});

async function worker(): Promise<ChildProcess> {
  const child = started('modules/delivery/testing/worker.ts');
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

test('a server killed while it applies an import: another one takes the job over and completes it once', {
  timeout: 5 * MINUTE_MS,
}, async () => {
  const tenantId = await world.addTenant('serv');
  const as = { tenantId, actor: system };
  const inside = <T>(work: Parameters<typeof withTenant<T>>[2]): Promise<T> =>
    withTenant(world.env, as, work);
  const file = { purpose: 'delivery', name: 'd.zip', mediaType: 'application/zip' };
  const zip = await zipped();
  const begun = await inside(async (ctx) => {
    const season = await ensureSeason(ctx, { year: 2023, collegeName: '测试学院' });
    const batch = await ensureBatch(ctx, { seasonId: season.id, code: '本科批' });
    const stored = await storeFile(ctx, diskFiles(join(folder, 'data', 'files')), file, zip);
    return startImport(ctx, { province: '51', batchId: batch.id, file: stored });
  });
  if (!begun.ok) throw new Error(begun.error.message);
  const { id, jobId } = begun.value;
  const first = await worker();
  await until(async () => (await inside((ctx) => readJob(ctx, jobId)))?.state === 'done');
  let applying = '';
  await withHeld('candidate', async () => {
    const confirmed = await inside((ctx) => confirmImport(ctx, id));
    if (!confirmed.ok) throw new Error(confirmed.error.message);
    applying = confirmed.value.jobId;
    await until(waiting);
    await kill(first);
  });
  expect(await inside((ctx) => readJob(ctx, applying))).toMatchObject({ state: 'running' });
  expect(await contents(tenantId)).toMatchObject({ candidates: 0, phones: 0, imports: 0 });

  // A process is given up 45 seconds after its last sign of life; the test does not wait for them.
  await sql`update server_instance set seen_at = seen_at - interval '1 hour'`.execute(world.owner.kysely);
  const second = await worker();
  await until(async () => (await inside((ctx) => readJob(ctx, applying)))?.state !== 'running');
  const job = await inside((ctx) => readJob(ctx, applying));
  second.kill('SIGKILL');
  expect(job).toMatchObject({ state: 'done', result: { importId: id, ...figures } });
  expect(await contents(tenantId)).toEqual(undisturbed);
});

function zipped(): Promise<Buffer> {
  const entries = readdirSync(delivery).map((name) => [name, readFileSync(join(delivery, name))] as const);
  return zipBytes(Object.fromEntries(entries));
}
