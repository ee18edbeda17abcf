import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeTenantSettings, type TenantSettings } from '#platform/tenant-settings';
import { type Browser, bindFactor, type Desk, openDesk, PASSWORD, STEP } from './testing/desk.ts';
import { totpCode } from './totp.ts';

/** What an organisation may decide about signing in (GB/T 22239-2019 8.1.4.1 a and b), and the way back after a lost phone. */
const DAY = 86_400_000;

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());
beforeEach(async () => {
  desk.world.setClock(undefined);
  await decide({ oneSession: false, passwordDays: null });
});

const decide = (settings: Partial<TenantSettings>) =>
  desk.world.as('system', (ctx) => changeTenantSettings(ctx, settings, '测试设置'));
const status = async (here: Browser): Promise<number> => (await here.send('GET', '/sessions')).status;

describe('one session a person', () => {
  test('is off by default: two browsers work side by side', async () => {
    const { username } = await desk.account();
    const [one, two] = [desk.browser(), desk.browser()];
    await one.signIn(username, PASSWORD);
    await two.signIn(username, PASSWORD);
    expect([await status(one), await status(two)]).toEqual([200, 200]);
  });
  test('turned on, the newer one ends the older; who knows the password only ends nobody with a second factor', async () => {
    await decide({ oneSession: true });
    const { username } = await desk.account();
    const [one, two] = [desk.browser(), desk.browser()];
    await one.signIn(username, PASSWORD);
    await two.signIn(username, PASSWORD);
    expect([await status(one), await status(two)]).toEqual([401, 200]);
    const { username: chief } = await desk.account(['chief']);
    const at = Date.now();
    desk.world.setClock(at);
    const [first, second] = [desk.browser(), desk.browser()];
    await first.signIn(chief, PASSWORD);
    const { secret } = await bindFactor(first, at);
    expect((await second.signIn(chief, PASSWORD)).body.stage).toBe('totp');
    expect(await status(first)).toBe(200);
    desk.world.setClock(at + STEP);
    await second.send('POST', '/session/totp', { code: totpCode(secret, at + STEP) });
    expect([await status(first), await status(second)]).toEqual([401, 200]);
  });
});

describe('the period of a password', () => {
  test('none by default; then the first sign-in after its last day asks for a new one, before anything else', async () => {
    const { username } = await desk.account();
    const start = Date.now();
    desk.world.setClock(start + 400 * DAY);
    expect((await desk.browser().signIn(username, PASSWORD)).body.stage).toBe('signed_in');
    await decide({ passwordDays: 90 });
    desk.world.setClock(start + 90 * DAY - 60_000);
    expect((await desk.browser().signIn(username, PASSWORD)).body.stage).toBe('signed_in');
    desk.world.setClock(start + 90 * DAY + 60_000);
    const here = desk.browser();
    expect((await here.signIn(username, PASSWORD)).body.stage).toBe('change_password');
    expect(await status(here)).toBe(403);
    const next = '五月的风，吹过图书馆了';
    expect((await here.send('POST', '/session/password', { current: PASSWORD, next })).body.stage).toBe(
      'signed_in',
    );
    expect((await desk.browser().signIn(username, next)).body.stage).toBe('signed_in');
  });
});

describe('a lost phone', () => {
  test('password and a recovery code bind a new one; the old factor, the old codes and other sessions are void then', async () => {
    const { username: chief } = await desk.account(['chief']);
    const at = Date.now();
    desk.world.setClock(at);
    const elsewhere = desk.browser();
    await elsewhere.signIn(chief, PASSWORD);
    const { secret: old, recoveryCodes: codes } = await bindFactor(elsewhere, at);
    const here = desk.browser();
    await here.signIn(chief, PASSWORD);
    expect((await here.send('POST', '/session/totp', { recoveryCode: codes[0] })).body.stage).toBe(
      'signed_in',
    );
    // A session alone, and a used code, are not enough.
    expect((await here.send('POST', '/session/totp/enrol/start')).status).toBe(409);
    const rebind = (password: string, recoveryCode = '') =>
      here.send('POST', '/session/totp/rebind', { password, recoveryCode });
    expect((await rebind(PASSWORD, codes[0])).status).toBe(401);
    expect((await rebind('不是我的密码啊啊', codes[1])).status).toBe(401);
    expect((await rebind(PASSWORD, codes[1])).body).toEqual({ stage: 'enrol_totp' });
    expect([await status(elsewhere), await status(here)]).toEqual([401, 403]);
    // Left half-way, the old factor is still asked for.
    expect((await desk.browser().signIn(chief, PASSWORD)).body.stage).toBe('totp');
    desk.world.setClock(at + 4 * STEP);
    const fresh = await bindFactor(here, at + 4 * STEP);
    expect(await status(here)).toBe(200);
    const again = desk.browser();
    await again.signIn(chief, PASSWORD);
    desk.world.setClock(at + 6 * STEP);
    expect((await again.send('POST', '/session/totp', { code: totpCode(old, at + 6 * STEP) })).status).toBe(
      401,
    );
    expect((await again.send('POST', '/session/totp', { recoveryCode: codes[2] })).status).toBe(401);
    expect(
      (await again.send('POST', '/session/totp', { code: totpCode(fresh.secret, at + 6 * STEP) })).status,
    ).toBe(200);
    const { rows } = await sql`select 1 from audit_entry where action = 'session.factor_rebound'`.execute(
      desk.world.owner.kysely,
    );
    expect(rows).toHaveLength(1);
  });
  test('guessing at it ends the session and locks the account', async () => {
    const { username: chief } = await desk.account(['chief']);
    const at = Date.now();
    desk.world.setClock(at);
    const here = desk.browser();
    await here.signIn(chief, PASSWORD);
    await bindFactor(here, at);
    for (let n = 0; n < 5; n += 1)
      await here.send('POST', '/session/totp/rebind', { password: PASSWORD, recoveryCode: `00000-0000${n}` });
    expect(await status(here)).toBe(401);
    expect((await desk.browser().signIn(chief, PASSWORD)).status).toBe(401);
  });
});
