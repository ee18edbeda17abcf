import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { returnHandOvers } from '#follow-up';
import type { Person, World } from '#platform/testing/app';
import { tellLateEscalations } from './alarm.service.ts';
import type { CaseId } from './case.store.ts';
import { escalateCase } from './escalate.ts';
import { listEscalations } from './escalation.contract.ts';
import { escalationDetail, listOfEscalations } from './escalation.service.ts';
import { acceptEscalation, giveBackEscalation } from './escalation-act.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeMember,
  arrangeScene,
  HOUR,
  MORNING,
  type Season,
} from './testing/arrange.ts';
import { pull } from './testing/calls.ts';

/** No hand-over lies without somebody who may take it, whoever leaves. */

let world: World;
let season: Season;
let caller: Person;
let member: Person;
let secondMember: Person;
let office: Person;
const state = arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});
beforeAll(async () => {
  member = await arrangeMember(world, season);
  secondMember = await arrangeMember(world, season);
  office = await world.addPerson({ roles: ['admissions_office'] });
});

async function handed(
  tier: 'leader' | 'escalation_team',
  given: { owner?: Person | null; grouped?: boolean } = {},
): Promise<{ id: string; caseId: string }> {
  const { caseId } = await arrangeCase(world, season, { owner: caller, ...given });
  const why = { tier, cause: 'by_hand' as const, summary: '多次无人接听' };
  const done = await world.as(caller, (ctx) => escalateCase(ctx, { ...why, caseId: caseId as CaseId }));
  if (!done.ok) throw new Error(done.error.message);
  return { id: done.value.escalationId, caseId };
}
const accept = (id: string, who: Person) => world.as(who, (ctx) => acceptEscalation(ctx, id));
const read = async (id: string, who: Person) => {
  const found = await world.as(who, (ctx) => escalationDetail(ctx, id));
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
};
const lead = (leader: Person | null) =>
  world.as('system', ({ tx }) =>
    sql`update staff_group set leader_id = ${leader?.userId ?? null} where id = ${season.groupId}`.execute(
      tx,
    ),
  );

describe('a group whose leader is gone', () => {
  test('after the hand-over: the office may take it, and a new leader instead of the office', async () => {
    const leader = await arrangeCaller(world, season, { roles: ['caller', 'group_leader'] });
    await lead(leader);
    const { id } = await handed('leader');
    expect((await read(id, office)).acts.accept).not.toBeNull();
    await lead(null);
    expect((await read(id, office)).acts.accept).toBeNull();
    await lead(leader);
    const shut = (at: string | null) =>
      world.as('system', ({ tx }) =>
        sql`update user_account set disabled_at = ${at} where id = ${leader.userId}`.execute(tx),
      );
    await shut('2026-07-21');
    expect((await read(id, office)).acts.accept).toBeNull();
    await shut(null);
    const expire = (day: string | null) =>
      world.as('system', ({ tx }) =>
        sql`update user_account set expires_on = ${day} where id = ${leader.userId}`.execute(tx),
      );
    const waitsForOffice = async () => {
      const listed = await world.as(office, (ctx) =>
        listOfEscalations(ctx, listEscalations.query.parse({ view: 'to_accept' })),
      );
      return listed.ok && listed.value.items.some((item) => item.id === id);
    };
    await expire('2026-07-22');
    expect(await waitsForOffice()).toBe(false);
    await expire('2026-07-21');
    expect(await waitsForOffice()).toBe(true);
    await expire(null);
    const next = await arrangeCaller(world, season, { roles: ['caller', 'group_leader'] });
    await lead(next);
    expect((await read(id, office)).acts.accept).not.toBeNull();
    world.setClock(MORNING + 4 * HOUR + 1);
    await world.as('system', tellLateEscalations);
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{ who: string }>`select user_id as who from notice where title like '%过了接手时限'`.execute(tx),
    );
    expect(rows.map(({ who }) => who).sort()).toEqual([next.userId, caller.userId].sort());
    expect(await accept(id, next)).toMatchObject({ ok: true });
  });
  test('one who also works in the office still takes those of the group', async () => {
    const both = await arrangeCaller(world, season, { roles: ['group_leader', 'admissions_office'] });
    await lead(both);
    const { id } = await handed('leader');
    expect(await accept(id, both)).toMatchObject({ ok: true });
    await lead(null);
  });
});

describe('an absent person', () => {
  test('leaves what was accepted to be accepted anew, with its full time; the owner answers meanwhile', async () => {
    const { id, caseId } = await handed('escalation_team');
    await accept(id, member);
    world.setClock(MORNING + 3 * HOUR);
    expect(await world.as(office, (ctx) => returnHandOvers(ctx, member.userId, '请假'))).toBe(1);
    expect(await read(id, office)).toMatchObject({
      state: 'open',
      responsibleName: caller.actor.name,
      acceptBy: MORNING + 7 * HOUR,
      acceptedAt: null,
    });
    expect(await state(caseId)).toMatchObject({ state: 'escalated', in_charge_id: caller.userId });
    expect(await accept(id, secondMember)).toMatchObject({ ok: true });
    expect(await world.as(office, (ctx) => returnHandOvers(ctx, member.userId, '请假'))).toBe(0);
  });
  test('is followed by the office where nobody else is there', async () => {
    const { id } = await handed('escalation_team', { owner: null, grouped: false });
    await world.as(office, (ctx) => returnHandOvers(ctx, caller.userId, '离岗'));
    expect((await read(id, office)).responsibleName).toBe(office.actor.name);
  });
});

describe('a province that is the escalation team’s alone', () => {
  const shielded = (on: boolean) =>
    world.as('system', ({ tx }) =>
      sql`update province_policy set phone_shielded = ${on} where id = ${season.withdrawable}`.execute(tx),
    );
  test('has nobody to give a hand-over back to, and says so before the click', async () => {
    const { id } = await handed('escalation_team', { owner: null, grouped: false });
    await shielded(true);
    await accept(id, member);
    expect((await read(id, member)).acts.giveBack).toContain('只由突击组联系');
    expect(await world.as(member, (ctx) => giveBackEscalation(ctx, id, '号码打不通，退回'))).toMatchObject({
      error: { code: 'stays_with_team' },
    });
    await shielded(false);
    expect((await read(id, member)).acts.giveBack).toBeNull();
  });
  test('never reaches an ordinary caller from the pool; art school-exam candidates do', async () => {
    const bare = await arrangeCase(world, season, { owner: null, grouped: false });
    await shielded(true);
    expect((await pull(world, caller)).lease).toBeNull();
    expect(await state(bare.caseId)).toMatchObject({ state: 'escalated', last_outcome: 'L12' });
    const art = await arrangeCase(world, season, { owner: null, grouped: false });
    await world.as('system', ({ tx }) =>
      sql`update candidate set art_school_exam = true where id = ${art.candidateId}`.execute(tx),
    );
    expect((await pull(world, caller)).lease?.case.id).toBe(art.caseId);
    await shielded(false);
  });
});
