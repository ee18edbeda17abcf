import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWorld, type World } from '#platform/testing/app';
import { readSpool, spool, sweepSpool } from './outbox-spool.ts';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await makeWorld();
  folder = await mkdtemp(join(tmpdir(), 'zhizhao-spool-'));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const DAY_MS = 86_400_000;
/** Half past six in the morning of 20 July in China, still the 19th in London. */
const MORNING = Date.parse('2026-07-20T06:30:00+08:00');

test('a message stands under the day it has in China, and goes with that day', async () => {
  world.setClock(MORNING);
  const message = { channel: 'sms', recipient: '15400000001', body: '请回电' };
  await world.as('system', (ctx) =>
    spool(folder)({ id: '01900000-0000-7000-8000-000000000001', tenantId: world.tenantId, ...message }, ctx),
  );
  const read = (day: string) => world.as('system', (ctx) => readSpool(ctx, folder, day));
  expect(await read('2026-07-19')).toEqual([]);
  expect(await read('2026-07-20')).toMatchObject([message]);
  expect(await sweepSpool(folder, MORNING)).toBe(0);
  expect(await sweepSpool(folder, MORNING + DAY_MS)).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});
