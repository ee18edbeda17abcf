import { type RawBuilder, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import { claim } from './claim.service.ts';
import { complete } from './correct.service.ts';
import { addNumber, dial, draft, message } from './lease.service.ts';
import { readLedger } from './ledger.store.ts';
import { expireLease, overdueLeases, skip } from './release.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeScene,
  countOf,
  DAY,
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
