import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeDb, openDb } from '#platform/db/pool';
import type { Caller, Env } from '#platform/db/tenant';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { expireLease } from './release.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangePhone,
  arrangeSeason,
  type Season,
  worldOptions,
} from './testing/arrange.ts';
import { type Heard, turn } from './testing/turns.ts';
import { ORDERS, type Orders } from './testing/victim.ts';
import { verifyFollowUp } from './verify.ts';

/**
 * Sixty-six callers on shared fathers' numbers, every form sent twice, clocks hours off, connections cut and whole processes killed at
 * random, leases expired under the hands of their holders: afterwards nobody has called twice and nobody is lost. ZHIZHAO_CONCURRENCY_CALLS makes it longer.
 */
const CALLS = Number(process.env.ZHIZHAO_CONCURRENCY_CALLS ?? 60);
/** A hanging run ends, and fails: fewer calls than wanted were finished. */
const STOP_AFTER_MS = 90_000 + Math.max(0, CALLS - 60) * 2000;
const CALLERS = 60;
const VICTIMS = 6;
const VICTIM = new URL('./testing/victim.ts', import.meta.url).pathname;
/** The server notices a killed client, and ends what it was doing. */
const SETTLE_MS = 500;
/** Each case is called about once: what comes of it makes it due only minutes, hours or days later. */
const CASES = Math.max(240, CALLS * 2);
/** Four children share a father's number. */
const FAMILIES = CASES / 4;
const ARRANGE_MS = 120_000 + CASES * 100;
/** Arranged side by side. */
const AT_ONCE = 8;

let world: World;
let season: Season;
let env: Env;
const callers: Person[] = [];
/** Callers whose browser lives in a process of its own. */
const victims: Person[] = [];

beforeAll(async () => {
  world = await makeWorld(worldOptions);
  season = await arrangeSeason(world);
  const phones = await Promise.all(Array.from({ length: FAMILIES }, () => arrangePhone(world)));
  for (let n = 0; n < CALLERS; n += 1) callers.push(await arrangeCaller(world, season));
  for (let n = 0; n < VICTIMS; n += 1) victims.push(await arrangeCaller(world, season));
  await world.as('system', ({ tx }) =>
    sql`update province_policy set calling_from = '00:00', calling_until = '23:59:59', withdrawal_deadline_at = null`.execute(
      tx,
    ),
  );
  const familyCase = async (n: number): Promise<void> => {
    const owner = n % 2 === 0 ? null : (callers[n % CALLERS] ?? null);
    await arrangeCase(world, season, {
      owner,
      phoneIds: [await arrangePhone(world), phones[n % FAMILIES] ?? ''],
    });
  };
  for (let from = 0; from < CASES; from += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_case, n) => familyCase(from + n)));
  env = { ...world.env, db: openDb(world.appUrl, { max: 24, onIdleError: () => {} }) };
}, ARRANGE_MS);
afterAll(async () => {
  await closeDb(env.db);
  await world.close();
});

const tally = { cut: 0, expired: 0, processes: 0 };
/** Keys of the forms that a caller was told are saved. */
const acknowledged = new Set<string>();
const heard: Heard = {
  acknowledged: (key) => acknowledged.add(key),
  cut: () => {
    tally.cut += 1;
  },
};
const callerOf = ({ tenantId, actor }: Person): Caller => ({ tenantId, actor });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A whole client process is killed as soon as it has worked for a moment, again and again. */
async function killProcesses(goOn: () => boolean): Promise<void> {
  if (!Buffer.isBuffer(env.masterKey)) throw new Error('a test world has a plain key');
  const orders: Orders = {
    url: world.appUrl,
    masterKey: env.masterKey.toString('base64'),
    callers: victims.map(({ tenantId, actor }) => ({
      tenantId,
      actor: { ...actor, permissions: [...actor.permissions] },
    })),
  };
  while (goOn()) {
    const child = spawn(process.execPath, [VICTIM], {
      env: { ...process.env, [ORDERS]: JSON.stringify(orders) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    lines.on('line', heard.acknowledged);
    const gone = once(child, 'exit');
    await Promise.race([once(lines, 'line'), gone, sleep(20_000)]);
    await sleep(Math.random() * 300);
    tally.processes += Number(child.kill('SIGKILL'));
    await gone;
  }
}

/** Cuts one connection of the application a few times a second. */
async function killer(goOn: () => boolean): Promise<void> {
  const admin = new pg.Client({ connectionString: world.ownerUrl });
  await admin.connect();
  while (goOn()) {
    await admin.query(`select pg_terminate_backend(pid) from (select pid from pg_stat_activity
      where datname = current_database() and application_name = 'zhizhao' and state <> 'idle' order by random() limit 1) v`);
    await sleep(600);
  }
  await admin.end();
}

/** Leases end under their holders, as if twenty minutes had passed. */
async function sweeper(goOn: () => boolean): Promise<void> {
  while (goOn()) {
    const ended = world.as('system', ({ tx }) =>
      sql<{ id: string }>`update lease set expires_at = now() where id in (
        select id from lease where ended_at is null order by random() limit 1 for update skip locked) returning id`.execute(
        tx,
      ),
    );
    // Its own connection is cut like anybody's.
    const { rows } = await ended.catch(() => ({ rows: [] }));
    for (const { id } of rows)
      tally.expired += Number(await world.as('system', (ctx) => expireLease(ctx, id)).catch(() => false));
    await sleep(800);
  }
}

test(
  'sixty-six callers, wrong clocks, random kills, double sends and shared numbers leave no double and no loss',
  async () => {
    const until = Date.now() + STOP_AFTER_MS;
    const goOn = () =>
      (acknowledged.size < CALLS || tally.cut === 0 || tally.processes === 0) && Date.now() < until;
    const work = callers.map(async (who) => {
      while (goOn()) await turn(env, callerOf(who), heard);
    });
    await Promise.all([...work, killer(goOn), killProcesses(goOn), sweeper(goOn)]);
    await sleep(SETTLE_MS);

    const check = await world.as('system', verifyFollowUp);
    expect(check.faults).toEqual([]);
    expect(check.cases).toBe(CASES);
    expect(Object.values(check.byState).reduce((sum, cases) => sum + cases, 0)).toBe(CASES);
    expect(acknowledged.size).toBeGreaterThanOrEqual(CALLS);
    expect(tally.cut).toBeGreaterThan(0);
    expect(tally.processes).toBeGreaterThan(0);
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{ key: string }>`select client_key as key from attempt`.execute(tx),
    );
    const written = rows.map(({ key }) => key);
    expect(new Set(written).size).toBe(written.length);
    expect([...acknowledged].filter((key) => !written.includes(key))).toEqual([]);
  },
  STOP_AFTER_MS + 60_000,
);

test('a journal changed behind the platform’s back is found', async () => {
  await world.owner.kysely.transaction().execute(async (tx) => {
    await sql`select set_config('app.tenant_id', ${world.tenantId}, true)`.execute(tx);
    await sql`update follow_up_case set attempts = attempts + 1 where id = (select id from follow_up_case limit 1)`.execute(
      tx,
    );
    await sql`update case_event set note = 'x' where (case_id, seq) = (select case_id, seq from case_event where seq = 1 limit 1)`.execute(
      tx,
    );
  });
  const check = await world.as('system', verifyFollowUp);
  expect(new Set(check.faults.map(({ what }) => what))).toEqual(new Set(['chain', 'replay']));
});

test('the application cannot write a case beside the five functions', async () => {
  const write = world.as('system', ({ tx }) => sql`update follow_up_case set attempts = 0`.execute(tx));
  await expect(write).rejects.toThrow('permission denied');
});
