import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRotating, rotateKeys } from '#platform/crypto/rotate';
import { fitsDatabase, rewrapKeys } from '#platform/crypto/rotate-master';
import { forgetVaults } from '#platform/crypto/vault';
import { type Env, system } from '#platform/db/tenant';
import { readFile as readStored, removeFile, storeFile } from '#platform/files/files';
import { makeWorld, type World } from '#platform/testing/app';
import { addNewMasterKey, keepNewestMasterKey, loadMasterKey } from './master-key.ts';

const CANARY = '15400004321';

let world: World;
let owner: Env;
beforeAll(async () => {
  world = await makeWorld();
  owner = { db: world.owner, masterKey: world.env.masterKey };
});
afterAll(() => world.close());

const put = (name: string): Promise<string> =>
  world.as('system', async (ctx) => {
    const content = Buffer.from(`${name} ${CANARY}`.repeat(2000));
    return (await storeFile(ctx, world.files, { purpose: 'test', name, mediaType: 'text/plain' }, content))
      .id;
  });
const read = (id: string): Promise<string> =>
  world.as('system', async (ctx) => text(await readStored(ctx, world.files, id)));
const keyNos = async (): Promise<number[]> => {
  const { rows } = await sql<{ key_no: number }>`
    select key_no from stored_file where removed_at is null order by 1`.execute(world.owner.kysely);
  return rows.map((row) => row.key_no);
};

describe('rotation of the data key takes the file store along', () => {
  test('killed between files nothing is lost; started again it ends, and the old key is retired only then', async () => {
    const ids = [await put('甲'), await put('乙'), await put('丙')];
    const removed = await put('丁');
    await world.as('system', (ctx) => removeFile(ctx, world.files, removed));
    const killed = rotateKeys(owner, world.tenantId, {
      files: world.files,
      settleMs: 0,
      onBatch: ({ table }) => {
        if (table === 'stored_file') throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    expect(await keyNos()).toEqual([1, 1, 2]);
    expect(await isRotating(owner, world.tenantId)).toBe(true);
    for (const id of ids) expect(await read(id)).toContain(CANARY);
    const done = await rotateKeys(owner, world.tenantId, { files: world.files, settleMs: 0 });
    expect(done).toMatchObject({ keyNo: 2, files: 2, retired: [1] });
    expect(await keyNos()).toEqual([2, 2, 2]);
    expect(await isRotating(owner, world.tenantId)).toBe(false);
    expect((await read(ids[1] ?? '')).startsWith(`乙 ${CANARY}`)).toBe(true);
  });
  test('killed between the object and its row: the object names its key, and the next run finds that out', async () => {
    const id = await put('戊');
    await sql`update stored_file set key_no = 1 where id = ${id}`.execute(world.owner.kysely);
    expect(await read(id)).toContain('戊');
    await rotateKeys(owner, world.tenantId, { files: world.files, settleMs: 0 });
    expect(new Set(await keyNos())).toEqual(new Set([3]));
    expect(await read(id)).toContain('戊');
  });
  test('who reads while the object is replaced reads it whole', async () => {
    const id = await put('己');
    const stream = await world.as('system', (ctx) => readStored(ctx, world.files, id));
    await rotateKeys(owner, world.tenantId, { files: world.files, settleMs: 0 });
    expect(await text(stream)).toHaveLength(`己 ${CANARY}`.length * 2000);
  });
  test('a job that began before keeps the old key in force until it has ended', async () => {
    const jobs = (state: string) =>
      world.as('system', ({ tx, tenantId }) =>
        sql`insert into job (tenant_id, id, kind, state, started_at)
          values (${tenantId}, '00000000-0000-7000-8000-000000000001', 'import', ${state}, now() - interval '1 minute')
          on conflict (tenant_id, id) do update set state = excluded.state`.execute(tx),
      );
    await jobs('running');
    expect((await rotateKeys(owner, world.tenantId, { files: world.files, settleMs: 0 })).retired).toEqual(
      [],
    );
    await jobs('done');
    const done = await rotateKeys(owner, world.tenantId, { files: world.files, settleMs: 0 });
    expect(done.retired).toHaveLength(1);
  });
  test('start and end stand in the audit log, without any key', async () => {
    const { rows } = await sql<{ action: string }>`
      select action from audit_entry where subject_type = 'keys' order by at limit 2`.execute(
      world.owner.kysely,
    );
    expect(rows.map(({ action }) => action)).toEqual(['keys.rotation_started', 'keys.rotated']);
  });
});

describe('rotation of the master key', () => {
  test('a running server follows it; interrupted after any step, the next run ends it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zhizhao-ring-'));
    const keyFile = join(folder, 'master.key');
    const ownKey = world.env.masterKey;
    if (!Buffer.isBuffer(ownKey)) throw new Error('the test world has one key');
    await writeFile(keyFile, ownKey.toString('base64'), { mode: 0o600 });
    const source = { masterKey: null, keyFile };
    const server: Env = { db: world.env.db, masterKey: await loadMasterKey(source) };
    const command: Env = { db: world.owner, masterKey: await loadMasterKey(source) };
    const works = async (): Promise<boolean> => {
      forgetVaults();
      return fitsDatabase(server);
    };
    await addNewMasterKey(source);
    await addNewMasterKey(source);
    expect((await readFile(keyFile, 'utf8')).trim().split('\n')).toHaveLength(2);
    expect(await works()).toBe(true);
    expect(await rewrapKeys(command, system)).toBeGreaterThan(2);
    expect(await works()).toBe(true);
    await rewrapKeys(command, system);
    const until = await keepNewestMasterKey(keyFile, '2026-11-22');
    expect(await works()).toBe(true);
    expect((await stat(until)).mode & 0o777).toBe(0o600);
    expect((await readFile(until, 'utf8')).trim()).toBe(ownKey.toString('base64'));
    expect(await readdir(folder)).toHaveLength(2);
    expect(await fitsDatabase({ db: world.env.db, masterKey: ownKey })).toBe(false);
    await rm(folder, { recursive: true });
  });
  test('a foreign key is noticed before anything is read with it', async () => {
    expect(await fitsDatabase({ db: world.env.db, masterKey: randomBytes(32) })).toBe(false);
  });
});
