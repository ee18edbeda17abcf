import { describe, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import { succeedMissed } from './callback.service.ts';
import { claim } from './claim.service.ts';
import { acceptEscalation } from './escalation-act.service.ts';
import { skip } from './release.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangeScene,
  HOUR,
  MINUTE,
  MORNING,
  type Season,
} from './testing/arrange.ts';
import { finish, pull } from './testing/calls.ts';

let world: World;
let season: Season;
let caller: Person;

const state = arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});

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
