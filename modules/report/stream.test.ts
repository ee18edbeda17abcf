import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatBearer } from '#platform/http/request-session';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import { arrangeCase, arrangeSeason, worldOptions } from '../follow-up/testing/arrange.ts';
import { reportEndpoints } from './routes.ts';

let world: World;
let address: string;
let office: Person;
let close: () => Promise<void>;

beforeAll(async () => {
  world = await makeWorld(worldOptions);
  const season = await arrangeSeason(world);
  await arrangeCase(world, season, { owner: null, policyId: season.withdrawable });
  office = await world.addPerson({ roles: ['admissions_office'] });
  const served = await serveEndpoints(world, reportEndpoints, { permissions: PERMISSIONS, permissionsOf });
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
