import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import type { Person, World } from '#platform/testing/app';
import { DAY, MORNING, type Season } from '../follow-up/testing/arrange.ts';
import { readGroupBoard, readLeaderboard } from './group.service.ts';
import { readStuck } from './stuck.service.ts';
import { listSummaries, makeTheSummary, saveTheSummary } from './summary.service.ts';
import { arrangeGroup } from './testing/group.ts';
import { readWallboard } from './wallboard.service.ts';

/** What a leader looks at: the board of the group, the table of callers, the stuck list, the weekly summary. */

let world: World;
let season: Season;
let callers: readonly Person[];
let leader: Person;
let office: Person;

arrangeGroup((arranged) => {
  ({ world, season, callers, leader, office } = arranged);
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
      [callers[0]?.userId, 6, 10],
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
    expect(made.value).toMatchObject({ weekStartsOn: '2026-07-20', figures: { week: { attempts: 20 } } });
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
