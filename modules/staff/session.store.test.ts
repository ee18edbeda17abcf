import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { readAccountFacts } from './session.store.ts';

const NOON = Date.parse('2026-07-22T12:00:00+08:00');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: World;
beforeAll(async () => {
  world = await makeWorld();
  world.setClock(NOON);
});
afterAll(() => world.close());

/** Somebody who was signed in at these addresses, each from and until so many hours before noon. */
async function signedIn(...visits: [ip: string | null, from: number, until: number][]): Promise<Person> {
  const person = await world.addPerson({ roles: ['caller'] });
  for (const [ip, from, until] of visits)
    await sql`insert into session (tenant_id, id, user_id, token_hash, stage, ip, created_at, last_seen_at, expires_at)
      values (${world.tenantId}, ${newId()}, ${person.userId}, ${randomBytes(32)}, 'signed_in', ${ip}, ${new Date(NOON - from * HOUR)},
        ${new Date(NOON - until * HOUR)}, ${new Date(NOON + DAY)})`.execute(world.owner.kysely);
  return person;
}
const atOnce = async ({ userId }: Person): Promise<number | undefined> =>
  (await world.as('system', readAccountFacts)).find(({ id }) => id === userId)?.addressesAtOnce;

test.each<[rule: string, visits: Parameters<typeof signedIn>, addresses: number]>([
  [
    'two addresses at one time',
    [
      ['10.0.0.1', 3, 1],
      ['10.0.0.2', 2, 0],
    ],
    2,
  ],
  [
    'one after the other',
    [
      ['10.0.0.1', 5, 4],
      ['10.0.0.2', 2, 0],
    ],
    1,
  ],
  [
    'one that begins as the other ends',
    [
      ['10.0.0.1', 3, 2],
      ['10.0.0.2', 2, 0],
    ],
    2,
  ],
  [
    'two browsers at one address',
    [
      ['10.0.0.1', 3, 0],
      ['10.0.0.1', 2, 0],
    ],
    1,
  ],
  [
    'three, but never more than two at a time',
    [
      ['10.0.0.1', 9, 6],
      ['10.0.0.2', 7, 3],
      ['10.0.0.3', 4, 1],
    ],
    2,
  ],
  [
    'an address that is not known',
    [
      [null, 3, 0],
      ['10.0.0.2', 2, 0],
    ],
    1,
  ],
  [
    'seen within 30 days',
    [
      ['10.0.0.1', 740, 719],
      ['10.0.0.2', 740, 719],
    ],
    2,
  ],
  [
    'last seen 30 days ago',
    [
      ['10.0.0.1', 740, 720],
      ['10.0.0.2', 740, 720],
    ],
    0,
  ],
])('addresses of one account at one time: %s', async (_rule, visits, addresses) => {
  expect(await atOnce(await signedIn(...visits))).toBe(addresses);
});

test('an account that is shut is not looked at', async () => {
  const gone = await signedIn(['10.0.0.1', 3, 0]);
  await sql`update user_account set disabled_at = now() where id = ${gone.userId}`.execute(
    world.owner.kysely,
  );
  expect(await atOnce(gone)).toBeUndefined();
});
