import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import pg from 'pg';
import { listOfCandidates, searchEverywhere } from '#candidate';
import { ListQuery } from '#candidate/contract';
import { addKey } from '#platform/crypto/vault';
import { startEmbedded } from '#platform/db/embedded';
import { migrate } from '#platform/db/migrate';
import { closeDb, type Db, openDb } from '#platform/db/pool';
import { type Caller, type Env, withTenant } from '#platform/db/tenant';
import { applicationUrl } from '#platform/db/urls';
import type { TenantId, UserId } from '#platform/ids';
import { permissionsOf } from '#staff/rules';
import { type ListCase, listCases } from './list-cases.ts';
import { callerId, loadSeason, TENANT } from './list-data.ts';
import { at, times } from './times.ts';

const TARGET_MS = 100;

interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/**
 * Lists and searches over `--n` candidates in a throw-away database, through the use case and the unprivileged role. The raw limit is
 * the same statements by a bare client, without framework, parsing of replies and decisions.
 */
export async function benchList(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      n: { type: 'string', default: '1000000' },
      runs: { type: 'string', default: '20' },
      url: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'zhizhao-bench-list-'));
  const cluster = values.url ? null : await startEmbedded({ dataDir: folder, durability: 'production' });
  const ownerUrl = values.url ?? cluster?.ownerUrl ?? '';
  const say = (line: string): void => {
    if (!values.json) console.log(line);
  };
  try {
    if (cluster) await prepare(ownerUrl, Number(values.n), say);
    const figures = await measure(ownerUrl, Number(values.runs), say);
    console.log(
      values.json ? JSON.stringify({ bench: 'list', n: Number(values.n), ...figures }) : sentence(figures),
    );
  } finally {
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(ownerUrl: string, n: number, say: (line: string) => void): Promise<void> {
  await migrate(ownerUrl);
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await loadSeason(client, n, say);
  await client.end();
}

interface Figures {
  readonly queries: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  readonly rawP95Ms: number;
  /** Raw time over ours: 1 is the limit. */
  readonly ratio: number;
  readonly targetMs: number;
}

const sentence = (figures: Figures): string =>
  `list: p95 ${figures.p95Ms} ms (p50 ${figures.p50Ms}, max ${figures.maxMs}) over ${figures.queries} requests; ` +
  `raw p95 ${figures.rawP95Ms} ms; ratio ${figures.ratio}; target ${figures.targetMs} ms`;

async function measure(ownerUrl: string, runs: number, say: (line: string) => void): Promise<Figures> {
  const env: Env = { db: openDb(applicationUrl(ownerUrl), { max: 2 }), masterKey: randomBytes(32) };
  await giveKeys(ownerUrl, env.masterKey);
  const raw = new pg.Client({ connectionString: applicationUrl(ownerUrl) });
  await raw.connect();
  const [ours, bare]: [number[], number[]] = [[], []];
  try {
    for (const listed of listCases) {
      const one = await turnPages(env, listed);
      const statements = await record(env.db, () => ask(env, one));
      const own = await times(runs, () => ask(env, one));
      const plain = await times(Math.min(runs, 5), () => replay(raw, statements));
      ours.push(...own);
      bare.push(...plain);
      say(`${one.name.padEnd(28)} ${at(own, 0.5)} / ${at(own, 0.95)} ms   raw ${at(plain, 0.5)} ms`);
    }
  } finally {
    await raw.end();
    await closeDb(env.db);
  }
  const [p95Ms, rawP95Ms] = [at(ours, 0.95), at(bare, 0.95)];
  const ratio = Math.round((100 * rawP95Ms) / p95Ms) / 100;
  return {
    queries: ours.length,
    p50Ms: at(ours, 0.5),
    p95Ms,
    maxMs: at(ours, 1),
    rawP95Ms,
    ratio,
    targetMs: TARGET_MS,
  };
}

/** The same list with the cursor of a later page, got as people get there. */
async function turnPages(env: Env, one: ListCase): Promise<ListCase> {
  let query = one.query ?? {};
  for (let page = 0; page < (one.pages ?? 0); page += 1) {
    const cursor = await ask(env, { ...one, query });
    if (cursor === null) throw new Error(`${one.name}: the list ends at page ${page + 1}`);
    query = { ...query, cursor };
  }
  return { ...one, query };
}

/** Asks once; where the next page begins. */
function ask(env: Env, { who, query, search }: ListCase): Promise<string | null> {
  return withTenant(env, callerOf(who), async (ctx) => {
    const result = search
      ? await searchEverywhere(ctx, search)
      : await listOfCandidates(ctx, ListQuery.parse(query ?? {}));
    if (!result.ok && result.error.code !== 'too_broad') throw new Error(result.error.message);
    return result.ok && 'nextCursor' in result.value ? result.value.nextCursor : null;
  });
}

const ROLES = { office: ['admissions_office'], leader: ['caller', 'group_leader'], caller: ['caller'] };

function callerOf(who: ListCase['who']): Caller {
  const roles = ROLES[who];
  const userId = callerId(who === 'caller' ? 11 : 10) as UserId;
  const actor = { userId, name: who, roles, permissions: permissionsOf(roles), sessionId: null, ip: null };
  return { tenantId: TENANT as TenantId, actor };
}

/** New keys for the vault: the loaded numbers are not readable anyway. */
async function giveKeys(ownerUrl: string, masterKey: Env['masterKey']): Promise<void> {
  const owner: Db = openDb(ownerUrl, { max: 1 });
  await owner.kysely.transaction().execute(async (tx) => {
    await sql`delete from tenant_key where tenant_id = ${TENANT}`.execute(tx);
    await addKey(masterKey, tx, { tenantId: TENANT as TenantId, purpose: 'data', keyNo: 1 });
    await addKey(masterKey, tx, { tenantId: TENANT as TenantId, purpose: 'index', keyNo: 1 });
  });
  await closeDb(owner);
}

/** The statements that a piece of work sends, seen at the pool's connection. */
async function record(db: Db, work: () => Promise<unknown>): Promise<Statement[]> {
  const seen: Statement[] = [];
  const client = await db.pool.connect();
  const send = client.query.bind(client);
  Object.assign(client, {
    query: (text: unknown, values?: unknown[], ...rest: unknown[]) => {
      if (typeof text === 'string' && text !== '') seen.push({ text, values: values ?? [] });
      return (send as (...given: unknown[]) => unknown)(text, values, ...rest);
    },
  });
  client.release();
  await work();
  Object.assign(client, { query: send });
  return seen;
}

async function replay(client: pg.Client, statements: readonly Statement[]): Promise<void> {
  for (const { text, values } of statements) await client.query(text, values);
}
