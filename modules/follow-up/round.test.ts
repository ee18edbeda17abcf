import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import type { Person, World } from '#platform/testing/app';
import type { Round } from '#season/rules';
import { roundCases } from './round.contract.ts';
import { roundRecurring } from './round.jobs.ts';
import { leftOf } from './round.rules.ts';
import { listRoundCases, moveRound, moveSome, readBoard } from './round.service.ts';
import { arrangeCaller, arrangeCase, arrangeLeader, arrangeWorld, type Season } from './testing/arrange.ts';
import { pull } from './testing/calls.ts';
import { verifyFollowUp } from './verify.ts';

let world: World;
let season: Season;
let caller: Person;
let leader: Person;
let office: Person;

beforeAll(async () => {
  ({ world, season } = await arrangeWorld());
  caller = await arrangeCaller(world, season);
  leader = await arrangeLeader(world, season);
  office = await world.addPerson({ roles: ['admissions_office'] });
  await world.as('system', async ({ tx, tenantId }) => {
    await sql`update season set phase = 'filing', active = true where id = ${season.seasonId}`.execute(tx);
    await sql`insert into staff_group (tenant_id, id, name) values (${tenantId}, ${newId()}, '二组')`.execute(
      tx,
    );
  });
});
afterAll(() => world.close());

const roundsOf = async (): Promise<Record<string, string>> => {
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{ id: string; round: string }>`select id, round from follow_up_case`.execute(tx),
  );
  return Object.fromEntries(rows.map(({ id, round }) => [id, round]));
};
const setRound = (round: Round) =>
  world.as('system', ({ tx }) =>
    sql`update season set round = ${round} where id = ${season.seasonId}`.execute(tx),
  );
const board = async (who: Person) => {
  const read = await world.as(who, (ctx) => readBoard(ctx, {}));
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
};

describe('a round', () => {
  test('takes every open case along, but not the one on the phone; the proofs hold', async () => {
    const done = await arrangeCase(world, season, { owner: caller });
    const open = [
      await arrangeCase(world, season, { owner: caller }),
      await arrangeCase(world, season, { owner: null }),
      await arrangeCase(world, season, { owner: null, grouped: false }),
    ];
    const work = (await pull(world, caller)).lease?.case.id ?? '';
    const before = await world.as('system', verifyFollowUp);
    expect(before.faults).toEqual([]);
    const moved = await world.as('system', (ctx) => moveRound(ctx, season.seasonId, 'focus'));
    const rounds = await roundsOf();
    expect(rounds[work]).toBe('first');
    const others = [done, ...open].map(({ caseId }) => caseId).filter((id) => id !== work);
    for (const id of others) expect(rounds[id]).toBe('focus');
    expect(moved).toBe(others.length);
    expect((await world.as('system', verifyFollowUp)).faults).toEqual([]);
    expect(await world.as('system', (ctx) => moveSome(ctx, season.seasonId, 'focus'))).toBe(0);
  });
  test('is followed by the job until none is behind, and back again after a mistake', async () => {
    await setRound('final');
    expect((await board(office)).behind).toBeGreaterThan(0);
    const [job] = roundRecurring;
    const given = { env: world.env, tenantId: world.tenantId } as never;
    await job?.run(given);
    const final = Object.values(await roundsOf()).filter((round) => round === 'final').length;
    expect(final).toBeGreaterThan(2);
    await setRound('focus');
    await job?.run(given);
    expect(Object.values(await roundsOf())).not.toContain('final');
    expect((await world.as('system', verifyFollowUp)).faults).toEqual([]);
  });
  test('never takes a finished case along', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: null });
    await world.as('system', ({ tx }) =>
      sql`select case_apply(jsonb_build_array(jsonb_build_object('id', ${caseId}::text, 'version', 1, 'kind', 'closed', 'at', now(),
        'after', jsonb_build_object('state', 'final', 'result', 'closed', 'due_at', null))))`.execute(tx),
    );
    await world.as('system', (ctx) => moveRound(ctx, season.seasonId, 'final'));
    expect((await roundsOf())[caseId]).toBe('first');
  });
});

describe('the board', () => {
  test('adds up to all cases for the office, and to the own group for its leader', async () => {
    const all = await board(office);
    const total = all.rounds.reduce((sum, one) => sum + one.total, 0);
    expect(total).toBe(Object.keys(await roundsOf()).length);
    for (const { total: whole, round: _round, ...parts } of all.rounds)
      expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(whole);
    const own = await board(leader);
    const grouped = own.rounds.reduce((sum, one) => sum + one.total, 0);
    expect(grouped).toBeLessThan(total);
    expect(own.groups.every(({ groupId }) => groupId === season.groupId)).toBe(true);
  });
  test('lists the open cases behind a figure, a page at a time', async () => {
    const page = async (cursor?: string) => {
      const query = roundCases.query.parse({ limit: 2, ...(cursor && { cursor }) });
      const read = await world.as(leader, (ctx) => listRoundCases(ctx, query));
      if (!read.ok) throw new Error(read.error.message);
      return read.value;
    };
    const seen = new Set<string>();
    let next: string | undefined;
    let total = 0;
    do {
      const one = await page(next);
      total = one.total;
      for (const { caseId } of one.items) seen.add(caseId);
      next = one.nextCursor ?? undefined;
    } while (next);
    expect(seen.size).toBe(total);
    expect(total).toBeGreaterThan(0);
  });
  test('counts every case once', () => {
    const left = leftOf([
      { state: 'ready', disposition: 'uncalled', cases: 3 },
      { state: 'escalated', disposition: 'unreachable', cases: 2 },
      { state: 'final', disposition: 'confirmed', cases: 4 },
    ]);
    expect(left).toMatchObject({
      total: 9,
      uncalled: 3,
      escalated: 2,
      unreachable: 0,
      confirmed: 0,
      final: 4,
    });
  });
});
