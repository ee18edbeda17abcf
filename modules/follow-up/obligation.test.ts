import { type RawBuilder, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import type { CaseRow } from './case.store.ts';
import { moveDeadlines } from './deadline.service.ts';
import { escalateCase } from './escalate.ts';
import { assignCases, blockCase, closeCase, noteWithdrawal, reopenCase } from './lifecycle.service.ts';
import { takeOver } from './takeover.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeScene,
  countOf,
  DAY,
  HOUR,
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

const count = (query: RawBuilder<{ n: number }>) => countOf(world, query);

describe('outside the calls', () => {
  test('reassigned, blocked, reopened, escalated and closed cases keep their obligations', async () => {
    const mate = await arrangeCaller(world, season);
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const id = caseId as CaseRow['id'];
    await world.as('system', (ctx) =>
      assignCases(ctx, [{ caseId: id, ownerId: mate.userId, groupId: season.groupId }], '均衡'),
    );
    expect(await state(caseId)).toMatchObject({ owner_id: mate.userId });
    await world.as(mate, (ctx) =>
      blockCase(ctx, { caseId, reason: 'decision', inChargeId: null, causeId: null }),
    );
    expect(await state(caseId)).toMatchObject({ state: 'blocked', in_charge_id: mate.userId });
    await world.as(mate, (ctx) => reopenCase(ctx, { caseId, reason: '继续' }));
    const up = await world.as(mate, (ctx) =>
      escalateCase(ctx, { caseId: id, tier: 'leader', cause: 'by_hand', summary: '请组长协助' }),
    );
    expect(up.ok).toBe(true);
    expect(await state(caseId)).toMatchObject({ state: 'escalated', owner_id: mate.userId });
  });
  test('open cases follow the deadline of their policy; a final one keeps the one it was closed under', async () => {
    const closed = await arrangeCase(world, season, { owner: caller, deadlineAt: MORNING + DAY });
    const confirm = { result: 'R1' as const, checked: { major: true, identity: true }, next: false };
    await finish(world, caller, await pull(world, caller), confirm);
    const open = await arrangeCase(world, season, { owner: caller, deadlineAt: MORNING + DAY });
    const other = await arrangeCase(world, season, { policyId: season.binding, deadlineAt: MORNING + DAY });
    await world.as('system', async (ctx) => {
      while ((await moveDeadlines(ctx, season.withdrawable)) > 0);
    });
    expect((await state(open.caseId))?.deadline_at).toBe(MORNING + 6 * DAY);
    expect((await state(closed.caseId))?.deadline_at).toBe(MORNING + DAY);
    expect((await state(other.caseId))?.deadline_at).toBe(MORNING + DAY);
  });
  test('a confirmed case that is opened again credits nobody until it is confirmed again', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const confirm = { result: 'R1' as const, checked: { major: true, identity: true }, next: false };
    const credits = () =>
      count(sql`select count(*)::int as n from credit where case_id = ${caseId} and ended_at is null`);
    await finish(world, caller, await pull(world, caller), confirm);
    expect(await credits()).toBe(1);
    world.setClock(MORNING + HOUR);
    expect(
      await world.as(caller, (ctx) => reopenCase(ctx, { caseId, reason: '家长来电改主意' })),
    ).toMatchObject({
      ok: true,
    });
    expect([await state(caseId), await credits()]).toMatchObject([{ state: 'ready', result: null }, 0]);
    await finish(world, caller, await pull(world, caller), confirm);
    expect([await state(caseId), await credits()]).toMatchObject([{ state: 'final' }, 1]);
  });
  test('papers of a withdrawal stop the calls; rejected ones are a call-back; a final case stays final', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    await finish(world, caller, await pull(world, caller), { result: 'R2' });
    expect(await state(caseId)).toMatchObject({
      state: 'scheduled',
      disposition: 'withdrawing',
      due_at: MORNING + 4 * HOUR,
    });
    const note = (step: 'evidence_in' | 'rejected' | 'cancelled') =>
      world.as(caller, (ctx) => noteWithdrawal(ctx, { caseId, withdrawalId: caseId, step }));
    await note('evidence_in');
    expect(await state(caseId)).toMatchObject({ state: 'blocked', blocked_reason: 'withdrawal_papers' });
    await note('rejected');
    expect(await state(caseId)).toMatchObject({ state: 'scheduled', disposition: 'withdrawing' });
    await note('cancelled');
    expect(await state(caseId)).toMatchObject({ state: 'ready', disposition: 'considering' });
    const attemptId = (await state(caseId))?.last_attempt_id ?? '';
    await world.as('system', (ctx) =>
      closeCase(ctx, { caseId, result: 'withdrawn', reason: '已办理', causeId: attemptId }),
    );
    expect(await world.as(caller, (ctx) => reopenCase(ctx, { caseId, reason: '再问' }))).toMatchObject({
      error: { code: 'case_closed' },
    });
  });
  test('an unowned case belongs to whoever pulls it, up to the cap of open work', async () => {
    const full = await arrangeCaller(world, season, { cap: 1, grouped: false });
    await arrangeCase(world, season, { owner: full, dueAt: MORNING + DAY });
    await arrangeCase(world, season, { owner: null });
    expect((await pull(world, full)).nothing?.message).toContain('已达上限 1 名');
    const free = await arrangeCaller(world, season);
    expect((await pull(world, free)).lease?.case.ownerId).toBe(free.userId);
  });
});

describe('an inbound call', () => {
  test('is taken over with a reason; what was in hand returns, the owner stays', async () => {
    const other = await arrangeCaller(world, season);
    const mine = await arrangeCase(world, season, { owner: caller });
    const theirs = await arrangeCase(world, season, { owner: other });
    await pull(world, caller);
    const taken = await world.as(caller, (ctx) => takeOver(ctx, theirs.caseId, '考生来电'));
    expect(taken).toMatchObject({
      ok: true,
      value: { lease: { how: 'takeover', case: { id: theirs.caseId, ownerId: other.userId } } },
    });
    expect(await state(mine.caseId)).toMatchObject({ state: 'ready' });
    const held = await world.as(other, (ctx) => takeOver(ctx, theirs.caseId, '考生来电'));
    expect(held).toMatchObject({ ok: false, error: { code: 'case_leased' } });
  });
});
