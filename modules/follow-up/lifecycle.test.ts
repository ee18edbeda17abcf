import { type RawBuilder, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import { succeedMissed } from './callback.service.ts';
import { claim } from './claim.service.ts';
import { complete } from './correct.service.ts';
import { acceptEscalation } from './escalation-act.service.ts';
import { addNumber, dial, draft, message } from './lease.service.ts';
import { readLedger } from './ledger.store.ts';
import { expireLease, overdueLeases, skip } from './release.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangeScene,
  countOf,
  DAY,
  HOUR,
  MINUTE,
  MORNING,
  type Season,
} from './testing/arrange.ts';
import { finish, pull } from './testing/calls.ts';
import { undo } from './undo.service.ts';

let world: World;
let season: Season;
let caller: Person;

const state = arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});

const count = (query: RawBuilder<{ n: number }>) => countOf(world, query);
describe('a call-back', () => {
  const HALF_PAST = MORNING + 90 * MINUTE;
  const promise = { answerer: 'A8' as const, callback: { at: HALF_PAST, scope: 'owner' as const, note: '' } };

  test('is the owner’s first, the group’s after fifteen minutes, and has a successor when missed', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    await finish(world, caller, await pull(world, caller), promise);
    expect(await state(caseId)).toMatchObject({
      state: 'scheduled',
      due_at: HALF_PAST,
      group_due_at: HALF_PAST + 15 * MINUTE,
    });
    const mate = await arrangeCaller(world, season);
    world.setClock(HALF_PAST + 14 * MINUTE);
    expect((await pull(world, mate)).lease).toBeNull();
    expect(await world.as('system', succeedMissed)).toBe(0);
    world.setClock(HALF_PAST + 15 * MINUTE);
    expect(await world.as('system', succeedMissed)).toBe(1);
    expect((await pull(world, mate)).lease?.case.id).toBe(caseId);
  });
  test('agreed for after the calling hours is kept for an hour; missed longer, it waits for the morning', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const late = MORNING + 12.5 * HOUR;
    const at = { ...promise, callback: { ...promise.callback, at: late } };
    await finish(world, caller, await pull(world, caller), at);
    world.setClock(late + HOUR);
    expect((await pull(world, caller)).nothing?.code).toBe('outside_hours');
    world.setClock(late + HOUR - 1000);
    expect((await pull(world, caller)).lease?.case.id).toBe(caseId);
  });
  test('missed in the night comes in the morning', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const at = { ...promise, callback: { ...promise.callback, at: MORNING + 12.5 * HOUR } };
    await finish(world, caller, await pull(world, caller), at);
    world.setClock(MORNING + 22 * HOUR);
    expect((await pull(world, caller)).nothing?.code).toBe('outside_hours');
    world.setClock(MORNING + 23 * HOUR);
    expect((await pull(world, caller)).lease?.case.id).toBe(caseId);
  });
  const byName = (who: Person, caseId: string) =>
    world.as(who, (ctx) => claim(ctx, { callbackCaseId: caseId }));

  test('is taken by name by its owner before its minute, by a mate only once it has opened to the group', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    await finish(world, caller, await pull(world, caller), promise);
    const mate = await arrangeCaller(world, season);
    world.setClock(HALF_PAST - MINUTE);
    expect((await pull(world, caller)).lease).toBeNull();
    expect(await byName(mate, caseId)).toMatchObject({ ok: false, error: { code: 'case_taken' } });
    expect(await byName(caller, caseId)).toMatchObject({
      ok: true,
      value: { lease: { how: 'callback', case: { id: caseId } } },
    });
    expect(await byName(mate, caseId)).toMatchObject({ ok: false, error: { code: 'case_taken' } });
  });
  test('handed over and not accepted yet is still its owner’s to keep', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const over = { ...promise, escalation: { tier: 'leader' as const, summary: '家长要求组长说明' } };
    await finish(world, caller, await pull(world, caller), over);
    expect(await state(caseId)).toMatchObject({ state: 'escalated', due_at: HALF_PAST });
    world.setClock(HALF_PAST);
    expect((await pull(world, caller)).lease).toBeNull();
    const held = await byName(caller, caseId);
    expect(held).toMatchObject({ ok: true, value: { lease: { how: 'callback' } } });
    // Given back it is handed over still, and nobody of the group pulls it.
    const leaseId = held.ok ? (held.value.lease?.id ?? '') : '';
    await world.as(caller, (ctx) => skip(ctx, leaseId, { reason: 'called_away', note: '', next: false }));
    expect(await state(caseId)).toMatchObject({ state: 'escalated', due_at: HALF_PAST });
    world.setClock(HALF_PAST + HOUR);
    expect((await pull(world, await arrangeCaller(world, season))).lease).toBeNull();
  });
  test('handed over and accepted rings for the owner no more, nor can they take it', async () => {
    const leader = await arrangeLeader(world, season);
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const over = { ...promise, escalation: { tier: 'leader' as const, summary: '家长要求组长说明' } };
    await finish(world, caller, await pull(world, caller), over);
    world.setClock(HALF_PAST);
    const rings = async () => (await pull(world, caller)).callbacks.map((one) => one.caseId);
    expect(await rings()).toEqual([caseId]);
    const escalationId = (await state(caseId))?.escalation_id ?? '';
    expect(await world.as(leader, (ctx) => acceptEscalation(ctx, escalationId))).toMatchObject({ ok: true });
    expect(await rings()).toEqual([]);
    expect(await byName(caller, caseId)).toMatchObject({ ok: false, error: { code: 'case_taken' } });
  });
  test('is not taken by name in the night, hours before or after its time', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const at = { ...promise, callback: { ...promise.callback, at: MORNING + 24 * HOUR } };
    await finish(world, caller, await pull(world, caller), at);
    for (const night of [MORNING + 13 * HOUR, MORNING + 36 * HOUR]) {
      world.setClock(night);
      expect(await byName(caller, caseId)).toMatchObject({ ok: false, error: { code: 'outside_hours' } });
    }
    world.setClock(MORNING + 24 * HOUR - MINUTE);
    expect(await byName(caller, caseId)).toMatchObject({ ok: true });
  });
  test('what was only handed over, without a promise, is not taken as one', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    await finish(world, caller, await pull(world, caller), { result: 'R6' });
    expect(await byName(caller, caseId)).toMatchObject({ ok: false, error: { code: 'case_taken' } });
  });
  test('comes before anything else when it is due', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    await finish(world, caller, await pull(world, caller), promise);
    await arrangeCase(world, season, { owner: caller });
    world.setClock(HALF_PAST);
    expect((await pull(world, caller)).lease).toMatchObject({ how: 'callback', case: { id: caseId } });
  });
});

describe('a lease that runs out', () => {
  test('returns to the head of the queue after twenty minutes, not before', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    await pull(world, caller);
    world.setClock(MORNING + 20 * MINUTE - 1000);
    expect(await world.as('system', overdueLeases)).toEqual([]);
    world.setClock(MORNING + 20 * MINUTE + 1000);
    for (const id of await world.as('system', overdueLeases))
      await world.as('system', (ctx) => expireLease(ctx, id));
    expect(await state(caseId)).toMatchObject({ state: 'ready', priority: 0, attempts: 0 });
  });
  test('after dialling leaves an attempt that must be completed first', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    await world.as(caller, (ctx) => dial(ctx, work.lease?.id ?? '', work.lease?.numbers[0]?.phoneId ?? ''));
    const typed = JSON.stringify({ note: '母亲接的，说晚上再打', answeredAt: 1 });
    await world.as(caller, (ctx) => draft(ctx, work.lease?.id ?? '', typed));
    world.setClock(MORNING + 21 * MINUTE);
    for (const id of await world.as('system', overdueLeases))
      await world.as('system', (ctx) => expireLease(ctx, id));
    expect(await state(caseId)).toMatchObject({ state: 'ready', attempts: 1, last_outcome: 'incomplete' });
    const barred = await world.as(caller, (ctx) => claim(ctx, {}));
    expect(barred).toMatchObject({ ok: false, error: { code: 'incomplete_attempt' } });
    const attemptId = (await state(caseId))?.last_attempt_id ?? '';
    const [left] = await world.as('system', async (ctx) =>
      (await readLedger(ctx, caseId)).map(({ note, outcome }) => [outcome, note && ctx.vault.open(note)]),
    );
    expect(left).toEqual(['incomplete', '母亲接的，说晚上再打']);
    const given = {
      line: 'L5' as const,
      answerer: null,
      result: null,
      talkSeconds: 0,
      checked: { major: false, identity: false },
    };
    expect(await world.as(caller, (ctx) => complete(ctx, attemptId, given))).toMatchObject({
      ok: true,
      value: { incomplete: [] },
    });
    expect(await state(caseId)).toMatchObject({ state: 'ready', last_outcome: 'L5', attempts: 1 });
  });
});

describe('undo', () => {
  test('puts case, number and counters back and gives the case again; the next one returns', async () => {
    const one = await arrangeCase(world, season, { owner: caller });
    const two = await arrangeCase(world, season, { owner: caller });
    const work = await finish(world, caller, await pull(world, caller), { line: 'L3' });
    expect(work.lease?.case.id).toBe(two.caseId);
    const undone = await world.as(caller, (ctx) => undo(ctx, work.undo?.attemptId ?? ''));
    expect(undone).toMatchObject({ ok: true, value: { lease: { case: { id: one.caseId } }, undo: null } });
    expect(await state(one.caseId)).toMatchObject({
      state: 'leased',
      attempts: 0,
      dialled_today: 0,
      last_outcome: null,
    });
    expect(await state(two.caseId)).toMatchObject({ state: 'ready' });
    expect(await count(sql`select dialled_today::int as n from phone where id = ${one.phoneIds[0]}`)).toBe(0);
    expect(
      await count(
        sql`select sum(dials)::int as n from contact_tally_delta where caller_id = ${caller.userId}`,
      ),
    ).toBe(0);
  });
  test('works when the case itself came again with its next number', async () => {
    const one = await arrangeCase(world, season, { owner: caller });
    const work = await finish(world, caller, await pull(world, caller), { answerer: 'A1' });
    expect(work.lease?.case.id).toBe(one.caseId);
    expect(work.lease?.numbers).toHaveLength(1);
    const back = await world.as(caller, (ctx) => undo(ctx, work.undo?.attemptId ?? ''));
    expect(back.ok && back.value.lease?.numbers).toHaveLength(2);
  });
  test('is too late after the seconds and their grace', async () => {
    await arrangeCase(world, season, { owner: caller });
    const work = await finish(world, caller, await pull(world, caller), { line: 'L5' });
    world.setClock(MORNING + 11_000);
    const late = await world.as(caller, (ctx) => undo(ctx, work.undo?.attemptId ?? ''));
    expect(late).toMatchObject({ ok: false, error: { code: 'too_late' } });
  });
});

describe('skipping', () => {
  test('an acquaintance goes to somebody else at once, and the skip is counted', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    const skipped = await world.as(caller, (ctx) =>
      skip(ctx, work.lease?.id ?? '', { reason: 'acquaintance', note: '', next: true }),
    );
    expect(skipped).toMatchObject({ ok: true, value: { lease: null, today: { skips: 1 } } });
    const mate = await arrangeCaller(world, season);
    expect((await pull(world, mate)).lease?.case.id).toBe(caseId);
    world.setClock(MORNING + DAY);
    expect((await pull(world, caller)).today.skips).toBe(0);
  });
  test('what was dialled cannot be skipped', async () => {
    await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    await world.as(caller, (ctx) => dial(ctx, work.lease?.id ?? '', work.lease?.numbers[0]?.phoneId ?? ''));
    const skipped = await world.as(caller, (ctx) =>
      skip(ctx, work.lease?.id ?? '', { reason: 'called_away', note: '', next: true }),
    );
    expect(skipped).toMatchObject({ ok: false, error: { code: 'already_dialled' } });
  });
});

describe('numbers and messages in hand', () => {
  test('a new number is held under the same lease and counts for R1', async () => {
    await arrangeCase(world, season, { owner: caller, phones: 1 });
    const work = await pull(world, caller);
    const given = {
      number: '15499990001',
      relation: 'mother' as const,
      contactName: '',
      basis: '考生本人告知',
    };
    const added = await world.as(caller, (ctx) => addNumber(ctx, work.lease?.id ?? '', given));
    expect(added.ok && added.value.lease?.numbers.map(({ relation }) => relation)).toEqual([
      'self',
      'mother',
    ]);
    const again = await world.as(caller, (ctx) => addNumber(ctx, work.lease?.id ?? '', given));
    expect(again).toMatchObject({ ok: false, error: { code: 'duplicate_number' } });
    const checked = { major: true, identity: true };
    expect(await finish(world, caller, work, { result: 'R1', checked })).toMatchObject({
      undo: { outcome: 'R1' },
    });
  });
  test('an unanswered message is an attempt, an answered one a contact', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    const send = (clientKey: string, outcome: string) =>
      world.as(caller, (ctx) =>
        message(ctx, work.lease?.id ?? '', {
          clientKey,
          channel: 'wechat',
          phoneId: null,
          outcome,
          text: '',
          scriptVersionId: null,
          talkSeconds: 60,
        }),
      );
    await send('message-1', 'sent');
    await send('message-1', 'sent');
    expect(await state(caseId)).toMatchObject({ attempts: 1, contacts: 0, messages: { wechat: 1 } });
    await send('message-2', 'answered');
    expect(await state(caseId)).toMatchObject({ attempts: 2, contacts: 1, talk_seconds: 60 });
  });
  test('a number dialled thirty minutes ago may be dialled, one minute less may not', async () => {
    await arrangeCase(world, season, { owner: caller, phones: 1 });
    await finish(world, caller, await pull(world, caller), { line: 'L5' });
    world.setClock(MORNING + 29 * MINUTE);
    expect((await pull(world, caller)).lease).toBeNull();
    world.setClock(MORNING + 31 * MINUTE);
    expect((await pull(world, caller)).lease?.numbers[0]).toMatchObject({ barred: null, dialledToday: 1 });
  });
});
