import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formatBearer, openSession, parseBearer } from '#platform/http/request-session';
import type { UserId } from '#platform/ids';
import { setDisabled } from './accounts.ts';
import { nextStage, type SignInState } from './rules.ts';
import { type Desk, openDesk, PASSWORD, STEP } from './testing/desk.ts';
import { totpCode } from './totp.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());
beforeEach(() => desk.world.setClock(undefined));

describe('sessions', () => {
  const moved = (userId: UserId, column: 'last_seen_at' | 'expires_at', change: string) =>
    desk.world.as('system', ({ tx }) =>
      sql`update session set ${sql.ref(column)} = now() ${sql.raw(change)} where user_id = ${userId}`.execute(
        tx,
      ),
    );
  const signedIn = async () => {
    const person = await desk.account();
    const here = desk.browser();
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
  test('are not kept alive by a page that asks by itself while nobody sits before it', async () => {
    const { userId, here } = await signedIn();
    const asked = async (headers: Record<string, string>) =>
      (await here.send('GET', '/sessions', undefined, headers)).status;
    await moved(userId, 'last_seen_at', "- interval '29 minutes'");
    expect(await asked({ 'x-unattended': '1' })).toBe(200);
    expect(await asked({ accept: 'text/event-stream' })).toBe(200);
    const seen = async () => {
      const { rows } = await desk.world.as('system', ({ tx }) =>
        sql<{
          idle: boolean;
        }>`select last_seen_at < now() - interval '28 minutes' as idle from session where user_id = ${userId}`.execute(
          tx,
        ),
      );
      return rows[0]?.idle;
    };
    expect(await seen()).toBe(true);
    expect(await asked({})).toBe(200);
    expect(await seen()).toBe(false);
  });
  test('of a limit of one minute: who works every half minute stays (ASVS 7.3.1)', async () => {
    const { userId, here } = await signedIn();
    const openAt = async () => {
      // Half a minute passes.
      await desk.world.as('system', ({ tx }) =>
        sql`update session set last_seen_at = last_seen_at - interval '30 seconds' where user_id = ${userId}`.execute(
          tx,
        ),
      );
      const bearer = parseBearer(here.state.cookie);
      if (!bearer) throw new Error('not signed in');
      return desk.world.env.db.kysely
        .transaction()
        .execute((tx) =>
          openSession(
            tx,
            bearer,
            { idleMinutes: 1, permissionsOf: () => new Set() },
            { ip: null, used: true },
          ),
        );
    };
    for (let half = 1; half <= 4; half += 1) expect(await openAt()).toMatchObject({ stage: 'signed_in' });
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
    const other = desk.browser();
    await other.signIn(one.username, PASSWORD);
    await one.here.send('DELETE', '/session');
    expect(await one.alive()).toBe(false);
    expect((await other.send('GET', '/sessions')).status).toBe(200);
    const third = desk.browser();
    await third.signIn(one.username, PASSWORD);
    await other.send('DELETE', '/sessions');
    expect((await third.send('GET', '/sessions')).status).toBe(401);
  });
  test('a disabled person and an expired account are out at the next request (ASVS 7.4.2)', async () => {
    const [off, late] = [await signedIn(), await signedIn()];
    await desk.world.as('system', (ctx) => setDisabled(ctx, off.userId, true, '离职'));
    await desk.world.as('system', ({ tx }) =>
      sql`update user_account set expires_on = current_date - 2 where id = ${late.userId}`.execute(tx),
    );
    expect([await off.alive(), await late.alive()]).toEqual([false, false]);
  });
  test('changing the password ends the others and keeps this one', async () => {
    const one = await signedIn();
    const other = desk.browser();
    await other.signIn(one.username, PASSWORD);
    await other.send('POST', '/session/password', { current: PASSWORD, next: '换成另外一句，也好记的话' });
    expect([await one.alive(), (await other.send('GET', '/sessions')).status]).toEqual([false, 200]);
  });
  test('get a new token at sign-in and at the second factor; a planted one is dead after login (ASVS 7.2.4)', async () => {
    const planted = await signedIn();
    const token = planted.here.state.cookie;
    await planted.here.signIn(planted.username, PASSWORD);
    expect(planted.here.state.cookie).not.toBe(token);
    const attacker = desk.browser();
    attacker.state.cookie = token;
    expect((await attacker.send('GET', '/sessions')).status).toBe(401);
    const person = await desk.enrolled();
    desk.world.setClock(person.at + 60 * STEP);
    const here = desk.browser();
    const first = (await here.signIn(person.username, PASSWORD)).cookie;
    await here.send('POST', '/session/totp', { code: totpCode(person.secret, person.at + 60 * STEP) });
    attacker.state.cookie = first;
    expect((await attacker.send('GET', '/session')).status).toBe(401);
    expect((await here.send('GET', '/session')).status).toBe(200);
  });
  test('travel in a cookie of 256 random bits that no script and no other site gets (ASVS 7.2.3, 3.3)', async () => {
    const { username } = await desk.account();
    const { setCookie, cookie } = await desk.browser().signIn(username, PASSWORD);
    expect(setCookie).toMatch(/HttpOnly/);
    expect(setCookie).toMatch(/SameSite=Strict/);
    expect(Buffer.from(parseBearer(cookie)?.token ?? '', 'base64url')).toHaveLength(32);
  });
  test('of one college are none of another: the tenant in the cookie proves nothing', async () => {
    const { here, alive } = await signedIn();
    const other = await desk.world.addTenant('other');
    const bearer = parseBearer(here.state.cookie);
    here.state.cookie = bearer ? formatBearer({ ...bearer, tenantId: other }) : '';
    expect(await alive()).toBe(false);
  });
  test('a fresh proof is asked of who has a factor by code, never by password (ASVS 7.5.3)', async () => {
    const person = await desk.enrolled();
    const here = desk.browser();
    const now = person.at + 80 * STEP;
    desk.world.setClock(now);
    await here.signIn(person.username, PASSWORD);
    await here.send('POST', '/session/totp', { code: totpCode(person.secret, now) });
    expect((await here.send('POST', '/session/confirm', { password: PASSWORD })).status).toBe(401);
    desk.world.setClock(now + STEP);
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
