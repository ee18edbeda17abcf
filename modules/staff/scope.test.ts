import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UserId } from '#platform/ids';
import { newId } from '#platform/ids';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import {
  callersFor,
  type GroupId,
  groupsOf,
  isStudent,
  leaderOf,
  peopleInScope,
  profileOf,
  scopeOf,
  supervisorOf,
} from '#staff';
import { permissionsOf } from '#staff/rules';
import { readUnits } from './unit.store.ts';

let world: World;
let office: Person;
let leader: Person;
let caller: Person;
let student: Person;
let stranger: Person;
let supervisor: Person;
const north = newId<GroupId>();
const south = newId<GroupId>();

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  office = await world.addPerson({ roles: ['admissions_office'], name: '周办' });
  supervisor = await world.addPerson({ roles: ['supervisor'], name: '严督' });
  leader = await world.addPerson({ roles: ['group_leader'], name: '吴组' });
  caller = await world.addPerson({ roles: ['caller'], name: '陈回' });
  student = await world.addPerson({ roles: ['caller'], name: '何生' });
  stranger = await world.addPerson({ roles: ['caller'], name: '马外' });
  await world.as('system', async ({ tx, tenantId }) => {
    await sql`insert into staff_group (tenant_id, id, name, leader_id, supervisor_id) values
      (${tenantId}, ${north}, '一组', ${leader.userId}, ${supervisor.userId}), (${tenantId}, ${south}, '二组', null, null)`.execute(
      tx,
    );
    await sql`insert into staff_profile (tenant_id, user_id, kind, group_id, qualified_at, open_work_cap) values
      (${tenantId}, ${leader.userId}, 'teacher', ${north}, now(), 50),
      (${tenantId}, ${caller.userId}, 'teacher', ${north}, now(), 80),
      (${tenantId}, ${student.userId}, 'student', ${south}, null, 80),
      (${tenantId}, ${stranger.userId}, 'teacher', ${south}, now(), 80)`.execute(tx);
    await sql`insert into skill (tenant_id, code, name, kind) values (${tenantId}, 'art', '艺术类', 'subject'), (${tenantId}, 'yue', '粤语', 'dialect')`.execute(
      tx,
    );
    await sql`insert into user_skill (tenant_id, user_id, skill_code) values
      (${tenantId}, ${caller.userId}, 'art'), (${tenantId}, ${caller.userId}, 'yue'), (${tenantId}, ${stranger.userId}, 'yue')`.execute(
      tx,
    );
  });
});
afterAll(() => world.close());

const names = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name).sort();

test('the office sees all, a leader the led groups, a caller the own work', async () => {
  expect(await world.as(office, scopeOf)).toEqual({ kind: 'all', userId: office.userId, groupIds: [] });
  expect(await world.as(leader, scopeOf)).toEqual({
    kind: 'group',
    userId: leader.userId,
    groupIds: [north],
  });
  expect(await world.as(caller, scopeOf)).toEqual({ kind: 'own', userId: caller.userId, groupIds: [] });
  expect((await world.as('system', scopeOf)).kind).toBe('all');
});

test('people and groups follow the scope', async () => {
  expect(names(await world.as(office, (ctx) => peopleInScope(ctx)))).toHaveLength(6);
  expect(names(await world.as(leader, (ctx) => peopleInScope(ctx)))).toEqual(['吴组', '陈回']);
  expect(names(await world.as(caller, (ctx) => peopleInScope(ctx)))).toEqual(['陈回']);
  expect(names(await world.as(office, (ctx) => groupsOf(ctx)))).toEqual(['一组', '二组']);
  expect(names(await world.as(leader, (ctx) => groupsOf(ctx)))).toEqual(['一组']);
  expect(names(await world.as(stranger, (ctx) => groupsOf(ctx)))).toEqual(['二组']);
  expect(await world.as(supervisor, (ctx) => groupsOf(ctx))).toHaveLength(2);
});

test('work goes to qualified, active callers who are present', async () => {
  expect(names(await world.as(office, (ctx) => callersFor(ctx)))).toEqual(['吴组', '陈回', '马外']);
  expect(names(await world.as(office, (ctx) => callersFor(ctx, { groupIds: [south] })))).toEqual(['马外']);
  expect(names(await world.as(office, (ctx) => callersFor(ctx, { skills: ['yue'] })))).toEqual([
    '陈回',
    '马外',
  ]);
  expect(names(await world.as(office, (ctx) => callersFor(ctx, { skills: ['yue', 'art'] })))).toEqual([
    '陈回',
  ]);
  const [first] = await world.as(office, (ctx) => callersFor(ctx, { groupIds: [south] }));
  expect(first).toMatchObject({ openWork: 0, openWorkCap: 80, room: 80 });
});

test('nobody on approved leave today is given work; the day after they are', async () => {
  await world.as('system', ({ tx, tenantId }) =>
    sql`insert into staff_leave (tenant_id, id, user_id, starts_on, ends_on, reason, state, unit_approved_by, personnel_approved_by, office_approved_by)
      values (${tenantId}, ${newId()}, ${stranger.userId}, '2026-07-20', '2026-07-22', '家事', 'approved', ${leader.userId}, ${supervisor.userId}, ${office.userId})`.execute(
      tx,
    ),
  );
  const available = async (at: string): Promise<number> => {
    world.setClock(Date.parse(at));
    const found = await world.as(office, (ctx) => callersFor(ctx, { groupIds: [south] }));
    return found.length;
  };
  expect(await available('2026-07-19T23:59:00+08:00')).toBe(1);
  expect(await available('2026-07-20T00:00:00+08:00')).toBe(0);
  expect(await available('2026-07-22T23:59:00+08:00')).toBe(0);
  expect(await available('2026-07-23T00:00:00+08:00')).toBe(1);
  world.setClock(undefined);
});

test('single questions: student, leader, supervisor, profile', async () => {
  expect(await world.as(office, (ctx) => isStudent(ctx, student.userId))).toBe(true);
  expect(await world.as(office, (ctx) => isStudent(ctx, caller.userId))).toBe(false);
  expect(await world.as(office, (ctx) => isStudent(ctx, newId<UserId>()))).toBe(true);
  expect(await world.as(office, (ctx) => leaderOf(ctx, north))).toBe(leader.userId);
  expect(await world.as(office, (ctx) => supervisorOf(ctx, north))).toBe(supervisor.userId);
  expect(await world.as(office, (ctx) => supervisorOf(ctx, south))).toBeNull();
  expect(await world.as(office, (ctx) => profileOf(ctx, caller.userId))).toMatchObject({
    groupName: '一组',
    qualified: true,
    skills: ['art', 'yue'],
    active: true,
  });
});

test('another college sees nobody of this one', async () => {
  const elsewhere = await world.addTenant('other');
  const foreigner = await world.addPerson({ roles: ['admissions_office'], tenantId: elsewhere });
  expect(await world.as(foreigner, (ctx) => profileOf(ctx, caller.userId))).toBeNull();
  expect(await world.as(foreigner, (ctx) => callersFor(ctx))).toEqual([]);
});

test('groups and units stand in the order of names, the numbered ones by their number', async () => {
  await world.as('system', async ({ tx, tenantId }) => {
    await sql`insert into staff_group (tenant_id, id, name)
      select ${tenantId}, gen_random_uuid(), name from unnest(array['十组', '安置组', '三组']) name`.execute(
      tx,
    );
    await sql`insert into org_unit (tenant_id, id, name, kind) values
      (${tenantId}, gen_random_uuid(), '招生办公室', 'department'), (${tenantId}, gen_random_uuid(), '信息工程学院', 'school'),
      (${tenantId}, gen_random_uuid(), '护理学院', 'school')`.execute(tx);
  });
  const groups = await world.as(office, (ctx) => groupsOf(ctx));
  expect(groups.map(({ name }) => name)).toEqual(['安置组', '一组', '二组', '三组', '十组']);
  const units = await world.as(office, (ctx) => readUnits(ctx));
  expect(units.map(({ name }) => name)).toEqual(['护理学院', '信息工程学院', '招生办公室']);
});
