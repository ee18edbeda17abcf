import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeCase } from '#follow-up';
import { newId } from '#platform/ids';
import type { Person, World } from '#platform/testing/app';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangeWorld,
  DAY,
  MORNING,
  type Season,
} from '../follow-up/testing/arrange.ts';
import { readGroupBoard, readLeaderboard } from './group.service.ts';
import { foldCounters } from './index.ts';
import { readStuck } from './stuck.service.ts';
import { listSummaries, makeTheSummary, saveTheSummary } from './summary.service.ts';
import {
  caseSumsByOwner,
  caseSumsByPolicy,
  sumsByCaller,
  sumsByDay,
  sumsByHour,
  sumsByPolicy,
} from './sums.store.ts';
import { readWallboard } from './wallboard.service.ts';

let world: World;
let season: Season;
let callers: Person[];
let leader: Person;
let office: Person;
const TODAY = '2026-07-22';

beforeAll(async () => {
  ({ world, season } = await arrangeWorld());
  callers = [await arrangeCaller(world, season), await arrangeCaller(world, season)];
  leader = await arrangeLeader(world, season);
  office = await world.addPerson({ roles: ['admissions_office'] });
  const cases: { caseId: string }[] = [];
  for (let n = 0; n < 6; n += 1) {
    cases.push(
      await arrangeCase(world, season, {
        owner: callers[n % 2] ?? null,
        policyId: n < 4 ? season.withdrawable : season.binding,
      }),
    );
  }
  await world.as('system', (ctx) =>
    closeCase(ctx, { caseId: cases[0]?.caseId ?? '', result: 'admitted', reason: 'x', causeId: newId() }),
  );
  await contacts(callers[0], { day: TODAY, hour: 19, attempts: 10, contacts: 6 });
  await contacts(callers[1], { day: TODAY, hour: 10, attempts: 10, contacts: 9 });
  await contacts(callers[1], { day: '2026-07-15', hour: 10, attempts: 3, contacts: 1 });
});
afterAll(() => world.close());

/** Contacts as the call screen counts them. */
const contacts = (
  caller: Person | undefined,
  given: { day: string; hour: number; attempts: number; contacts: number },
) =>
  world.as('system', ({ tx, tenantId }) =>
    sql`insert into contact_tally_delta (tenant_id, id, season_id, caller_id, group_id, policy_id, phase, day, weekday, hour, attempts, dials,
        contacts, refusals, unreached, unknown_eligibility, confirmed, considering, withdrawing, talk_seconds)
      values (${tenantId}, ${newId()}, ${season.seasonId}, ${caller?.userId}, ${season.groupId}, ${season.withdrawable}, 'filing', ${given.day}::date,
        extract(dow from ${given.day}::date), ${given.hour}, ${given.attempts}, ${given.attempts}, ${given.contacts}, 1, ${given.attempts - given.contacts}, 0,
        ${given.contacts - 1}, 1, 0, ${given.contacts * 120})`.execute(tx),
  );

const everything = () =>
  world.as('system', async (ctx) => ({
    callers: await sumsByCaller(ctx, season.seasonId, null),
    today: await sumsByCaller(ctx, season.seasonId, TODAY),
    policies: await sumsByPolicy(ctx, season.seasonId, null),
    days: await sumsByDay(ctx, season.seasonId),
    hours: await sumsByHour(ctx, season.seasonId),
    owners: await caseSumsByOwner(ctx, season.seasonId),
    cases: await caseSumsByPolicy(ctx, season.seasonId),
  }));
const sorted = (value: Awaited<ReturnType<typeof everything>>) =>
  Object.fromEntries(
    Object.entries(value).map(([name, rows]) => [name, rows.map((row) => JSON.stringify(row)).sort()]),
  );

describe('counters', () => {
  test('give the same figures before folding, after it, and after folding again, also when folded by two at once', async () => {
    const before = sorted(await everything());
    await Promise.all([foldCounters(world.env, world.tenantId), foldCounters(world.env, world.tenantId)]);
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{
        n: number;
      }>`select (select count(*) from contact_tally_delta) + (select count(*) from case_tally_delta) as n`.execute(
        tx,
      ),
    );
    expect(rows[0]?.n).toBe(0);
    expect(sorted(await everything())).toEqual(before);
    await contacts(callers[0], { day: TODAY, hour: 19, attempts: 2, contacts: 1 });
    const grown = await everything();
    expect(grown.today.find(({ callerId }) => callerId === callers[0]?.userId)?.attempts).toBe(12);
    await foldCounters(world.env, world.tenantId);
    expect(sorted(await everything())).toEqual(sorted(grown));
  });
  test('agree with the cases themselves', async () => {
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{
        state: string;
        cases: number;
      }>`select state, count(*) as cases from follow_up_case group by state order by state`.execute(tx),
    );
    const counted = new Map<string, number>();
    for (const { state, cases } of (await everything()).cases)
      counted.set(state, (counted.get(state) ?? 0) + cases);
    expect([...counted].sort()).toEqual(rows.map(({ state, cases }) => [state, cases]));
  });
});

describe('the wallboard', () => {
  const conservation = async () => {
    const board = await world.as(office, readWallboard);
    if (!board.ok) throw new Error(board.error.message);
    return board.value.conservation;
  };
  const tally = (cases: number) =>
    world.as('system', ({ tx, tenantId }) =>
      sql`insert into case_tally_delta (tenant_id, id, season_id, policy_id, phase, round, owner_id, group_id, state, disposition, result, cases)
        values (${tenantId}, ${newId()}, ${season.seasonId}, ${season.withdrawable}, 'filing', 'first', ${newId()}, ${season.groupId}, 'ready',
          'uncalled', '', ${cases})`.execute(tx),
    );

  test('closes its conservation line, counting those not yet released', async () => {
    await released(6, 'released', 'filing');
    await released(5, 'discarded', 'filing');
    await released(7, 'released', 'pre_arrival');
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into delivery_import (tenant_id, id, season_id, province_code, batch_id, state, file_name, counts)
        values (${tenantId}, ${newId()}, ${season.seasonId}, '52', ${season.batchId}, 'applied', 'x.zip', '{"created": 8}')`.execute(
        tx,
      ),
    );
    const board = await world.as(office, readWallboard);
    if (!board.ok) throw new Error(board.error.message);
    expect(board.value.conservation).toMatchObject({
      candidates: 8,
      unreleased: 2,
      ready: 5,
      final: 1,
      gap: 0,
    });
    expect(board.value.today).toMatchObject({ attempts: 22, contacts: 16 });
    expect(board.value.rates.contact).toEqual({ part: 17, whole: 25 });
    expect(board.value.provinces.map(({ standing }) => standing.cases).sort()).toEqual([2, 4]);
    expect(board.value.groups).toHaveLength(1);
    expect(board.value.targets.map(({ state }) => state)).toEqual(['below', 'below']);
  });
  test('cases outside the groups stand in the table too, a dissolved group only while it has any', async () => {
    const dissolved = newId<string>();
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into staff_group (tenant_id, id, name, dissolved_at) values (${tenantId}, ${dissolved}, '旧组', now())`.execute(
        tx,
      ),
    );
    const { caseId } = await arrangeCase(world, season, { owner: null, grouped: false });
    const names = async () => {
      const board = await world.as(office, readWallboard);
      return board.ok && board.value.groups.map(({ name, standing }) => [name, standing.cases]);
    };
    expect(await names()).toEqual([
      ['一组', 6],
      ['未编组', 1],
    ]);
    const moveTally = (from: string, to: string) =>
      sql`update case_tally_delta set group_id = ${to} where group_id = ${from}`.execute(world.owner.kysely);
    const nobody = '00000000-0000-0000-0000-000000000000';
    await moveTally(nobody, dissolved);
    expect(await names()).toEqual([
      ['一组', 6],
      ['旧组（已解散）', 1],
    ]);
    await moveTally(dissolved, nobody);
    await world.as('system', ({ tx }) =>
      sql`delete from case_tally_delta where group_id = '00000000-0000-0000-0000-000000000000'`.execute(tx),
    );
    await sql`delete from follow_up_case where id = ${caseId}`.execute(world.owner.kysely);
    expect(await names()).toEqual([['一组', 6]]);
  });
  test('what an earlier season left open is not counted', async () => {
    const callbackId = newId<string>();
    await sql`insert into callback (tenant_id, id, case_id, due_at, created_by)
      select ${world.tenantId}, ${callbackId}, id, ${new Date(MORNING)}, ${office.userId} from follow_up_case limit 1`.execute(
      world.owner.kysely,
    );
    const due = async () => {
      const board = await world.as(office, readWallboard);
      return board.ok && board.value.callbacks.dueNow;
    };
    expect(await due()).toBe(1);
    const next = newId<string>();
    await world.as('system', async ({ tx, tenantId }) => {
      await sql`update season set active = false`.execute(tx);
      await sql`insert into season (tenant_id, id, name, year, college_name, home_area_code)
        values (${tenantId}, ${next}, '下一季', 2027, '示例学院', '028')`.execute(tx);
    });
    expect(await due()).toBe(0);
    await sql`delete from season where id = ${next}`.execute(world.owner.kysely);
    await sql`update season set active = true`.execute(world.owner.kysely);
    await sql`delete from callback where id = ${callbackId}`.execute(world.owner.kysely);
  });
  test.each([
    ['a case that was released and stands nowhere', -1, 1],
    ['a case that no release opened', 2, -2],
  ])('%s leaves a gap', async (_what, cases, gap) => {
    await tally(cases);
    expect(await conservation()).toMatchObject({ candidates: 8, unreleased: 2, gap });
    await tally(-cases);
    expect(await conservation()).toMatchObject({ gap: 0 });
  });
  test('a file joined to another before its release is no candidate any more', async () => {
    const merge = await world.as('system', async ({ tx, tenantId }) => {
      const { rows } = await sql<{ id: string }>`
        insert into candidate (tenant_id, id, season_id, candidate_no, province_code, batch_id, import_id, name, name_key, name_initials, content_hash)
        values (${tenantId}, ${newId()}, ${season.seasonId}, '26520000009999', '52', ${season.batchId}, ${newId()}, '考生', 'k', 'ks', '\\x00')
        returning id`.execute(tx);
      const id = newId<string>();
      await sql`insert into candidate_merge (tenant_id, id, kept_id, merged_id, moved, reason, merged_by)
        select ${tenantId}, ${id}, candidate_id, ${rows[0]?.id}, '{}', '同一人', ${office.userId} from follow_up_case limit 1`.execute(
        tx,
      );
      return id;
    });
    expect(await conservation()).toMatchObject({ candidates: 7, unreleased: 1, gap: 0 });
    await world.as('system', ({ tx }) =>
      sql`update candidate_merge set undone_at = now(), undone_by = ${office.userId} where id = ${merge}`.execute(
        tx,
      ),
    );
    expect(await conservation()).toMatchObject({ candidates: 8, unreleased: 2, gap: 0 });
  });
  test('an import that is gone leaves a gap although every case stands', async () => {
    const mark = async (state: string) =>
      world.as('system', ({ tx, tenantId }) =>
        sql`update delivery_import set state = ${state} where tenant_id = ${tenantId}`.execute(tx),
      );
    await mark('undone');
    expect(await conservation()).toMatchObject({ candidates: 0, unreleased: 0, gap: -6 });
    await mark('applied');
  });
});

/** A run that gave out so many, in three lanes. */
const released = (count: number, state: string, phase: string) =>
  world.as('system', ({ tx, tenantId }) => {
    const preview = {
      figures: { lead: 1, random: count - 3, escalation: 2, left: 4, blocked: 9 },
      stage: { phase },
    };
    return sql`insert into assignment_run (tenant_id, id, season_id, seed, filter, limits, preview, state, candidates, input_hash, created_by)
      values (${tenantId}, ${newId()}, ${season.seasonId}, 'x', '{}', '{}', ${JSON.stringify(preview)}::jsonb, ${state}, ${count}, '\\x00',
        ${office.userId})`.execute(tx);
  });

describe('the group board', () => {
  test('shows a leader the members of the group, and nobody else any group', async () => {
    const board = await world.as(leader, (ctx) => readGroupBoard(ctx, undefined));
    if (!board.ok) throw new Error(board.error.message);
    expect(board.value.members).toHaveLength(3);
    expect(board.value.total).toMatchObject({ cases: 6, admitted: 1, uncalled: 5 });
    const stranger = await world.addPerson({ roles: ['group_leader'] });
    expect(await world.as(stranger, (ctx) => readGroupBoard(ctx, season.groupId))).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });
  test('the table of callers is led by rate, with its volume', async () => {
    const table = await world.as(office, (ctx) => readLeaderboard(ctx, 'reach'));
    if (!table.ok) throw new Error(table.error.message);
    expect(table.value.items.map(({ userId, rate }) => [userId, rate.part, rate.whole])).toEqual([
      [callers[1]?.userId, 10, 13],
      [callers[0]?.userId, 7, 12],
    ]);
  });
});

test('in the next phase boards show its cases only, and averages go over people, not over cases', async () => {
  const phase = (name: string) =>
    world.as('system', ({ tx }) =>
      sql`update season set phase = ${name} where id = ${season.seasonId}`.execute(tx),
    );
  const tally = (cases: number) =>
    world.as('system', ({ tx, tenantId }) =>
      sql`insert into case_tally_delta (tenant_id, id, season_id, policy_id, phase, round, owner_id, group_id, state, disposition, result, cases)
        values (${tenantId}, ${newId()}, ${season.seasonId}, ${season.withdrawable}, 'admitted', 'first', ${callers[0]?.userId}, ${season.groupId},
          'ready', 'uncalled', '', ${cases})`.execute(tx),
    );
  await tally(2);
  await phase('admitted');
  const board = await world.as(office, readWallboard);
  const group = await world.as(leader, (ctx) => readGroupBoard(ctx, undefined));
  await phase('filing');
  await tally(-2);
  if (!board.ok || !group.ok) throw new Error('no season');
  expect(board.value.groups[0]).toMatchObject({
    standing: { cases: 2 },
    rates: { contacts_per_case: { whole: 6 } },
  });
  expect(board.value.targets[0]?.rate.whole).toBe(6);
  expect(group.value.total.cases).toBe(2);
  expect(group.value.members.find(({ userId }) => userId === callers[0]?.userId)).toMatchObject({
    standing: { cases: 2 },
    people: 3,
  });
});

test('before anybody has arrived, arrival is what candidates last said, over all cases of the owner', async () => {
  const table = await world.as(office, (ctx) => readLeaderboard(ctx, 'arrival'));
  if (!table.ok) throw new Error(table.error.message);
  expect(table.value.definition).toContain('还没有报到数据');
  expect(table.value.items.map(({ userId, rate, standing }) => [userId, rate, standing.admitted])).toEqual([
    [callers[0]?.userId, { part: 1, whole: 3 }, 1],
    [callers[1]?.userId, { part: 0, whole: 3 }, 0],
  ]);
});

describe('the stuck list', () => {
  test('names what waits long and what is near its deadline, names masked', async () => {
    world.setClock(MORNING + 5 * DAY + 1);
    const stuck = await world.as(leader, (ctx) => readStuck(ctx, {}));
    world.setClock(MORNING);
    if (!stuck.ok) throw new Error(stuck.error.message);
    expect(stuck.value.counts).toMatchObject({ waiting_long: 5 });
    expect(stuck.value.items.every(({ candidateName }) => candidateName.includes('*'))).toBe(true);
  });
  test('is of the own groups', async () => {
    world.setClock(MORNING + 5 * DAY + 1);
    const stranger = await world.addPerson({ roles: ['group_leader'] });
    expect(await world.as(stranger, (ctx) => readStuck(ctx, { groupId: season.groupId }))).toMatchObject({
      ok: true,
      value: { items: [] },
    });
    world.setClock(MORNING);
  });
});

describe('the weekly summary', () => {
  const make = (weekStartsOn: string) =>
    world.as(leader, (ctx) => makeTheSummary(ctx, { groupId: season.groupId, weekStartsOn }));
  const weeks: [label: string, monday: string, expected: object][] = [
    ['last week', '2026-07-13', { ok: true, value: { figures: { week: { attempts: 3 } } } }],
    ['four weeks ago', '2026-06-22', { ok: true, value: { figures: { week: { attempts: 0 } } } }],
    ['five weeks ago', '2026-06-15', { ok: false, error: { code: 'week_not_open' } }],
    ['next week', '2026-07-27', { ok: false, error: { code: 'week_not_open' } }],
  ];
  test.each(weeks)(
    'of %s, begun only now, has the contacts of that week or is refused',
    async (_, monday, expected) => {
      expect(await make(monday)).toMatchObject(expected);
    },
  );
  test('begun in its week is renewed with the contacts of that week, however old its draft is', async () => {
    world.setClock(MORNING - 35 * DAY);
    const made = await world.as(leader, (ctx) => makeTheSummary(ctx, { groupId: season.groupId }));
    world.setClock(MORNING);
    if (!made.ok) throw new Error(made.error.message);
    expect(made.value.weekStartsOn).toBe('2026-06-15');
    expect(await make('2026-06-15')).toMatchObject({ ok: true, value: { id: made.value.id } });
  });
  test('takes its figures from this week, is finished by hand, sent once, and seen by the office', async () => {
    const made = await world.as(leader, (ctx) => makeTheSummary(ctx, { groupId: season.groupId }));
    if (!made.ok) throw new Error(made.error.message);
    expect(made.value).toMatchObject({ weekStartsOn: '2026-07-20', figures: { week: { attempts: 22 } } });
    const { id } = made.value;
    expect(
      await world.as(leader, (ctx) => saveTheSummary(ctx, id, { remarks: '', send: true })),
    ).toMatchObject({ ok: false, error: { code: 'remarks_needed' } });
    expect(await world.as(office, listSummaries)).toMatchObject({ ok: true, value: { items: [] } });
    const remarks = '本周以集中联系为主，两名考生犹豫。';
    expect(await world.as(leader, (ctx) => saveTheSummary(ctx, id, { remarks, send: true }))).toMatchObject({
      ok: true,
      value: { state: 'sent' },
    });
    expect(await world.as(leader, (ctx) => makeTheSummary(ctx, { groupId: season.groupId }))).toMatchObject({
      ok: false,
      error: { code: 'already_sent' },
    });
    expect(await world.as(office, listSummaries)).toMatchObject({
      ok: true,
      value: { items: [{ remarks }] },
    });
    const stranger = await world.addPerson({ roles: ['group_leader'] });
    expect(await world.as(stranger, (ctx) => makeTheSummary(ctx, { groupId: season.groupId }))).toMatchObject(
      {
        ok: false,
        error: { code: 'not_yours' },
      },
    );
  });
});
