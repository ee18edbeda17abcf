import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '#platform/testing/app';
import { type Desk, openDesk, reason } from './testing/desk.ts';

let desk: Desk;
let office: Desk['office'];
let supervisor: Desk['supervisor'];
let leader: Desk['leader'];
let stranger: Desk['stranger'];
let call: Desk['call'];
let create: Desk['create'];

beforeAll(async () => {
  desk = await openDesk();
  ({ office, supervisor, leader, stranger, call, create } = desk);
});
afterAll(() => desk.close());

const PEOPLE = '/staff/people/search';

describe('groups', () => {
  let group = '';
  test('leader and supervisor are checked, and the pair is one-to-one', async () => {
    const save = (body: object) => call(office, 'POST', '/staff/groups', { name: '一组', ...body });
    expect((await save({ leaderId: leader.userId })).body).toMatchObject({ code: 'leader' });
    const made = await save({
      leaderId: leader.userId,
      leaderException: '上年担任班级联络员，组织得力',
      supervisorId: supervisor.userId,
      capacity: 3,
    });
    expect(made.status).toBe(200);
    group = made.body.id as string;
    const second = await save({ name: '二组', supervisorId: supervisor.userId });
    expect(second.body.message).toContain('一对一');
    expect((await save({ name: '一组' })).body.code).toBe('name_taken');
    const { body } = await call(leader, 'GET', '/staff/groups');
    expect(body.items).toMatchObject([
      { name: '一组', members: 1, warning: expect.stringContaining('还差 7 人') },
    ]);
  });
  test('the capacity is hard, also for two at once', async () => {
    const [one, two, three] = [await create(office), await create(office), await create(office)];
    const join = (userIds: string[]) => call(office, 'POST', `/staff/groups/${group}/members`, { userIds });
    const all = await join([one, two, three]);
    expect([all.status, all.body.code]).toEqual([422, 'capacity']);
    expect((await join([one])).status).toBe(204);
    const race = await Promise.all([join([two]), join([three])]);
    expect(race.map(({ status }) => status).sort()).toEqual([204, 422]);
    const list = await call(office, 'GET', '/staff/groups');
    expect(list.body.items).toMatchObject([{ members: 3 }]);
  });
  test('a leader sees the led group only; nobody of another college anything', async () => {
    const mine = await call(leader, 'POST', PEOPLE, {});
    expect(mine.body.total).toBe(3);
    const outside = await create(office);
    expect((await call(leader, 'GET', `/staff/people/${outside}`)).status).toBe(404);
    expect((await call(stranger, 'GET', `/staff/people/${outside}`)).status).toBe(404);
    expect((await call(stranger, 'POST', PEOPLE, {})).body.total).toBe(1);
    const foreign = await call(stranger, 'PUT', `/staff/people/${outside}/roles`, { roles: [], reason });
    expect(foreign.status).toBe(404);
  });
  test('the leader is not moved away while leading', async () => {
    const change = { name: '吴组', kind: 'teacher', groupId: null };
    const { status, body } = await call(office, 'PUT', `/staff/people/${leader.userId}`, change);
    expect([status, body.code]).toEqual([409, 'leads_group']);
  });
  test('only an empty group is dissolved, and its name is free again', async () => {
    const refused = await call(office, 'POST', `/staff/groups/${group}/dissolve`, { reason });
    expect(refused.body.code).toBe('has_members');
    const empty = await call(office, 'POST', '/staff/groups', { name: '空组' });
    expect((await call(office, 'POST', `/staff/groups/${empty.body.id}/dissolve`, { reason })).status).toBe(
      204,
    );
    const { rows } = await desk.world.as(office, ({ tx }) =>
      sql<{ name: string }>`select name from staff_group where id = ${empty.body.id}`.execute(tx),
    );
    expect(rows[0]?.name).toMatch(/^空组（已解散 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d）$/);
    expect((await call(office, 'POST', '/staff/groups', { name: '空组' })).status).toBe(200);
  });
});

describe('qualification', () => {
  test('the supervisor passes callers, never the office, and not people who do not call', async () => {
    const id = await create(office, { roles: ['caller'] });
    const plain = await create(office, { roles: ['recruiter'] });
    const qualify = (who: Person, target: string) =>
      call(who, 'POST', `/staff/people/${target}/qualify`, { passed: true, note: '教职工专场培训合格' });
    expect((await qualify(office, id)).status).toBe(403);
    expect((await qualify(supervisor, plain)).body.code).toBe('not_a_caller');
    expect((await qualify(supervisor, id)).status).toBe(204);
    expect((await call(office, 'GET', `/staff/people/${id}`)).body).toMatchObject({ qualifiedBy: '严督' });
  });
});

describe('units and skills', () => {
  const why = { reason: '部门撤并' };
  test('a unit knows what it still owes', async () => {
    const made = await call(office, 'POST', '/staff/units', { name: '艺术学院', kind: 'school' });
    await create(office, { unitId: made.body.id, experienced: true });
    const { body } = await call(office, 'GET', '/staff/units');
    expect(body.items).toMatchObject([
      { name: '艺术学院', people: 1, quota: '应选派 5 人，还差 4 人；应有 3 人参加过回访，还差 2 人。' },
    ]);
    expect((await call(office, 'POST', `/staff/units/${made.body.id}/void`, why)).body.code).toBe('in_use');
  });
  test('an empty unit is voided with a reason, stays in the table, and its name is free', async () => {
    const made = await call(office, 'POST', '/staff/units', { name: '外语学院', kind: 'school' });
    const gone = `/staff/units/${made.body.id}/void`;
    expect((await call(office, 'POST', gone, {})).status).toBe(400);
    expect((await call(office, 'POST', gone, why)).status).toBe(204);
    expect((await call(office, 'POST', gone, why)).body.code).toBe('not_found');
    const names = (await call(office, 'GET', '/staff/units')).body.items as { name: string }[];
    expect(names.map(({ name }) => name)).not.toContain('外语学院');
    const { rows } = await sql`select void_reason from org_unit where id = ${made.body.id}`.execute(
      desk.world.owner.kysely,
    );
    expect(rows).toEqual([{ void_reason: '部门撤并' }]);
    expect((await call(office, 'POST', '/staff/units', { name: '外语学院', kind: 'school' })).status).toBe(
      200,
    );
  });
  test('a skill in use stays; a voided one is gone until it is written again', async () => {
    expect((await call(office, 'PUT', '/staff/skills/yue', { name: '粤语', kind: 'dialect' })).status).toBe(
      204,
    );
    const id = await create(office, { skills: ['yue'] });
    expect((await call(office, 'POST', '/staff/skills/yue/void', why)).body.code).toBe('in_use');
    await call(office, 'PUT', `/staff/people/${id}`, { name: '改名', kind: 'teacher', skills: [] });
    expect((await call(office, 'POST', '/staff/skills/yue/void', why)).status).toBe(204);
    const codes = async () =>
      ((await call(office, 'GET', '/staff/skills')).body.items as { code: string }[]).map(({ code }) => code);
    expect(await codes()).not.toContain('yue');
    await call(office, 'PUT', '/staff/skills/yue', { name: '粤语', kind: 'dialect' });
    expect(await codes()).toContain('yue');
  });
});

describe('the list', () => {
  test('pages by key without losing or doubling anybody', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const asked = { limit: 5, sort: '-username', ...(cursor && { cursor }) };
      const { body } = await call(office, 'POST', PEOPLE, asked);
      seen.push(...(body.items as { id: string }[]).map(({ id }) => id));
      cursor = (body.nextCursor as string | null) ?? '';
    } while (cursor);
    const { body } = await call(office, 'POST', PEOPLE, { limit: 1 });
    expect(seen).toHaveLength(body.total as number);
    expect(new Set(seen).size).toBe(seen.length);
  });
  test('is in the order in which people look for a name: by its sound, surnames read as surnames', async () => {
    const names = ['张伟', '单晓', '曾一', '阿明', '欧阳修', '安宁', '李雷'];
    for (const name of names) await create(office, { name, staffNo: 'sorted' });
    const listed = async (sort: string, limit: number): Promise<string[]> => {
      const seen: string[] = [];
      let cursor = '';
      do {
        const asked = { text: 'sorted', limit, sort, ...(cursor && { cursor }) };
        const { body } = await call(office, 'POST', PEOPLE, asked);
        seen.push(...(body.items as { name: string }[]).map(({ name }) => name));
        cursor = (body.nextCursor as string | null) ?? '';
      } while (cursor);
      return seen;
    };
    const sounds = ['阿明', '安宁', '李雷', '欧阳修', '单晓', '曾一', '张伟'];
    expect(await listed('name', 50)).toEqual(sounds);
    expect(await listed('name', 2)).toEqual(sounds);
    expect(await listed('-name', 3)).toEqual(sounds.toReversed());
  });
  test('filters by role, state and text, where percent signs mean themselves', async () => {
    const ask = (asked: object) => call(office, 'POST', PEOPLE, asked);
    const total = async (asked: object) => (await ask(asked)).body.total;
    expect(await total({ role: 'audit_admin' })).toBe(1);
    expect(await total({ role: ['audit_admin', 'system_admin'] })).toBe(2);
    expect(await total({ text: '严督' })).toBe(1);
    expect(await total({ text: '%' })).toBe(0);
    expect(await total({ state: 'disabled' })).toBe(0);
    expect((await ask({ cursor: 'nonsense' })).body.code).toBe('bad_cursor');
    expect((await ask({ sort: 'password_hash' })).status).toBe(400);
  });
});
