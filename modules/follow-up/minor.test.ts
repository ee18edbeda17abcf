import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { insertCallback } from './callback.store.ts';
import { applyCases, readCase } from './case.store.ts';
import { claim } from './claim.service.ts';
import { returnToPool } from './minor.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeSeason,
  DAY,
  MORNING,
  type Season,
  worldOptions,
} from './testing/arrange.ts';
import { verifyFollowUp } from './verify.ts';

/** 未成年人网络保护条例 art. 36: a minor is called by the owner or the group; by others only when the office has approved it. */

let world: World;
let season: Season;
let owner: Person;
let colleague: Person;
let outsider: Person;
let minor: { caseId: string; candidateId: string };
const EIGHTEEN = '2026-07-25';

beforeAll(async () => {
  world = await makeWorld(worldOptions);
  world.setClock(MORNING);
  season = await arrangeSeason(world);
  owner = await arrangeCaller(world, season);
  colleague = await arrangeCaller(world, season);
  outsider = await arrangeCaller(world, season, { grouped: false });
  minor = await arrangeCase(world, season, { owner });
  await sql`update candidate set minor_until = ${EIGHTEEN} where id = ${minor.candidateId}`.execute(
    world.owner.kysely,
  );
});
afterAll(() => world.close());

/** What a caller gets: the candidate in hand, given back at once; or the sentence. */
async function pulled(who: Person): Promise<string | undefined> {
  const result = await world.as(who, (ctx) => claim(ctx, {}));
  if (!result.ok) return result.error.message;
  const { lease, nothing } = result.value;
  if (!lease) return nothing?.message;
  await sql`update lease set ended_at = opened_at, end_reason = 'released' where id = ${lease.id}`.execute(
    world.owner.kysely,
  );
  return lease.case.id;
}
const approve = async (version: number, open: boolean) =>
  sql`insert into follow_up_setting (tenant_id, season_id, version, body, changed_by, changed_at, reason)
    values (${world.tenantId}, ${season.seasonId}, ${version}, ${JSON.stringify({ minorsOutsideGroups: open })}::jsonb,
      ${owner.userId}, ${new Date(MORNING)}, '测试')`.execute(world.owner.kysely);

test('a minor that lies open to all is not given to an outsider, who is told why and what to do', async () => {
  world.setClock(MORNING + 2 * DAY);
  expect(await pulled(outsider)).toMatch(/有 1 名未成年考生没有放给您.*“设置 > 回访规则”/);
  expect(await pulled(outsider)).toBe('现在没有到时间该拨打的考生。');
  expect(await world.as('system', returnToPool)).toBe(0);
  expect((await world.as('system', verifyFollowUp)).faults).toEqual([]);
});

test('with the approval of the office the kept one returns to the pool and is pulled', async () => {
  await approve(1, true);
  expect(await world.as('system', returnToPool)).toBe(1);
  expect(await world.as('system', returnToPool)).toBe(0);
  expect(await pulled(outsider)).toBe(minor.caseId);
});

test('group and owner pull a minor without it', async () => {
  await approve(2, false);
  const own = await arrangeCase(world, season, { owner, dueAt: MORNING });
  const ofGroup = await arrangeCase(world, season, { owner: null, dueAt: MORNING });
  await sql`update candidate set minor_until = ${EIGHTEEN} where id in (${own.candidateId}, ${ofGroup.candidateId})`.execute(
    world.owner.kysely,
  );
  expect(await pulled(owner)).toBe(own.caseId);
  expect(await pulled(colleague)).toBe(ofGroup.caseId);
});

test('a promised call-back that was kept returns as well', async () => {
  const promised = await arrangeCase(world, season, { owner, dueAt: MORNING });
  await sql`update candidate set minor_until = ${EIGHTEEN} where id = ${promised.candidateId}`.execute(
    world.owner.kysely,
  );
  await promise(promised.caseId);
  expect(await pulled(outsider)).toMatch(/有 1 名未成年考生没有放给您/);
  expect(await world.as('system', returnToPool)).toBe(0);
  await approve(3, true);
  expect(await world.as('system', returnToPool)).toBe(1);
  expect(await pulled(outsider)).toBe(promised.caseId);
  await approve(4, false);
});

/** Makes the case a call-back whose owner and group let it pass. */
const promise = (caseId: string) =>
  world.as('system', async (ctx) => {
    const row = await readCase(ctx, caseId);
    if (!row) throw new Error('no case');
    const callbackId = await insertCallback(ctx, {
      caseId: row.id,
      dueAt: MORNING,
      scope: 'any',
      note: '',
      createdBy: owner.userId,
    });
    const after = { state: 'scheduled', callback_id: callbackId, pool_due_at: MORNING } as const;
    await applyCases(ctx, [{ case: row, kind: 'released', at: ctx.now, after }]);
  });

test('on the eighteenth birthday nobody needs to approve any more', async () => {
  world.setClock(MORNING);
  const { caseId, candidateId } = await arrangeCase(world, season, { owner, dueAt: MORNING });
  const never = await arrangeCase(world, season, { owner, dueAt: MORNING });
  await sql`update candidate set minor_until = ${EIGHTEEN} where id in (${candidateId}, ${never.candidateId})`.execute(
    world.owner.kysely,
  );
  await sql`update follow_up_case set pool_due_at = null where id = ${never.caseId}`.execute(
    world.owner.kysely,
  );
  world.setClock(MORNING + 2 * DAY);
  expect(await pulled(outsider)).not.toBe(caseId);
  expect(await world.as('system', returnToPool)).toBe(0);
  world.setClock(MORNING + 3 * DAY);
  expect(await world.as('system', returnToPool)).toBe(1);
  expect(await pulled(outsider)).toBe(caseId);
});
