import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withTenant } from '#platform/db/tenant';
import { storeFile } from '#platform/files/files';
import type { JobContext } from '#platform/jobs/job';
import { makeLog } from '#platform/log';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { ensureBatch, ensureSeason } from '#season';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import { startImport } from './flow.service.ts';
import { deliveryJobs } from './jobs.ts';
import { deliveryEndpoints } from './routes.ts';
import { generateDelivery } from './testing/generate.ts';

let world: World;
let server: Awaited<ReturnType<typeof serveEndpoints>>;
let clerk: Person;
let caller: Person;
let folder: string;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  server = await serveEndpoints(world, deliveryEndpoints, { permissions: PERMISSIONS, permissionsOf });
  clerk = await world.addPerson({ roles: ['file_clerk'] });
  caller = await world.addPerson({ roles: ['caller'] });
  folder = await mkdtemp(join(tmpdir(), 'delivery-flow-'));
  await generateDelivery(folder, { form: '2012', rows: 60, dirtEvery: 9 });
});
afterAll(async () => {
  await server?.close();
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Does the work of a job as the runner would. */
async function work(kind: string, importId: string): Promise<unknown> {
  const job: JobContext = {
    ...{ env: world.env, files: world.files, log: makeLog('silent'), tenantId: world.tenantId },
    ...{ jobId: importId, createdBy: clerk.userId, progress: async () => undefined },
  };
  const found = deliveryJobs.find((known) => known.kind === kind);
  return found?.run(job, { importId } as never);
}

async function uploaded(bytes: Buffer, name: string): Promise<string> {
  return withTenant(world.env, { tenantId: world.tenantId, actor: clerk.actor }, async (ctx) => {
    const season = await ensureSeason(ctx, { year: 2023, collegeName: '测试学院' });
    const batch = await ensureBatch(ctx, { seasonId: season.id, code: '本科批' });
    const file = { purpose: 'delivery', name, mediaType: 'application/octet-stream' };
    const stored = await storeFile(ctx, world.files, file, Readable.from([bytes]));
    const started = await startImport(ctx, { province: '51', batchId: batch.id, file: stored });
    if (!started.ok) throw new Error(started.error.message);
    return started.value.id;
  });
}

const get = (path: string, who = clerk) => request(server.app, who, { method: 'GET', url: path });
const post = (path: string, body?: unknown, who = clerk) =>
  request(server.app, who, { method: 'POST', url: path, ...(body !== undefined && { body }) });

test('read, preview, confirm, apply once even when the job starts again, undo', async () => {
  const id = await uploaded(await readFile(join(folder, 't_tdd.dbf')), 't_tdd.dbf');
  expect((await post(`/imports/${id}/confirm`)).body.code).toBe('wrong_state');
  await work('delivery.read', id);
  const preview = await get(`/imports/${id}`);
  expect(preview.body).toMatchObject({ state: 'previewed', counts: { rows: 60 } });
  expect((await get(`/imports/${id}/findings`)).body).toHaveProperty('items.0.message');

  expect((await post(`/imports/${id}/confirm`)).status).toBe(200);
  await work('delivery.apply', id);
  await work('delivery.apply', id);
  const applied = await get(`/imports/${id}`);
  expect(applied.body).toMatchObject({
    state: 'applied',
    counts: (preview.body as { counts: object }).counts,
  });

  const undone = await post(`/imports/${id}/undo`, { reason: '下发了错误的文件' });
  expect(undone.body).toMatchObject({
    restored: 0,
    removed: (applied.body as { counts: { created: number } }).counts.created,
  });
});

test('a damaged file is refused with a sentence, and can be discarded', async () => {
  const whole = await readFile(join(folder, 't_tdd.dbf'));
  const id = await uploaded(whole.subarray(0, whole.length - 500), 't_tdd.dbf');
  await work('delivery.read', id);
  const view = await get(`/imports/${id}`);
  expect(view.body).toMatchObject({ state: 'refused', error: { file: 't_tdd.dbf' } });
  expect((await post(`/imports/${id}/discard`)).status).toBe(204);
});

test('a reading that failed for good is read again or discarded, never confirmed without a preview', async () => {
  const id = await uploaded(Buffer.from('x'), 'x.dbf');
  const jobId = String((await get(`/imports/${id}`)).body.jobId);
  await sql`update delivery_import set state = 'reading' where id = ${id}`.execute(world.owner.kysely);
  await sql`update job set state = 'failed' where id = ${jobId}`.execute(world.owner.kysely);
  expect(await post(`/imports/${id}/confirm`)).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
  expect((await post(`/imports/${id}/read-again`)).status).toBe(200);
});

test('callers neither see nor start imports', async () => {
  expect((await get('/imports', caller)).status).toBe(403);
  const id = await uploaded(Buffer.from('x'), 'x.dbf');
  expect((await post(`/imports/${id}/confirm`, undefined, caller)).status).toBe(403);
});
