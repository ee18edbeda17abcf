import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadMasterKey } from './master-key.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhizhao-key-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('processes that start at once agree on one key, kept private', async () => {
  const keyFile = join(folder, 'new', 'master.key');
  const keys = await Promise.all(
    Array.from({ length: 20 }, () => loadMasterKey({ masterKey: null, keyFile })),
  );
  const first = await Promise.all(keys.map(async (ring) => (await ring.read())[0]?.toString('hex')));
  expect(new Set(first).size).toBe(1);
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, 'new'))).toEqual(['master.key']);
});

test.each([
  ['hex', 'ab'.repeat(32)],
  ['base64', Buffer.alloc(32, 7).toString('base64')],
])('a key given as %s is 32 bytes', async (_form, masterKey) => {
  const ring = await loadMasterKey({ masterKey, keyFile: '' });
  expect((await ring.read()).map((key) => key.length)).toEqual([32]);
});

test('a damaged key file is refused with its place', async () => {
  const keyFile = join(folder, 'short.key');
  await writeFile(keyFile, 'c2hvcnQ=', { mode: 0o600 });
  await expect(loadMasterKey({ masterKey: null, keyFile })).rejects.toThrow(/现为 5 字节.*short\.key/);
});

test('a key file that everybody may read, an empty one and a lost one are each refused in a sentence', async () => {
  const keyFile = join(folder, 'open.key');
  await writeFile(keyFile, Buffer.alloc(32, 1).toString('base64'));
  await chmod(keyFile, 0o644);
  await expect(loadMasterKey({ masterKey: null, keyFile })).rejects.toThrow(/所有人可读.*chmod 600/);
  await chmod(keyFile, 0o640);
  expect(await (await loadMasterKey({ masterKey: null, keyFile })).read()).toHaveLength(1);
  await writeFile(keyFile, '\n');
  await expect(loadMasterKey({ masterKey: null, keyFile })).rejects.toThrow('是空的');
  const lost = { masterKey: null, keyFile: join(folder, 'lost.key') };
  await expect(loadMasterKey(lost, false)).rejects.toThrow(/找不到主密钥文件.*lost\.key/);
  expect(await readdir(folder)).not.toContain('lost.key');
});
