import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { writeXlsx } from 'hucre/xlsx';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withTenant } from '#platform/db/tenant';
import { findFile, readFile as readStored } from '#platform/files/files';
import { formatBearer } from '#platform/http/request-session';
import type { JobContext } from '#platform/jobs/job';
import { makeLog } from '#platform/log';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { ensureBatch, ensureSeason } from '#season';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import { deliveryJobs } from './jobs.ts';
import { deliveryEndpoints } from './routes.ts';
import { dbfBytes } from './testing/dbf.ts';
import { generateDelivery } from './testing/generate.ts';

/** Everything a clerk does with an import, through the routes. */
let world: World;
let server: Awaited<ReturnType<typeof serveEndpoints>>;
let clerk: Person;
let batchId: string;
let folder: string;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  server = await serveEndpoints(world, deliveryEndpoints, { permissions: PERMISSIONS, permissionsOf });
  clerk = await world.addPerson({ roles: ['file_clerk'] });
  folder = await mkdtemp(join(tmpdir(), 'delivery-upload-'));
  batchId = await world.as('system', async (ctx) => {
    const season = await ensureSeason(ctx, { year: 2023, collegeName: '测试学院' });
    return (await ensureBatch(ctx, { seasonId: season.id, code: '本科批' })).id;
  });
});
afterAll(async () => {
  await server?.close();
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string) => request(server.app, clerk, { method: 'GET', url: path });
const post = (path: string, body?: unknown) =>
  request(server.app, clerk, { method: 'POST', url: path, ...(body !== undefined && { body }) });

async function work(kind: string, importId: string): Promise<void> {
  const job: JobContext = {
    ...{ env: world.env, files: world.files, log: makeLog('silent'), tenantId: world.tenantId },
    ...{ jobId: importId, createdBy: clerk.userId, progress: async () => undefined },
  };
  await deliveryJobs.find((known) => known.kind === kind)?.run(job, { importId } as never);
}

type Files = Readonly<Record<string, Buffer | Uint8Array | string>>;

/** Uploads as a browser does and has it read; the view of the import. */
async function upload(files: Files) {
  const body = new FormData();
  for (const [name, bytes] of Object.entries(files))
    body.append('file', new Blob([Buffer.from(bytes)]), name);
  const count = Object.keys(files).length;
  const sent = await post(`/imports?province=51&batchId=${batchId}&files=${count}`, body);
  if (sent.status !== 200) return sent;
  await work('delivery.read', String(sent.body.id));
  return get(`/imports/${sent.body.id}`);
}

async function apply(id: unknown) {
  const confirmed = await post(`/imports/${id}/confirm`);
  if (confirmed.status !== 200) return confirmed;
  await work('delivery.apply', String(id));
  return get(`/imports/${id}`);
}

const no = (index: number): string => `23519900${String(index).padStart(6, '0')}`;
const COLUMNS = ['KSH', 'XM', 'SFZH', 'LXSJ', 'TDCJ', 'TDDW'].map((name) => ({ name, length: 20 }));
const table = (...rows: string[][]): Buffer => dbfBytes(COLUMNS, rows);
const person = (index: number, change: { score?: string } = {}): string[] => [
  ...[no(index), '余子和', '', `1540001${String(index).padStart(4, '0')}`, change.score ?? '500', '5131'],
];

const picture = (shade: number): Promise<Buffer> =>
  sharp({ create: { width: 30, height: 40, channels: 3, background: { r: shade, g: 90, b: 90 } } })
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '30/1 40/1 0/1' } })
    .jpeg()
    .toBuffer();

async function photoOf(candidateNo: string) {
  return withTenant(world.env, { tenantId: world.tenantId, actor: clerk.actor }, async (ctx) => {
    const { rows } = await sql<{ id: string | null }>`
      select photo_file_id as id from candidate where tenant_id = ${ctx.tenantId} and candidate_no = ${candidateNo}`.execute(
      ctx.tx,
    );
    const id = rows[0]?.id ?? '';
    return { id, bytes: await buffer(await readStored(ctx, world.files, id)) };
  });
}

test('a whole folder in one upload: tables, notes and photos without their place', async () => {
  await generateDelivery(join(folder, 'd'), { form: '2017', rows: 30 });
  const files: Record<string, Buffer> = {
    '四川/说明.doc': Buffer.from([1, 0, 2]),
    '四川/Thumbs.db': Buffer.from([0]),
  };
  for (const name of await readdir(join(folder, 'd')))
    files[`四川/${name}`] = await readFile(join(folder, 'd', name));
  const located = await picture(10);
  expect((await sharp(located).metadata()).exif).toBeDefined();
  files['四川/照片/23510000000003.jpg'] = located;
  const view = await upload(files);
  expect(view.body).toMatchObject({
    state: 'previewed',
    form: '2017',
    counts: { rows: 30, candidates: 30, created: 30, findings: { file_unknown: 1, file_system: 1 } },
  });
  expect((await apply(view.body.id)).body).toMatchObject({ state: 'applied', counts: { created: 30 } });
  const photo = await photoOf('23510000000003');
  expect(await sharp(photo.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 30 });
  expect((await sharp(photo.bytes).metadata()).exif).toBeUndefined();

  const again = await upload(files);
  expect(again.body).toMatchObject({ counts: { created: 0, updated: 0, unchanged: 30 } });
});

test('a file of another kind is refused with a sentence', async () => {
  expect(await upload({ 'a.png': await picture(20) })).toMatchObject({
    status: 422,
    body: { code: 'unknown_type' },
  });
});

test('a sheet without known headings is named, mapped, and remembered for the next one', async () => {
  const sheet = (index: number): string =>
    `报考编号,称呼,电话号\n${no(index)},余子和,1540002${String(index).padStart(4, '0')}\n`;
  const first = await upload({ '名单.csv': sheet(1) });
  expect(first.body).toMatchObject({
    state: 'refused',
    error: { code: 'no_candidate_no', file: '名单.csv' },
    headings: [{ heading: '报考编号' }, { heading: '称呼' }, { heading: '电话号' }],
  });
  const mapping = { 报考编号: 'KSH', 称呼: 'XM', 电话号: 'LXSJ' };
  expect((await post(`/imports/${first.body.id}/mapping`, { mapping })).status).toBe(200);
  await work('delivery.read', String(first.body.id));
  expect((await get(`/imports/${first.body.id}`)).body).toMatchObject({
    state: 'previewed',
    counts: { candidates: 1, noPhone: 0 },
  });
  const second = await upload({ '另一份.csv': sheet(2) });
  expect(second.body).toMatchObject({
    state: 'previewed',
    counts: { candidates: 1, noPhone: 0, namesLost: 0 },
  });
  const book = await writeXlsx({
    sheets: [
      {
        name: '名单',
        rows: [
          ['报考编号', '称呼', '电话号'],
          [no(3), '余子和', '15400020003'],
        ],
      },
    ],
  });
  expect((await upload({ '名单.xlsx': book })).body).toMatchObject({
    state: 'previewed',
    counts: { candidates: 1 },
  });
});

test('a preview that another import overtook is not confirmed; read again it is', async () => {
  const slow = await upload({ 'T_TDD.DBF': table(person(10), person(11)) });
  expect(slow.body).toMatchObject({ counts: { created: 2 } });
  const quick = await upload({ 'T_TDD.DBF': table(person(10)) });
  expect((await apply(quick.body.id)).body).toMatchObject({ state: 'applied' });
  const stale = await apply(slow.body.id);
  expect(stale).toMatchObject({ status: 409, body: { code: 'stale' } });
  expect(stale.body.message).toContain('重新核对');
  expect((await post(`/imports/${slow.body.id}/read-again`)).status).toBe(200);
  await work('delivery.read', String(slow.body.id));
  expect((await apply(slow.body.id)).body).toMatchObject({
    state: 'applied',
    counts: { created: 1, unchanged: 1 },
  });
});

test('undo lets the photos go; after a first contact it is refused with the number of people and what to do', async () => {
  const done = await apply(
    (await upload({ 'T_TDD.DBF': table(person(20)), [`${no(20)}.jpg`]: await picture(40) })).body.id,
  );
  const { id: fileId } = await photoOf(no(20));
  expect((await post(`/imports/${done.body.id}/undo`, { reason: '下发了错误的文件' })).body).toMatchObject({
    removed: 1,
  });
  const expired = await world.as('system', async (ctx) => {
    const { rows } = await sql<{ due: boolean }>`
      select remove_after <= now() as due from stored_file where tenant_id = ${ctx.tenantId} and id = ${fileId}`.execute(
      ctx.tx,
    );
    return { known: (await findFile(ctx, fileId)) !== null, due: rows[0]?.due };
  });
  expect(expired).toEqual({ known: true, due: true });

  const called = await apply((await upload({ 'T_TDD.DBF': table(person(30), person(31)) })).body.id);
  await sql`
    insert into follow_up_case (tenant_id, id, season_id, policy_id, candidate_id, phase, state, due_at, dials, event_hash, created_at, updated_at)
    select tenant_id, new_id(), season_id, policy_id, id, 'filing', 'ready', now(), 1, ''::bytea, now(), now() from candidate where candidate_no = ${no(30)}`.execute(
    world.owner.kysely,
  );
  const refused = await post(`/imports/${called.body.id}/undo`, { reason: '下发了错误的文件' });
  expect(refused).toMatchObject({ status: 409, body: { code: 'contacted', details: { contacted: 1 } } });
  expect(refused.body.message).toMatch(/1 人.*请/);
});

test('findings as CSV: marked UTF-8, quoted, and nothing that a spreadsheet would run', async () => {
  const view = await upload({ 'T_TDD.DBF': table(person(40), ['=1+1', '何某', '', '', '', '']) });
  const sent = await server.app.inject({
    method: 'GET',
    url: `/api/imports/${view.body.id}/findings.csv`,
    headers: { cookie: `zhizhao_session=${formatBearer(clerk)}` },
  });
  expect(sent.headers['content-type']).toContain('text/csv');
  expect(sent.body.startsWith('\ufeff"级别","文件"')).toBe(true);
  expect(sent.body).toContain('"拒收","T_TDD.DBF","2"');
  expect(sent.body).not.toMatch(/"[=+@-]/);
});

test('findings as CSV are all there, more than a page of them too', async () => {
  const bad = Array.from({ length: 5200 }, (_, index) => [`${index}`, '何某', '', '', '', '']);
  const view = await upload({ 'T_TDD.DBF': table(person(50), ...bad) });
  const sent = await server.app.inject({
    method: 'GET',
    url: `/api/imports/${view.body.id}/findings.csv`,
    headers: { cookie: `zhizhao_session=${formatBearer(clerk)}` },
  });
  expect(sent.body.match(/^"拒收"/gm)).toHaveLength(5200);
});
