import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formatBearer, parseBearer } from '#platform/http/request-session';
import type { UserId } from '#platform/ids';
import { makeWorld, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import {
  createAccount,
  demandFactor,
  resetFactor,
  resetPassword,
  setDisabled,
  setRoles,
} from './accounts.ts';
import { attemptLimit } from './attempt-limit.ts';
import { hashPassword } from './password.ts';
import { sessionEndpoints } from './routes.ts';
import { NOTICE_VERSION, nextStage, passwordFaults, type SignInState } from './rules.ts';
import { totpCode } from './totp.ts';

const permissionsOf = (roles: readonly string[]): ReadonlySet<string> =>
  new Set(roles.map((role) => `${role}.act`));
const totpRequired = (roles: readonly string[]): boolean => roles.includes('chief');
const PASSWORD = '四月的雨，落在操场上了';

let world: World;
let app: FastifyInstance;
let close: () => Promise<void>;
beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  ({ app, close } = await serveEndpoints(
    world,
    () => sessionEndpoints({ cookieName: 'zhizhao_session', secure: false, absoluteHours: 10, totpRequired }),
    { permissions: new Set(), permissionsOf },
  ));
});
afterAll(async () => {
  await close();
  await world.close();
});
beforeEach(() => world.setClock(undefined));

interface Answer {
  status: number;
  body: Record<string, string> & { recoveryCodes?: string[] };
  cookie: string;
  setCookie: string;
}

let address = 0;
/** One browser: keeps its cookie, comes from its own address. */
function browser() {
  address += 1;
  const remoteAddress = `10.9.${address >> 8}.${address & 255}`;
  const state = { cookie: '' };
  const send = async (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object): Promise<Answer> => {
    const response = await app.inject({
      method,
      url: `/api${url}`,
      remoteAddress,
      headers: {
        'x-requested-with': 'zhizhao',
        ...(state.cookie && { cookie: `zhizhao_session=${state.cookie}` }),
      },
      ...(body && { payload: body }),
    });
    const setCookie = String(response.headers['set-cookie'] ?? '');
    const match = /zhizhao_session=([^;]*)/.exec(setCookie);
    if (match) state.cookie = decodeURIComponent(match[1] ?? '');
    return {
      status: response.statusCode,
      body: response.body ? response.json() : {},
      cookie: state.cookie,
      setCookie,
    };
  };
  return {
    state,
    send,
    signIn: (username: string, password: string) =>
      send('POST', '/session', { tenantCode: 'test', username, password }),
  };
}

let serial = 0;
/** An account past its first change and the notice. */
async function account(roles: string[] = []): Promise<{ userId: UserId; username: string }> {
  serial += 1;
  const username = `u${serial}`;
  const made = await world.as('system', (ctx) =>
    createAccount(ctx, { username, name: `测试${serial}`, roles }),
  );
  if (!made.ok) throw new Error(made.error.message);
  const { userId } = made.value;
  await world.as('system', async ({ tx }) =>
    sql`update user_account set password_hash = ${await hashPassword(PASSWORD)}, must_change_password = false,
      initial_code_expires_at = null, notice_version = ${NOTICE_VERSION} where id = ${userId}`.execute(tx),
  );
  return { userId, username };
}

async function enrolled(): Promise<{
  userId: UserId;
  username: string;
  secret: string;
  recoveryCodes: string[];
  at: number;
}> {
  const person = await account(['chief']);
  const at = Date.now();
  world.setClock(at);
  const here = browser();
  expect((await here.signIn(person.username, PASSWORD)).body).toEqual({ stage: 'enrol_totp' });
  const { secret = '' } = (await here.send('POST', '/session/totp/enrol/start')).body;
  const done = await here.send('POST', '/session/totp/enrol', { code: totpCode(secret, at) });
  expect(done.body.stage).toBe('signed_in');
  return { ...person, secret, recoveryCodes: done.body.recoveryCodes ?? [], at };
}
const STEP = 30_000;

describe('password', () => {
  test('no enumeration: unknown, wrong, disabled, locked and expired accounts get one answer (ASVS 6.3.8)', async () => {
    const [wrong, off, late] = [await account(), await account(), await account()];
    await world.as('system', (ctx) => setDisabled(ctx, off.userId, true, '测试'));
    await world.as('system', ({ tx }) =>
      sql`update user_account set expires_on = current_date - 2 where id = ${late.userId}`.execute(tx),
    );
    const said = [
      await browser().signIn('nobody', PASSWORD),
      await browser().signIn(wrong.username, 'not the password'),
      await browser().signIn(off.username, PASSWORD),
      await browser().signIn(late.username, PASSWORD),
      await browser().send('POST', '/session', { tenantCode: 'nowhere', username: 'nobody', password: 'x' }),
    ].map(({ status, body, setCookie }) => ({ status, code: body.code, message: body.message, setCookie }));
    expect(said[0]).toMatchObject({ status: 401, code: 'bad_credentials', setCookie: '' });
    for (const answer of said) expect(answer).toEqual(said[0]);
  });
  test('five failures lock for 15 minutes, the right password too; the sixth minute after opens (ASVS 6.3.1)', async () => {
    const { username } = await account();
    const start = Date.now();
    world.setClock(start);
    for (let failure = 1; failure <= 4; failure += 1) await browser().signIn(username, 'wrong password');
    expect((await browser().signIn(username, PASSWORD)).status).toBe(200);
    for (let failure = 1; failure <= 5; failure += 1) await browser().signIn(username, 'wrong password');
    expect((await browser().signIn(username, PASSWORD)).status).toBe(401);
    world.setClock(start + 15 * 60_000 - 1000);
    expect((await browser().signIn(username, PASSWORD)).status).toBe(401);
    world.setClock(start + 15 * 60_000 + 1000);
    expect((await browser().signIn(username, PASSWORD)).status).toBe(200);
  });
  test('failures at the same time are all counted', async () => {
    const { username } = await account();
    await Promise.all(Array.from({ length: 5 }, () => browser().signIn(username, 'wrong password')));
    expect((await browser().signIn(username, PASSWORD)).status).toBe(401);
  });
  test('twenty failures a minute from one address are enough; others still sign in', async () => {
    const { username } = await account();
    const attacker = browser();
    for (let failure = 1; failure <= 20; failure += 1)
      expect((await attacker.signIn(`guess${failure}`, 'x')).status).toBe(401);
    const refused = await attacker.signIn(username, PASSWORD);
    expect([refused.status, refused.body.code]).toEqual([429, 'too_many_attempts']);
    expect((await browser().signIn(username, PASSWORD)).status).toBe(200);
  });
  test('the limit slides with the minute', () => {
    const limit = attemptLimit(2);
    limit.add('a', 0);
    limit.add('a', 30_000);
    expect([limit.isFull('a', 59_999), limit.isFull('b', 59_999), limit.isFull('a', 60_000)]).toEqual([
      true,
      false,
      false,
    ]);
  });
  test('the first password is random, must be changed, works for seven days and dies with the change (ASVS 6.4.1)', async () => {
    const made = await world.as('system', (ctx) =>
      createAccount(ctx, { username: 'first', name: '新人', roles: [] }),
    );
    if (!made.ok) throw new Error('not made');
    const { initialCode, userId } = made.value;
    const here = browser();
    expect((await here.signIn('first', initialCode)).body.stage).toBe('change_password');
    expect((await here.send('GET', '/sessions')).body.code).toBe('stage');
    const change = (next: string) => here.send('POST', '/session/password', { current: initialCode, next });
    expect((await change('short')).body.code).toBe('weak_password');
    expect((await change(initialCode)).body.code).toBe('weak_password');
    expect((await change(PASSWORD)).body.stage).toBe('notice');
    expect((await here.send('POST', '/session/notice', { version: 'older' })).body.code).toBe('wrong_stage');
    expect((await here.send('POST', '/session/notice', { version: NOTICE_VERSION })).body.stage).toBe(
      'signed_in',
    );
    expect((await browser().signIn('first', initialCode)).status).toBe(401);
    const { initialCode: late } = await world.as('system', (ctx) => resetPassword(ctx, userId, '忘记密码'));
    expect((await here.send('GET', '/sessions')).status).toBe(401);
    world.setClock(Date.now() + 7 * 86_400_000 + 60_000);
    expect((await browser().signIn('first', late)).status).toBe(401);
  });
  test.each<[rule: string, password: string, faults: number]>([
    ['nine characters are too few', 'abcdefghi', 1],
    ['ten are enough, of any kind', '雨落在操场上的第十个', 0],
    ['a common one (ASVS 6.2.4)', 'password123', 1],
    ['the own name', '我叫张三丰今天天气好', 1],
    ['the account', 'xx-t0001-xxxx', 1],
    ['200 characters', 'é'.repeat(200), 0],
    ['201', 'é'.repeat(201), 1],
  ])('%s', (_rule, password, faults) => {
    const check = { password, username: 't0001', name: '张三丰', common: password === 'password123' };
    expect(passwordFaults(check)).toHaveLength(faults);
  });
});

describe('second factor', () => {
  test('a code is good once, also when ten requests race (ASVS 6.5.1)', async () => {
    const person = await enrolled();
    world.setClock(person.at + STEP);
    const code = totpCode(person.secret, person.at + STEP);
    const browsers = Array.from({ length: 4 }, browser);
    for (const one of browsers) expect((await one.signIn(person.username, PASSWORD)).body.stage).toBe('totp');
    const answers = await Promise.all(browsers.map((one) => one.send('POST', '/session/totp', { code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await browsers[0]?.send('GET', '/sessions'))?.body.code ?? 'in').toBeTypeOf('string');
  });
  test('an old code and one from two steps ahead are wrong (ASVS 6.5.5)', async () => {
    const person = await enrolled();
    const now = person.at + 10 * STEP;
    world.setClock(now);
    const here = browser();
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
    const person = await enrolled();
    const now = person.at + 20 * STEP;
    world.setClock(now);
    const here = browser();
    await here.signIn(person.username, PASSWORD);
    for (let guess = 0; guess < 3; guess += 1) await here.send('POST', '/session/totp', { code: '000000' });
    const second = browser();
    expect((await second.signIn(person.username, PASSWORD)).status).toBe(200);
    for (let guess = 0; guess < 2; guess += 1) await second.send('POST', '/session/totp', { code: '000000' });
    const code = totpCode(person.secret, now);
    expect((await second.send('POST', '/session/totp', { code })).status).toBe(401);
    expect((await browser().signIn(person.username, PASSWORD)).status).toBe(401);
  });
  test('a recovery code is good once; the others stay (ASVS 6.5.1)', async () => {
    const person = await enrolled();
    const [first = '', second = ''] = person.recoveryCodes;
    const use = async (recoveryCode: string): Promise<number> => {
      const here = browser();
      await here.signIn(person.username, PASSWORD);
      return (await here.send('POST', '/session/totp', { recoveryCode })).status;
    };
    expect(await use(first)).toBe(200);
    expect(await use(first)).toBe(401);
    expect(await use(second.toUpperCase().replace('-', ' '))).toBe(200);
  });
  test('the code of one account is no code of another (ASVS 6.6.2)', async () => {
    const [one, other] = [await enrolled(), await enrolled()];
    const now = Math.max(one.at, other.at) + 40 * STEP;
    world.setClock(now);
    const here = browser();
    await here.signIn(one.username, PASSWORD);
    expect((await here.send('POST', '/session/totp', { code: totpCode(other.secret, now) })).status).toBe(
      401,
    );
  });
  test('a role that needs it sends open sessions to bind one (ASVS 6.3.3)', async () => {
    const { userId, username } = await account();
    const here = browser();
    await here.signIn(username, PASSWORD);
    expect((await here.send('GET', '/sessions')).status).toBe(200);
    await world.as('system', async (ctx) => {
      await setRoles(ctx, userId, ['chief']);
      await demandFactor(ctx, userId);
    });
    expect((await here.send('GET', '/sessions')).body.code).toBe('stage');
    expect((await here.send('GET', '/session')).body.stage).toBe('enrol_totp');
  });
  test('after a reset by an administrator it is bound anew, and old recovery codes are void', async () => {
    const person = await enrolled();
    await world.as('system', (ctx) => resetFactor(ctx, person.userId, '手机丢失'));
    expect((await browser().signIn(person.username, PASSWORD)).body.stage).toBe('enrol_totp');
    const left = await world.as('system', ({ tx }) =>
      sql`select 1 from recovery_code where user_id = ${person.userId}`.execute(tx),
    );
    expect(left.rows).toHaveLength(0);
  });
  test('what the database keeps opens nothing: no secret, token, code or password in clear', async () => {
    const person = await enrolled();
    const { rows } = await world.as('system', ({ tx }) =>
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

describe('sessions', () => {
  const moved = (userId: UserId, column: 'last_seen_at' | 'expires_at', change: string) =>
    world.as('system', ({ tx }) =>
      sql`update session set ${sql.ref(column)} = now() ${sql.raw(change)} where user_id = ${userId}`.execute(
        tx,
      ),
    );
  const signedIn = async () => {
    const person = await account();
    const here = browser();
    await here.signIn(person.username, PASSWORD);
    return { ...person, here, alive: async () => (await here.send('GET', '/sessions')).status === 200 };
  };
  test('end after 30 minutes without a request, and live on with one (ASVS 7.3.1)', async () => {
    const { userId, alive } = await signedIn();
    await moved(userId, 'last_seen_at', "- interval '29 minutes'");
    expect(await alive()).toBe(true);
    expect(await alive()).toBe(true);
    await moved(userId, 'last_seen_at', "- interval '31 minutes'");
    expect(await alive()).toBe(false);
  });
  test('end at their absolute limit however busy (ASVS 7.3.2)', async () => {
    const { userId, alive } = await signedIn();
    await moved(userId, 'expires_at', "+ interval '1 minute'");
    expect(await alive()).toBe(true);
    await moved(userId, 'expires_at', "- interval '1 second'");
    expect(await alive()).toBe(false);
  });
  test('signing out ends one, 结束全部 ends all (ASVS 7.4.1)', async () => {
    const one = await signedIn();
    const other = browser();
    await other.signIn(one.username, PASSWORD);
    await one.here.send('DELETE', '/session');
    expect(await one.alive()).toBe(false);
    expect((await other.send('GET', '/sessions')).status).toBe(200);
    const third = browser();
    await third.signIn(one.username, PASSWORD);
    await other.send('DELETE', '/sessions');
    expect((await third.send('GET', '/sessions')).status).toBe(401);
  });
  test('a disabled person and an expired account are out at the next request (ASVS 7.4.2)', async () => {
    const [off, late] = [await signedIn(), await signedIn()];
    await world.as('system', (ctx) => setDisabled(ctx, off.userId, true, '离职'));
    await world.as('system', ({ tx }) =>
      sql`update user_account set expires_on = current_date - 2 where id = ${late.userId}`.execute(tx),
    );
    expect([await off.alive(), await late.alive()]).toEqual([false, false]);
  });
  test('changing the password ends the others and keeps this one', async () => {
    const one = await signedIn();
    const other = browser();
    await other.signIn(one.username, PASSWORD);
    await other.send('POST', '/session/password', { current: PASSWORD, next: '换成另外一句，也好记的话' });
    expect([await one.alive(), (await other.send('GET', '/sessions')).status]).toEqual([false, 200]);
  });
  test('get a new token at sign-in and at the second factor; a planted one is dead after login (ASVS 7.2.4)', async () => {
    const planted = await signedIn();
    const token = planted.here.state.cookie;
    await planted.here.signIn(planted.username, PASSWORD);
    expect(planted.here.state.cookie).not.toBe(token);
    const attacker = browser();
    attacker.state.cookie = token;
    expect((await attacker.send('GET', '/sessions')).status).toBe(401);
    const person = await enrolled();
    world.setClock(person.at + 60 * STEP);
    const here = browser();
    const first = (await here.signIn(person.username, PASSWORD)).cookie;
    await here.send('POST', '/session/totp', { code: totpCode(person.secret, person.at + 60 * STEP) });
    attacker.state.cookie = first;
    expect((await attacker.send('GET', '/session')).status).toBe(401);
    expect((await here.send('GET', '/session')).status).toBe(200);
  });
  test('travel in a cookie of 256 random bits that no script and no other site gets (ASVS 7.2.3, 3.3)', async () => {
    const { username } = await account();
    const { setCookie, cookie } = await browser().signIn(username, PASSWORD);
    expect(setCookie).toMatch(/HttpOnly/);
    expect(setCookie).toMatch(/SameSite=Strict/);
    expect(Buffer.from(parseBearer(cookie)?.token ?? '', 'base64url')).toHaveLength(32);
  });
  test('of one college are none of another: the tenant in the cookie proves nothing', async () => {
    const { here, alive } = await signedIn();
    const other = await world.addTenant(`other${serial}`);
    const bearer = parseBearer(here.state.cookie);
    here.state.cookie = bearer ? formatBearer({ ...bearer, tenantId: other }) : '';
    expect(await alive()).toBe(false);
  });
  test('a fresh proof is asked of who has a factor by code, never by password (ASVS 7.5.3)', async () => {
    const person = await enrolled();
    const here = browser();
    const now = person.at + 80 * STEP;
    world.setClock(now);
    await here.signIn(person.username, PASSWORD);
    await here.send('POST', '/session/totp', { code: totpCode(person.secret, now) });
    expect((await here.send('POST', '/session/confirm', { password: PASSWORD })).status).toBe(401);
    world.setClock(now + STEP);
    const fresh = await here.send('POST', '/session/confirm', { code: totpCode(person.secret, now + STEP) });
    expect(fresh.body.freshUntil).toBe(now + STEP + 10 * 60_000);
  });
});

test.each<[change: Partial<SignInState>, stage: string]>([
  [{}, 'signed_in'],
  [{ totpEnrolled: true }, 'totp'],
  [{ totpEnrolled: true, mustChangePassword: true }, 'totp'],
  [{ totpEnrolled: true, totpPassed: true, mustChangePassword: true }, 'change_password'],
  [{ totpRequired: true }, 'enrol_totp'],
  [{ totpRequired: true, mustChangePassword: true }, 'change_password'],
  [{ acceptedNotice: null }, 'notice'],
])('the next step of %o is %s', (change, stage) => {
  const done = {
    totpEnrolled: false,
    totpPassed: false,
    totpRequired: false,
    mustChangePassword: false,
    acceptedNotice: 'a',
    currentNotice: 'a',
  };
  expect(nextStage({ ...done, ...change })).toBe(stage);
});
