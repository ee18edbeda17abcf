import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorForLog, makeLog } from '#platform/log';
import { flushOutbox, sendLater } from '#platform/outbox';
import { readSpool, spool, sweepSpool } from '#platform/outbox-spool';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { findInDump } from '#platform/testing/dump';
import { permissionsOf } from '#staff/rules';
import { addFile, makeSeason } from '../../modules/candidate/testing/files.ts';
import { serveAll } from './testing/whole-server.ts';

/** ASVS 14.2.1, 16.2.5, 16.4.1; masked by default, sealed at rest: numbers, ID numbers and passwords go in by many ways and lie nowhere in clear. */
const PHONES = ['15412345671', '15412345672', '15412345673', '15412345674', '15412345675'] as const;
const IDS = ['11010519491231002X', '110105194912310038', '110105194912310046'] as const;
const PASSWORDS = ['canary-password-right-7', 'canary-password-wrong-8', 'canary-password-next-9'] as const;
const NAMES = ['金丝雀甲', '金丝雀乙'] as const;

let world: World;
let app: FastifyInstance;
let lines: string[];
let folder: string;
let office: Person;
let clerk: Person;
let admin: Person;
let close: () => Promise<void>;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  lines = [];
  const log = makeLog('trace', { write: (line: string) => void lines.push(line) });
  ({ app, close } = await serveAll(world, { log }));
  folder = await mkdtemp(join(tmpdir(), 'zhizhao-spool-'));
  office = await world.addPerson({ roles: ['admissions_office'] });
  clerk = await world.addPerson({ roles: ['file_clerk'] });
  admin = await world.addPerson({ roles: ['system_admin'] });
});
afterAll(async () => {
  await close();
  await world.close();
  await rm(folder, { recursive: true });
});

const post = (who: Person | null, url: string, body: unknown) =>
  request(app, who, { method: 'POST', url, body });

async function driveRoutes(): Promise<void> {
  const season = await world.as('system', makeSeason);
  const id = await world.as('system', (ctx) => addFile(ctx, season, { name: NAMES[0], idNumber: IDS[0] }));
  const father = { relation: 'father', source: '考生本人', basis: '考生本人告知' };
  const added = await post(office, `/candidates/${id}/phones`, { number: PHONES[0], ...father });
  expect(added.status).toBe(200);
  expect((await post(office, `/candidates/${id}/phones`, { number: PHONES[0], ...father })).status).toBe(409);
  expect(
    (await post(office, `/candidates/${id}/phones`, { number: `${PHONES[1]}x1`, ...father })).status,
  ).toBe(422);
  expect((await post(office, `/candidates/${id}/phones`, { number: PHONES[1], hidden: IDS[1] })).status).toBe(
    400,
  );
  expect(
    (await post(office, `/candidates/${id}/notes`, { body: `${NAMES[0]} 母亲 ${PHONES[1]} 证件 ${IDS[0]}` }))
      .status,
  ).toBe(200);
  const shown = await post(office, `/candidates/${id}/reveal`, {
    field: 'id_number',
    reason: `核对 ${IDS[0]} 电话 ${PHONES[2]}`,
  });
  expect(shown.body.value).toBe(IDS[0]);
  const lead = { name: NAMES[1], idNumber: IDS[1], phone: PHONES[3], source: '校园开放日' };
  expect((await post(office, '/leads', lead)).status).toBeLessThan(500);
  expect((await post(clerk, '/leads/import', lead)).status).toBeLessThan(500);
  expect((await post(office, '/search', { q: PHONES[0] })).status).toBe(200);
  await request(app, office, { method: 'GET', url: `/candidates/options?text=${IDS[0]}` });
  await request(app, null, {
    method: 'GET',
    url: `/candidates/${PHONES[4]}?name=${encodeURIComponent(NAMES[0])}`,
  });
}

async function driveSignIn(): Promise<void> {
  const made = await post(admin, '/staff/people', {
    username: 'canary',
    name: '工作人员',
    kind: 'teacher',
    roles: [],
  });
  expect(made.status).toBe(200);
  const code = String(made.body.initialCode);
  const credentials = { tenantCode: 'test', username: 'canary' };
  expect((await post(null, '/session', { ...credentials, password: PASSWORDS[1] })).status).toBe(401);
  expect(
    (await post(null, '/session', { ...credentials, username: 'a\nb\u001b[31m', password: PASSWORDS[1] }))
      .status,
  ).toBe(401);
  expect((await post(null, '/session', { ...credentials, password: code })).status).toBe(200);
  expect(await findInDump(world.ownerUrl, [code])).toEqual([]);
  expect(lines.join('')).not.toContain(code);
}

/** A fault in the database that quotes the values of the row it refuses. */
async function driveFault(): Promise<number> {
  await sql`alter table lead add constraint canary check (name <> ${sql.lit(NAMES[1])}) not valid`.execute(
    world.owner.kysely,
  );
  const lead = { name: NAMES[1], idNumber: IDS[2], phone: PHONES[4], source: '校园开放日' };
  const failed = await post(office, '/leads', lead);
  expect(JSON.stringify(failed.body)).not.toMatch(
    new RegExp(`${PHONES[4]}|${IDS[2]}|lead|constraint|at .*\\.ts`),
  );
  return failed.status;
}

async function driveOutbox(): Promise<void> {
  await world.as('system', (ctx) =>
    sendLater(ctx, { channel: 'sms', recipient: PHONES[2], body: `${NAMES[0]}同学您好` }),
  );
  expect(await flushOutbox(world.env, world.tenantId, new Map([['sms', spool(folder)]]))).toBe(1);
}

test('what goes in by many routes, in refusals and in faults, is in no log line, no table and no file in clear', async () => {
  await driveRoutes();
  await driveSignIn();
  await driveOutbox();
  expect(await driveFault()).toBe(500);
  const secrets = [...PHONES, ...IDS, ...PASSWORDS];
  const logged = lines.join('');
  expect(logged).toContain('canary');
  expect([...secrets, ...NAMES].filter((secret) => logged.includes(secret))).toEqual([]);
  // ASVS 16.2.2, 16.4.1: one line a record, its time in UTC.
  for (const line of lines)
    expect(JSON.parse(line), line).toMatchObject({ time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) });
  expect(await findInDump(world.ownerUrl, secrets)).toEqual([]);
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    expect([...secrets, ...NAMES].filter((secret) => text.includes(secret))).toEqual([]);
  }
});

test('spooled messages open for their own organisation only, and their files go after their day', async () => {
  const day = new Date().toISOString().slice(0, 10);
  const own = await world.as('system', (ctx) => readSpool(ctx, folder, day));
  expect(own).toMatchObject([{ channel: 'sms', recipient: PHONES[2], body: `${NAMES[0]}同学您好` }]);
  const foreign = await world.addPerson({ roles: [], tenantId: await world.addTenant('other') });
  expect(await world.as(foreign, (ctx) => readSpool(ctx, folder, day))).toEqual([]);
  expect(await sweepSpool(folder, Date.parse(day))).toBe(0);
  expect(await sweepSpool(folder, Date.parse(day) + 86_400_000)).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('an error is logged by type and place, without the values it quotes', () => {
  const error = Object.assign(new Error(`bad value "${PHONES[0]}"`, { cause: new Error(`of ${IDS[1]}`) }), {
    code: '23505',
    table: 'phone',
    detail: `Key (number)=(${PHONES[0]}) of ${NAMES[0]}`,
    parameters: [PASSWORDS[0]],
  });
  const logged = JSON.stringify(errorForLog(error));
  expect(logged).toContain('"code":"23505"');
  expect(logged).toContain('"table":"phone"');
  expect([PHONES[0], IDS[1], NAMES[0], PASSWORDS[0]].filter((secret) => logged.includes(secret))).toEqual([]);
});
