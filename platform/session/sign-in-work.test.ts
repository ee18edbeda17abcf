import { verify } from '@node-rs/argon2';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { setDisabled } from './accounts.ts';
import { type Desk, openDesk, PASSWORD } from './testing/desk.ts';

/** ASVS 6.3.8: the costly step of a sign-in is done once whatever the cause of a refusal, so that time does not tell who exists. */
vi.mock('@node-rs/argon2', { spy: true });

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

/** Status of a sign-in, and how many passwords were verified for it. */
async function work(given: { tenantCode?: string; username: string; password: string }) {
  const before = vi.mocked(verify).mock.calls.length;
  const { status } = await desk.browser().send('POST', '/session', { tenantCode: 'test', ...given });
  return { status, verified: vi.mocked(verify).mock.calls.length - before };
}

test('unknown tenant, unknown account, wrong, disabled, locked, expired and right: one verification each', async () => {
  const [known, off, late, locked] = [
    await desk.account(),
    await desk.account(),
    await desk.account(),
    await desk.account(),
  ];
  await desk.world.as('system', (ctx) => setDisabled(ctx, off.userId, true, '测试'));
  await desk.world.as('system', async ({ tx }) => {
    await sql`update user_account set expires_on = current_date - 2 where id = ${late.userId}`.execute(tx);
    await sql`update user_account set failed_logins = 5, locked_until = now() + interval '10 minutes' where id = ${locked.userId}`.execute(
      tx,
    );
  });
  const refused = { status: 401, verified: 1 };
  expect(await work({ tenantCode: 'nowhere', username: 'nobody', password: 'x' })).toEqual(refused);
  expect(await work({ username: 'nobody', password: 'x' })).toEqual(refused);
  expect(await work({ username: known.username, password: 'not the password' })).toEqual(refused);
  expect(await work({ username: off.username, password: PASSWORD })).toEqual(refused);
  expect(await work({ username: late.username, password: PASSWORD })).toEqual(refused);
  expect(await work({ username: locked.username, password: PASSWORD })).toEqual(refused);
  expect(await work({ username: known.username, password: PASSWORD })).toEqual({ status: 200, verified: 1 });
});

test('a real password and the stand-in for nobody cost the same: their hashes name the same parameters', async () => {
  const { rows } = await sql<{ hash: string }>`
    select password_hash as hash from user_account where password_hash is not null`.execute(
    desk.world.owner.kysely,
  );
  const compared = vi.mocked(verify).mock.calls.map(([hash]) => String(hash));
  const costs = [...rows.map(({ hash }) => hash), ...compared].map((hash) =>
    hash.split('$').slice(1, 4).join('$'),
  );
  expect(new Set(costs)).toEqual(new Set(['argon2id$v=19$m=19456,t=2,p=1']));
});
