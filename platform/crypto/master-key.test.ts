import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
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
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, 'new'))).toEqual(['master.key']);
});

test.each([
  ['hex', 'ab'.repeat(32)],
  ['base64', Buffer.alloc(32, 7).toString('base64')],
])('a key given as %s is 32 bytes', async (_form, masterKey) => {
  expect((await loadMasterKey({ masterKey, keyFile: '' })).length).toBe(32);
});

test('a damaged key file is refused with its place', async () => {
  const keyFile = join(folder, 'short.key');
  await writeFile(keyFile, 'c2hvcnQ=');
  await expect(loadMasterKey({ masterKey: null, keyFile })).rejects.toThrow(/现为 5 字节.*short\.key/);
});
