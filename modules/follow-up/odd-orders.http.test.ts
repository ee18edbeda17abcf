import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import { type Answer, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import { takeBackCases } from '../assignment/change.service.ts';
import { returnAllOf } from '../assignment/index.ts';
import { type CaseRow, readCase } from './case.store.ts';
import { blockCase, closeCase } from './lifecycle.service.ts';
import { expireLease, overdueLeases } from './release.service.ts';
import { followUpEndpoints } from './routes.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangeWorld,
  closeVerified,
  DAY,
  HOUR,
  MINUTE,
  MORNING,
  type Season,
} from './testing/arrange.ts';
import { form } from './testing/calls.ts';
import type { WorkView } from './work.contract.ts';

/** What happens in an order nobody planned for: twice, too late, across midnight, while somebody else decides about the same case. */

let world: World;
let season: Season;
let server: Awaited<ReturnType<typeof serveEndpoints>>;
let caller: Person;
let leader: Person;

beforeAll(async () => {
  ({ world, season } = await arrangeWorld());
  server = await serveEndpoints(world, followUpEndpoints, { permissions: PERMISSIONS, permissionsOf });
  leader = await arrangeLeader(world, season);
});
afterAll(async () => {
  await server.close();
  await closeVerified(world);
});
beforeEach(async () => {
  world.setClock(MORNING);
  caller = await arrangeCaller(world, season);
});

/** What a test leaves waiting is taken out of the queue, so that nobody pulls it in the next. */
afterEach(() =>
  world.as('system', async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select id from follow_up_case where state in ('ready', 'scheduled')`.execute(ctx.tx);
    for (const { id: caseId } of rows)
      await blockCase(ctx, { caseId, reason: 'decision', inChargeId: leader.userId, causeId: null });
  }),
);

const post = (who: Person, url: string, body: unknown = {}): Promise<Answer> =>
  request(server.app, who, { method: 'POST', url, body });
const work = async (who: Person, url: string, body: unknown = {}): Promise<WorkView> => {
  const answer = await post(who, url, body);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  return answer.body as unknown as WorkView;
};
const claim = (who: Person): Promise<WorkView> => work(who, '/queue/claim');
const pathOf = ({ lease }: WorkView, step: string): string => `/queue/leases/${lease?.id ?? ''}/${step}`;
const phoneOf = ({ lease }: WorkView, at = 0): string => lease?.numbers[at]?.phoneId ?? '';
const state = (caseId: string): Promise<CaseRow | null> => world.as('system', (ctx) => readCase(ctx, caseId));
const attemptsOf = async (caseId: string): Promise<{ outcome: string; day: string }[]> =>
  (
    await world.as('system', ({ tx }) =>
      sql<{ outcome: string; day: string }>`
        select outcome, (started_at at time zone 'Asia/Shanghai')::date::text as day from attempt
        where case_id = ${caseId} order by created_at, id`.execute(tx),
    )
  ).rows;
const sweep = async (): Promise<void> => {
  for (const id of await world.as('system', overdueLeases))
    await world.as('system', (ctx) => expireLease(ctx, id));
};
/** A case of the caller's own, in hand and dialled. */
async function dialled(
  given: Parameters<typeof arrangeCase>[2] = {},
): Promise<{ caseId: string; held: WorkView }> {
  const { caseId } = await arrangeCase(world, season, { owner: caller, ...given });
  const held = await claim(caller);
  expect(held.lease?.case.id).toBe(caseId);
  await post(caller, pathOf(held, 'dial'), { phoneId: phoneOf(held) });
  return { caseId, held };
}
const R3 = { result: 'R3' as const, next: false };

describe('sent twice', () => {
  test('under the same key with another result: the first stands, and nothing is added', async () => {
    const { caseId, held } = await dialled();
    const sent = form(held, { line: 'L5', next: false });
    await work(caller, pathOf(held, 'finish'), sent);
    await work(caller, pathOf(held, 'finish'), { ...sent, line: null, result: 'R5' });
    expect(await attemptsOf(caseId)).toMatchObject([{ outcome: 'L5' }]);
    expect(await state(caseId)).toMatchObject({ state: 'ready', last_outcome: 'L5', attempts: 1 });
  });
  test('under the key of another call: refused, because it would be lost', async () => {
    const { held } = await dialled();
    const sent = form(held, { line: 'L5', next: false });
    await work(caller, pathOf(held, 'finish'), sent);
    const other = await dialled();
    const again = { ...form(other.held, R3), clientKey: sent.clientKey };
    expect(await post(caller, pathOf(other.held, 'finish'), again)).toMatchObject({
      status: 409,
      body: { code: 'key_reused' },
    });
    expect(await state(other.caseId)).toMatchObject({ state: 'leased', attempts: 0 });
    await work(caller, pathOf(other.held, 'finish'), form(other.held, R3));
  });
  test('a dial is one dial; another number waits for the result of the first', async () => {
    const { held } = await dialled();
    world.setClock(MORNING + MINUTE);
    expect(await post(caller, pathOf(held, 'dial'), { phoneId: phoneOf(held) })).toMatchObject({
      status: 200,
      body: { dialStartedAt: MORNING },
    });
    expect(await post(caller, pathOf(held, 'dial'), { phoneId: phoneOf(held, 1) })).toMatchObject({
      status: 409,
      body: { code: 'already_dialled' },
    });
    await work(caller, pathOf(held, 'finish'), form(held, R3));
  });
  test('an undo is one undo', async () => {
    const { held } = await dialled();
    const { undo } = await work(caller, pathOf(held, 'finish'), form(held, { line: 'L5', next: false }));
    const back = await work(caller, `/queue/attempts/${undo?.attemptId}/undo`);
    expect(await post(caller, `/queue/attempts/${undo?.attemptId}/undo`)).toMatchObject({ status: 404 });
    await work(caller, pathOf(back, 'finish'), form(back, R3));
  });
  test('the next one dialled already, the last is no more undone', async () => {
    const first = await dialled();
    await arrangeCase(world, season, { owner: caller });
    const next = await work(caller, pathOf(first.held, 'finish'), form(first.held, { line: 'L5' }));
    await post(caller, pathOf(next, 'dial'), { phoneId: phoneOf(next) });
    expect(await post(caller, `/queue/attempts/${next.undo?.attemptId}/undo`)).toMatchObject({
      status: 409,
      body: { code: 'lease_dialled' },
    });
    await work(caller, pathOf(next, 'finish'), form(next, R3));
  });
});

describe('too late', () => {
  test('a result after the lease has run out is told where to go, and is completed there once', async () => {
    const { caseId, held } = await dialled();
    world.setClock(MORNING + 21 * MINUTE);
    await sweep();
    expect(await post(caller, pathOf(held, 'finish'), form(held, R3))).toMatchObject({
      status: 409,
      body: { code: 'lease_ended', message: expect.stringContaining('待补填') },
    });
    expect(await post(caller, '/queue/claim')).toMatchObject({
      status: 409,
      body: { code: 'incomplete_attempt' },
    });
    const attemptId = (await state(caseId))?.last_attempt_id;
    const said = { line: null, answerer: null, result: 'R4', talkSeconds: 60 };
    const body = { ...said, checked: { major: false, identity: false } };
    expect(await post(leader, `/queue/attempts/${attemptId}/complete`, body)).toMatchObject({ status: 404 });
    await work(caller, `/queue/attempts/${attemptId}/complete`, body);
    expect(await post(caller, `/queue/attempts/${attemptId}/complete`, body)).toMatchObject({
      status: 409,
      body: { code: 'already_completed' },
    });
    // 态度冷淡 is tried once more by another caller, as if it had been said in time.
    expect(await state(caseId)).toMatchObject({ state: 'ready', not_caller_id: caller.userId, refusals: 1 });
  });
  test('a lease over its time but not yet swept still takes the result', async () => {
    const { caseId, held } = await dialled();
    world.setClock(MORNING + 25 * MINUTE);
    await work(caller, pathOf(held, 'finish'), form(held, R3));
    await sweep();
    expect(await attemptsOf(caseId)).toMatchObject([{ outcome: 'R3' }]);
  });
  test('the deadline passes during the call: no withdrawal any more, in words, and any other result', async () => {
    const deadline = MORNING + 6 * DAY;
    world.setClock(deadline - MINUTE);
    const { held } = await dialled();
    world.setClock(deadline + 1);
    expect(await post(caller, pathOf(held, 'finish'), form(held, { result: 'R2' }))).toMatchObject({
      status: 422,
      body: { code: 'past_deadline' },
    });
    await work(caller, pathOf(held, 'finish'), form(held, { result: 'R7', next: false }));
  });
  test('the calling hours end during the call: it is saved, and nobody else is called', async () => {
    const evening = MORNING + 11 * HOUR;
    world.setClock(evening - MINUTE);
    const { caseId, held } = await dialled();
    await arrangeCase(world, season, { owner: caller });
    world.setClock(evening + MINUTE);
    const after = await work(caller, pathOf(held, 'finish'), form(held, { line: 'L5' }));
    expect(after).toMatchObject({ lease: null, nothing: { code: 'outside_hours' } });
    expect((await state(caseId))?.due_at).toBe(MORNING + 23 * HOUR);
  });
});

describe('while somebody else decides', () => {
  test('a case that is in a call is not closed under it', async () => {
    const { caseId, held } = await dialled();
    const closing = {
      caseId,
      result: 'withdrawn' as const,
      reason: '本人申请退档',
      causeId: newId<string>(),
    };
    expect(await world.as('system', (ctx) => closeCase(ctx, closing))).toMatchObject({
      error: { code: 'case_leased' },
    });
    await work(caller, pathOf(held, 'finish'), form(held, R3));
  });
  test('the leader cannot take it back under the call: told why; afterwards it goes', async () => {
    const { caseId, held } = await dialled();
    const take = () =>
      world.as(leader, (ctx) =>
        takeBackCases(ctx, {
          ...{ caseIds: [caseId], candidateIds: [], to: 'group' as const },
          ...{ reason: '组内重新分配', dry: false },
        }),
      );
    expect(await take()).toMatchObject({
      error: { code: 'nothing_moved', message: expect.stringContaining('通话') },
    });
    await work(caller, pathOf(held, 'finish'), form(held, { line: 'L3', next: false }));
    expect(await take()).toMatchObject({ ok: true });
    const due = MORNING + 2 * HOUR;
    expect(await state(caseId)).toMatchObject({ owner_id: null, due_at: due, group_due_at: due });
  });
  test('absent in the middle of a call that is never finished: the group may call at once', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    await claim(caller);
    await world.as('system', (ctx) => returnAllOf(ctx, caller.userId, '请假'));
    world.setClock(MORNING + 21 * MINUTE);
    await sweep();
    expect(await state(caseId)).toMatchObject({ state: 'ready', owner_id: null });
    expect((await claim(leader)).lease?.case.id).toBe(caseId);
    await post(leader, pathOf(await claim(leader), 'skip'), { reason: 'called_away', note: '', next: false });
  });
  test('who knows the candidate is the one who does not call, not the owner', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    world.setClock(MORNING + DAY);
    const mate = await arrangeCaller(world, season);
    const held = await claim(mate);
    expect(held.lease?.case.id).toBe(caseId);
    const skip = { reason: 'acquaintance', note: '', next: true };
    expect((await work(mate, pathOf(held, 'skip'), skip)).lease?.case.id).not.toBe(caseId);
    const own = await claim(caller);
    expect(own.lease?.case.id).toBe(caseId);
    await post(caller, pathOf(own, 'dial'), { phoneId: phoneOf(own) });
    await work(caller, pathOf(own, 'finish'), form(own, R3));
  });
  test('a leader’s correction leaves the promise with the owner', async () => {
    const { caseId, held } = await dialled();
    const { undo } = await work(caller, pathOf(held, 'finish'), form(held, R3));
    const said = { line: null, answerer: 'A7', result: null, talkSeconds: 60, reason: '听录音后更正' };
    const body = { ...said, checked: { major: false, identity: false } };
    expect(await post(leader, `/queue/attempts/${undo?.attemptId}/correct`, body)).toMatchObject({
      status: 200,
    });
    expect(await state(caseId)).toMatchObject({ state: 'scheduled', due_at: MORNING + HOUR });
    world.setClock(MORNING + HOUR);
    expect((await claim(caller)).lease).toMatchObject({ how: 'callback', case: { id: caseId } });
    expect((await work(leader, '/queue/claim')).callbacks.filter(({ mine }) => mine)).toEqual([]);
    await post(caller, pathOf(await claim(caller), 'skip'), { reason: 'called_away', note: '', next: false });
  });
});

describe('borders of days', () => {
  test('a promised call over midnight counts for the day it began on, and the next dial is the morning’s', async () => {
    const { caseId, held } = await dialled();
    const midnight = Date.parse('2026-07-23T00:00:00+08:00');
    const promise = {
      answerer: 'A8' as const,
      callback: { at: midnight - 5 * MINUTE, scope: 'owner' as const, note: '' },
    };
    await work(caller, pathOf(held, 'finish'), form(held, { ...promise, next: false }));
    world.setClock(midnight - 5 * MINUTE);
    const late = await claim(caller);
    expect(late.lease?.how).toBe('callback');
    await post(caller, pathOf(late, 'dial'), { phoneId: phoneOf(late) });
    world.setClock(midnight + MINUTE);
    await work(caller, pathOf(late, 'finish'), form(late, { line: 'L5', next: false }));
    expect((await attemptsOf(caseId)).map(({ day }) => day)).toEqual(['2026-07-22', '2026-07-22']);
    expect((await state(caseId))?.due_at).toBe(midnight + 9 * HOUR);
  });
  test('New Year: the evening’s no-answer comes on the first of January, within the hours', async () => {
    const eve = Date.parse('2025-12-31T20:50:00+08:00');
    world.setClock(eve);
    const { caseId, held } = await dialled();
    world.setClock(eve + MINUTE);
    const after = await work(caller, pathOf(held, 'finish'), form(held, { line: 'L5', next: false }));
    expect(after.undo?.consequence).toContain('明天 09:00 再拨');
    expect((await state(caseId))?.due_at).toBe(Date.parse('2026-01-01T09:00:00+08:00'));
    expect(await attemptsOf(caseId)).toEqual([{ outcome: 'L5', day: '2025-12-31' }]);
  });
  test('a call to us is written at a time at which it can have begun, whatever the browser’s clock says', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const held = await work(caller, `/queue/cases/${caseId}/take-over`, { reason: '考生来电' });
    const inbound = { ...R3, direction: 'in' as const, startedAt: MORNING - 400 * DAY, talkSeconds: 14_400 };
    await work(caller, pathOf(held, 'finish'), form(held, inbound));
    expect(await attemptsOf(caseId)).toEqual([{ outcome: 'R3', day: '2026-07-22' }]);
    expect((await state(caseId))?.talk_seconds).toBeLessThanOrEqual(30 * 60);
  });
});
