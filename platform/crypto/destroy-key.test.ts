import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Env, system } from '#platform/db/tenant';
import { removeFile, storeFile } from '#platform/files/files';
import { makeWorld, type World } from '#platform/testing/app';
import { destroyKey, RETIRED_DAYS } from './destroy-key.ts';
import { keyUse, rotateKeys } from './rotate.ts';

const DAY = 86_400_000;
let world: World;
let clock: number;
let owner: Env;

beforeAll(async () => {
  world = await makeWorld();
  owner = { db: world.owner, masterKey: world.env.masterKey, clock: () => clock } as Env;
});
afterAll(() => world.close());

const destroy = (keyNo: number) => destroyKey(owner, world.tenantId, { keyNo, actor: system });
const codeOf = async (keyNo: number) => {
  const done = await destroy(keyNo);
  return done.ok ? 'destroyed' : done.error;
};
const keyNos = async () => (await keyUse(owner, world.tenantId)).map(({ keyNo }) => keyNo);
const seal = (value: Buffer) =>
  sql`insert into outbox_message (tenant_id, id, channel, recipient, body)
  values (${world.tenantId}, gen_random_uuid(), 'sms', ${value}, ${value})`.execute(world.owner.kysely);

test('a key goes only when it is retired, seals nothing and was retired long enough ago', async () => {
  clock = Date.now();
  const old = await world.as('system', async ({ vault }) => vault.seal('旧'));
  const fileId = await world.as('system', async (ctx) => {
    const file = { purpose: 'test', name: '甲', mediaType: 'text/plain' };
    return (await storeFile(ctx, world.files, file, Buffer.from('甲'))).id;
  });
  expect(await codeOf(1)).toMatchObject({ code: 'in_force' });
  expect(await codeOf(7)).toMatchObject({ code: 'no_key' });
  await rotateKeys(owner, world.tenantId, { files: world.files, settleMs: 0 });
  const retiredAt = (await keyUse(owner, world.tenantId))[0]?.retiredAt ?? 0;
  clock = retiredAt + RETIRED_DAYS * DAY;
  await sql`update stored_file set key_no = 1 where id = ${fileId}`.execute(world.owner.kysely);
  await seal(old);
  expect(await codeOf(1)).toMatchObject({ code: 'in_use', details: { values: 2, files: 1 } });
  await world.as('system', (ctx) => removeFile(ctx, world.files, fileId));
  expect(await codeOf(1)).toMatchObject({ code: 'in_use', details: { values: 2, files: 0 } });
  await sql`delete from outbox_message`.execute(world.owner.kysely);
  clock = retiredAt + RETIRED_DAYS * DAY - 1;
  expect(await codeOf(1)).toMatchObject({ code: 'too_early', details: { daysLeft: 1 } });
  expect(await keyNos()).toEqual([1, 2]);
  clock = retiredAt + RETIRED_DAYS * DAY;
  expect(await codeOf(1)).toBe('destroyed');
  expect(await keyNos()).toEqual([2]);
});

test('afterwards everything sealed with the newer key opens, what the old one sealed does not, and the next rotation counts on', async () => {
  expect(await codeOf(2)).toMatchObject({ code: 'in_force' });
  const opened = await world.as('system', async ({ vault }) => vault.open(vault.seal('新')));
  expect(opened).toBe('新');
  expect(await world.as('system', async ({ vault }) => vault.currentKey().keyNo)).toBe(2);
  await expect(world.as('system', async ({ vault }) => vault.dataKey(1))).rejects.toThrow();
  const next = await rotateKeys(owner, world.tenantId, { files: world.files, settleMs: 0 });
  expect(next).toMatchObject({ keyNo: 3, retired: [2] });
  const { rows } = await sql<{ action: string }>`
    select action from audit_entry where action = 'keys.destroyed'`.execute(world.owner.kysely);
  expect(rows).toHaveLength(1);
});
