import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handleStream } from '#platform/http/endpoint';
import { formatBearer } from '#platform/http/request-session';
import { ok } from '#platform/result';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import { arrangeCase, arrangeSeason, worldOptions } from '../follow-up/testing/arrange.ts';
import { wallboardStream } from './contract.ts';
import { streamWallboard } from './wallboard.stream.ts';

/** The session is looked at often, so that no test waits for it. */
const stream = handleStream(wallboardStream, async (io) => {
  streamWallboard(io, 50);
  return ok(undefined);
});

let world: World;
let address: string;
let office: Person;
let close: () => Promise<void>;

beforeAll(async () => {
  world = await makeWorld(worldOptions);
  const season = await arrangeSeason(world);
  await arrangeCase(world, season, { owner: null, policyId: season.withdrawable });
  office = await world.addPerson({ roles: ['admissions_office'] });
  const served = await serveEndpoints(world, () => [stream], { permissions: PERMISSIONS, permissionsOf });
  address = await served.app.listen({ port: 0, host: '127.0.0.1' });
  close = served.close;
});
afterAll(async () => {
  await close();
  await world.close();
});

const open = (who: Person, signal: AbortSignal) =>
  fetch(`${address}/api/reports/wallboard/stream`, {
    headers: { cookie: `zhizhao_session=${formatBearer(who)}`, 'x-requested-with': 'zhizhao' },
    signal,
  });

/** Opens the stream and reads until an event has come. */
async function firstLine(who: Person): Promise<unknown> {
  const stop = new AbortController();
  const response = await open(who, stop.signal);
  let text = '';
  for await (const part of response.body ?? []) {
    text += new TextDecoder().decode(part);
    if (/event: wallboard\ndata: .+\n\n/.test(text)) break;
  }
  stop.abort();
  const board = JSON.parse(/event: wallboard\ndata: (.+)\n/.exec(text)?.[1] ?? 'null');
  return board?.conservation;
}

test('a viewer gets the board at once, so does a second one, and one who comes after all had left', async () => {
  const ready = expect.objectContaining({ ready: 1 });
  expect(await Promise.all([firstLine(office), firstLine(office)])).toEqual([ready, ready]);
  expect(await firstLine(office)).toEqual(ready);
});

test('a caller does not see the season', async () => {
  const caller = await world.addPerson({ roles: ['caller'] });
  const response = await open(caller, AbortSignal.timeout(20_000));
  expect(response.status).toBe(403);
});

test.each<[why: string, change: (userId: string) => RawBuilder<unknown>]>([
  [
    'its session was ended',
    (id) => sql`update session set ended_at = now(), end_reason = 'ended' where user_id = ${id}`,
  ],
  ['its account was disabled', (id) => sql`update user_account set disabled_at = now() where id = ${id}`],
  ['its roles changed', (id) => sql`delete from user_role where user_id = ${id}`],
  [
    'it was idle too long',
    (id) => sql`update session set last_seen_at = now() - interval '31 minutes' where user_id = ${id}`,
  ],
])('a stream ends when %s, and is not opened again', async (_why, change) => {
  const viewer = await world.addPerson({ roles: ['admissions_office'] });
  const response = await open(viewer, AbortSignal.timeout(20_000));
  expect(response.status).toBe(200);
  await change(viewer.userId).execute(world.owner.kysely);
  // Read to its end: the server closes it.
  await response.text();
  const again = await open(viewer, AbortSignal.timeout(20_000));
  expect([401, 403]).toContain(again.status);
});

test('a college sees its own season only', async () => {
  const tenantId = await world.addTenant('other');
  const stranger = await world.addPerson({ roles: ['admissions_office'], tenantId });
  const stop = new AbortController();
  const response = await open(stranger, stop.signal);
  const reader = response.body?.getReader();
  let text = '';
  while (!text.includes(': ')) text += new TextDecoder().decode((await reader?.read())?.value);
  stop.abort();
  // It has no season: nothing but a sign of life.
  expect(text).not.toContain('event: wallboard');
});
