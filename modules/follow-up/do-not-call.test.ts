import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import type { CaseRow } from './case.store.ts';
import { complete, correct } from './correct.service.ts';
import { decideNext } from './decide.rules.ts';
import { liftDoNotCall, reopenByHand } from './do-not-call.ts';
import { acceptEscalation, giveBackEscalation } from './escalation-act.service.ts';
import { dial, message } from './lease.service.ts';
import { openCases } from './lifecycle.service.ts';
import { expireLease } from './release.service.ts';
import { takeOver } from './takeover.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangePhone,
  arrangeScene,
  HOUR,
  MINUTE,
  MORNING,
  type Season,
} from './testing/arrange.ts';
import { finish, pull } from './testing/calls.ts';
import { facts, NOW, number, settings } from './testing/facts.ts';

/** 勿再来电 is said once: it holds in every phase, on every way out, and after a correction; only 督查 lifts it. */

let world: World;
let season: Season;
let caller: Person;
const state = arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});

async function told(): Promise<{ caseId: string; row: CaseRow; attemptId: string }> {
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  const work = await finish(world, caller, await pull(world, caller), { result: 'R5', next: false });
  const row = await state(caseId);
  if (!row) throw new Error('no case');
  return { caseId, row, attemptId: work.undo?.attemptId ?? '' };
}
const amendment = (result: 'R3' | 'R5') => ({
  ...{ line: null, answerer: null, result, talkSeconds: 30 },
  checked: { major: false, identity: false },
});

test('in the next phase the case is stopped at the first pull', async () => {
  const { row } = await told();
  const [next = ''] = await world.as(caller, (ctx) =>
    openCases(ctx, [
      {
        ...{ seasonId: row.season_id, policyId: row.policy_id, candidateId: row.candidate_id },
        ...{ phase: 'admitted', round: 'first', ownerId: caller.userId, groupId: row.group_id },
        ...{ dueAt: null, deadlineAt: null, requiredSkill: null },
      },
    ]),
  );
  expect(await pull(world, caller)).toMatchObject({ lease: null });
  expect(await state(next)).toMatchObject({ state: 'blocked', blocked_reason: 'do_not_call', due_at: null });
});

test('when the person calls, the file opens, but nothing goes out, and afterwards nobody calls either', async () => {
  const { caseId } = await told();
  const work = await world.as(caller, (ctx) => takeOver(ctx, caseId, '考生来电'));
  if (!work.ok || !work.value.lease) throw new Error('not taken over');
  const { id, numbers } = work.value.lease;
  const phoneId = numbers[0]?.phoneId ?? '';
  expect(numbers[0]?.barred).toContain('勿再来电');
  expect(await world.as(caller, (ctx) => dial(ctx, id, phoneId))).toMatchObject({
    error: { code: 'number_barred' },
  });
  const sms = { clientKey: 'one', channel: 'sms' as const, phoneId, outcome: 'sent', text: '您好' };
  expect(
    await world.as(caller, (ctx) => message(ctx, id, { ...sms, scriptVersionId: null, talkSeconds: 0 })),
  ).toMatchObject({ error: { code: 'number_barred' } });
  await finish(world, caller, work.value, { result: 'R3', direction: 'in', phoneId: null, next: false });
  expect(await state(caseId)).toMatchObject({
    ...{ state: 'blocked', blocked_reason: 'do_not_call', disposition: 'considering' },
  });
});

test('a result corrected from 勿再来电 keeps the stop; one corrected to it sets it', async () => {
  const { caseId, attemptId } = await told();
  world.setClock(MORNING + MINUTE);
  const mistaken = { ...amendment('R3'), reason: '按错了' };
  expect(await world.as(caller, (ctx) => correct(ctx, attemptId, mistaken))).toMatchObject({ ok: true });
  expect(await state(caseId)).toMatchObject({ state: 'blocked', blocked_reason: 'do_not_call' });
  const other = await arrangeCase(world, season, { owner: caller, dueAt: MORNING });
  const work = await finish(world, caller, await pull(world, caller), { result: 'R3', next: false });
  const right = { ...amendment('R5'), reason: '考生说不要再打' };
  await world.as(caller, (ctx) => correct(ctx, work.undo?.attemptId ?? '', right));
  const reopened = await world.as('system', (ctx) =>
    reopenByHand(ctx, { caseId: other.caseId, reason: '再问' }),
  );
  expect(reopened).toMatchObject({ error: { code: 'do_not_call' } });
});

test('a call told too late has its effect on person, number and credit all the same', async () => {
  const late = async (given: Parameters<typeof complete>[2]): Promise<CaseRow | null> => {
    world.setClock(MORNING);
    caller = await arrangeCaller(world, season, { grouped: false });
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    const leaseId = work.lease?.id ?? '';
    await world.as(caller, (ctx) => dial(ctx, leaseId, work.lease?.numbers[0]?.phoneId ?? ''));
    world.setClock(MORNING + HOUR);
    await world.as('system', (ctx) => expireLease(ctx, leaseId));
    const attemptId = (await state(caseId))?.last_attempt_id ?? '';
    const done = await world.as(caller, (ctx) => complete(ctx, attemptId, given));
    if (!done.ok) throw new Error(done.error.message);
    return state(caseId);
  };
  const phones = async (candidateId: string) =>
    (
      await world.as('system', ({ tx }) =>
        sql<{
          state: string;
          detached: boolean;
        }>`select p.state, cp.detached_at is not null as detached from candidate_phone cp
          join phone p on p.id = cp.phone_id where cp.candidate_id = ${candidateId} order by p.state`.execute(
          tx,
        ),
      )
    ).rows;
  const none = { line: null, answerer: null, result: null, talkSeconds: 0 };
  const unchecked = { major: false, identity: false };
  const stopped = await late({ ...none, result: 'R5', checked: unchecked });
  expect(stopped).toMatchObject({ state: 'blocked', blocked_reason: 'do_not_call' });
  const vacant = await late({ ...none, line: 'L1', checked: unchecked });
  expect((await phones(vacant?.candidate_id ?? '')).map((phone) => phone.state)).toContain('suspect');
  const wrong = await late({ ...none, answerer: 'A1', checked: unchecked });
  expect((await phones(wrong?.candidate_id ?? '')).some(({ detached }) => detached)).toBe(true);
  const confirmed = await late({ ...none, result: 'R1', checked: { major: true, identity: true } });
  const { rows } = await world.as('system', ({ tx }) =>
    sql`select from credit where case_id = ${confirmed?.id} and user_id = ${caller.userId} and ended_at is null`.execute(
      tx,
    ),
  );
  expect([confirmed?.state, rows.length]).toEqual(['final', 1]);
});

/** Two files of the college with one ID number: two batches, or a duplicate not merged yet. */
const sameId = (one: string, other: string) =>
  world.as('system', ({ tx }) =>
    sql`update candidate set id_blind = sha256(${one}::bytea) where id in (${one}, ${other})`.execute(tx),
  );

test('it holds in every file of the person, is lifted for all of them, and a day of calls counts for one', async () => {
  const { row } = await told();
  const again = await arrangeCase(world, season, { owner: caller });
  await sameId(row.candidate_id, again.candidateId);
  expect(await pull(world, caller)).toMatchObject({ lease: null });
  expect(await state(again.caseId)).toMatchObject({ state: 'blocked', blocked_reason: 'do_not_call' });
  const reopened = await world.as('system', (ctx) =>
    reopenByHand(ctx, { caseId: again.caseId, reason: '再问' }),
  );
  expect(reopened).toMatchObject({ error: { code: 'do_not_call' } });
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{
      id: string;
    }>`select id from do_not_call where candidate_id = ${row.candidate_id} and lifted_at is null`.execute(tx),
  );
  const supervisor = await world.addPerson({ roles: ['supervisor'] });
  expect(
    await world.as(supervisor, (ctx) => liftDoNotCall(ctx, rows[0]?.id ?? '', '本人来电要求恢复')),
  ).toMatchObject({
    ok: true,
  });
  expect([(await state(row.id))?.state, (await state(again.caseId))?.state]).toEqual(['ready', 'ready']);
  await world.as('system', ({ tx }) =>
    sql`select case_apply(jsonb_build_array(jsonb_build_object('id', ${row.id}::text, 'version', version, 'kind', 'corrected', 'at', now(),
      'after', jsonb_build_object('dialled_on', '2026-07-22', 'dialled_today', 6)))) from follow_up_case where id = ${row.id}`.execute(
      tx,
    ),
  );
  expect(await pull(world, caller)).toMatchObject({ lease: null });
  expect((await state(again.caseId))?.due_at).toBeGreaterThan(MORNING + 12 * HOUR);
});

test('a complaint lets the number rest: not dialled, not texted for a brother either, until 督查 has settled it', async () => {
  const first = await arrangeCase(world, season, { owner: caller, phones: 1 });
  const shared = first.phoneIds[0] ?? '';
  await finish(world, caller, await pull(world, caller), { result: 'R6', next: false });
  const other = await arrangeCaller(world, season, { grouped: false });
  const brother = await arrangeCase(world, season, { owner: other, phoneIds: [shared] });
  expect(await pull(world, other)).toMatchObject({ lease: null });
  const waiting = await state(brother.caseId);
  expect(waiting).toMatchObject({ state: 'ready', escalation_id: null });
  expect(waiting?.due_at).toBeGreaterThan(MORNING + 12 * HOUR);
  const third = await arrangeCase(world, season, {
    owner: other,
    phoneIds: [shared, await arrangePhone(world)],
  });
  const work = await pull(world, other);
  expect(work.lease?.case.id).toBe(third.caseId);
  expect(work.lease?.numbers.map(({ frozen }) => frozen)).toEqual([false, true]);
  expect(work.lease?.facts.smsPhones).not.toContain(shared);
  const leaseId = work.lease?.id ?? '';
  expect(await world.as(other, (ctx) => dial(ctx, leaseId, shared))).toMatchObject({
    error: { code: 'number_barred', message: expect.stringContaining('投诉') },
  });
  const sms = { clientKey: 'two', channel: 'sms' as const, phoneId: shared, outcome: 'sent', text: '您好' };
  expect(
    await world.as(other, (ctx) => message(ctx, leaseId, { ...sms, scriptVersionId: null, talkSeconds: 0 })),
  ).toMatchObject({ error: { code: 'number_barred' } });
  await finish(world, other, work, { line: 'L5', next: false });
  const { escalation_id: complaint } = (await state(first.caseId)) ?? {};
  const supervisor = await arrangeCaller(world, season, { roles: ['supervisor'] });
  await world.as(supervisor, (ctx) => acceptEscalation(ctx, complaint ?? ''));
  expect(
    await world.as(supervisor, (ctx) => giveBackEscalation(ctx, complaint ?? '', '已致歉，家长同意继续联系')),
  ).toMatchObject({
    ok: true,
  });
  world.setClock(MORNING + 24 * HOUR);
  expect((await pull(world, other)).lease?.numbers.every(({ frozen }) => !frozen)).toBe(true);
});

test('rule: after a call of the person, any result but an end or a hand-over leaves the stop', () => {
  const decided = (outcome: 'R1' | 'R2' | 'R3' | 'R6', underEscalation = false) =>
    decideNext(
      facts({ doNotCall: true, underEscalation }),
      [number()],
      { outcome, phoneId: null, callback: null },
      { now: NOW, settings },
    ).state;
  expect([decided('R3'), decided('R2'), decided('R1'), decided('R6'), decided('R3', true)]).toEqual([
    ...['blocked', 'blocked', 'final', 'escalated', 'escalated'],
  ]);
});
