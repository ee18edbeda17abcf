import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId, type UserId } from '#platform/ids';
import { makeLog } from '#platform/log';
import { ok } from '#platform/result';
import type { Person, World } from '#platform/testing/app';
import {
  arrangeCaller,
  arrangeCase,
  arrangeWorld,
  DAY,
  MORNING,
  type Season,
} from '../follow-up/testing/arrange.ts';
import { absenceRecurring } from './jobs.ts';

/** Nobody's work lies with an account that nobody can use any more. */

const returned: UserId[] = [];
const job = absenceRecurring(async (_ctx, userId) => {
  returned.push(userId);
  return ok(1);
});

let world: World;
let season: Season;
beforeAll(async () => {
  ({ world, season } = await arrangeWorld());
});
beforeEach(() => {
  world.setClock(MORNING);
  returned.length = 0;
});
afterAll(() => world.close());

const turn = () =>
  job.run({ env: world.env, files: world.files, log: makeLog('silent'), tenantId: world.tenantId });
const expire = (who: Person, day: string) =>
  sql`update user_account set expires_on = ${day} where id = ${who.userId}`.execute(world.owner.kysely);
const shut = (who: Person) =>
  sql`update user_account set disabled_at = now() where id = ${who.userId}`.execute(world.owner.kysely);

test('the work of an account goes back the day after its last day', async () => {
  const caller = await arrangeCaller(world, season);
  await arrangeCase(world, season, { owner: caller });
  await expire(caller, '2026-07-22');
  await turn();
  expect(returned).toEqual([]);
  world.setClock(MORNING + DAY);
  await turn();
  expect(returned).toEqual([caller.userId]);
  await expire(caller, '2099-01-01');
});

test('so does the work of one that is shut, and of whoever answers for a hand-over only', async () => {
  const owner = await arrangeCaller(world, season);
  const { caseId } = await arrangeCase(world, season, { owner });
  await sql`update follow_up_case set owner_id = null where id = ${caseId}`.execute(world.owner.kysely);
  await sql`insert into escalation (tenant_id, id, case_id, tier, cause, summary, evidence, responsible_id, opened_at, accept_by)
    values (${world.tenantId}, ${newId()}, ${caseId}, 'leader', 'by_hand', '多次无人接听', '{}', ${owner.userId}, now(), now())`.execute(
    world.owner.kysely,
  );
  await turn();
  expect(returned).toEqual([]);
  await shut(owner);
  await turn();
  expect(returned).toEqual([owner.userId]);
  await sql`update user_account set disabled_at = null where id = ${owner.userId}`.execute(
    world.owner.kysely,
  );
});

test('one without open work is left alone', async () => {
  await shut(await arrangeCaller(world, season));
  const done = await arrangeCaller(world, season);
  const { caseId } = await arrangeCase(world, season, { owner: done });
  await sql`update follow_up_case set state = 'final', result = 'admitted', due_at = null, group_due_at = null, pool_due_at = null
    where id = ${caseId}`.execute(world.owner.kysely);
  await shut(done);
  await turn();
  expect(returned).toEqual([]);
});
