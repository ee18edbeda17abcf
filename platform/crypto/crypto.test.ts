import { createHmac, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decrypt, encrypt, keyedHash, keyNoOf } from '#platform/crypto/cipher';
import { rotateKeys } from '#platform/crypto/rotate';
import { forgetVaults } from '#platform/crypto/vault';
import type { Env } from '#platform/db/tenant';
import { newId, type TenantId } from '#platform/ids';
import { makeWorld, type World } from '#platform/testing/app';
import { findInDump } from '#platform/testing/dump';

const PHONE = '15400001234';
const ID_NUMBER = '51010019990101123X';

describe('the cipher', () => {
  const key = randomBytes(32);
  const sealed = encrypt(key, 1, 'tenant-a', Buffer.from(PHONE));
  test('opens what it sealed and names its key', () => {
    expect(decrypt(key, 'tenant-a', sealed).toString()).toBe(PHONE);
    expect(keyNoOf(encrypt(key, 65_535, 'a', Buffer.from('x')))).toBe(65_535);
    expect(decrypt(key, 'a', encrypt(key, 1, 'a', Buffer.alloc(0)))).toHaveLength(0);
  });
  test('any flipped bit of nonce, text or tag is an error', () => {
    for (let at = 3; at < sealed.length; at += 1) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => decrypt(key, 'tenant-a', altered), `byte ${at}`).toThrow();
    }
  });
  test('another tenant, another key, a cut or foreign value is an error', () => {
    expect(() => decrypt(key, 'tenant-b', sealed)).toThrow();
    expect(() => decrypt(randomBytes(32), 'tenant-a', sealed)).toThrow();
    for (const length of [0, 2, 15, 30, sealed.length - 1])
      expect(() => decrypt(key, 'tenant-a', sealed.subarray(0, length))).toThrow();
    expect(() => decrypt(key, 'tenant-a', Buffer.from(PHONE.repeat(4)))).toThrow('not a sealed value');
  });
  test('100,000 encryptions of one text repeat no nonce and no ciphertext', () => {
    const text = Buffer.from(PHONE);
    const nonces = new Set<string>();
    const bodies = new Set<string>();
    for (let n = 0; n < 100_000; n += 1) {
      const value = encrypt(key, 1, 'a', text);
      nonces.add(value.toString('latin1', 3, 15));
      bodies.add(value.toString('latin1', 15));
    }
    expect([nonces.size, bodies.size]).toEqual([100_000, 100_000]);
  });
  test('the blind index is equal for equal texts under one key only', () => {
    expect(keyedHash(key, PHONE)).toEqual(keyedHash(key, PHONE));
    expect(keyedHash(key, PHONE)).toEqual(createHmac('sha256', key).update(PHONE).digest());
    expect(keyedHash(key, PHONE)).not.toEqual(keyedHash(randomBytes(32), PHONE));
  });
});

describe('in the database', () => {
  let world: World;
  let other: TenantId;
  let owner: Env;
  beforeAll(async () => {
    world = await makeWorld();
    other = await world.addTenant('other');
    owner = { db: world.owner, masterKey: world.env.masterKey };
  });
  afterAll(() => world.close());

  const message = (text: string) =>
    world.as('system', async ({ tx, tenantId, vault }) => {
      const id = newId<string>();
      await sql`insert into outbox_message (tenant_id, id, channel, recipient, body) values (${tenantId}, ${id}, 'sms', ${vault.seal(PHONE)}, ${vault.seal(text)})`.execute(
        tx,
      );
      return id;
    });
  const texts = () =>
    world.as('system', async ({ tx, vault }) => {
      const { rows } = await sql<{
        body: Buffer;
        recipient: Buffer;
      }>`select body, recipient from outbox_message order by id`.execute(tx);
      return rows.map((row) => `${vault.open(row.recipient)} ${vault.open(row.body)}`);
    });
  const keysInUse = () =>
    world.as('system', async ({ tx }) => {
      const { rows } = await sql<{
        body: Buffer;
        recipient: Buffer;
      }>`select body, recipient from outbox_message`.execute(tx);
      return [...new Set(rows.flatMap((row) => [keyNoOf(row.body), keyNoOf(row.recipient)]))].sort();
    });

  test('a value of another tenant does not open', async () => {
    const foreign = await world.as(
      { ...(await world.addPerson({ roles: [], tenantId: other })) },
      async ({ vault }) => vault.seal(ID_NUMBER),
    );
    await expect(world.as('system', async ({ vault }) => vault.open(foreign))).rejects.toThrow();
  });
  test('numbers that went in are nowhere in the clear in a dump of all tables, in no encoding', async () => {
    await message(`身份证 ${ID_NUMBER}`);
    expect(await findInDump(world.ownerUrl, [PHONE, ID_NUMBER])).toEqual([]);
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into job (tenant_id, id, kind, payload) values (${tenantId}, ${newId()}, 'leak', ${JSON.stringify({ phone: PHONE })}::jsonb),
        (${tenantId}, ${newId()}, 'leak', ${JSON.stringify({ id: Buffer.from(ID_NUMBER).toString('base64') })}::jsonb)`.execute(
        tx,
      ),
    );
    const found = await findInDump(world.ownerUrl, [PHONE, ID_NUMBER]);
    expect(found).toEqual([`public.job: ${PHONE}`, `public.job: ${ID_NUMBER}`]);
    await sql`delete from job`.execute(world.owner.kysely);
  });
  test('rotation that is killed between batches loses nothing, goes on where it stopped, and retires the old key', async () => {
    await world.as('system', async ({ tx, tenantId, vault }) => {
      const ids = Array.from({ length: 1100 }, () => newId<string>());
      await sql`insert into outbox_message (tenant_id, id, channel, recipient, body)
        select ${tenantId}, id, 'sms', recipient, body
        from unnest(${ids}::uuid[], ${ids.map(() => vault.seal(PHONE))}::bytea[], ${ids.map((id) => vault.seal(`消息 ${id}`))}::bytea[]) as m (id, recipient, body)`.execute(
        tx,
      );
    });
    const before = await texts();
    const blind = await world.as('system', async ({ vault }) => vault.blind(PHONE));
    let batches = 0;
    const killed = rotateKeys(owner, world.tenantId, {
      files: world.files,
      settleMs: 0,
      onBatch: () => {
        batches += 1;
        if (batches === 2) throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    expect(await keysInUse()).toEqual([1, 2]);
    expect(await texts()).toEqual(before);
    const done = await rotateKeys(owner, world.tenantId, { files: world.files, settleMs: 0 });
    expect(done).toMatchObject({ keyNo: 2, retired: [1] });
    expect(await keysInUse()).toEqual([2]);
    expect(await texts()).toEqual(before);
    expect(await world.as('system', async ({ vault }) => vault.blind(PHONE))).toEqual(blind);
    const keys = await sql<{ key_no: number; retired: boolean }>`
      select key_no, retired_at is not null as retired from tenant_key where tenant_id = ${world.tenantId} and purpose = 'data' order by 1`.execute(
      world.owner.kysely,
    );
    expect(keys.rows).toEqual([
      { key_no: 1, retired: true },
      { key_no: 2, retired: false },
    ]);
  });
  test('people work on while keys rotate: what they seal and open meanwhile is whole', async () => {
    const count = (await texts()).length;
    let writing = true;
    const writer = (async () => {
      let written = 0;
      while (writing) {
        await message(`同时写入 ${written}`);
        written += 1;
      }
      return written;
    })();
    const done = await rotateKeys(owner, world.tenantId, { files: world.files, settleMs: 0 });
    writing = false;
    const written = await writer;
    expect(done.keyNo).toBe(3);
    expect(await texts()).toHaveLength(count + written);
    expect(await keysInUse()).toEqual([3]);
  });
  test('a process that knows only the old key asks for the new one by itself', async () => {
    const knows = await world.as('system', async ({ vault }) => vault);
    await rotateKeys(owner, world.tenantId, { files: world.files, settleMs: 0 });
    const fresh = await world.as('system', async ({ vault }) => vault.seal('新'));
    expect(() => knows.open(fresh)).toThrow(expect.objectContaining({ code: '40001' }));
    forgetVaults();
    expect(await world.as('system', async ({ vault }) => vault.open(fresh))).toBe('新');
  });
});
