import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { demandFactor, resetFactor, setRoles } from './accounts.ts';
import { type Desk, openDesk, PASSWORD, STEP } from './testing/desk.ts';
import { totpCode } from './totp.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());
beforeEach(() => desk.world.setClock(undefined));

describe('second factor', () => {
  test('a code is good once, also when ten requests race (ASVS 6.5.1)', async () => {
    const person = await desk.enrolled();
    desk.world.setClock(person.at + STEP);
    const code = totpCode(person.secret, person.at + STEP);
    const browsers = Array.from({ length: 4 }, () => desk.browser());
    for (const one of browsers) expect((await one.signIn(person.username, PASSWORD)).body.stage).toBe('totp');
    const answers = await Promise.all(browsers.map((one) => one.send('POST', '/session/totp', { code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await browsers[0]?.send('GET', '/sessions'))?.body.code ?? 'in').toBeTypeOf('string');
  });
  test('an old code and one from two steps ahead are wrong (ASVS 6.5.5)', async () => {
    const person = await desk.enrolled();
    const now = person.at + 10 * STEP;
    desk.world.setClock(now);
    const here = desk.browser();
    await here.signIn(person.username, PASSWORD);
    for (const shift of [-2, 2]) {
      const { status } = await here.send('POST', '/session/totp', {
        code: totpCode(person.secret, now + shift * STEP),
      });
      expect([shift, status]).toEqual([shift, 401]);
    }
    expect((await here.send('POST', '/session/totp', { code: totpCode(person.secret, now) })).status).toBe(
      200,
    );
  });
  test('wrong codes end the session and lock the account: a known password buys no more guesses (ASVS 6.6.3)', async () => {
    const person = await desk.enrolled();
    const now = person.at + 20 * STEP;
    desk.world.setClock(now);
    const here = desk.browser();
    await here.signIn(person.username, PASSWORD);
    for (let guess = 0; guess < 3; guess += 1) await here.send('POST', '/session/totp', { code: '000000' });
    const second = desk.browser();
    expect((await second.signIn(person.username, PASSWORD)).status).toBe(200);
    for (let guess = 0; guess < 2; guess += 1) await second.send('POST', '/session/totp', { code: '000000' });
    const code = totpCode(person.secret, now);
    expect((await second.send('POST', '/session/totp', { code })).status).toBe(401);
    expect((await desk.browser().signIn(person.username, PASSWORD)).status).toBe(401);
  });
  test('a recovery code is good once; the others stay (ASVS 6.5.1)', async () => {
    const person = await desk.enrolled();
    const [first = '', second = ''] = person.recoveryCodes;
    const use = async (recoveryCode: string): Promise<number> => {
      const here = desk.browser();
      await here.signIn(person.username, PASSWORD);
      return (await here.send('POST', '/session/totp', { recoveryCode })).status;
    };
    expect(await use(first)).toBe(200);
    expect(await use(first)).toBe(401);
    expect(await use(second.toUpperCase().replace('-', ' '))).toBe(200);
  });
  test('the code of one account is no code of another (ASVS 6.6.2)', async () => {
    const [one, other] = [await desk.enrolled(), await desk.enrolled()];
    const now = Math.max(one.at, other.at) + 40 * STEP;
    desk.world.setClock(now);
    const here = desk.browser();
    await here.signIn(one.username, PASSWORD);
    expect((await here.send('POST', '/session/totp', { code: totpCode(other.secret, now) })).status).toBe(
      401,
    );
  });
  test('a session left open binds nobody else\u2019s telephone: who has no factor yet proves who they are first (ASVS 7.5.1)', async () => {
    const { username } = await desk.account();
    const here = desk.browser();
    expect((await here.signIn(username, PASSWORD)).body.stage).toBe('signed_in');
    expect((await here.send('POST', '/session/totp/enrol/start')).status).toBe(409);
    expect((await here.send('POST', '/session/totp/enrol', { code: '000000' })).status).toBe(409);
    expect((await here.send('POST', '/session/confirm', { password: PASSWORD })).status).toBe(200);
    expect((await here.send('POST', '/session/totp/enrol/start')).status).toBe(200);
  });
  test('a role that needs it sends open sessions to bind one (ASVS 6.3.3)', async () => {
    const { userId, username } = await desk.account();
    const here = desk.browser();
    await here.signIn(username, PASSWORD);
    expect((await here.send('GET', '/sessions')).status).toBe(200);
    await desk.world.as('system', async (ctx) => {
      await setRoles(ctx, userId, ['chief']);
      await demandFactor(ctx, userId);
    });
    expect((await here.send('GET', '/sessions')).body.code).toBe('stage');
    expect((await here.send('GET', '/session')).body.stage).toBe('enrol_totp');
  });
  test('after a reset by an administrator it is bound anew, and old recovery codes are void', async () => {
    const person = await desk.enrolled();
    await desk.world.as('system', (ctx) => resetFactor(ctx, person.userId, '手机丢失'));
    expect((await desk.browser().signIn(person.username, PASSWORD)).body.stage).toBe('enrol_totp');
    const left = await desk.world.as('system', ({ tx }) =>
      sql`select 1 from recovery_code where user_id = ${person.userId}`.execute(tx),
    );
    expect(left.rows).toHaveLength(0);
  });
  test('what the database keeps opens nothing: no secret, token, code or password in clear', async () => {
    const person = await desk.enrolled();
    const { rows } = await desk.world.as('system', ({ tx }) =>
      sql<{
        text: string;
      }>`select u::text || coalesce((select string_agg(s::text, ' ') from session s where s.user_id = u.id), '')
        || coalesce((select string_agg(r::text, ' ') from recovery_code r where r.user_id = u.id), '') as text
        from user_account u where u.id = ${person.userId}`.execute(tx),
    );
    for (const secret of [person.secret, PASSWORD, ...person.recoveryCodes]) {
      expect(rows[0]?.text).not.toContain(secret);
      expect(rows[0]?.text).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
});
