import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import {
  arrangeCase,
  arrangeMember,
  arrangeWorld,
  closeVerified,
  DAY,
  HOUR,
  MINUTE,
  MORNING,
  type Season,
} from '../follow-up/testing/arrange.ts';
import { listDecisions } from './decision.contract.ts';
import { type DecisionFacts, decisionGap } from './decision.rules.ts';
import { confirmDecision, listOfDecisions, proposeDecision, rejectDecision } from './decision.service.ts';
import { requestWithdrawal } from './request.service.ts';

let world: World;
let season: Season;
let member: Person;
let otherMember: Person;
let clerk: Person;
let office: Person;
let officeToo: Person;

beforeAll(async () => {
  ({ world, season } = await arrangeWorld());
  member = await arrangeMember(world, season);
  otherMember = await arrangeMember(world, season);
  clerk = await world.addPerson({ roles: ['file_clerk'] });
  office = await world.addPerson({ roles: ['admissions_office', 'file_clerk'] });
  officeToo = await world.addPerson({ roles: ['admissions_office'] });
});
afterAll(() => closeVerified(world));
beforeEach(() => world.setClock(MORNING));

/** A case of the member, on its last day: R11 may be proposed. */
const lastDay = async (): Promise<string> =>
  (await arrangeCase(world, season, { owner: member, deadlineAt: MORNING + 6 * HOUR })).caseId;
const propose = (caseId: string, who: Person, result: 'admitted' | 'returned' | 'closed' = 'admitted') =>
  world.as(who, (ctx) => proposeDecision(ctx, { caseId, result, reason: '突击三天，各种办法都没有回应' }));
const confirm = (id: string, who: Person) => world.as(who, (ctx) => confirmDecision(ctx, id));
const reject = (id: string, who: Person) =>
  world.as(who, (ctx) => rejectDecision(ctx, id, '请再找班主任问一次'));
const proposed = async (caseId: string, who = member): Promise<string> => {
  const done = await propose(caseId, who);
  if (!done.ok) throw new Error(done.error.message);
  return done.value.decisionId ?? '';
};
const caseState = async (caseId: string) =>
  (
    await world.as('system', ({ tx }) =>
      sql<{ state: string; result: string | null }>`
        select state, result from follow_up_case where id = ${caseId}`.execute(tx),
    )
  ).rows[0];

describe('a final decision', () => {
  test('is proposed by one person and confirmed by another; then the case is final', async () => {
    const caseId = await lastDay();
    const id = await proposed(caseId);
    expect(await caseState(caseId)).toMatchObject({ state: 'blocked' });
    expect(await confirm(id, office)).toMatchObject({
      ok: true,
      value: { confirmedByName: expect.any(String), proposedByName: expect.any(String) },
    });
    expect(await caseState(caseId)).toEqual({ state: 'final', result: 'admitted' });
  });
  test('is never confirmed by the person who proposed it', async () => {
    const caseId = await lastDay();
    const id = await proposed(caseId, office);
    expect(await confirm(id, office)).toMatchObject({ ok: false, error: { code: 'same_person' } });
    expect(await confirm(id, officeToo)).toMatchObject({ ok: true });
  });
  test('cannot carry one name twice, not even in the database', async () => {
    const id = await proposed(await lastDay());
    const twice = world.as('system', ({ tx }) =>
      sql`update final_decision set confirmed_by = proposed_by, confirmed_at = now() where id = ${id}`.execute(
        tx,
      ),
    );
    await expect(twice).rejects.toThrow(/confirmed_by_a_second_person/);
  });
  test('is made once when two of the office confirm together', async () => {
    const id = await proposed(await lastDay());
    const both = await Promise.all([confirm(id, office), confirm(id, officeToo)]);
    expect(both.filter((one) => one.ok)).toHaveLength(1);
    expect(both.find((one) => !one.ok)).toMatchObject({ error: { code: 'already_decided' } });
  });
  test('stands once for a case, and somebody else’s case is out of sight', async () => {
    const caseId = await lastDay();
    expect(await propose(caseId, otherMember)).toMatchObject({ error: { code: 'not_found' } });
    await proposed(caseId);
    expect(await propose(caseId, clerk)).toMatchObject({ error: { code: 'already_proposed' } });
  });
  test('sent back opens the case again with its reason, and may be proposed anew', async () => {
    const caseId = await lastDay();
    const id = await proposed(caseId);
    expect(await reject(id, office)).toMatchObject({
      ok: true,
      value: { decisionId: null, rejectedReason: '请再找班主任问一次' },
    });
    expect(await caseState(caseId)).toMatchObject({ state: 'ready' });
    expect(await confirm(id, officeToo)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await propose(caseId, member)).toMatchObject({ ok: true });
  });
});

describe('between the two signatures', () => {
  const ask = (caseId: string) =>
    world.as(member, (ctx) =>
      requestWithdrawal(ctx, world.files, { caseId, reasonCode: 'repeat', reasonText: '' }),
    );
  test('a candidate may still ask for withdrawal: nobody confirms over it, and the proposal can be sent back', async () => {
    const caseId = await lastDay();
    const id = await proposed(caseId);
    expect(await ask(caseId)).toMatchObject({ ok: true });
    expect(await confirm(id, office)).toMatchObject({
      ok: false,
      error: { code: 'no_longer', message: expect.stringContaining('退档材料正在办理') },
    });
    const state = await caseState(caseId);
    expect(await reject(id, office)).toMatchObject({ ok: true });
    expect(await caseState(caseId)).toEqual(state);
    expect(await confirm(id, office)).toMatchObject({ ok: false });
  });
  test('a request that nobody carried out in time ends with the decision, and who had asked is told', async () => {
    const caseId = await lastDay();
    const asked = await ask(caseId);
    expect(await propose(caseId, member)).toMatchObject({ error: { code: 'withdrawal_open' } });
    world.setClock(MORNING + 7 * DAY);
    await confirm(await proposed(caseId), office);
    expect(await caseState(caseId)).toEqual({ state: 'final', result: 'admitted' });
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{ state: string; told: boolean }>`
        select state, exists (select from notice where user_id = ${member.userId} and title = '退档申请过期未办') as told
        from withdrawal where id = ${asked.ok ? asked.value.id : null}`.execute(tx),
    );
    expect(rows).toEqual([{ state: 'lapsed', told: true }]);
  });
});

describe('the lists', () => {
  test('say beside each candidate why a result cannot be proposed, before anybody writes a reason', async () => {
    const caseId = await lastDay();
    await world.as(member, (ctx) =>
      requestWithdrawal(ctx, world.files, { caseId, reasonCode: 'cost', reasonText: '' }),
    );
    const page = await world.as(clerk, (ctx) =>
      listOfDecisions(ctx, listDecisions.query.parse({ view: 'to_propose', limit: 50 })),
    );
    const row = page.ok ? page.value.items.find((item) => item.caseId === caseId) : undefined;
    const open = expect.stringContaining('退档材料正在办理');
    expect(row?.gaps).toEqual({ admitted: open, returned: open, closed: open });
    const free = await lastDay();
    const again = await world.as(clerk, (ctx) =>
      listOfDecisions(ctx, listDecisions.query.parse({ view: 'to_propose', limit: 50 })),
    );
    const other = again.ok ? again.value.items.find((item) => item.caseId === free) : undefined;
    expect(other?.gaps).toMatchObject({ admitted: null, returned: expect.any(String) });
  });
  test('count what is past its deadline, from the moment after, and list only what may be proposed by then', async () => {
    const counts = async () => {
      const list = await world.as(office, (ctx) =>
        listOfDecisions(ctx, listDecisions.query.parse({ view: 'to_propose', limit: 50 })),
      );
      if (!list.ok) throw new Error(list.error.message);
      return { ...list.value.counts, ids: list.value.items.map(({ caseId }) => caseId) };
    };
    const before = await counts();
    const soon = await arrangeCase(world, season, { owner: member, deadlineAt: MORNING + 30 * DAY });
    const added = await counts();
    expect([added.open - before.open, added.overdue - before.overdue]).toEqual([1, 0]);
    expect(added.ids).not.toContain(soon.caseId);
    world.setClock(MORNING + 29 * DAY - 1);
    expect((await counts()).ids).not.toContain(soon.caseId);
    world.setClock(MORNING + 29 * DAY);
    expect((await counts()).ids).toContain(soon.caseId);
    world.setClock(MORNING + 30 * DAY);
    const reached = (await counts()).overdue;
    world.setClock(MORNING + 30 * DAY + 1);
    expect((await counts()).overdue).toBe(reached + 1);
  });
  test('lead from to propose over waiting to decided', async () => {
    const caseId = await lastDay();
    const inView = async (view: string): Promise<boolean> => {
      const page = await world.as(office, (ctx) =>
        listOfDecisions(ctx, listDecisions.query.parse({ view, limit: 50 })),
      );
      return page.ok && page.value.items.some((item) => item.caseId === caseId);
    };
    expect(await inView('to_propose')).toBe(true);
    const id = await proposed(caseId);
    expect([await inView('to_propose'), await inView('waiting')]).toEqual([false, true]);
    await confirm(id, office);
    expect([await inView('waiting'), await inView('decided')]).toEqual([false, true]);
  });
});

describe('what may be proposed', () => {
  const facts: DecisionFacts = {
    state: 'escalated',
    phase: 'filing',
    round: 'final',
    disposition: 'unreachable',
    deadlineAt: MORNING + 5 * DAY,
    outcomes: ['L5'],
    withdrawable: true,
    withdrawalDeadlineAt: MORNING + DAY,
    openWithdrawal: false,
  };
  const wants = { disposition: 'withdrawing' } as const;
  test.each<[string, Partial<DecisionFacts>, 'admitted' | 'returned' | 'closed', string | null]>([
    ['the last round', {}, 'admitted', null],
    ['the focus round, days before', { round: 'focus' }, 'admitted', 'too_early'],
    ['24 hours before', { round: 'focus', deadlineAt: MORNING + DAY }, 'admitted', null],
    ['a minute more', { round: 'focus', deadlineAt: MORNING + DAY + MINUTE }, 'admitted', 'too_early'],
    ['a final case', { state: 'final' }, 'admitted', 'case_closed'],
    ['a case on the phone', { state: 'leased' }, 'admitted', 'case_leased'],
    ['papers under way', { openWithdrawal: true }, 'admitted', 'withdrawal_open'],
    [
      'papers that came too late',
      { openWithdrawal: true, withdrawalDeadlineAt: MORNING - 1 },
      'admitted',
      null,
    ],
    ['who wishes to leave, in time', wants, 'admitted', 'withdrawal_open'],
    ['who wished to leave, too late', { ...wants, withdrawalDeadlineAt: MORNING - 1 }, 'admitted', null],
    ['who wishes to leave a binding province', { ...wants, withdrawable: false }, 'admitted', null],
    ['returned without ground', {}, 'returned', 'no_ground'],
    ['returned after 信息不符', { outcomes: ['R8'] }, 'returned', null],
    ['closed without ground', {}, 'closed', 'no_ground'],
    ['closed after R9', { outcomes: ['L5', 'R9'] }, 'closed', null],
  ])('%s', (_name, given, result, code) => {
    expect(decisionGap({ ...facts, ...given }, result, MORNING)?.code ?? null).toBe(code);
  });
});
