import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeDb, openDb } from '#platform/db/pool';
import { type Env, inTenant } from '#platform/db/tenant';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { claim } from './claim.service.ts';
import type { FinishInput } from './contract.ts';
import { finishAndNext } from './finish.service.ts';
import { expireLease } from './release.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangePhone,
  arrangeSeason,
  type Season,
  worldOptions,
} from './testing/arrange.ts';
import { form } from './testing/calls.ts';
import { verifyFollowUp } from './verify.ts';
import type { WorkView } from './work.contract.ts';

/**
 * Sixty callers on shared fathers' numbers, every form sent twice, connections killed at random, leases expired under the hands of
 * their holders: afterwards nobody has called twice and nobody is lost. ZHIZHAO_CONCURRENCY_CALLS makes it longer.
 */
const CALLS = Number(process.env.ZHIZHAO_CONCURRENCY_CALLS ?? 60);
/** A hanging run ends, and fails: fewer calls than wanted were finished. */
const STOP_AFTER_MS = 90_000 + Math.max(0, CALLS - 60) * 500;
const CALLERS = 60;
const CASES = 240;
const FAMILIES = 60;

let world: World;
let season: Season;
let env: Env;
const callers: Person[] = [];

beforeAll(async () => {
  world = await makeWorld(worldOptions);
  season = await arrangeSeason(world);
  const phones = await Promise.all(Array.from({ length: FAMILIES }, () => arrangePhone(world)));
  for (let n = 0; n < CALLERS; n += 1) callers.push(await arrangeCaller(world, season));
  await world.as('system', ({ tx }) =>
    sql`update province_policy set calling_from = '00:00', calling_until = '23:59:59', withdrawal_deadline_at = null`.execute(
      tx,
    ),
  );
  for (let n = 0; n < CASES; n += 1) {
    const father = phones[n % FAMILIES] ?? '';
    await arrangeCase(world, season, {
      owner: n % 2 === 0 ? null : (callers[n % CALLERS] ?? null),
      phoneIds: [await arrangePhone(world), father],
    });
  }
  env = { ...world.env, db: openDb(world.appUrl, { max: 24, onIdleError: () => {} }) };
}, 120_000);
afterAll(async () => {
  await closeDb(env.db);
  await world.close();
});

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
const ANSWERS: readonly Partial<FinishInput>[] = [
  { line: 'L6' },
  { line: 'L11' },
  { answerer: 'A10' },
  { line: 'L1' },
  { answerer: 'A1' },
  { result: 'R1', checked: { major: true, identity: true } },
  { result: 'R3' },
  { result: 'R2' },
  { result: 'R5' },
  { result: 'R6' },
];

const tally = { killed: 0, expired: 0 };
/** Keys of the forms that a caller was told are saved. */
const acknowledged = new Set<string>();

const ask = async <T>(who: Person, work: Parameters<typeof inTenant<never>>[2]): Promise<T | null> => {
  const caller = { tenantId: who.tenantId, actor: who.actor };
  const result = await inTenant(env, caller, work as never).catch((error: unknown) => {
    if (!isKill(error)) throw error;
    tally.killed += 1;
    return null;
  });
  const answer = result as { ok: boolean; value: T } | null;
  return answer?.ok ? answer.value : null;
};
const isKill = (error: unknown): boolean =>
  error instanceof Error && /terminat|closed|reset|ECONN|not queryable/i.test(error.message);

/** One caller's turn: pull, then finish twice with the same form, or walk away in the middle. */
async function turn(who: Person): Promise<void> {
  const work = await ask<WorkView>(who, ((ctx: never) => claim(ctx, {})) as never);
  if (!work?.lease) return;
  const leaseId = work.lease.id;
  const sent = form(work, { ...pick(ANSWERS), next: Math.random() < 0.7 });
  const send = () => ask<WorkView>(who, ((ctx: never) => finishAndNext(ctx, leaseId, sent)) as never);
  const fate = Math.random();
  if (fate < 0.1) return;
  if (fate < 0.2) await abort(who, leaseId, sent);
  else {
    const answers = await Promise.all([send(), send()]);
    if (answers.some((answer) => answer !== null)) acknowledged.add(`${who.userId}/${sent.clientKey}`);
  }
}

/** The client dies after the work and before the commit. */
async function abort(who: Person, leaseId: string, sent: FinishInput): Promise<void> {
  const caller = { tenantId: who.tenantId, actor: who.actor };
  const dead = new Error('the client is gone: closed');
  await inTenant(env, caller, async (ctx) => {
    await finishAndNext(ctx, leaseId, sent);
    throw dead;
  }).catch((error: unknown) => {
    if (error !== dead && !isKill(error)) throw error;
  });
}

/** Cuts one connection of the application a few times a second. */
async function killer(goOn: () => boolean): Promise<void> {
  const admin = new pg.Client({ connectionString: world.ownerUrl });
  await admin.connect();
  while (goOn()) {
    await admin.query(`select pg_terminate_backend(pid) from (select pid from pg_stat_activity
      where datname = current_database() and application_name = 'zhizhao' and state <> 'idle' order by random() limit 1) v`);
    await new Promise((resolve) => setTimeout(resolve, 600));
  }
  await admin.end();
}

/** Leases end under their holders, as if twenty minutes had passed. */
async function sweeper(goOn: () => boolean): Promise<void> {
  while (goOn()) {
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{ id: string }>`update lease set expires_at = now() where id in (
        select id from lease where ended_at is null order by random() limit 1 for update skip locked) returning id`.execute(
        tx,
      ),
    );
    for (const { id } of rows)
      tally.expired += Number(await world.as('system', (ctx) => expireLease(ctx, id)).catch(() => false));
    await new Promise((resolve) => setTimeout(resolve, 800));
  }
}

test(
  'sixty callers, random kills, double sends and shared numbers leave no double and no loss',
  async () => {
    const until = Date.now() + STOP_AFTER_MS;
    const goOn = () => (acknowledged.size < CALLS || tally.killed === 0) && Date.now() < until;
    const work = callers.map(async (who) => {
      while (goOn()) await turn(who);
    });
    await Promise.all([...work, killer(goOn), sweeper(goOn)]);

    const check = await world.as('system', verifyFollowUp);
    expect(check.faults).toEqual([]);
    expect(check.cases).toBe(CASES);
    expect(Object.values(check.byState).reduce((sum, cases) => sum + cases, 0)).toBe(CASES);
    expect(acknowledged.size).toBeGreaterThanOrEqual(CALLS);
    expect(tally.killed).toBeGreaterThan(0);
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
