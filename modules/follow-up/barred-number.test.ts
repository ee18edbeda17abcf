import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { findOrMakePhone } from '#candidate';
import type { Person, World } from '#platform/testing/app';
import { barNumber, endBars, type Target } from './barred-number.ts';
import { liftDoNotCall, listDoNotCall } from './do-not-call.ts';
import { dial, message } from './lease.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangePhone,
  arrangeScene,
  DAY,
  HOUR,
  MORNING,
  type Season,
} from './testing/arrange.ts';
import { finish, pull } from './testing/calls.ts';
import { undo } from './undo.service.ts';

/** law.md R34: one number, barred by hand, for everybody who has it; only 督查 lifts it before its day. */

let world: World;
let season: Season;
let caller: Person;
let leader: Person;
let supervisor: Person;
const state = arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});
beforeEach(async () => {
  leader = await arrangeLeader(world, season);
  supervisor = await arrangeCaller(world, season, { roles: ['supervisor'] });
});

const WHY = '接听人不是考生家人，要求不再拨打';
const bar = (who: Person, target: Target, lastDay: string | null = null, reason = WHY) =>
  world.as(who, (ctx) => barNumber(ctx, { target, reason, lastDay }));
const lift = (id: string) => world.as(supervisor, (ctx) => liftDoNotCall(ctx, id, '机主来电要求恢复'));
const listed = async (who: Person, view: 'standing' | 'lifted' = 'standing') => {
  const list = await world.as(who, (ctx) => listDoNotCall(ctx, view));
  if (!list.ok) throw new Error('no list');
  return list.value.items;
};
const made = async (target: Target, lastDay: string | null = null): Promise<string> => {
  const done = await bar(leader, target, lastDay);
  if (!done.ok) throw new Error(done.error.message);
  return done.value.id;
};
const phoneState = async (phoneId: string) =>
  (
    await world.as('system', ({ tx }) =>
      sql<{ state: string }>`select state from phone where id = ${phoneId}`.execute(tx),
    )
  ).rows[0]?.state;

test('it holds at once for a caller who has the number before them, for calls and texts, and another number goes on', async () => {
  const { candidateId, phoneIds } = await arrangeCase(world, season, { owner: caller, phones: 2 });
  const [first = '', second = ''] = phoneIds;
  const work = await pull(world, caller);
  const leaseId = work.lease?.id ?? '';
  expect(work.lease?.numbers.map(({ phoneId }) => phoneId)).toEqual([first, second]);
  await made({ candidateId, phoneId: first });
  expect(await world.as(caller, (ctx) => dial(ctx, leaseId, first))).toMatchObject({
    error: { code: 'number_barred', message: '这个号码已登记勿拨，只有督查组可以解除。' },
  });
  const sms = { clientKey: 'three', channel: 'sms' as const, phoneId: first, outcome: 'sent', text: '您好' };
  expect(
    await world.as(caller, (ctx) => message(ctx, leaseId, { ...sms, scriptVersionId: null, talkSeconds: 0 })),
  ).toMatchObject({ error: { code: 'number_barred' } });
  const again = await pull(world, caller);
  expect(again.lease?.numbers.map(({ phoneId }) => phoneId)).toEqual([second, first]);
  expect(again.lease?.facts.smsPhones).toEqual([second]);
  expect(await world.as(caller, (ctx) => dial(ctx, leaseId, second))).toMatchObject({ ok: true });
  await finish(world, caller, again, { phoneId: second, line: 'L5', next: false });
});

test('brothers with the father’s number alone: both cases go to the leader, nobody rings', async () => {
  const shared = await arrangePhone(world);
  const one = await arrangeCase(world, season, { owner: caller, phoneIds: [shared] });
  const other = await arrangeCase(world, season, { owner: caller, phoneIds: [shared] });
  const done = await bar(leader, { candidateId: one.candidateId, phoneId: shared });
  expect(done).toMatchObject({ ok: true, value: { candidates: 2 } });
  expect(await pull(world, caller)).toMatchObject({ lease: null });
  for (const { caseId } of [one, other]) expect(await state(caseId)).toMatchObject({ state: 'escalated' });
});

test('typed in full, it holds for a candidate who is delivered with it later; the digits are in no list and no log', async () => {
  const id = await made({ number: '154 0099 1234' });
  const phone = await world.as('system', (ctx) => findOrMakePhone(ctx, '15400991234'));
  if (!phone.ok) throw new Error('no phone');
  const { caseId } = await arrangeCase(world, season, { owner: caller, phoneIds: [phone.value.phoneId] });
  expect(await pull(world, caller)).toMatchObject({ lease: null });
  expect(await state(caseId)).toMatchObject({ state: 'escalated' });
  expect((await listed(leader)).find((entry) => entry.id === id)).toMatchObject({
    ...{ scope: 'number', who: '154****1234', candidates: 1, reason: WHY, endsAt: null },
    setByName: leader.actor.name,
  });
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{
      action: string;
      body: object;
    }>`select action, body from audit_entry where subject_id = ${id}`.execute(tx),
  );
  expect(rows).toMatchObject([
    { action: 'do_not_call.number_barred', body: { after: { phone: '154****1234' } } },
  ]);
  expect(JSON.stringify(rows)).not.toContain('15400991234');
});

describe('until a day', () => {
  test('the case waits for the morning after it, is dialled then, and the entry says that it ended by itself', async () => {
    const { candidateId, caseId, phoneIds } = await arrangeCase(world, season, { owner: caller, phones: 1 });
    const [phoneId = ''] = phoneIds;
    const id = await made({ candidateId, phoneId }, '2026-07-23');
    expect(await pull(world, caller)).toMatchObject({ lease: null });
    expect(await state(caseId)).toMatchObject({ state: 'ready', due_at: MORNING + 2 * DAY - HOUR });
    world.setClock(MORNING + DAY + 10 * HOUR);
    expect(await world.as('system', endBars)).toBe(0);
    world.setClock(MORNING + 2 * DAY);
    expect(await world.as('system', endBars)).toBe(1);
    expect(await phoneState(phoneId)).toBe('live');
    expect((await listed(leader, 'lifted')).find((entry) => entry.id === id)).toMatchObject({
      liftReason: '到期',
      liftedByName: null,
    });
    const work = await pull(world, caller);
    expect(await world.as(caller, (ctx) => dial(ctx, work.lease?.id ?? '', phoneId))).toMatchObject({
      ok: true,
    });
    await finish(world, caller, await pull(world, caller), { line: 'L5', next: false });
  });

  test('past the deadline of the case it is no use waiting: the leader finds another number', async () => {
    const { candidateId, caseId, phoneIds } = await arrangeCase(world, season, {
      ...{ owner: caller, phones: 1, deadlineAt: MORNING + DAY },
    });
    await made({ candidateId, phoneId: phoneIds[0] ?? '' }, '2026-07-23');
    expect(await pull(world, caller)).toMatchObject({ lease: null });
    expect(await state(caseId)).toMatchObject({ state: 'escalated' });
  });

  test.each([
    ['2026-07-21', 'day_past'],
    ['2026-07-22', null],
    ['2027-07-22', null],
    ['2027-07-23', 'day_far'],
  ])('to %s on 22 July 2026: %s', async (lastDay, code) => {
    const phoneId = await arrangePhone(world);
    const { candidateId } = await arrangeCase(world, season, { phoneIds: [phoneId] });
    const done = await bar(supervisor, { candidateId, phoneId }, lastDay);
    expect(done.ok ? null : done.error.code).toBe(code);
  });
});

test('it is lifted with a reason by 督查, and the number rings again; what an attempt had found out before is gone', async () => {
  const { candidateId, phoneIds } = await arrangeCase(world, season, { owner: caller, phones: 1 });
  const [phoneId = ''] = phoneIds;
  const id = await made({ candidateId, phoneId });
  expect(await bar(supervisor, { candidateId, phoneId })).toMatchObject({
    error: { code: 'already_barred' },
  });
  expect(await lift(id)).toMatchObject({ ok: true });
  expect(await lift(id)).toMatchObject({ error: { code: 'not_found' } });
  expect(await phoneState(phoneId)).toBe('live');
  expect((await listed(supervisor, 'lifted')).find((entry) => entry.id === id)).toMatchObject({
    liftedByName: supervisor.actor.name,
    liftReason: '机主来电要求恢复',
  });
  const work = await pull(world, caller);
  expect(await world.as(caller, (ctx) => dial(ctx, work.lease?.id ?? '', phoneId))).toMatchObject({
    ok: true,
  });
  await finish(world, caller, await pull(world, caller), { line: 'L5', next: false });
});

test('an undo of the last call does not free a number that was barred a second ago', async () => {
  const { candidateId, phoneIds } = await arrangeCase(world, season, { owner: caller, phones: 1 });
  const [phoneId = ''] = phoneIds;
  const work = await finish(world, caller, await pull(world, caller), { line: 'L7', next: false });
  await made({ candidateId, phoneId });
  expect(await world.as(caller, (ctx) => undo(ctx, work.undo?.attemptId ?? ''))).toMatchObject({ ok: true });
  expect(await phoneState(phoneId)).toBe('do_not_call');
  await finish(world, caller, await pull(world, caller), {
    phoneId: null,
    result: 'R3',
    direction: 'in',
    next: false,
  });
});

test('a leader bars what is in a file of the group or was told in full, and reads what concerns the group', async () => {
  const elsewhere = await arrangeCase(world, season, { grouped: false });
  const [phoneId = ''] = elsewhere.phoneIds;
  expect(await bar(leader, { candidateId: elsewhere.candidateId, phoneId })).toMatchObject({
    error: { code: 'not_found' },
  });
  expect(await bar(leader, { number: '12345' })).toMatchObject({ error: { code: 'number_bad' } });
  expect(await bar(supervisor, { candidateId: elsewhere.candidateId, phoneId })).toMatchObject({ ok: true });
  const seen = async (who: Person) => (await listed(who)).some(({ who: said }) => said === masked);
  const masked = (
    await world.as('system', ({ tx }) =>
      sql<{ masked: string }>`select masked from phone where id = ${phoneId}`.execute(tx),
    )
  ).rows[0]?.masked;
  expect([await seen(supervisor), await seen(leader)]).toEqual([true, false]);
});

test('a reason that holds a number is kept masked', async () => {
  const phoneId = await arrangePhone(world);
  const { candidateId } = await arrangeCase(world, season, { phoneIds: [phoneId] });
  await bar(supervisor, { candidateId, phoneId }, null, '机主用 15400005678 来电要求不再拨打');
  expect((await listed(supervisor))[0]?.reason).not.toContain('15400005678');
});
