import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, args, { cwd: join(import.meta.dirname, '..') });

test('the lock file names the packages of every platform, or npm ci would refuse it', async () => {
  await expect(run('tools/lockfile.mjs', '--check')).resolves.toMatchObject({ stderr: '' });
});

test('a checkout that is ready needs nothing and says nothing, also when several commands start at once', async () => {
  const quiet = () => run('tools/setup.mjs', '--quiet', '--no-web');
  const results = await Promise.all([quiet(), quiet(), quiet()]);
  for (const { stdout, stderr } of results) expect(`${stdout}${stderr}`).toBe('');
});
