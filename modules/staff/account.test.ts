import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UserId } from '#platform/ids';
import type { Person } from '#platform/testing/app';
import { readPerson } from './account.store.ts';
import { type Desk, newPerson, openDesk, reason } from './testing/desk.ts';

let desk: Desk;
let world: Desk['world'];
let office: Desk['office'];
let system: Desk['system'];
let security: Desk['security'];
let auditor: Desk['auditor'];
let leader: Desk['leader'];
let call: Desk['call'];
let create: Desk['create'];

beforeAll(async () => {
  desk = await openDesk();
  ({ world, office, system, security, auditor, leader, call, create } = desk);
});
afterAll(() => desk.close());

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
  test('an account is expired from the day after its last day on, and locked until its minute', async () => {
    const id = (await create(office)) as UserId;
    const now = Date.parse('2026-07-22T10:00:00+08:00');
    const state = (column: 'expires_on' | 'locked_until', value: string | Date) =>
      world.as('system', async (ctx) => {
        await sql`update user_account set expires_on = null, locked_until = null where id = ${id}`.execute(
          ctx.tx,
        );
        await sql`update user_account set ${sql.ref(column)} = ${value} where id = ${id}`.execute(ctx.tx);
        return (await readPerson({ ...ctx, now }, id))?.state;
      });
    expect(await state('expires_on', '2026-07-22')).toBe('active');
    expect(await state('expires_on', '2026-07-21')).toBe('expired');
    expect(await state('locked_until', new Date(now + 1))).toBe('locked');
    expect(await state('locked_until', new Date(now))).toBe('active');
  });
  test('a place that is gone meanwhile is refused: group, unit, skill', async () => {
    const gone = '00000000-0000-7000-8000-00000000dead';
    const made = (change: object) => call(office, 'POST', '/staff/people', newPerson(change));
    const codes = [
      await made({ groupId: gone }),
      await made({ unitId: gone }),
      await made({ skills: ['no_such'] }),
    ].map(({ body }) => body.code);
    expect(codes).toEqual(['no_such_group', 'no_such_unit', 'no_such_skill']);
  });
  test('resetting gives a new first password, ends all sessions and opens a locked account', async () => {
    const person = await world.addPerson({ roles: ['caller'] });
    const { status, body } = await call(office, 'POST', `/staff/people/${person.userId}/reset-code`, {
      reason,
    });
    expect([status, typeof body.initialCode]).toEqual([200, 'string']);
    expect((await call(person, 'POST', '/staff/people/search', {})).status).toBe(401);
  });
  test('last day and name are for who may shut the account: the office does not end its auditors, nobody prolongs themselves', async () => {
    const change = (who: Person, target: Person, more: object) =>
      call(who, 'PUT', `/staff/people/${target.userId}`, {
        name: target.actor.name,
        kind: 'teacher',
        ...more,
      });
    const code = async (...given: Parameters<typeof change>) => (await change(...given)).body.code;
    expect(await code(office, auditor, { expiresOn: '2099-01-01' })).toBe('beyond_own_right');
    expect(await code(office, security, { name: '另一人' })).toBe('beyond_own_right');
    expect(await code(system, system, { expiresOn: '2099-01-01' })).toBe('self');
    expect((await change(office, auditor, { openWorkCap: 10 })).status).toBe(204);
    const caller = await world.addPerson({ roles: ['caller'], name: '旧名' });
    expect((await change(office, caller, { name: '新名', expiresOn: '2099-01-01' })).status).toBe(204);
    const { rows } = await sql<{ body: object }>`
      select body from audit_entry where action = 'person.changed' and subject_id = ${caller.userId}`.execute(
      world.owner.kysely,
    );
    expect(rows).toMatchObject([
      { body: { before: { name: '旧名', expiresOn: null }, after: { name: '新名' } } },
    ]);
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
    expect((await call(person, 'POST', '/staff/people/search', {})).status).toBe(403);
    expect((await setRoles(office, person.userId, ['caller', 'file_clerk', 'recruiter'])).status).toBe(204);
    expect((await call(person, 'POST', '/staff/people/search', {})).status).toBe(200);
    expect((await setRoles(office, person.userId, [])).status).toBe(204);
    expect((await call(person, 'POST', '/staff/people/search', {})).status).toBe(403);
  });
  test('a role that needs a second factor waits until it is bound (GB/T 22239-2019 8.1.4.1 d)', async () => {
    const person = await world.addPerson({ roles: ['recruiter'] });
    expect((await setRoles(office, person.userId, ['file_clerk'])).status).toBe(204);
    expect(await call(person, 'POST', '/staff/people/search', {})).toMatchObject({
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
