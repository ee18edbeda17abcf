import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Kysely, PostgresDialect } from 'kysely';
import { claim, finishAndNext, verifyFollowUp, type WorkView } from '#follow-up';
import { FinishBody } from '#follow-up/contract';
import { startEmbedded } from '#platform/db/embedded';
import { migrate } from '#platform/db/migrate';
import { closeDb, type Db, openDb, type Tables } from '#platform/db/pool';
import { type Caller, type Env, inTenant, system, tenantIds, withTenant } from '#platform/db/tenant';
import { applicationUrl } from '#platform/db/urls';
import { newId, type TenantId } from '#platform/ids';
import { createTenant } from '#platform/tenant';
import { foldCounters } from '#report';
import { permissionsOf } from '#staff/rules';
import { callerId, loadCases, loadPeople, NEWCOMERS, type Size, sizeOf } from './queue-data.ts';

const CLIENTS = 32;
const PER_SECOND = 10;

/**
 * Finish-and-next over `--cases` cases in a throw-away database: p95 at ten a second, throughput with 32 clients, and the same statements
 * sent by bare clients in the same run. Afterwards the proof obligations: no double, no loss.
 */
export async function benchQueue(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      cases: { type: 'string', default: '1000000' },
      seconds: { type: 'string', default: '20' },
      /** Keeps the database there, and uses it again the next time. */
      folder: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'zhizhao-bench-queue-')));
  await mkdir(folder, { recursive: true });
  const kept = existsSync(join(folder, 'pg'));
  const cluster = await startEmbedded({ dataDir: folder, durability: 'production' });
  try {
    if (!kept) await migrate(cluster.ownerUrl);
    const figures = await measure(cluster.ownerUrl, sizeOf(Number(values.cases)), Number(values.seconds));
    if (figures)
      console.log(values.json ? JSON.stringify({ bench: 'queue', ...figures }) : sentence(figures));
  } finally {
    await cluster.stop();
    if (values.folder === undefined) await rm(folder, { recursive: true, force: true });
  }
}

interface Figures {
  readonly cases: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly targetMs: number;
  /** The same for callers who own nothing and pull what is open to others; one after the other. */
  readonly sharedP95Ms: number;
  /** Round trips of one finish-and-next, without begin and commit. */
  readonly statements: number;
  readonly perSecond: number;
  readonly rawPerSecond: number;
  /** Ours over raw: at least 0.5 is asked for. */
  readonly ratio: number;
  readonly faults: number;
}

const sentence = (figures: Figures): string =>
  `queue: ${figures.cases} cases; p95 ${figures.p95Ms} ms (p50 ${figures.p50Ms}) at ${PER_SECOND} a second, target ${figures.targetMs} ms; ` +
  `p95 ${figures.sharedP95Ms} ms from the shared queue; ` +
  `${figures.statements} statements; ` +
  `${figures.perSecond} finish-and-next a second with ${CLIENTS} clients, raw ${figures.rawPerSecond}, ratio ${figures.ratio}; faults ${figures.faults}`;

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The data is invented and the database thrown away: a key that is found again when the folder is kept. */
const masterKey = createHash('sha256').update('bench queue').digest();

/** Null: nothing but the loading was asked for. */
async function measure(ownerUrl: string, size: Size, seconds: number): Promise<Figures | null> {
  const owner = openDb(ownerUrl, { max: 2 });
  const db = openDb(applicationUrl(ownerUrl), { max: CLIENTS });
  const env: Env = { db, masterKey };
  try {
    const tenantId = await loaded(owner, env, size);
    if (seconds === 0) return null;
    const latencies = await paced(env, tenantId, seconds);
    const shared = await newcomers(env, tenantId, size);
    const perSecond = await throughput(env, tenantId, seconds);
    const recorded = await Promise.all(clients.map((index) => record(db, env, tenantId, index)));
    const rawPerSecond = await raw(applicationUrl(ownerUrl), recorded, seconds);
    const { faults } = await withTenant(env, { tenantId, actor: system }, verifyFollowUp);
    const ratio = Math.round((100 * perSecond) / rawPerSecond) / 100;
    const [p50Ms, p95Ms] = [at(latencies, 0.5), at(latencies, 0.95)];
    const statements = recorded[0]?.length ?? 0;
    return {
      ...{ cases: size.cases, p50Ms, p95Ms, targetMs: 100, sharedP95Ms: at(shared, 0.95), statements },
      ...{ perSecond, rawPerSecond, ratio, faults: faults.length },
    };
  } finally {
    await closeDb(db);
    await closeDb(owner);
  }
}

/** The tenant with its season; loads what the folder does not have yet. */
async function loaded(owner: Db, env: Env, size: Size): Promise<TenantId> {
  const tenantId = (await tenantIds(env))[0] ?? (await opened(owner, env, size));
  const office: Caller = { tenantId, actor: system };
  await withTenant(env, office, (ctx) => loadCases(owner, ctx, size));
  const { rows } = await owner.pool.query(
    `select from pg_stat_user_tables where relname = 'follow_up_case' and last_vacuum is null`,
  );
  if (rows.length === 0) return tenantId;
  await foldCounters(env, tenantId);
  await owner.pool.query('vacuum analyze');
  return tenantId;
}

async function opened(owner: Db, env: Env, size: Size): Promise<TenantId> {
  const given = { code: 'bench', name: '测试学院', kind: 'institution' } as const;
  const tenant = await createTenant(owner, masterKey, given);
  if (tenant === 'taken') throw new Error('a fresh database has a tenant');
  await withTenant(env, { tenantId: tenant.id, actor: system }, (ctx) => loadPeople(ctx.tx, tenant.id, size));
  return tenant.id;
}

const clients = Array.from({ length: CLIENTS }, (_client, index) => index);

const callerOf = (tenantId: TenantId, index: number): Caller => {
  const roles = ['caller'];
  const actor = {
    userId: callerId(index),
    name: '回访员',
    roles,
    permissions: permissionsOf(roles),
    sessionId: null,
    ip: null,
  };
  return { tenantId, actor };
};

async function pulled(env: Env, who: Caller): Promise<WorkView> {
  const work = await inTenant(env, who, (ctx) => claim(ctx, {}));
  if (!work.ok) throw new Error(work.error.message);
  return work.value;
}

const formOf = (work: WorkView) =>
  FinishBody.parse({
    clientKey: newId(),
    phoneId: work.lease?.numbers[0]?.phoneId ?? null,
    line: 'L5',
    answerer: null,
    result: null,
    startedAt: null,
    answeredAt: null,
  });

async function finished(env: Env, who: Caller, work: WorkView): Promise<WorkView> {
  const next = await inTenant(env, who, (ctx) => finishAndNext(ctx, work.lease?.id ?? '', formOf(work)));
  if (!next.ok) throw new Error(next.error.message);
  return next.value;
}

const SHARED_TURNS = 25;

/** Callers without work of their own, one turn after the other: what a pull from the group or from everybody's takes. */
async function newcomers(env: Env, tenantId: TenantId, { owners }: Size): Promise<number[]> {
  const latencies: number[] = [];
  for (let n = 0; n < NEWCOMERS; n += 1) {
    const who = callerOf(tenantId, owners + n);
    let work = await pulled(env, who);
    for (let turn = 0; turn < SHARED_TURNS && work.lease; turn += 1) {
      const started = performance.now();
      work = await finished(env, who, work);
      latencies.push(performance.now() - started);
    }
  }
  return latencies.toSorted((one, other) => one - other);
}

/** Ten a second, each at its time whatever the others do. */
async function paced(env: Env, tenantId: TenantId, seconds: number): Promise<number[]> {
  const works = clients.map((index) => pulled(env, callerOf(tenantId, index)));
  await Promise.all(works);
  const started = performance.now();
  const turns = Array.from({ length: seconds * PER_SECOND }, async (_turn, turn) => {
    const due = started + (turn * 1000) / PER_SECOND;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const index = turn % CLIENTS;
    // A caller who is still being answered waits for it; the time of waiting counts.
    const work = works[index]?.then((before) => finished(env, callerOf(tenantId, index), before));
    if (!work) throw new Error('a caller without work');
    works[index] = work;
    await work;
    return performance.now() - due;
  });
  return (await Promise.all(turns)).toSorted((one, other) => one - other);
}

async function throughput(env: Env, tenantId: TenantId, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000;
  const counts = await Promise.all(
    clients.map(async (index) => {
      let count = 0;
      let work = await pulled(env, callerOf(tenantId, index));
      for (; performance.now() < until && work.lease; count += 1)
        work = await finished(env, callerOf(tenantId, index), work);
      return count;
    }),
  );
  return Math.round((10 * counts.reduce((sum, count) => sum + count, 0)) / seconds) / 10;
}

class NotKept extends Error {}

/** The statements of one finish-and-next of one caller, written down and rolled back. */
async function record(db: Db, env: Env, tenantId: TenantId, index: number): Promise<Statement[]> {
  const statements: Statement[] = [];
  const log = ({ query }: { query: { sql: string; parameters: readonly unknown[] } }): void => {
    statements.push({ text: query.sql, values: query.parameters });
  };
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: db.pool }), log });
  const who = callerOf(tenantId, index);
  const work = await pulled(env, who);
  await withTenant({ ...env, db: { pool: db.pool, kysely } }, who, async (ctx) => {
    await finishAndNext(ctx, work.lease?.id ?? '', formOf(work));
    throw new NotKept();
  }).catch((error: unknown) => {
    if (!(error instanceof NotKept)) throw error;
  });
  return statements.filter(({ text }) => !/^(begin|commit|rollback)/i.test(text));
}

/** The same statements by bare clients, each in a transaction that is taken back, so that it may run again. */
async function raw(url: string, recorded: readonly Statement[][], seconds: number): Promise<number> {
  const { pool } = openDb(url, { max: CLIENTS });
  const until = performance.now() + seconds * 1000;
  const counts = await Promise.all(
    recorded.map(async (statements) => {
      const client = await pool.connect();
      let count = 0;
      for (; performance.now() < until; count += 1) {
        await client.query('begin');
        for (const { text, values } of statements) await client.query(text, [...values]);
        await client.query('rollback');
      }
      client.release();
      return count;
    }),
  );
  await pool.end();
  return Math.round((10 * counts.reduce((sum, count) => sum + count, 0)) / seconds) / 10;
}

const at = (sorted: readonly number[], share: number): number =>
  Math.round(10 * (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)) / 10;
