import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { makeLog } from '#platform/log';
import { ok } from '#platform/result';
import { makeWorld, type World } from '#platform/testing/app';
import { defineJob, enqueue, type JobView, readJob } from './job.ts';
import { startJobs } from './runner.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world?.close());

/** Longer than progress is held back between two savings. */
const HELD_BACK_MS = 550;
const TRIES = 200;

const viewOf = (id: string): Promise<JobView | null> => world.as('system', (ctx) => readJob(ctx, id));

test('progress says since when its step goes on: the same within a step, anew with the next', async () => {
  const seen: JobView['progress'][] = [];
  const stepping = defineJob({
    kind: 'test.steps',
    payload: z.object({}),
    run: async ({ jobId, progress }) => {
      const report = async (step: string, done: number): Promise<void> => {
        await progress({ step, done, total: 3, unit: '行' });
        seen.push((await viewOf(jobId))?.progress ?? {});
        await wait(HELD_BACK_MS);
      };
      await report('正在读取', 1);
      await report('正在读取', 2);
      await report('正在写入', 1);
      return ok(null);
    },
  });
  const { env, files, ownerUrl } = world;
  const jobs = await startJobs({
    env,
    files,
    ownerUrl,
    log: makeLog('silent'),
    kinds: [stepping],
    recurring: [],
  });
  const id = await world.as('system', (ctx) => enqueue(ctx, 'test.steps', {}));
  for (let tries = 0; tries < TRIES && (await viewOf(id))?.state !== 'done'; tries += 1) await wait(50);
  await jobs.stop();
  const [first, second, third] = seen;
  expect(first).toMatchObject({ step: '正在读取', done: 1 });
  expect(first?.since).toBeGreaterThan(0);
  expect(second).toEqual({ ...first, done: 2 });
  expect(third?.step).toBe('正在写入');
  expect(third?.since).toBeGreaterThan(first?.since ?? 0);
});
