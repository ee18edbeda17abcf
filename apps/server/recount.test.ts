import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { previewRun, writeRelease } from '#assignment';
import { generateDelivery, importPath } from '#delivery';
import { followUpModule, verifyFollowUp, type WorkView } from '#follow-up';
import { newId } from '#platform/ids';
import { makeLog } from '#platform/log';
import { makeWorld, type Person, request, serverParts, type World } from '#platform/testing/app';
import { foldCounters } from '#report';
import { approveSubmitted, installDefaultPack } from '#script';
import { permissionsOf } from '#staff/rules';
import {
  arrangeCaller,
  arrangeSeason,
  MORNING,
  type Season,
} from '../../modules/assignment/testing/arrange.ts';
import { OUTCOMES } from '../../modules/follow-up/outcome.rules.ts';
import {
  caseCountsOf,
  NO_TALLY,
  type Tally,
  tallyOf,
  UNDONE_TALLY,
} from '../../modules/follow-up/tally.rules.ts';
import { type Draw, drawFrom } from '../demo/random.ts';
import { buildServer } from './app.ts';

/**
 * Counters are never counted again in production. Here a season is drawn at random (calls, undos, corrections, late results, messages, moved
 * owners, merged files, an undone import, folding in between) and then counted again from its ledger: every sum must be the same.
 */

const MINUTE = 60_000;
const STEPS = 260;

let world: World;
let app: FastifyInstance;
let stop: () => Promise<void>;
let season: Season;
let clerk: Person;
let office: Person;
let callers: Person[];
let folder: string;
let now = MORNING;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  world.setClock(now);
  const { events, log } = await serverParts(world);
  app = await buildServer({
    ...{ env: world.env, files: world.files, events, log, secure: false, trustProxy: false },
    ...{ idleMinutes: 30, absoluteHours: 10, fileBytes: 1000, requestsPerMinute: Number.MAX_SAFE_INTEGER },
  });
  stop = async () => {
    await app.close();
    await events.close();
  };
  season = await arrangeSeason(world);
  clerk = await world.addPerson({ roles: ['file_clerk'] });
  office = await world.addPerson({ roles: ['admissions_office'] });
  const supervisor = await world.addPerson({ roles: ['supervisor'] });
  await world.as('system', (ctx) => installDefaultPack(ctx, season.seasonId));
  await world.as(supervisor, (ctx) => approveSubmitted(ctx, season.seasonId));
  callers = [];
  for (const groupId of [...season.groups, ...season.groups])
    callers.push(await arrangeCaller(world, groupId));
  folder = await mkdtemp(join(tmpdir(), 'recount-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await stop();
  await world.close();
});

const post = (who: Person, url: string, body: object) => request(app, who, { method: 'POST', url, body });
const rowsOf = async <T>(query: RawBuilder<T>): Promise<T[]> =>
  (await world.as('system', ({ tx }) => query.execute(tx))).rows;

async function importFrom(path: string, province: string): Promise<string> {
  const place = {
    ...{ env: world.env, files: world.files },
    caller: { tenantId: world.tenantId, actor: clerk.actor },
  };
  const target = { path, year: 2026, province, batch: '本科批', collegeName: '示例学院' };
  const done = await importPath(place, target);
  if (!done.ok) throw new Error(done.error.message);
  return done.value.importId;
}

async function deliver(province: string, rows: number): Promise<string> {
  const path = join(folder, province);
  await generateDelivery(path, {
    form: '2017',
    rows,
    year: 2026,
    province,
    dirtEvery: 0,
    seed: Number(province),
  });
  return importFrom(path, province);
}

/** A second file of somebody, by name and number, joined to the first. */
async function double(province: string): Promise<string> {
  const [known] = await rowsOf(
    sql<{ id: string; no: string; name: string; number: Buffer }>`
      select c.id, c.candidate_no as no, c.name, p.number from candidate c
      join candidate_phone x on x.candidate_id = c.id join phone p on p.id = x.phone_id and p.kind = 'mobile'
      where c.province_code = ${province} order by c.candidate_no limit 1`,
  );
  if (!known) throw new Error('nobody has a mobile');
  const number = await world.as('system', async ({ vault }) => vault.open(known.number).replace('+86', ''));
  const no = `${known.no.slice(0, -2)}99`;
  const path = join(folder, `${province}.csv`);
  await writeFile(path, `考生号,姓名,联系手机\n${no},${known.name},${number}\n`);
  await importFrom(path, province);
  const [other] = await rowsOf(sql<{ id: string }>`select id from candidate where candidate_no = ${no}`);
  const body = { otherId: other?.id, reason: '同名同号码，是同一人' };
  const merged = await post(clerk, `/candidates/${known.id}/merge`, body);
  if (merged.status !== 200) throw new Error(JSON.stringify(merged.body));
  return String(merged.body.id);
}

async function release(): Promise<void> {
  await world.as(clerk, async (ctx) => {
    const limits = { groups: [], skills: [], newPerCaller: null, openWorkCap: null };
    const run = await previewRun(ctx, {
      filter: { provinceCodes: [], batchIds: [], importId: null },
      limits,
      seed: 'recount',
    });
    if (!run.ok) throw new Error(run.error.message);
    const written = await writeRelease(ctx, run.value.id);
    if (!written.ok) throw new Error(written.error.message);
  });
}

/** Working hours only: after eight in the evening comes the next morning. */
function pass(minutes: number): void {
  now += minutes * MINUTE;
  const minuteOfDay = (now / MINUTE + 480) % 1440;
  if (minuteOfDay > 1200) now += (1440 - minuteOfDay + 570) * MINUTE;
  world.setClock(now);
}

const CODES = Object.keys(OUTCOMES).filter((code) => !['L12', 'R10', 'R11'].includes(code));
const answerOf = (code: string) => ({
  line: code.startsWith('L') ? code : null,
  answerer: code.startsWith('A') ? code : null,
  result: code.startsWith('R') ? code : null,
});
const checked = { major: true, identity: true };

interface Made {
  readonly attemptId: string;
  readonly caller: Person;
}

async function call(draw: Draw, caller: Person, work: WorkView): Promise<WorkView | null> {
  const { lease } = work;
  if (!lease) return null;
  const numbers = lease.numbers.filter(({ barred }) => barred === null);
  const direction = draw.chance(10) ? 'in' : 'out';
  const phoneId = numbers.length > 0 ? draw.pick(numbers).phoneId : null;
  if (direction === 'out' && phoneId === null) {
    await post(caller, `/queue/leases/${lease.id}/skip`, { reason: 'other', note: '没有号码', next: false });
    return null;
  }
  const startedAt = now;
  pass(1 + draw.below(9));
  for (const code of [draw.pick(CODES), draw.pick(CODES), 'A5', 'L5']) {
    const said = { ...answerOf(code), checked, phoneId, direction, startedAt, answeredAt: null };
    const body = { ...said, clientKey: newId(), talkSeconds: draw.below(400), note: '', next: false };
    const done = await post(caller, `/queue/leases/${lease.id}/finish`, body);
    if (done.status === 200) return done.body as WorkView;
  }
  return null;
}

async function expire(draw: Draw, caller: Person, lease: NonNullable<WorkView['lease']>): Promise<void> {
  const phone = lease.numbers.find(({ barred }) => barred === null);
  if (phone) await post(caller, `/queue/leases/${lease.id}/dial`, { phoneId: phone.phoneId });
  pass(45);
  const sweeper = followUpModule.recurring?.find(({ name }) => name === 'expired leases');
  await sweeper?.run({
    env: world.env,
    files: world.files,
    log: makeLog('silent'),
    tenantId: world.tenantId,
  });
  const work = (await request(app, caller, { method: 'GET', url: '/queue' })).body as WorkView;
  for (const { attemptId } of work.incomplete) {
    const said = { ...answerOf(draw.pick(['L5', 'L11', 'R3', 'R4', 'A5'])), checked, talkSeconds: 30 };
    await post(caller, `/queue/attempts/${attemptId}/complete`, said);
  }
}

async function amend(draw: Draw, made: readonly Made[]): Promise<void> {
  if (made.length === 0) return;
  const { attemptId, caller } = draw.pick(made);
  const body = {
    ...answerOf(draw.pick(CODES)),
    checked,
    talkSeconds: draw.below(300),
    reason: '听录音后更正',
  };
  await post(draw.chance(50) ? caller : office, `/queue/attempts/${attemptId}/correct`, body);
}

async function move(draw: Draw): Promise<void> {
  const reason = '随机调整归属';
  const rows = await rowsOf(sql<{ id: string }>`select id from follow_up_case order by id`);
  const caseIds = [draw.pick(rows).id, draw.pick(rows).id];
  const toUserId = draw.pick(callers).userId;
  await draw.pick([
    () => post(office, '/assignments/reassign', { caseIds, toUserId, reason }),
    () => post(office, '/assignments/take-back', { caseIds, to: draw.chance(50) ? 'group' : 'pool', reason }),
    () => post(office, '/assignments/balance', { groupId: null, started: true, reason }),
    () => post(office, '/assignments/return-all', { userId: toUserId, reason }),
  ])();
}

async function step(draw: Draw, made: Made[]): Promise<void> {
  const what = draw.weighted({ call: 60, amend: 14, move: 7, expire: 5, message: 8, fold: 4, rest: 2 });
  pass(draw.below(12));
  if (what === 'rest') return pass(600);
  if (what === 'fold') return foldCounters(world.env, world.tenantId);
  if (what === 'amend') return amend(draw, made);
  if (what === 'move') return move(draw);
  const caller = draw.pick(callers);
  const work = (await post(caller, '/queue/claim', {})).body as WorkView;
  const { lease } = work;
  if (!lease) return;
  if (what === 'expire') return expire(draw, caller, lease);
  if (what === 'message') {
    const outcome = draw.pick(['sent', 'answered', 'added', 'declined']);
    const body = {
      clientKey: newId(),
      channel: 'wechat',
      phoneId: null,
      outcome,
      text: '您好',
      talkSeconds: 40,
    };
    await post(caller, `/queue/leases/${lease.id}/messages`, body);
  }
  const after = await call(draw, caller, work);
  const attemptId = after?.undo?.attemptId;
  if (!attemptId) return;
  if (draw.chance(15)) await post(caller, `/queue/attempts/${attemptId}/undo`, {});
  else made.push({ attemptId, caller });
}

interface Attempt {
  readonly caseId: string;
  readonly callerId: string;
  readonly groupId: string;
  readonly policyId: string;
  readonly phase: string;
  readonly channel: string;
  readonly direction: 'in' | 'out';
  readonly startedAt: number;
  readonly outcome: string;
  readonly contact: boolean;
  readonly talkSeconds: number;
  readonly undone: boolean;
}

/** The ledger as it counts now: the last amendment of each attempt, put together here and not by the code under test. */
async function ledger(): Promise<Attempt[]> {
  const attempts = await rowsOf(
    sql<Attempt & { id: string }>`
      select id, case_id as "caseId", caller_id as "callerId", coalesce(group_id, '00000000-0000-0000-0000-000000000000') as "groupId",
        policy_id as "policyId", phase, channel, direction, started_at as "startedAt", outcome, counts_as_contact as contact,
        talk_seconds as "talkSeconds", false as undone
      from attempt`,
  );
  const amendments = await rowsOf(
    sql<{ id: string; kind: string; after: Partial<Attempt> }>`
      select attempt_id as id, kind, after from attempt_correction order by corrected_at, id`,
  );
  const last = new Map(amendments.map((one) => [one.id, one]));
  return attempts.map((attempt) => {
    const { kind, after } = last.get(attempt.id) ?? { kind: '', after: {} };
    return kind === 'undone' ? { ...attempt, undone: true } : { ...attempt, ...after };
  });
}

const NAMES: readonly (readonly [keyof Tally, string])[] = [
  ['attempts', 'attempts'],
  ['dials', 'dials'],
  ['contacts', 'contacts'],
  ['refusals', 'refusals'],
  ['unreached', 'unreached'],
  ['unknownEligibility', 'unknown_eligibility'],
  ['notEligible', 'not_eligible'],
  ['confirmed', 'confirmed'],
  ['considering', 'considering'],
  ['withdrawing', 'withdrawing'],
  ['talkSeconds', 'talk_seconds'],
  ['discarded', 'discarded'],
];

const GRAINS: Readonly<Record<string, (attempt: Attempt, at: Date) => string>> = {
  caller: ({ callerId, groupId }) => `${callerId} ${groupId}`,
  caller_day: ({ callerId, groupId }, at) => `${callerId} ${groupId} ${at.toISOString().slice(0, 10)}`,
  policy: ({ policyId, phase }) => `${policyId} ${phase}`,
  policy_day: ({ policyId, phase }, at) => `${policyId} ${phase} ${at.toISOString().slice(0, 10)}`,
  hour: (_attempt, at) => `${at.getUTCDay()} ${at.getUTCHours()}`,
};
const KEYS: Readonly<Record<string, string>> = {
  caller: `caller_id || ' ' || group_id`,
  caller_day: `caller_id || ' ' || group_id || ' ' || day`,
  policy: `policy_id || ' ' || phase`,
  policy_day: `policy_id || ' ' || phase || ' ' || day`,
  hour: `weekday || ' ' || hour`,
};

const adding = (one: Tally, other: Tally): Tally =>
  Object.fromEntries(NAMES.map(([name]) => [name, one[name] + other[name]])) as unknown as Tally;

function recount(attempts: readonly Attempt[], keyOf: (attempt: Attempt, at: Date) => string) {
  const sums = new Map<string, Tally>();
  for (const attempt of attempts) {
    // China has one offset all year.
    const key = keyOf(attempt, new Date(attempt.startedAt + 8 * 3_600_000));
    sums.set(key, adding(sums.get(key) ?? NO_TALLY, attempt.undone ? UNDONE_TALLY : tallyOf(attempt)));
  }
  return sums;
}

const isNothing = (tally: Tally): boolean => NAMES.every(([name]) => tally[name] === 0);
const sorted = (sums: ReadonlyMap<string, Tally>): [string, Tally][] =>
  [...sums].filter(([, tally]) => !isNothing(tally)).sort(([one], [other]) => (one < other ? -1 : 1));

test('every counter equals what its ledger gives when it is counted again', {
  timeout: 240_000,
}, async () => {
  const draw = drawFrom(20_260_722);
  await deliver('51', 22);
  await deliver('52', 18);
  const mistaken = await deliver('53', 9);
  expect(await post(clerk, `/imports/${mistaken}/undo`, { reason: '省份选错了' })).toMatchObject({
    status: 200,
  });
  await double('51');
  const wrong = await double('52');
  expect(await post(clerk, `/candidates/merges/${wrong}/undo`, { reason: '核对后不是同一人' })).toMatchObject(
    {
      status: 204,
    },
  );
  await release();
  const made: Made[] = [];
  for (let n = 0; n < STEPS; n += 1) await step(draw, made);

  const attempts = await ledger();
  expect(attempts.length).toBeGreaterThan(80);
  expect(attempts.some(({ undone }) => undone)).toBe(true);
  await foldCounters(world.env, world.tenantId);
  for (const [grain, keyOf] of Object.entries(GRAINS)) {
    const columns = NAMES.map(([name, column]) => `${column} as "${name}"`).join(', ');
    const rows = await rowsOf(
      sql.raw<Tally & { key: string }>(
        `select ${KEYS[grain]} as key, ${columns} from contact_tally where grain = '${grain}'`,
      ),
    );
    const found = new Map(rows.map(({ key, ...tally }) => [key, tally]));
    expect([grain, sorted(found)]).toEqual([grain, sorted(recount(attempts, keyOf))]);
  }
  await casesAgree(attempts);
  expect(await world.as('system', verifyFollowUp)).toMatchObject({ faults: [] });
  const board = await request(app, office, { method: 'GET', url: '/reports/wallboard' });
  expect(board.body.conservation).toMatchObject({ candidates: 41, unreleased: 0, gap: 0 });
});

/** Sums of cases by owner and by policy, and the counts that each case carries. */
async function casesAgree(attempts: readonly Attempt[]): Promise<void> {
  const split = {
    owner: `phase || ' ' || owner_id || ' ' || group_id`,
    policy: `policy_id || ' ' || phase || ' ' || round`,
  };
  const nil = `'00000000-0000-0000-0000-000000000000'::uuid`;
  for (const [grain, key] of Object.entries(split)) {
    const state = `' ' || state || ' ' || disposition || ' ' || coalesce(result, '')`;
    const counted = await rowsOf(
      sql.raw(
        `select ${key} || ${state} as key, sum(cases)::int as n from case_tally where grain = '${grain}' group by 1 order by 1`,
      ),
    );
    const cases = await rowsOf(
      sql.raw(`select ${key} || ${state} as key, count(*)::int as n from (
        select phase, policy_id, round, coalesce(owner_id, ${nil}) as owner_id, coalesce(group_id, ${nil}) as group_id, state, disposition, result
        from follow_up_case) c group by 1 order by 1`),
    );
    expect([grain, counted]).toEqual([grain, cases]);
  }
  const rows = await rowsOf(
    sql<{ id: string }>`
      select id, attempts, dials, contacts, talk_seconds, refusals, unanswered, considered from follow_up_case order by id`,
  );
  const mine = Map.groupBy(
    attempts.filter(({ undone }) => !undone),
    ({ caseId }) => caseId,
  );
  const nothing = {
    attempts: 0,
    dials: 0,
    contacts: 0,
    talk_seconds: 0,
    refusals: 0,
    unanswered: 0,
    considered: 0,
  };
  expect(rows).toEqual(
    rows.map(({ id }) => ({
      id,
      ...(mine.get(id) ?? [])
        .map(caseCountsOf)
        .reduce(
          (sum, one) =>
            Object.fromEntries(
              Object.entries(sum).map(([name, count]) => [name, count + one[name as keyof typeof one]]),
            ) as unknown as typeof nothing,
          nothing,
        ),
    })),
  );
}
