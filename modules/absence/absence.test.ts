import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { UserId } from '#platform/ids';
import { makeLog } from '#platform/log';
import { ok } from '#platform/result';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { callersFor } from '#staff';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import type { ReturnAll } from './departure.ts';
import { absenceRecurring } from './jobs.ts';
import { absenceEndpoints } from './routes.ts';
import { decideFault, type LeaveFacts, requestFault } from './rules.ts';

const returned: { userId: UserId; reason: string }[] = [];
/** Stands for the assignment: 7 cases each time. */
const returnSeven: ReturnAll = async (_ctx, userId, reason) => {
  returned.push({ userId, reason });
  return ok(7);
};

let world: World;
let app: FastifyInstance;
let close: () => Promise<void>;
let head: Person;
let personnel: Person;
let office: Person;
let caller: Person;
let system: Person;
let leader: Person;
let student: Person;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  ({ app, close } = await serveEndpoints(world, () => absenceEndpoints(returnSeven), {
    permissions: PERMISSIONS,
    permissionsOf,
  }));
  head = await world.addPerson({ roles: ['unit_head', 'caller'], name: '郑院' });
  personnel = await world.addPerson({ roles: ['personnel'], name: '人事' });
  office = await world.addPerson({ roles: ['admissions_office', 'caller'], name: '周办' });
  caller = await world.addPerson({ roles: ['caller'], name: '陈回' });
  student = await world.addPerson({ roles: ['caller'], name: '何生' });
  leader = await world.addPerson({ roles: ['group_leader'], name: '吴组' });
  system = await world.addPerson({ roles: ['system_admin'], name: '康管' });
  await world.as('system', async ({ tx, tenantId }) => {
    await sql`insert into org_unit (tenant_id, id, name, kind, head_id) values (${tenantId}, gen_random_uuid(), '信息工程学院', 'school', ${head.userId})`.execute(
      tx,
    );
    await sql`insert into staff_group (tenant_id, id, name, leader_id) values (${tenantId}, gen_random_uuid(), '一组', ${leader.userId})`.execute(
      tx,
    );
    await sql`insert into staff_profile (tenant_id, user_id, unit_id, qualified_at)
      select ${tenantId}, id, (select id from org_unit where tenant_id = ${tenantId}), now() from unnest(${[caller.userId, office.userId]}::uuid[]) id`.execute(
      tx,
    );
    await sql`insert into staff_profile (tenant_id, user_id, kind, group_id) select ${tenantId}, ${student.userId}, 'student', id from staff_group`.execute(
      tx,
    );
  });
});
beforeEach(() => {
  returned.length = 0;
});
afterAll(async () => {
  await close();
  await world.close();
});

const post = (who: Person, url: string, body: object = {}) =>
  request(app, who, { method: 'POST', url, body });
const at = (day: string): void => world.setClock(Date.parse(`${day}T10:00:00+08:00`));
const ask = async (who: Person, startsOn: string, endsOn: string): Promise<string> => {
  const { status, body } = await post(who, '/absence/leaves', {
    startsOn,
    endsOn,
    reason: '家中有事需要照料',
  });
  expect(status).toBe(200);
  return body.id as string;
};
const decide = (who: Person, id: string, step: string, refusal?: { note: string }) =>
  post(who, `/absence/leaves/${id}/decide`, { step, approved: !refusal, note: refusal?.note ?? '' });
const turn = () =>
  absenceRecurring(returnSeven).run({
    env: world.env,
    files: world.files,
    log: makeLog('silent'),
    tenantId: world.tenantId,
  });

describe('leave', () => {
  test('three different people approve; work goes back when it begins; afterwards the person is given work again', async () => {
    at('2026-07-10');
    const id = await ask(caller, '2026-07-12', '2026-07-13');
    expect((await decide(head, id, 'unit')).body).toEqual({ state: 'requested', returned: null });
    expect((await decide(personnel, id, 'personnel')).status).toBe(200);
    expect((await decide(office, id, 'office')).body).toEqual({ state: 'approved', returned: null });
    await turn();
    expect(returned).toEqual([]);
    at('2026-07-12');
    await turn();
    await turn();
    expect(returned).toEqual([{ userId: caller.userId, reason: '请假 2026-07-12 至 2026-07-13' }]);
    const available = async () =>
      (await world.as('system', (ctx) => callersFor(ctx))).map(({ name }) => name);
    expect(await available()).not.toContain('陈回');
    at('2026-07-14');
    await turn();
    expect(await available()).toContain('陈回');
    const mine = await request(app, caller, { method: 'GET', url: '/absence/leaves/mine' });
    expect(mine.body.items).toMatchObject([
      { state: 'ended', returnedCases: 7, approvals: [{ by: '郑院' }, { by: '人事' }, { by: '周办' }] },
    ]);
  });
  test('when the last approval comes after the start, work goes back at once', async () => {
    at('2026-07-20');
    const id = await ask(caller, '2026-07-20', '2026-07-21');
    await decide(head, id, 'unit');
    await decide(personnel, id, 'personnel');
    expect((await decide(office, id, 'office')).body).toEqual({ state: 'approved', returned: 7 });
    expect(returned).toHaveLength(1);
    expect((await post(caller, `/absence/leaves/${id}/end`)).status).toBe(204);
  });
  test('approved when it is over, it takes no work from somebody who is back', async () => {
    at('2026-07-24');
    const id = await ask(caller, '2026-07-24', '2026-07-25');
    await decide(head, id, 'unit');
    await decide(personnel, id, 'personnel');
    at('2026-07-26');
    expect((await decide(office, id, 'office')).body).toEqual({ state: 'approved', returned: null });
    await turn();
    expect(returned).toEqual([]);
  });
  test('nobody approves their own, a step not theirs, or two steps', async () => {
    at('2026-08-01');
    const own = await ask(office, '2026-08-02', '2026-08-02');
    expect((await decide(office, own, 'office')).body.code).toBe('own_request');
    const id = await ask(caller, '2026-08-02', '2026-08-02');
    expect((await decide(personnel, id, 'office')).body.code).toBe('not_yours');
    expect((await decide(leader, id, 'unit')).body.code).toBe('not_yours');
    expect((await decide(head, id, 'unit')).status).toBe(200);
    expect((await decide(head, id, 'unit')).body.code).toBe('step_done');
    expect((await decide(caller, id, 'personnel')).status).toBe(403);
  });
  test('the leader of the group stands in where a student has no head of unit', async () => {
    at('2026-08-05');
    const id = await ask(student, '2026-08-06', '2026-08-06');
    const list = await post(leader, '/absence/leaves/search', {});
    expect(list.body.items).toMatchObject([{ name: '何生', mine: 'unit' }]);
    expect((await decide(leader, id, 'unit')).status).toBe(200);
  });
  test('a head who asks is approved by the leader of the group, who finds it in the list', async () => {
    at('2026-08-07');
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into staff_profile (tenant_id, user_id, unit_id, group_id)
        select ${tenantId}, ${head.userId}, o.id, g.id from org_unit o, staff_group g`.execute(tx),
    );
    const id = await ask(head, '2026-08-08', '2026-08-08');
    const list = await post(leader, '/absence/leaves/search', {});
    const [newest] = list.body.items as unknown[];
    expect(newest).toMatchObject({ name: '郑院', mine: 'unit' });
    expect((await decide(leader, id, 'unit')).status).toBe(200);
  });
  test('a rejection says why and ends it', async () => {
    at('2026-08-10');
    const id = await ask(caller, '2026-08-11', '2026-08-12');
    expect((await decide(personnel, id, 'personnel', { note: '' })).body.code).toBe('note_needed');
    expect((await decide(personnel, id, 'personnel', { note: '正值征集志愿，人手不足' })).body).toMatchObject(
      {
        state: 'rejected',
      },
    );
    expect((await decide(head, id, 'unit')).body.code).toBe('decided');
    await ask(caller, '2026-08-11', '2026-08-12');
    expect(
      (
        await post(caller, '/absence/leaves', {
          startsOn: '2026-08-12',
          endsOn: '2026-08-14',
          reason: '家中有事',
        })
      ).body.code,
    ).toBe('overlap');
  });
  test('the database refuses the requester as approver and one person twice', async () => {
    const insert = (unit: UserId, personnelBy: UserId) =>
      world.as('system', ({ tx, tenantId }) =>
        sql`insert into staff_leave (tenant_id, id, user_id, starts_on, ends_on, reason, unit_approved_by, personnel_approved_by)
          values (${tenantId}, gen_random_uuid(), ${caller.userId}, '2026-01-01', '2026-01-02', '测试', ${unit}, ${personnelBy})`.execute(
          tx,
        ),
      );
    await expect(insert(caller.userId, head.userId)).rejects.toThrow('check constraint');
    await expect(insert(head.userId, head.userId)).rejects.toThrow('check constraint');
    await insert(head.userId, personnel.userId);
  });
});

describe('rules', () => {
  test.each<[rule: string, days: [string, string], code: string | undefined]>([
    ['from today', ['2026-07-01', '2026-07-01'], undefined],
    ['not from yesterday', ['2026-06-30', '2026-07-01'], 'dates'],
    ['not backwards', ['2026-07-03', '2026-07-02'], 'dates'],
    ['60 days', ['2026-07-01', '2026-08-29'], undefined],
    ['not 61', ['2026-07-01', '2026-08-30'], 'dates'],
    ['beside another leave', ['2026-09-01', '2026-09-04'], undefined],
    ['not touching it', ['2026-09-01', '2026-09-05'], 'overlap'],
  ])('%s', (_rule, [startsOn, endsOn], code) => {
    const others = [{ startsOn: '2026-09-05', endsOn: '2026-09-06' }];
    expect(requestFault({ startsOn, endsOn }, '2026-07-01', others)?.code).toBe(code);
  });
  test('one person does one step, even with two roles', () => {
    const leave: LeaveFacts = {
      state: 'requested',
      requesterId: 'r',
      approvedBy: { unit: null, personnel: 'p', office: null },
      unitHeadId: 'h',
      groupLeaderId: 'g',
    };
    expect(decideFault('office', leave, { id: 'p', roles: ['admissions_office', 'personnel'] })?.code).toBe(
      'second_step',
    );
    expect(decideFault('unit', leave, { id: 'g', roles: [] })?.code).toBe('not_yours');
    expect(decideFault('unit', { ...leave, unitHeadId: null }, { id: 'g', roles: [] })).toBeNull();
    expect(decideFault('unit', leave, { id: 'h', roles: [] })).toBeNull();
  });
  test('the leader of the group stands in for a head who asks themselves; with nobody left, the way out is named', () => {
    const leave: LeaveFacts = {
      ...{ state: 'requested', requesterId: 'h', unitHeadId: 'h', groupLeaderId: 'g' },
      approvedBy: { unit: null, personnel: null, office: null },
    };
    expect(decideFault('unit', leave, { id: 'g', roles: [] })).toBeNull();
    expect(decideFault('unit', leave, { id: 'h', roles: [] })?.code).toBe('own_request');
    const alone = decideFault('unit', { ...leave, groupLeaderId: 'h' }, { id: 'x', roles: [] });
    expect(alone?.message).toContain('登记本人以外的部门负责人');
  });
});

describe('leaving', () => {
  beforeAll(() => world.setClock(undefined));
  test('a disabled account is out at the next request, and its work goes back (GB/T 22239-2019 8.1.4.2 c)', async () => {
    const person = await world.addPerson({ roles: ['caller'] });
    expect((await request(app, person, { method: 'GET', url: '/absence/leaves/mine' })).status).toBe(200);
    const done = await post(office, `/staff/people/${person.userId}/disable`, { reason: '离职，工作已交接' });
    expect(done.body).toEqual({ returned: 7 });
    expect(returned).toMatchObject([{ userId: person.userId }]);
    expect((await request(app, person, { method: 'GET', url: '/absence/leaves/mine' })).status).toBe(401);
  });
  test('nobody disables themselves; the office only those it staffs', async () => {
    const reason = '离职，工作已交接';
    expect((await post(system, `/staff/people/${system.userId}/disable`, { reason })).body.code).toBe('self');
    expect((await post(office, `/staff/people/${system.userId}/disable`, { reason })).body.code).toBe(
      'beyond_own_right',
    );
    expect(returned).toEqual([]);
  });
  test('a removed person loses the place in the group; a leader first hands over', async () => {
    const reason = '另有教学任务';
    expect((await post(office, `/staff/people/${student.userId}/remove`, { reason })).body).toEqual({
      returned: 7,
    });
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into staff_profile (tenant_id, user_id, group_id) select ${tenantId}, ${leader.userId}, id from staff_group`.execute(
        tx,
      ),
    );
    expect((await post(office, `/staff/people/${leader.userId}/remove`, { reason })).body.code).toBe(
      'leads_group',
    );
    expect((await post(system, `/staff/people/${leader.userId}/remove`, { reason })).status).toBe(403);
  });
});
