import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import { staffEndpoints } from './routes.ts';

let world: World;
let app: FastifyInstance;
let close: () => Promise<void>;
let office: Person;
let system: Person;
let security: Person;
let auditor: Person;
let supervisor: Person;
let leader: Person;
let stranger: Person;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  ({ app, close } = await serveEndpoints(world, staffEndpoints, { permissions: PERMISSIONS, permissionsOf }));
  office = await world.addPerson({ roles: ['admissions_office'], name: '周办' });
  system = await world.addPerson({ roles: ['system_admin'], name: '康管' });
  security = await world.addPerson({ roles: ['security_admin'], name: '安全' });
  auditor = await world.addPerson({ roles: ['audit_admin'], name: '审计' });
  supervisor = await world.addPerson({ roles: ['supervisor'], name: '严督' });
  leader = await world.addPerson({ roles: ['group_leader'], name: '吴组' });
  const other = await world.addTenant('other');
  stranger = await world.addPerson({ roles: ['admissions_office', 'caller'], tenantId: other, name: '外校' });
});
afterAll(async () => {
  await close();
  await world.close();
});

const call = (who: Person | null, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object) =>
  request(app, who, { method, url, ...(body && { body }) });
let serial = 0;
const newPerson = (change: object = {}) => {
  serial += 1;
  return { username: `t${serial}`, name: `新人${serial}`, kind: 'teacher', ...change };
};
const create = async (who: Person, change: object = {}): Promise<string> => {
  const { status, body } = await call(who, 'POST', '/staff/people', newPerson(change));
  expect(status).toBe(200);
  return body.id as string;
};
const reason = '按部门要求办理';

describe('accounts', () => {
  test('a new account shows its first password once; the database holds only a hash', async () => {
    const { status, body } = await call(
      office,
      'POST',
      '/staff/people',
      newPerson({ username: 'Li.Si', roles: ['caller'] }),
    );
    expect(status).toBe(200);
    expect(body.initialCode).toMatch(/^[a-z0-9]{4}-[a-z0-9]{5}-[a-z0-9]{5}$/);
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{ username: string; password_hash: string; must_change_password: boolean }>`
        select username, password_hash, must_change_password from user_account where id = ${body.id as string}`.execute(
        tx,
      ),
    );
    expect(rows[0]).toMatchObject({ username: 'li.si', must_change_password: true });
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$/);
    expect((await call(office, 'GET', `/staff/people/${body.id}`)).body).not.toHaveProperty('initialCode');
    const again = await call(office, 'POST', '/staff/people', newPerson({ username: 'li.si' }));
    expect([again.status, again.body.code]).toEqual([409, 'username_taken']);
  });
  test('no field sets a password (ASVS 6.4.6)', async () => {
    const { status } = await call(
      office,
      'POST',
      '/staff/people',
      newPerson({ password: 'chosen-by-admin' }),
    );
    expect(status).toBe(400);
  });
  test('the system administrator creates accounts, without roles', async () => {
    await create(system);
    const { status, body } = await call(system, 'POST', '/staff/people', newPerson({ roles: ['caller'] }));
    expect([status, body.code]).toEqual([403, 'beyond_own_right']);
  });
  test('a student account has a last day', async () => {
    const { status, body } = await call(office, 'POST', '/staff/people', newPerson({ kind: 'student' }));
    expect([status, body.code]).toEqual([422, 'expiry']);
    await create(office, { kind: 'student', expiresOn: '2099-09-30' });
  });
  test('resetting gives a new first password, ends all sessions and opens a locked account', async () => {
    const person = await world.addPerson({ roles: ['caller'] });
    const { status, body } = await call(office, 'POST', `/staff/people/${person.userId}/reset-code`, {
      reason,
    });
    expect([status, typeof body.initialCode]).toEqual([200, 'string']);
    expect((await call(person, 'GET', '/staff/people')).status).toBe(401);
  });
  test('password and second factor are reset by different administrators', async () => {
    const person = await world.addPerson({ roles: ['file_clerk'] });
    const path = `/staff/people/${person.userId}`;
    expect((await call(security, 'POST', `${path}/reset-code`, { reason })).status).toBe(403);
    expect((await call(system, 'POST', `${path}/reset-factor`, { reason })).status).toBe(403);
    expect((await call(office, 'POST', `${path}/reset-factor`, { reason })).status).toBe(403);
    expect((await call(security, 'POST', `${path}/reset-factor`, { reason })).status).toBe(204);
    expect((await call(system, 'POST', `${path}/reset-code`, { reason })).status).toBe(200);
  });
  test('an administrator ends the sessions of a person, and sees them', async () => {
    const person = await world.addPerson({ roles: ['caller'] });
    const seen = await call(security, 'GET', `/staff/people/${person.userId}/sessions`);
    expect(seen.body.items).toHaveLength(1);
    expect(JSON.stringify(seen.body)).not.toContain(person.token);
    expect((await call(security, 'DELETE', `/staff/people/${person.userId}/sessions`)).body).toEqual({
      ended: 1,
    });
    expect((await call(security, 'GET', `/staff/people/${person.userId}/sessions`)).body).toMatchObject({
      items: [{ endedAt: expect.any(Number) }],
    });
  });
});

/** As after binding an authenticator. */
const bindFactor = (person: Person) =>
  world.as('system', ({ tx }) =>
    sql`update user_account set totp_enrolled_at = now() where id = ${person.userId}`.execute(tx),
  );

describe('roles', () => {
  const setRoles = (who: Person, id: string, roles: string[]) =>
    call(who, 'PUT', `/staff/people/${id}/roles`, { roles, reason });
  test('several roles a person; a change counts at the next request (ASVS 8.3.2)', async () => {
    const person = await world.addPerson({ roles: ['recruiter'] });
    await bindFactor(person);
    expect((await call(person, 'GET', '/staff/people')).status).toBe(403);
    expect((await setRoles(office, person.userId, ['caller', 'file_clerk', 'recruiter'])).status).toBe(204);
    expect((await call(person, 'GET', '/staff/people')).status).toBe(200);
    expect((await setRoles(office, person.userId, [])).status).toBe(204);
    expect((await call(person, 'GET', '/staff/people')).status).toBe(403);
  });
  test('a role that needs a second factor waits until it is bound (GB/T 22239-2019 8.1.4.1 d)', async () => {
    const person = await world.addPerson({ roles: ['recruiter'] });
    expect((await setRoles(office, person.userId, ['file_clerk'])).status).toBe(204);
    expect(await call(person, 'GET', '/staff/people')).toMatchObject({
      status: 403,
      body: { code: 'stage' },
    });
  });
  test.each<[rule: string, who: () => Person, roles: string[], expected: [number, string]]>([
    ['the office appoints no office', () => office, ['admissions_office'], [403, 'beyond_own_right']],
    ['the security administrator appoints no caller', () => security, ['caller'], [403, 'beyond_own_right']],
    ['the system administrator has no say', () => system, ['caller'], [403, 'forbidden']],
    ['the audit administrator has no say', () => auditor, ['caller'], [403, 'forbidden']],
    [
      'excluded roles are refused',
      () => security,
      ['admissions_office', 'supervisor'],
      [422, 'excluded_roles'],
    ],
    ['an unknown role is no role', () => security, ['root'], [400, 'invalid_input']],
  ])('%s', async (_rule, who, roles, expected) => {
    const id = await create(system);
    const { status, body } = await setRoles(who(), id, roles);
    expect([status, body.code]).toEqual(expected);
  });
  test('nobody changes their own, whatever they hold', async () => {
    for (const person of [office, security]) {
      const { status, body } = await setRoles(person, person.userId, [...person.actor.roles, 'recruiter']);
      expect([status, body.code]).toEqual([403, 'self_grant']);
    }
  });
  test('two administrators at once do not build an excluded pair', async () => {
    const id = await create(system);
    const answers = await Promise.all([
      setRoles(security, id, ['supervisor']),
      setRoles(office, id, ['caller']),
    ]);
    const { body } = await call(office, 'GET', `/staff/people/${id}`);
    const roles = body.roles as string[];
    expect(roles.includes('supervisor') && roles.includes('caller')).toBe(false);
    expect(answers.filter(({ status }) => status === 204).length).toBeGreaterThan(0);
  });
  test('every change stands in the log with its reason', async () => {
    const id = await create(system);
    await setRoles(office, id, ['caller']);
    const { body } = await call(office, 'GET', `/staff/people/${id}`);
    expect(body.history).toMatchObject([
      { action: 'account.roles_changed', actorName: '周办', reason },
      { action: 'account.created', actorName: '康管' },
    ]);
  });
});

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
    const mine = await call(leader, 'GET', '/staff/people');
    expect(mine.body.total).toBe(3);
    const outside = await create(office);
    expect((await call(leader, 'GET', `/staff/people/${outside}`)).status).toBe(404);
    expect((await call(stranger, 'GET', `/staff/people/${outside}`)).status).toBe(404);
    expect((await call(stranger, 'GET', '/staff/people')).body.total).toBe(1);
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
  test('a unit knows what it still owes', async () => {
    const made = await call(office, 'POST', '/staff/units', { name: '艺术学院', kind: 'school' });
    await create(office, { unitId: made.body.id, experienced: true });
    const { body } = await call(office, 'GET', '/staff/units');
    expect(body.items).toMatchObject([
      { name: '艺术学院', people: 1, quota: '应选派 5 人，还差 4 人；应有 3 人参加过回访，还差 2 人。' },
    ]);
    expect((await call(office, 'DELETE', `/staff/units/${made.body.id}`)).body.code).toBe('in_use');
  });
  test('a skill in use stays', async () => {
    expect((await call(office, 'PUT', '/staff/skills/yue', { name: '粤语', kind: 'dialect' })).status).toBe(
      204,
    );
    const id = await create(office, { skills: ['yue'] });
    expect((await call(office, 'DELETE', '/staff/skills/yue')).body.code).toBe('in_use');
    await call(office, 'PUT', `/staff/people/${id}`, { name: '改名', kind: 'teacher', skills: [] });
    expect((await call(office, 'DELETE', '/staff/skills/yue')).status).toBe(204);
  });
});

describe('the list', () => {
  test('pages by key without losing or doubling anybody', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await call(
        office,
        'GET',
        `/staff/people?limit=5&sort=-username${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...(body.items as { id: string }[]).map(({ id }) => id));
      cursor = (body.nextCursor as string | null) ?? '';
    } while (cursor);
    const { body } = await call(office, 'GET', '/staff/people?limit=1');
    expect(seen).toHaveLength(body.total as number);
    expect(new Set(seen).size).toBe(seen.length);
  });
  test('filters by role, state and text, where percent signs mean themselves', async () => {
    const total = async (query: string) => (await call(office, 'GET', `/staff/people?${query}`)).body.total;
    expect(await total('role=audit_admin')).toBe(1);
    expect(await total('role=audit_admin&role=system_admin')).toBe(2);
    expect(await total(`text=${encodeURIComponent('严督')}`)).toBe(1);
    expect(await total('text=%25')).toBe(0);
    expect(await total('state=disabled')).toBe(0);
    expect((await call(office, 'GET', '/staff/people?cursor=nonsense')).body.code).toBe('bad_cursor');
    expect((await call(office, 'GET', '/staff/people?sort=password_hash')).status).toBe(400);
  });
});

describe('the account report (GB/T 22239-2019 8.1.4.2 b and c)', () => {
  test('names unused, stale, ending and shared accounts', async () => {
    const person = await world.addPerson({ roles: ['caller'], name: '借号' });
    await world.as('system', async ({ tx, tenantId }) => {
      for (const ip of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) {
        await sql`insert into session (tenant_id, id, user_id, token_hash, stage, created_at, last_seen_at, expires_at, ip)
          values (${tenantId}, gen_random_uuid(), ${person.userId}, sha256(${ip}::bytea), 'signed_in', now() - interval '1 hour', now(), now() + interval '1 hour', ${ip})`.execute(
          tx,
        );
      }
      await sql`update user_account set expires_on = current_date + 5 where id = ${leader.userId}`.execute(
        tx,
      );
      await sql`update user_account set created_at = now() - interval '20 days' where username like 't%'`.execute(
        tx,
      );
    });
    const { body } = await call(auditor, 'GET', '/staff/account-report');
    const found = (body.items as { finding: string; name: string }[]).map(
      ({ finding, name }) => `${finding} ${name}`,
    );
    expect(found).toContain('shared 借号');
    expect(found).toContain('ending 吴组');
    expect(found.some((line) => line.startsWith('never_used'))).toBe(true);
    expect((await call(leader, 'GET', '/staff/account-report')).status).toBe(403);
  });
});
