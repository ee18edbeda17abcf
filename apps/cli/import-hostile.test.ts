import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#platform/testing/database';
import { hostileFiles, moreHostileFiles } from '../../modules/delivery/testing/hostile.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const MINUTE_MS = 60_000;
const MEMORY_MAX_MIB = 512;

const folder = mkdtempSync(join(tmpdir(), 'zhizhao-hostile-'));
let database: TestDatabase;
let env: NodeJS.ProcessEnv;

interface Ended {
  code: number | null;
  out: string;
  error: string;
  peakMib: number;
  /** From the command to the first byte of the answer, the start of the process included. */
  answerSeconds: number;
}

/** Runs a command as a process of its own and follows its largest resident memory. */
function zhizhao(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(process.execPath, ['apps/cli/main.mjs', ...args], { cwd: root, env });
    let [out, error, peakMib, answerSeconds] = ['', '', 0, 0];
    child.stdout.on('data', (chunk: Buffer) => {
      answerSeconds ||= (performance.now() - started) / 1000;
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      error += chunk.toString();
    });
    const timer = setInterval(() => {
      peakMib = Math.max(peakMib, peakOf(child.pid ?? 0));
    }, 20);
    child.once('exit', (code) => {
      clearInterval(timer);
      resolve({ code, out, error, peakMib, answerSeconds });
    });
  });
}

/** VmHWM of Linux, in MiB; elsewhere 0. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

async function countRows(): Promise<string> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ counts: string }>(
    `select concat_ws('/', (select count(*) from season), (select count(*) from delivery_import), (select count(*) from candidate),
      (select count(*) from stored_file)) as counts`,
  );
  await client.end();
  return rows[0]?.counts ?? '';
}

beforeAll(async () => {
  database = await createTestDatabase();
  const key = randomBytes(32).toString('hex');
  env = { ...process.env, DATABASE_URL: database.ownerUrl, MASTER_KEY: key, DATA_DIR: join(folder, 'data') };
  await zhizhao('tenant', 'create', '--code', 'hos', '--name', '测试学院');
}, MINUTE_MS);
afterAll(async () => {
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

let year = 2030;
/** All of them with DELIVERY_HOSTILE=all. */
const tried = process.env.DELIVERY_HOSTILE === 'all' ? [...hostileFiles, ...moreHostileFiles] : hostileFiles;

test.each(tried)(
  '%s: bounded in memory, refused whole or taken in',
  { timeout: 2 * MINUTE_MS },
  async (what, make, code) => {
    const inside = await mkdtemp(join(folder, 'f-'));
    const path = await make(inside);
    const before = await countRows();
    year += 1;
    const where = [
      '--tenant',
      'hos',
      '--year',
      String(year),
      '--province',
      '51',
      '--batch',
      '本科批',
      '--json',
    ];
    const ended = await zhizhao('import', path, ...where);
    console.info(
      `${what}: ${ended.answerSeconds.toFixed(1)} s, ${Math.round(ended.peakMib)} MiB, ${code ?? 'taken in'}`,
    );
    rmSync(inside, { recursive: true });
    expect(ended.error).toBe('');
    const said = JSON.parse(ended.out) as {
      refused?: { code: string; message: string; details: { file: string } };
    };
    expect(said.refused?.code ?? null).toBe(code);
    expect(ended.code).toBe(code === null ? 0 : 1);
    expect(ended.peakMib).toBeLessThanOrEqual(MEMORY_MAX_MIB);
    if (code === null) return;
    expect(said.refused?.message).toMatch(/[一-龥].*[。]$/);
    expect(said.refused?.details.file).not.toBe('');
    expect(await countRows()).toBe(before);
  },
);
