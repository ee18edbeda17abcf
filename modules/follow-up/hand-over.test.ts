import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import type { EscalationTier } from '#season/rules';
import { handOverBarred } from './check.rules.ts';
import { FinishBody, type FinishInput } from './contract.ts';
import { acceptEscalation } from './escalation-act.service.ts';
import { workEscalation } from './escalation-work.service.ts';
import { finishAndNext } from './finish.service.ts';
import { dial, escalateInHand } from './lease.service.ts';
import type { Outcome } from './outcome.rules.ts';
import { arrangeCase, arrangeMember, arrangeScene, HOUR, MORNING, type Season } from './testing/arrange.ts';
import { form, pull } from './testing/calls.ts';
import { undo } from './undo.service.ts';
import type { WorkView } from './work.contract.ts';

let world: World;
let season: Season;
let caller: Person;
let member: Person;

const state = arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});
beforeAll(async () => {
  member = await arrangeMember(world, season);
});

const SUMMARY = '家长要求与招办直接沟通';
const upwards = (tier: EscalationTier): Pick<FinishInput, 'escalation'> => ({
  escalation: { tier, summary: SUMMARY },
});
const send = (work: WorkView, given: Partial<FinishInput>, who = caller) => {
  const sent = form(work, { next: false, ...given });
  return world.as(who, (ctx) => finishAndNext(ctx, work.lease?.id ?? '', sent));
};
interface Stored {
  readonly id: string;
  readonly tier: string;
  readonly cause: string;
  readonly summary: string;
  readonly state: string;
  readonly tried: number;
}
const escalations = async (caseId: string): Promise<Stored[]> =>
  (
    await world.as('system', ({ tx }) =>
      sql<Stored>`select id, tier, cause, summary, state, (select count(*)::int from jsonb_path_query(evidence, '$[*].attemptIds[*]')) as tried
        from escalation where case_id = ${caseId} order by opened_at, id`.execute(tx),
    )
  ).rows;

describe('which results go together with a hand-over', () => {
  test.each<[Outcome, EscalationTier, allowed: boolean]>([
    ['R3', 'leader', true],
    ['R2', 'office', true],
    ['L5', 'escalation_team', true],
    ['R6', 'supervisor', true],
    ['R6', 'leader', false],
    ['R8', 'office', true],
    ['R8', 'supervisor', false],
    ['R9', 'leader', true],
    ['R1', 'leader', false],
    ['R5', 'office', false],
  ])('%s to %s: %s', (outcome, tier, allowed) => {
    expect(handOverBarred(outcome, tier) === null).toBe(allowed);
  });
  test('the form asks for at least five characters', () => {
    const sent = (summary: string) =>
      FinishBody.shape.escalation.safeParse({ tier: 'leader', summary }).success;
    expect([sent('四个字呢'), sent('有五个字了'), sent('字'.repeat(500)), sent('字'.repeat(501))]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('finishing and escalating in one step', () => {
  test('records the call and hands the case over with that call as evidence', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    await world.as(caller, (ctx) => dial(ctx, work.lease?.id ?? '', work.lease?.numbers[0]?.phoneId ?? ''));
    world.setClock(MORNING + 120_000);
    const done = await send(work, {
      result: 'R3',
      talkSeconds: 60,
      note: '还想再听听',
      ...upwards('office'),
    });
    expect(done).toMatchObject({ ok: true, value: { lease: null, undo: { outcome: 'R3' } } });
    expect(await state(caseId)).toMatchObject({
      ...{ state: 'escalated', disposition: 'considering', due_at: null, owner_id: caller.userId },
      ...{ attempts: 1, contacts: 1, talk_seconds: 60, last_outcome: 'R3' },
    });
    expect(await escalations(caseId)).toMatchObject([
      { tier: 'office', cause: 'by_hand', summary: `${SUMMARY}：还想再听听`, state: 'open', tried: 1 },
    ]);
  });
  test('sent twice is written once, and the second send is answered', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    const sent = form(work, { line: 'L5', next: false, ...upwards('leader') });
    const twice = () => world.as(caller, (ctx) => finishAndNext(ctx, work.lease?.id ?? '', sent));
    expect([(await twice()).ok, (await twice()).ok]).toEqual([true, true]);
    expect(await escalations(caseId)).toHaveLength(1);
    expect(await state(caseId)).toMatchObject({ attempts: 1 });
  });
  test('keeps the time agreed: the owner calls back until somebody accepts', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const at = MORNING + 5 * HOUR;
    const promise = { answerer: 'A8' as const, callback: { at, scope: 'owner' as const, note: '' } };
    const done = await send(await pull(world, caller), { ...promise, ...upwards('leader') });
    expect(done).toMatchObject({ ok: true });
    const row = await state(caseId);
    expect(row).toMatchObject({ state: 'escalated', due_at: at });
    expect(row?.callback_id).not.toBeNull();
    world.setClock(at - 60_000);
    expect(await pull(world, caller)).toMatchObject({ lease: null, callbacks: [{ caseId, mine: true }] });
  });
  test('a result with its own receiver keeps it, and the words of the caller are added', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    expect(await send(await pull(world, caller), { result: 'R6', ...upwards('supervisor') })).toMatchObject({
      ok: true,
    });
    expect(await escalations(caseId)).toMatchObject([
      { tier: 'supervisor', cause: 'R6', summary: `投诉 / 舆情：${SUMMARY}` },
    ]);
  });
  test.each<[Partial<FinishInput>, EscalationTier]>([
    [{ result: 'R1', checked: { major: true, identity: true } }, 'leader'],
    [{ result: 'R5' }, 'office'],
    [{ result: 'R8' }, 'leader'],
  ])('refuses %o to %s and changes nothing', async (given, tier) => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    expect(await send(work, { ...given, ...upwards(tier) })).toMatchObject({
      ok: false,
      error: { code: 'escalation_not_allowed' },
    });
    expect(await state(caseId)).toMatchObject({ state: 'leased', attempts: 0 });
    expect(await escalations(caseId)).toEqual([]);
  });
  test('is undone as a whole', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    const done = await send(work, { result: 'R3', ...upwards('leader') });
    const attemptId = done.ok ? (done.value.undo?.attemptId ?? '') : '';
    expect(await world.as(caller, (ctx) => undo(ctx, attemptId))).toMatchObject({
      ok: true,
      value: { lease: { case: { id: caseId, attempts: 0 } } },
    });
    expect(await state(caseId)).toMatchObject({
      state: 'leased',
      escalation_id: null,
      disposition: 'uncalled',
    });
    expect(await escalations(caseId)).toMatchObject([{ state: 'done' }]);
  });
});

describe('a case that is handed over already', () => {
  async function inTheirHand(): Promise<{ caseId: string; work: WorkView }> {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    await send(await pull(world, caller), { line: 'L4', ...upwards('escalation_team') });
    const id = (await escalations(caseId))[0]?.id ?? '';
    await world.as(member, (ctx) => acceptEscalation(ctx, id));
    world.setClock(MORNING + 2 * HOUR);
    const work = await world.as(member, (ctx) => workEscalation(ctx, id));
    if (!work.ok) throw new Error(work.error.message);
    return { caseId, work: work.value };
  }

  test('moves only along the tiers', async () => {
    const { caseId, work } = await inTheirHand();
    expect(await send(work, { line: 'L5', ...upwards('leader') }, member)).toMatchObject({
      ok: false,
      error: { code: 'already_escalated' },
    });
    const leaseId = work.lease?.id ?? '';
    const given = { tier: 'escalation_team' as const, summary: SUMMARY, next: false };
    expect(await world.as(member, (ctx) => escalateInHand(ctx, leaseId, given))).toMatchObject({
      ok: false,
      error: { code: 'already_escalated' },
    });
    expect(await send(work, { line: 'L5', ...upwards('office') }, member)).toMatchObject({ ok: true });
    expect(await escalations(caseId)).toMatchObject([
      { tier: 'escalation_team', state: 'passed_on' },
      { tier: 'office', state: 'open', tried: 2 },
    ]);
  });
});

describe('to the escalation team goes what was tried', () => {
  const given = { tier: 'escalation_team' as const, summary: SUMMARY, next: false };
  test('a case nobody has tried stays: before the first dial, and with a result that counts as none', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    const leaseId = work.lease?.id ?? '';
    const inHand = await world.as(caller, (ctx) => escalateInHand(ctx, leaseId, given));
    expect(inHand).toMatchObject({
      error: { code: 'no_evidence', message: expect.stringContaining('还没有一次联系记录') },
    });
    const fault = await send(work, { line: 'L11', ...upwards('escalation_team') });
    expect(fault).toMatchObject({ error: { code: 'no_evidence' } });
    expect(await state(caseId)).toMatchObject({ state: 'leased', attempts: 0 });
    expect(await send(work, { line: 'L5', ...upwards('escalation_team') })).toMatchObject({ ok: true });
    expect(await escalations(caseId)).toMatchObject([{ tier: 'escalation_team', tried: 1 }]);
  });
  test('a candidate without a number goes at once', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    await world.as('system', ({ tx }) =>
      sql`update candidate_phone set detached_at = now(), detached_reason = '错号' where candidate_id = (select candidate_id from follow_up_case where id = ${caseId})`.execute(
        tx,
      ),
    );
    const up = await world.as(caller, (ctx) => escalateInHand(ctx, work.lease?.id ?? '', given));
    expect(up).toMatchObject({ ok: true });
  });
});
