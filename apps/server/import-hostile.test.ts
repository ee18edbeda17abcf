import { mkdtempSync, openAsBlob, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { formatBearer } from '#platform/http/request-session';
import { newId } from '#platform/ids';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { ensureBatch, ensureSeason } from '#season';
import { permissionsOf } from '#staff/rules';
import { hostileFiles, moreHostileFiles } from '../../modules/delivery/testing/hostile.ts';
import { type ServerProcess, startedServer } from './testing/server-process.ts';

/** The files of apps/cli/import-hostile.test.ts as a clerk brings them: uploaded to the real server, read by its job, answered on the page. */
const MINUTE_MS = 60_000;
const MEMORY_MAX_MIB = 512;
const ASK_AGAIN_MS = 50;

const folder = mkdtempSync(join(tmpdir(), 'zhizhao-hostile-http-'));
let world: World;
let server: ServerProcess & { url: string };
let clerk: Person;
let batchId: string;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  clerk = await world.addPerson({ roles: ['file_clerk'] });
  batchId = await world.as('system', async (ctx) => {
    const season = await ensureSeason(ctx, { year: 2023, collegeName: '测试学院' });
    return (await ensureBatch(ctx, { seasonId: season.id, code: '本科批' })).id;
  });
}, MINUTE_MS);
/** A fresh one for each file: what one file took of memory does not stand on another's bill. */
beforeEach(async () => {
  const { masterKey } = world.env;
  server = await startedServer({
    ...{ DATABASE_URL: world.ownerUrl, DATA_DIR: join(folder, 'data') },
    MASTER_KEY: Buffer.isBuffer(masterKey) ? masterKey.toString('hex') : '',
  });
}, MINUTE_MS);
afterEach(async () => {
  server.child.kill();
  await server.ended;
});
afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(path: string, body?: FormData): Promise<Record<string, unknown>> {
  const response = await fetch(new URL(`/api${path}`, server.url), {
    method: body ? 'POST' : 'GET',
    headers: {
      'x-requested-with': 'zhizhao',
      cookie: `zhizhao_session=${formatBearer(clerk)}`,
      ...(body && { 'idempotency-key': newId() }),
    },
    ...(body && { body }),
  });
  return (await response.json()) as Record<string, unknown>;
}

/** Uploads the file and asks until its preview or its refusal is there. */
async function upload(path: string): Promise<Record<string, unknown>> {
  const form = new FormData();
  form.append('file', await openAsBlob(path), basename(path));
  const { id } = await ask(`/imports?province=51&batchId=${batchId}&files=1`, form);
  for (;;) {
    const view = await ask(`/imports/${id}`);
    if (view.state !== 'uploaded' && view.state !== 'reading') return view;
    await wait(ASK_AGAIN_MS);
  }
}

/** Largest resident memory of the server, in MiB, on Linux; elsewhere 0. */
function peakMib(): number {
  try {
    const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
    return Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** All of them with DELIVERY_HOSTILE=all. */
const tried = process.env.DELIVERY_HOSTILE === 'all' ? [...hostileFiles, ...moreHostileFiles] : hostileFiles;

test.each(tried)(
  '%s: the upload is answered, within the memory',
  { timeout: 2 * MINUTE_MS },
  async (what, make, code) => {
    const inside = await mkdtemp(join(folder, 'f-'));
    const path = await make(inside);
    const started = performance.now();
    const view = await upload(path);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${what}: ${seconds} s, ${Math.round(peakMib())} MiB, ${code ?? 'preview'}\n`);
    rmSync(inside, { recursive: true });
    expect(view.state).toBe(code === null ? 'previewed' : 'refused');
    expect(peakMib()).toBeLessThanOrEqual(MEMORY_MAX_MIB);
    if (code !== null) expect(view.error).toMatchObject({ code, message: expect.stringMatching(/[一-龥]/) });
  },
);
