import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPostmaster, stopPostmaster } from '#platform/db/postmaster';

/** Ctrl-C in the middle of a command: it leaves no database running, no half file and nothing half done. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const MINUTE_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'zhizhao-interrupt-'));
const dataDir = join(folder, 'data');

beforeAll(() => chmodSync(folder, 0o711));
afterAll(async () => {
  for (const name of ['data', 'restored']) await stopPostmaster(join(folder, name, 'pg'), 'immediate');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs a command; once standard error or `when` says so, it is told to stop. */
async function command(
  words: readonly string[],
  {
    stopAt,
    signal = 'SIGINT',
    at = dataDir,
  }: { stopAt?: () => boolean; signal?: NodeJS.Signals; at?: string } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ['apps/cli/main.mjs', ...words, '--json'], {
    cwd: root,
    env: { PATH: process.env.PATH, DATA_DIR: at },
  });
  const said = { out: '', error: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.error += chunk.toString();
  });
  const closed = once(child, 'close');
  const timer = setInterval(() => {
    if (!stopAt?.()) return;
    clearInterval(timer);
    child.kill(signal);
  }, 2);
  const [code] = await closed;
  clearInterval(timer);
  return { code, ...said };
}

const stopped = {
  code: 1,
  out: `${JSON.stringify({ interrupted: { message: '已按要求停止，命令没有完成。' } })}\n`,
  error: expect.stringContaining('正在停止……'),
};
const databaseRuns = (): boolean => findPostmaster(join(dataDir, 'pg')) !== null;

test(
  'building the demonstration: the database stops too, and the next try builds it anew',
  async () => {
    const isBuilding = () => existsSync(join(dataDir, 'demo-unfinished'));
    expect(await command(['demo', '--size', 'small'], { stopAt: isBuilding })).toMatchObject(stopped);
    expect(databaseRuns()).toBe(false);
    expect((await command(['demo', '--size', 'small'])).code).toBe(0);
    expect((await command(['verify', 'follow-up', '--tenant', 'demo'])).code).toBe(0);
    expect(databaseRuns()).toBe(false);
  },
  5 * MINUTE_MS,
);

test(
  'a backup: no file, no half of one; a restore: an empty folder, in which the next try succeeds',
  async () => {
    const file = join(folder, 'a.zip');
    const isWriting = () => existsSync(`${file}.part`);
    expect(await command(['backup', file], { stopAt: isWriting, signal: 'SIGTERM' })).toMatchObject(stopped);
    expect(readdirSync(folder).filter((name) => name.startsWith('a.zip'))).toEqual([]);
    expect(databaseRuns()).toBe(false);
    expect((await command(['backup', file])).code).toBe(0);
    const at = join(folder, 'restored');
    const isUnpacking = () => existsSync(join(at, 'restore.part', 'pg', 'PG_VERSION'));
    expect(await command(['restore', file], { stopAt: isUnpacking, at })).toMatchObject(stopped);
    expect(readdirSync(at)).toEqual([]);
    expect((await command(['restore', file], { at })).code).toBe(0);
  },
  5 * MINUTE_MS,
);

test(
  'output that nobody reads to its end is no fault; what cannot be written at all is',
  async () => {
    const shell = async (line: string): Promise<Ended> => {
      const child = spawn('bash', ['--norc', '-c', `set -o pipefail; ${line}`], {
        cwd: root,
        env: { PATH: process.env.PATH, DATA_DIR: dataDir, NODE: process.execPath },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said = { out: '', error: '' };
      child.stderr.on('data', (chunk: Buffer) => {
        said.error += chunk.toString();
      });
      const [code] = await once(child, 'close');
      return { code, ...said };
    };
    expect(await shell('"$NODE" apps/cli/main.mjs register --json | head -c 10')).toMatchObject({
      code: 0,
      error: '',
    });
    if (process.platform !== 'linux') return;
    expect(await shell('"$NODE" apps/cli/main.mjs tenant list > /dev/full')).toMatchObject({
      code: 1,
      error: expect.stringContaining('结果没有写出来'),
    });
    expect(databaseRuns()).toBe(false);
  },
  MINUTE_MS,
);

test(
  'a file that cannot be written is a sentence, and one that is there stays whole',
  async () => {
    const words = ['export', 'decisions', '--tenant', 'demo', '--reason', '核对台账', '--out'];
    for (const [out, sentence] of [
      [folder, '这是一个文件夹'],
      [join(folder, 'nowhere', 'a.dbf'), '没有这个文件夹'],
    ] as const) {
      const { code, out: said, error } = await command([...words, out]);
      expect([code, JSON.parse(said).setup.message]).toEqual([2, expect.stringContaining(sentence)]);
      expect(error).not.toMatch(/\n\s+at /);
    }
    const kept = join(folder, 'kept.dbf');
    writeFileSync(kept, 'old');
    expect((await command([...words, kept, '--province', '99'])).code).toBe(1);
    expect(readdirSync(folder).filter((name) => name.startsWith('kept'))).toEqual(['kept.dbf']);
    expect((await command([...words, kept])).code).toBe(0);
    const empty = join(folder, 'empty');
    const { code, out: said } = await command(['backup', join(folder, 'b.zip')], { at: empty });
    expect([code, JSON.parse(said).setup.message]).toEqual([2, expect.stringContaining('没有可备份的内容')]);
    expect(existsSync(empty)).toBe(false);
  },
  MINUTE_MS,
);
