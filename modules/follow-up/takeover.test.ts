import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import type { FinishInput } from './contract.ts';
import { noteInbound } from './inbound-note.service.ts';
import { expireLease, skip } from './release.service.ts';
import { findInbound, takeOver } from './takeover.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangeScene,
  HOUR,
  MINUTE,
  MORNING,
  type Season,
  titlesOf,
} from './testing/arrange.ts';
import { finish, pull } from './testing/calls.ts';
import { undo } from './undo.service.ts';
import type { WorkView } from './work.contract.ts';

let world: World;
let season: Season;
let owner: Person;
let leader: Person;
let outsider: Person;

const state = arrangeScene((scene) => {
  ({ world, season, caller: owner } = scene);
});
beforeAll(async () => {
  leader = await arrangeLeader(world, season);
});
beforeEach(async () => {
  outsider = await arrangeCaller(world, season, { grouped: false });
});

const answer = (who: Person, caseId: string) => world.as(who, (ctx) => takeOver(ctx, caseId, '考生来电'));
async function taken(who: Person, caseId: string): Promise<WorkView> {
  const result = await answer(who, caseId);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
const creditedTo = async (caseId: string): Promise<string[]> =>
  (
    await world.as('system', ({ tx }) =>
      sql<{
        who: string;
      }>`select user_id as who from credit where case_id = ${caseId} and ended_at is null`.execute(tx),
    )
  ).rows.map(({ who }) => who);
const CONFIRM: Partial<FinishInput> = {
  result: 'R1',
  checked: { major: true, identity: true },
  next: false,
};
async function ended(given: Partial<FinishInput>): Promise<string> {
  const { caseId } = await arrangeCase(world, season, { owner });
  await finish(world, owner, await pull(world, owner), { ...given, next: false });
  return caseId;
}

describe('a finished or stopped case whose candidate calls', () => {
  test.each([
    ['confirmed', CONFIRM, { state: 'final', result: 'admitted' }],
    [
      'asked not to be called',
      { result: 'R5' as const },
      { state: 'blocked', blocked_reason: 'do_not_call' },
    ],
  ])('%s: is as it was when nothing comes of the call, given back or run out', async (_rule, given, was) => {
    const caseId = await ended(given);
    const before = await state(caseId);
    const first = await taken(outsider, caseId);
    const back = { reason: 'called_away' as const, note: '', next: false };
    await world.as(outsider, (ctx) => skip(ctx, first.lease?.id ?? '', back));
    expect(await state(caseId)).toMatchObject({ ...was, due_at: null, in_charge_id: before?.in_charge_id });
    const second = await taken(outsider, caseId);
    world.setClock(MORNING + HOUR);
    expect(await world.as('system', (ctx) => expireLease(ctx, second.lease?.id ?? ''))).toBe(true);
    expect(await state(caseId)).toMatchObject(was);
  });
  test('confirmed again, the credit stays with who confirmed; a changed mind ends it, and undo puts it back', async () => {
    const caseId = await ended(CONFIRM);
    await finish(world, outsider, await taken(outsider, caseId), CONFIRM);
    expect([await state(caseId), await creditedTo(caseId)]).toMatchObject([
      { state: 'final' },
      [owner.userId],
    ]);
    world.setClock(MORNING + MINUTE);
    const work = await finish(world, outsider, await taken(outsider, caseId), { result: 'R3', next: false });
    expect(await creditedTo(caseId)).toEqual([]);
    const undone = await world.as(outsider, (ctx) => undo(ctx, work.undo?.attemptId ?? ''));
    expect(undone).toMatchObject({ ok: true, value: { lease: { how: 'takeover' } } });
    expect(await creditedTo(caseId)).toEqual([owner.userId]);
    const back = { reason: 'called_away' as const, note: '', next: false };
    await world.as(outsider, (ctx) => skip(ctx, undone.ok ? (undone.value.lease?.id ?? '') : '', back));
    expect(await state(caseId)).toMatchObject({ state: 'final', result: 'admitted' });
  });
});

describe('a minor who calls', () => {
  const EIGHTEEN = '2026-07-25';
  async function minor(): Promise<string> {
    const { caseId, candidateId } = await arrangeCase(world, season, { owner });
    await world.as('system', ({ tx }) =>
      sql`update candidate set minor_until = ${EIGHTEEN} where id = ${candidateId}`.execute(tx),
    );
    return caseId;
  }
  const search = async (who: Person, caseId: string) => {
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{ tail: string }>`select right(d.candidate_no, 4) as tail from candidate d
        join follow_up_case c on c.candidate_id = d.id where c.id = ${caseId}`.execute(tx),
    );
    const found = await world.as(who, (ctx) => findInbound(ctx, rows[0]?.tail ?? ''));
    return found.ok ? found.value.items.find((item) => item.caseId === caseId) : undefined;
  };
  test('is one until the eighteenth birthday begins in China', async () => {
    const caseId = await minor();
    const birthday = Date.parse(`${EIGHTEEN}T00:00:00+08:00`);
    world.setClock(birthday - 1);
    expect(await search(outsider, caseId)).toMatchObject({ registerOnly: expect.any(String) });
    world.setClock(birthday);
    expect(await search(outsider, caseId)).toMatchObject({ barred: null, registerOnly: null });
  });
  test('is opened by owner, group and leader, and by nobody else', async () => {
    const caseId = await minor();
    expect(await search(outsider, caseId)).toMatchObject({ barred: null, registerOnly: expect.any(String) });
    expect(await search(owner, caseId)).toMatchObject({ registerOnly: null });
    expect(await answer(outsider, caseId)).toMatchObject({ error: { code: 'minor_not_approved' } });
    expect(await state(caseId)).toMatchObject({ state: 'ready' });
    const mate = await arrangeCaller(world, season);
    expect(await answer(mate, caseId)).toMatchObject({ ok: true, value: { lease: { how: 'takeover' } } });
    expect(await answer(leader, await minor())).toMatchObject({ ok: true });
  });
  test('registered, the call is a call-back of the owner due now, and owner and leader are told', async () => {
    const caseId = await minor();
    world.setClock(MORNING + MINUTE);
    const note = { reason: '家长来电', said: '问报到时间' };
    expect(await world.as(outsider, (ctx) => noteInbound(ctx, caseId, note))).toMatchObject({
      ok: true,
      value: { toldOwner: true },
    });
    expect(await state(caseId)).toMatchObject({ state: 'scheduled', due_at: MORNING + MINUTE, priority: 1 });
    expect(await titlesOf(world, owner)).toEqual(['未成年考生来电，请回电']);
    expect(await titlesOf(world, leader)).toContain('未成年考生来电，请回电');
    const work = await pull(world, owner);
    expect(work.lease?.case).toMatchObject({ id: caseId, callbackNote: '来电登记：家长来电：问报到时间' });
    expect((await pull(world, outsider)).callbacks).toEqual([]);
  });
  test('is called what it is: somebody of age is no minor, and who may not be dialled is not asked to be called back', async () => {
    const register = (caseId: string) =>
      world.as(outsider, (ctx) => noteInbound(ctx, caseId, { reason: '家长来电', said: '' }));
    await register(await ended({ result: 'R5' }));
    expect(await titlesOf(world, owner)).toEqual(['考生来电，已登记']);
    const { caseId } = await arrangeCase(world, season, { owner });
    world.setClock(MORNING + MINUTE);
    await register(caseId);
    expect(await titlesOf(world, owner)).toEqual(['考生来电，已登记', '考生来电，请回电']);
  });
  test('registered while it waits for something else, only its journal and the people have it', async () => {
    const caseId = await ended({ result: 'R6' });
    const before = await state(caseId);
    await world.as(outsider, (ctx) => noteInbound(ctx, caseId, { reason: '家长来电', said: '' }));
    expect(await state(caseId)).toMatchObject({ state: 'escalated', version: (before?.version ?? 0) + 1 });
  });
});
