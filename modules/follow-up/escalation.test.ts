import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import type { Person, World } from '#platform/testing/app';
import type { CaseRow } from './case.store.ts';
import { escalateCase } from './escalate.ts';
import { escalateFromFile } from './escalate-file.service.ts';
import { EscalationDetail, listEscalations } from './escalation.contract.ts';
import { escalationDetail, listOfEscalations } from './escalation.service.ts';
import { acceptEscalation, giveBackEscalation, passOnEscalation } from './escalation-act.service.ts';
import { workEscalation } from './escalation-work.service.ts';
import { skip } from './release.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangeMember,
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
let leader: Person;
let otherLeader: Person;
let member: Person;
let secondMember: Person;
let supervisor: Person;

const state = arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});
beforeAll(async () => {
  leader = await arrangeLeader(world, season);
  otherLeader = await arrangeCaller(world, season, { roles: ['caller', 'group_leader'], grouped: false });
  member = await arrangeMember(world, season);
  secondMember = await arrangeMember(world, season);
  supervisor = await world.addPerson({ roles: ['supervisor'] });
  await world.as('system', ({ tx, tenantId }) =>
    sql`insert into staff_group (tenant_id, id, name, leader_id)
      values (${tenantId}, ${newId()}, '二组', ${otherLeader.userId})`.execute(tx),
  );
});
afterAll(async () => {
  const { rows } = await world.as('system', ({ tx }) =>
    sql`select id from escalation where ended_at is null and (responsible_id is null
      or not exists (select from follow_up_case c where c.escalation_id = escalation.id))`.execute(tx),
  );
  expect(rows).toEqual([]);
});

const accept = (id: string, who: Person) => world.as(who, (ctx) => acceptEscalation(ctx, id));
const back = (id: string, who: Person) =>
  world.as(who, (ctx) => giveBackEscalation(ctx, id, '号码其实可以打通'));
const pass = (id: string, who: Person, tier: 'leader' | 'escalation_team' | 'supervisor' | 'office') =>
  world.as(who, (ctx) => passOnEscalation(ctx, id, { tier, summary: '三个时段都打过，短信微信无回应' }));
const read = (id: string, who: Person) => world.as(who, (ctx) => escalationDetail(ctx, id));
const responsible = async (id: string): Promise<string | null> =>
  (
    await world.as('system', ({ tx }) =>
      sql<{ who: string }>`select responsible_id as who from escalation where id = ${id}`.execute(tx),
    )
  ).rows[0]?.who ?? null;
const list = async (who: Person, view: string, late?: 'true') => {
  const query = listEscalations.query.parse({ view, ...(late && { late }) });
  const page = await world.as(who, (ctx) => listOfEscalations(ctx, query));
  if (!page.ok) throw new Error('a list never refuses');
  return page.value;
};

/** A case handed to a tier by its owner; with `tried`, after one call that nobody answered. */
async function handed(
  tier: 'leader' | 'escalation_team' = 'leader',
  tried = true,
): Promise<{ caseId: string; id: string }> {
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  if (tried) {
    const work = await pull(world, caller);
    await finish(world, caller, work, { line: 'L4', next: false });
  }
  const given = { caseId: caseId as CaseRow['id'], tier, cause: 'by_hand' as const, summary: '多次无人接听' };
  const done = await world.as(caller, (ctx) => escalateCase(ctx, given));
  if (!done.ok) throw new Error(done.error.message);
  return { caseId, id: done.value.escalationId };
}

describe('from the file', () => {
  const hand = (caseId: string, who: Person, tier: 'leader' | 'escalation_team' | 'office' = 'leader') =>
    world.as(who, (ctx) => escalateFromFile(ctx, caseId, { tier, summary: '家长来访，想请组长面谈' }));
  test('owner and leader hand a case over without taking it into hand; nobody else, and once only', async () => {
    const one = await arrangeCase(world, season, { owner: caller });
    expect(await hand(one.caseId, member)).toMatchObject({ error: { code: 'not_yours' } });
    expect(await hand(one.caseId, caller)).toMatchObject({ ok: true });
    expect(await state(one.caseId)).toMatchObject({
      state: 'escalated',
      owner_id: caller.userId,
      lease_id: null,
    });
    expect(await hand(one.caseId, caller, 'escalation_team')).toMatchObject({
      error: { code: 'already_escalated', message: expect.stringContaining('转交处理') },
    });
    const other = await arrangeCase(world, season, { owner: caller });
    expect(await hand(other.caseId, leader, 'escalation_team')).toMatchObject({
      error: { code: 'no_evidence' },
    });
    expect(await hand(other.caseId, leader, 'office')).toMatchObject({ ok: true });
  });
  test('waits for the end of a call', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    expect(work.lease?.case.id).toBe(caseId);
    expect(await hand(caseId, leader)).toMatchObject({ error: { code: 'case_leased' } });
    await finish(world, caller, work, { line: 'L4', next: false });
    expect(await hand(caseId, leader)).toMatchObject({ ok: true });
  });
});

describe('accepting', () => {
  test('moves the responsibility from the owner to the leader, and the owner stays credited', async () => {
    const { id, caseId } = await handed();
    expect(await responsible(id)).toBe(caller.userId);
    expect(await accept(id, leader)).toMatchObject({ ok: true, value: { state: 'accepted', attempts: 1 } });
    expect(await responsible(id)).toBe(leader.userId);
    expect(await state(caseId)).toMatchObject({ owner_id: caller.userId, in_charge_id: leader.userId });
  });
  test('is won by one of two who are equally fast', async () => {
    const { id } = await handed('escalation_team');
    const both = await Promise.all([accept(id, member), accept(id, secondMember)]);
    expect(both.filter((one) => one.ok)).toHaveLength(1);
    expect(both.find((one) => !one.ok)).toMatchObject({ error: { code: 'already_accepted' } });
    const who = await responsible(id);
    expect([member.userId, secondMember.userId]).toContain(who);
  });
  test('repeated by the same person changes nothing', async () => {
    const { id, caseId } = await handed();
    await accept(id, leader);
    const before = await state(caseId);
    expect(await accept(id, leader)).toMatchObject({ ok: true });
    expect(await state(caseId)).toEqual(before);
  });
  test('is not for another group, a caller, or another tier', async () => {
    const { id } = await handed();
    expect(await accept(id, otherLeader)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await accept(id, caller)).toMatchObject({ ok: false, error: { code: 'not_yours' } });
    expect(await accept(id, member)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await accept(id, supervisor)).toMatchObject({ ok: false, error: { code: 'not_yours' } });
    expect(await read(id, otherLeader)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });
});

describe('returning', () => {
  test('gives the case back to its owner, due now, with the reason', async () => {
    const { id, caseId } = await handed();
    await accept(id, leader);
    world.setClock(MORNING + HOUR);
    expect(await back(id, leader)).toMatchObject({
      ok: true,
      value: { state: 'returned', endNote: '号码其实可以打通' },
    });
    expect(await responsible(id)).toBe(caller.userId);
    expect(await state(caseId)).toMatchObject({
      state: 'ready',
      due_at: MORNING + HOUR,
      escalation_id: null,
      in_charge_id: null,
      owner_id: caller.userId,
    });
    expect((await pull(world, caller)).lease?.case.id).toBe(caseId);
  });
  test('after somebody else accepted is theirs alone, and only once', async () => {
    const { id } = await handed('escalation_team');
    await accept(id, member);
    expect(await back(id, secondMember)).toMatchObject({ ok: false, error: { code: 'not_yours' } });
    expect(await back(id, member)).toMatchObject({ ok: true });
    expect(await back(id, member)).toMatchObject({ ok: false, error: { code: 'already_ended' } });
  });
});

describe('passing on', () => {
  test('goes to the escalation team; the leader answers for it until somebody accepts', async () => {
    const { id, caseId } = await handed();
    await accept(id, leader);
    const passed = await pass(id, leader, 'escalation_team');
    expect(passed).toMatchObject({
      ok: true,
      value: { tier: 'escalation_team', state: 'open', attempts: 1 },
    });
    const nextId = passed.ok ? passed.value.id : '';
    expect(await responsible(nextId)).toBe(leader.userId);
    expect(await state(caseId)).toMatchObject({ state: 'escalated', escalation_id: nextId });
    await accept(nextId, member);
    expect(await responsible(nextId)).toBe(member.userId);
  });
  test('needs a contact on record', async () => {
    const { id, caseId } = await handed('leader', false);
    const refused = await pass(id, leader, 'escalation_team');
    expect(refused).toMatchObject({ ok: false, error: { code: 'no_evidence' } });
    expect(await state(caseId)).toMatchObject({ escalation_id: id });
    expect(await pass(id, leader, 'supervisor')).toMatchObject({ ok: true });
  });
  test('follows the order of tiers', async () => {
    const { id } = await handed('escalation_team');
    expect(await pass(id, member, 'leader')).toMatchObject({ ok: false, error: { code: 'tier_not_next' } });
  });
});

describe('working', () => {
  test('opens the call screen under its own kind of lease and stays handed over after a try', async () => {
    const { id, caseId } = await handed('escalation_team');
    expect(await world.as(member, (ctx) => workEscalation(ctx, id))).toMatchObject({
      ok: false,
      error: { code: 'not_accepted' },
    });
    await accept(id, member);
    world.setClock(MORNING + 2 * HOUR);
    const work = await world.as(member, (ctx) => workEscalation(ctx, id));
    expect(work).toMatchObject({ ok: true, value: { lease: { how: 'escalation', case: { id: caseId } } } });
    expect(await back(id, member)).toMatchObject({ ok: false, error: { code: 'case_leased' } });
    if (!work.ok) return;
    await finish(world, member, work.value, { line: 'L5', next: false });
    expect(await state(caseId)).toMatchObject({ state: 'escalated', escalation_id: id, attempts: 2 });
  });
  test('is refused while another candidate is in hand, and after giving back returns to the hand-over', async () => {
    const first = await handed('escalation_team');
    const second = await handed('escalation_team');
    await accept(first.id, member);
    await accept(second.id, member);
    world.setClock(MORNING + 2 * HOUR);
    const work = await world.as(member, (ctx) => workEscalation(ctx, first.id));
    expect(await world.as(member, (ctx) => workEscalation(ctx, second.id))).toMatchObject({
      error: { code: 'in_hand' },
    });
    const leaseId = work.ok ? (work.value.lease?.id ?? '') : '';
    await world.as(member, (ctx) => skip(ctx, leaseId, { reason: 'called_away', note: '', next: false }));
    expect(await state(first.caseId)).toMatchObject({ state: 'escalated', escalation_id: first.id });
  });
});

describe('lists', () => {
  test('show each person what is asked of them', async () => {
    const { id } = await handed();
    const ids = async (who: Person, view: string) => (await list(who, view)).items.map((item) => item.id);
    expect(await ids(leader, 'to_accept')).toContain(id);
    expect(await ids(otherLeader, 'to_accept')).not.toContain(id);
    expect(await ids(member, 'to_accept')).not.toContain(id);
    expect(await ids(caller, 'handed_over')).toEqual([id]);
    expect(await ids(supervisor, 'all')).toContain(id);
    expect(await ids(otherLeader, 'all')).not.toContain(id);
    await accept(id, leader);
    expect(await ids(leader, 'to_accept')).not.toContain(id);
    expect(await ids(leader, 'mine')).toContain(id);
  });
  test('mark as late the minute after the time agreed, not before', async () => {
    const { id } = await handed();
    const mine = async () => (await list(leader, 'to_accept')).items.find((item) => item.id === id);
    world.setClock(MORNING + 4 * HOUR);
    expect(await mine()).toMatchObject({ late: null });
    world.setClock(MORNING + 4 * HOUR + MINUTE);
    expect(await mine()).toMatchObject({ late: 'accept' });
    const late = await list(leader, 'to_accept', 'true');
    expect(late.items.map((item) => item.id)).toContain(id);
    expect(late.counts.lateToAccept).toBeGreaterThan(0);
  });
  test('are late among those to accept or among mine, never among both', async () => {
    const { id } = await handed();
    world.setClock(MORNING + 4 * HOUR + MINUTE);
    const { counts: before } = await list(leader, 'mine');
    expect(before.lateToAccept).toBeLessThanOrEqual(before.toAccept);
    await accept(id, leader);
    expect((await list(leader, 'mine')).items.find((item) => item.id === id)).toMatchObject({
      late: null,
      resolveBy: MORNING + 4 * HOUR + MINUTE + 24 * HOUR,
    });
    world.setClock(MORNING + 96 * HOUR);
    const { counts: after } = await list(leader, 'mine');
    expect(after.lateMine).toBeGreaterThan(before.lateMine);
    expect(after.lateMine).toBeLessThanOrEqual(after.mine);
    expect(after.lateToAccept).toBeLessThanOrEqual(after.toAccept);
  });
  test('keep the full name for whoever answers for the case', async () => {
    const { id } = await handed();
    expect(
      EscalationDetail.parse(((await read(id, leader)) as { value: unknown }).value).candidateName,
    ).toContain('*');
    await accept(id, leader);
    expect(
      ((await read(id, leader)) as { value: { candidateName: string } }).value.candidateName,
    ).not.toContain('*');
  });
});
