import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import { readCase } from './case.store.ts';
import { claim } from './claim.service.ts';
import type { FinishInput } from './contract.ts';
import { liftDoNotCall, listDoNotCall, reopenByHand } from './do-not-call.ts';
import { finishAndNext } from './finish.service.ts';
import { sharedNumbers } from './shared-number.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeScene,
  HOUR,
  MINUTE,
  MORNING,
  type Season,
} from './testing/arrange.ts';
import { form, pull as pullAs } from './testing/calls.ts';
import type { WorkView } from './work.contract.ts';

let world: World;
let season: Season;
let caller: Person;

const state = arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});

const pull = (who: Person = caller): Promise<WorkView> => pullAs(world, who);
const finish = (work: WorkView, given: Partial<FinishInput>, who: Person = caller) =>
  world.as(who, (ctx) => finishAndNext(ctx, work.lease?.id ?? '', form(work, given)));

describe('pulling', () => {
  test('gives the own case with its numbers in the clear, once', async () => {
    const one = await arrangeCase(world, season, { owner: caller });
    const work = await pull();
    expect(work.lease?.case.id).toBe(one.caseId);
    expect(work.lease?.numbers.map(({ number }) => number.slice(0, 6))).toEqual(['+86154', '+86154']);
    expect(work.lease?.numbers[0]?.dialString).toMatch(/^0154\d{8}$/);
    expect((await pull()).lease?.id).toBe(work.lease?.id);
  });
  test('says why there is nobody', async () => {
    expect((await pull()).nothing).toMatchObject({ code: 'queue_empty' });
    world.setClock(MORNING + 12 * HOUR);
    expect((await pull()).nothing).toMatchObject({ code: 'outside_hours', nextDueAt: null });
    await arrangeCase(world, season, { owner: caller });
    const { nothing } = await pull();
    expect(nothing?.message).toMatch(/最早 明天 \d+:\d\d 开始/);
    // Due by now, and dialled when the hours begin: a time that has passed would have the page ask again at once.
    expect(nothing?.nextDueAt).toBeGreaterThan(MORNING + 20 * HOUR);
  });
  test('is refused before the training is passed', async () => {
    const novice = await arrangeCaller(world, season, { qualified: false });
    const result = await world.as(novice, (ctx) => claim(ctx, {}));
    expect(result).toMatchObject({ ok: false, error: { code: 'not_qualified' } });
  });
});

describe('a promise that its owner let pass', () => {
  test('goes before own ordinary work of the group, not before the own promises', async () => {
    const other = await arrangeCaller(world, season);
    const { caseId: theirs } = await arrangeCase(world, season, { owner: other });
    const at = MORNING + HOUR;
    const answered = { answerer: 'A8', callback: { at, scope: 'owner', note: '' }, next: false } as const;
    await finish(await pull(other), answered, other);
    const { caseId: promised } = await arrangeCase(world, season, { owner: caller });
    await finish(await pull(), answered);
    const { caseId: ordinary } = await arrangeCase(world, season, { owner: caller });
    world.setClock(at + 10 * MINUTE);
    const own = await pull();
    expect(own.lease?.case.id).toBe(promised);
    await finish(own, { result: 'R3', next: false });
    // Still the owner's for five minutes.
    const mine = await pull();
    expect(mine.lease?.case.id).toBe(ordinary);
    await finish(mine, { result: 'R3', next: false });
    await arrangeCase(world, season, { owner: caller });
    world.setClock(at + 16 * MINUTE);
    expect((await pull()).lease?.case.id).toBe(theirs);
    expect(await state(theirs)).toMatchObject({ owner_id: other.userId });
  });
});

describe('finishing', () => {
  test('plans the next try and hands over the next case in one go', async () => {
    const one = await arrangeCase(world, season, { owner: caller });
    const two = await arrangeCase(world, season, { owner: caller });
    const work = await pull();
    const result = await finish(work, { line: 'L3' });
    expect(result).toMatchObject({ ok: true, value: { lease: { case: { id: two.caseId } } } });
    expect(result.ok && result.value.undo?.consequence).toBe('关机 → 12:00 再拨，今日第 1 次');
    expect(await state(one.caseId)).toMatchObject({
      state: 'ready',
      due_at: MORNING + 2 * HOUR,
      attempts: 1,
      dials: 1,
      dialled_today: 1,
      last_outcome: 'L3',
    });
  });
  test('sent twice is written once', async () => {
    const one = await arrangeCase(world, season, { owner: caller });
    const work = await pull();
    const sent = form(work, { line: 'L6' });
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        world.as(caller, (ctx) => finishAndNext(ctx, work.lease?.id ?? '', sent)),
      ),
    );
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    expect(await state(one.caseId)).toMatchObject({ attempts: 1, due_at: MORNING + 10 * MINUTE });
  });
  test('R1 is refused below two numbers, and ends the stage with two', async () => {
    const checked = { major: true, identity: true };
    const one = await arrangeCase(world, season, { owner: caller, phones: 1 });
    const work = await pull();
    const refused = await finish(work, { result: 'R1', checked });
    expect(refused).toMatchObject({ ok: false, error: { code: 'two_numbers_needed' } });
    expect(await state(one.caseId)).toMatchObject({ state: 'leased', attempts: 0 });
    await finish(work, { line: 'L5' });
    const two = await arrangeCase(world, season, { owner: caller });
    const next = await pull();
    expect(await finish(next, { result: 'R1', checked: { major: true, identity: false } })).toMatchObject({
      error: { code: 'check_needed' },
    });
    expect(await finish(next, { result: 'R1', checked })).toMatchObject({ ok: true });
    expect(await state(two.caseId)).toMatchObject({
      state: 'final',
      result: 'admitted',
      disposition: 'confirmed',
    });
  });
});

describe('勿再来电', () => {
  test('stands against reopening by hand until it is lifted; then the follow-up is open again', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull();
    const refusedToTalk = await world.as(caller, (ctx) =>
      finishAndNext(ctx, work.lease?.id ?? '', form(work, { result: 'R5' })),
    );
    expect(refusedToTalk.ok).toBe(true);
    const read = () => world.as('system', (ctx) => readCase(ctx, caseId));
    expect(await read()).toMatchObject({ state: 'blocked', blocked_reason: 'do_not_call' });
    const given = { caseId, reason: '考生来电' };
    expect(await world.as(caller, (ctx) => reopenByHand(ctx, given))).toMatchObject({
      ok: false,
      error: { code: 'do_not_call' },
    });
    const list = await world.as(caller, listDoNotCall);
    const entry = list.ok ? list.value.items[0] : undefined;
    expect(entry?.scope).toBe('person');
    const lifted = await world.as(caller, (ctx) => liftDoNotCall(ctx, entry?.id ?? '', '考生来电要求恢复'));
    expect(lifted.ok).toBe(true);
    expect(await read()).toMatchObject({ state: 'ready', blocked_reason: null });
    expect(await world.as(caller, (ctx) => reopenByHand(ctx, given))).toMatchObject({
      ok: false,
      error: { code: 'case_open' },
    });
  });
});

describe('a number of several candidates', () => {
  test('is told to whoever holds one of them, with the others masked, and to nobody else', async () => {
    const { candidateId } = await arrangeCase(world, season, { owner: caller });
    const brother = await arrangeCase(world, season, { owner: null });
    const work = await pull();
    const phoneId = work.lease?.numbers[0]?.phoneId ?? '';
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into candidate_phone (tenant_id, candidate_id, phone_id, source)
        values (${tenantId}, ${brother.candidateId}, ${phoneId}, 'LXDH')`.execute(tx),
    );
    expect(work.lease?.candidate.id).toBe(candidateId);
    const leaseId = work.lease?.id ?? '';
    const seen = await world.as(caller, (ctx) => sharedNumbers(ctx, leaseId));
    expect(seen).toMatchObject({
      ok: true,
      value: { items: [{ phoneId, names: [expect.stringContaining('*')] }] },
    });
    const mate = await arrangeCaller(world, season);
    expect(await world.as(mate, (ctx) => sharedNumbers(ctx, leaseId))).toEqual({
      ok: true,
      value: { items: [] },
    });
  });
});
