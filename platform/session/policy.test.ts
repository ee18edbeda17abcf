import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TenantSettings } from '#platform/tenant-settings';
import { changeTenantSettings } from '#platform/tenant-settings';
import { makeWorld, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { createAccount } from './accounts.ts';
import { hashPassword } from './password.ts';
import { sessionEndpoints } from './routes.ts';
import { NOTICE_VERSION } from './rules.ts';
import { totpCode } from './totp.ts';

/** What an organisation may decide about signing in (GB/T 22239-2019 8.1.4.1 a and b), and the way back after a lost phone. */
const PASSWORD = '四月的雨，落在操场上了';
const DAY = 86_400_000;
const STEP = 30_000;
const permissionsOf = () => new Set<string>();

let world: World;
let app: FastifyInstance;
let close: () => Promise<void>;
beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  const options = {
    cookieName: 'zhizhao_session',
    secure: false,
    absoluteHours: 10,
    totpRequired: (roles: readonly string[]) => roles.includes('chief'),
  };
  ({ app, close } = await serveEndpoints(world, () => sessionEndpoints(options), {
    permissions: new Set(),
    permissionsOf,
  }));
});
afterAll(async () => {
  await close();
  await world.close();
});
beforeEach(async () => {
  world.setClock(undefined);
  await decide({ oneSession: false, passwordDays: null });
});

const decide = (settings: Partial<TenantSettings>) =>
  world.as('system', (ctx) => changeTenantSettings(ctx, settings, '测试设置'));

let address = 0;
/** One browser: keeps its cookie. */
function browser() {
  address += 1;
  const remoteAddress = `10.8.0.${address}`;
  let cookie = '';
  return async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const response = await app.inject({
      method,
      url: `/api${url}`,
      remoteAddress,
      headers: { 'x-requested-with': 'zhizhao', ...(cookie && { cookie: `zhizhao_session=${cookie}` }) },
      ...(payload && { payload }),
    });
    const given = /zhizhao_session=([^;]*)/.exec(String(response.headers['set-cookie'] ?? ''))?.[1];
    if (given) cookie = decodeURIComponent(given);
    return { status: response.statusCode, body: response.body ? response.json() : {} };
  };
}
type Browser = ReturnType<typeof browser>;
const signIn = (here: Browser, username: string, password = PASSWORD) =>
  here('POST', '/session', { tenantCode: 'test', username, password });
const status = async (here: Browser): Promise<number> => (await here('GET', '/sessions')).status;

let serial = 0;
async function account(roles: string[] = []): Promise<string> {
  serial += 1;
  const username = `u${serial}`;
  const made = await world.as('system', (ctx) =>
    createAccount(ctx, { username, name: `测试${serial}`, roles }),
  );
  if (!made.ok) throw new Error(made.error.message);
  await world.as('system', async ({ tx, now }) =>
    sql`update user_account set password_hash = ${await hashPassword(PASSWORD)}, must_change_password = false,
      initial_code_expires_at = null, notice_version = ${NOTICE_VERSION}, password_changed_at = ${new Date(now)}
      where username = ${username}`.execute(tx),
  );
  return username;
}

async function bind(here: Browser, at: number): Promise<{ secret: string; codes: string[] }> {
  const { secret } = (await here('POST', '/session/totp/enrol/start')).body;
  const done = await here('POST', '/session/totp/enrol', { code: totpCode(secret, at) });
  expect(done.body.stage).toBe('signed_in');
  return { secret, codes: done.body.recoveryCodes };
}

describe('one session a person', () => {
  test('is off by default: two browsers work side by side', async () => {
    const username = await account();
    const [one, two] = [browser(), browser()];
    await signIn(one, username);
    await signIn(two, username);
    expect([await status(one), await status(two)]).toEqual([200, 200]);
  });
  test('turned on, the newer one ends the older; who knows the password only ends nobody with a second factor', async () => {
    await decide({ oneSession: true });
    const username = await account();
    const [one, two] = [browser(), browser()];
    await signIn(one, username);
    await signIn(two, username);
    expect([await status(one), await status(two)]).toEqual([401, 200]);
    const chief = await account(['chief']);
    const at = Date.now();
    world.setClock(at);
    const [first, second] = [browser(), browser()];
    await signIn(first, chief);
    const { secret } = await bind(first, at);
    expect((await signIn(second, chief)).body.stage).toBe('totp');
    expect(await status(first)).toBe(200);
    world.setClock(at + STEP);
    await second('POST', '/session/totp', { code: totpCode(secret, at + STEP) });
    expect([await status(first), await status(second)]).toEqual([401, 200]);
  });
});

describe('the period of a password', () => {
  test('none by default; then the first sign-in after its last day asks for a new one, before anything else', async () => {
    const username = await account();
    const start = Date.now();
    world.setClock(start + 400 * DAY);
    expect((await signIn(browser(), username)).body.stage).toBe('signed_in');
    await decide({ passwordDays: 90 });
    world.setClock(start + 90 * DAY - 60_000);
    expect((await signIn(browser(), username)).body.stage).toBe('signed_in');
    world.setClock(start + 90 * DAY + 60_000);
    const here = browser();
    expect((await signIn(here, username)).body.stage).toBe('change_password');
    expect(await status(here)).toBe(403);
    const next = '五月的风，吹过图书馆了';
    expect((await here('POST', '/session/password', { current: PASSWORD, next })).body.stage).toBe(
      'signed_in',
    );
    expect((await signIn(browser(), username, next)).body.stage).toBe('signed_in');
  });
});

describe('a lost phone', () => {
  test('password and a recovery code bind a new one; the old factor, the old codes and other sessions are void then', async () => {
    const chief = await account(['chief']);
    const at = Date.now();
    world.setClock(at);
    const elsewhere = browser();
    await signIn(elsewhere, chief);
    const { secret: old, codes } = await bind(elsewhere, at);
    const here = browser();
    await signIn(here, chief);
    expect((await here('POST', '/session/totp', { recoveryCode: codes[0] })).body.stage).toBe('signed_in');
    // A session alone, and a used code, are not enough.
    expect((await here('POST', '/session/totp/enrol/start')).status).toBe(409);
    const rebind = (password: string, recoveryCode = '') =>
      here('POST', '/session/totp/rebind', { password, recoveryCode });
    expect((await rebind(PASSWORD, codes[0])).status).toBe(401);
    expect((await rebind('不是我的密码啊啊', codes[1])).status).toBe(401);
    expect((await rebind(PASSWORD, codes[1])).body).toEqual({ stage: 'enrol_totp' });
    expect([await status(elsewhere), await status(here)]).toEqual([401, 403]);
    // Left half-way, the old factor is still asked for.
    expect((await signIn(browser(), chief)).body.stage).toBe('totp');
    world.setClock(at + 4 * STEP);
    const fresh = await bind(here, at + 4 * STEP);
    expect(await status(here)).toBe(200);
    const again = browser();
    await signIn(again, chief);
    world.setClock(at + 6 * STEP);
    expect((await again('POST', '/session/totp', { code: totpCode(old, at + 6 * STEP) })).status).toBe(401);
    expect((await again('POST', '/session/totp', { recoveryCode: codes[2] })).status).toBe(401);
    expect(
      (await again('POST', '/session/totp', { code: totpCode(fresh.secret, at + 6 * STEP) })).status,
    ).toBe(200);
    const { rows } = await sql`select 1 from audit_entry where action = 'session.factor_rebound'`.execute(
      world.owner.kysely,
    );
    expect(rows).toHaveLength(1);
  });
  test('guessing at it ends the session and locks the account', async () => {
    const chief = await account(['chief']);
    const at = Date.now();
    world.setClock(at);
    const here = browser();
    await signIn(here, chief);
    await bind(here, at);
    for (let n = 0; n < 5; n += 1)
      await here('POST', '/session/totp/rebind', { password: PASSWORD, recoveryCode: `00000-0000${n}` });
    expect(await status(here)).toBe(401);
    expect((await signIn(browser(), chief)).status).toBe(401);
  });
});
