import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import { tellLateEscalations, tellStarved } from './alarm.service.ts';
import type { CaseId } from './case.store.ts';
import { escalateCase } from './escalate.ts';
import { acceptEscalation } from './escalation-act.service.ts';
import { followUpJobs } from './jobs.ts';
import { askForProof, isProofDue, latestProof, prove, readProofs } from './proof.service.ts';
import {
  arrangeCase,
  arrangeLeader,
  arrangeMember,
  arrangeScene,
  DAY,
  HOUR,
  MINUTE,
  MORNING,
  type Season,
  titlesOf,
} from './testing/arrange.ts';

let world: World;
let season: Season;
let caller: Person;
let leader: Person;
let member: Person;
let office: Person;

arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});
beforeAll(async () => {
  leader = await arrangeLeader(world, season);
  member = await arrangeMember(world, season);
  office = await world.addPerson({ roles: ['admissions_office'] });
});

const titles = (who: Person) => titlesOf(world, who);
const tell = () => world.as('system', tellLateEscalations);
async function handedToTeam(): Promise<string> {
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  const given = { tier: 'escalation_team' as const, cause: 'by_hand' as const, summary: '多次无人接听' };
  const done = await world.as(caller, (ctx) => escalateCase(ctx, { ...given, caseId: caseId as CaseId }));
  if (!done.ok) throw new Error(done.error.message);
  return done.value.escalationId;
}

test('a hand-over past its time is told once, to who should accept and to who answers for it', async () => {
  await handedToTeam();
  await handedToTeam();
  world.setClock(MORNING + 4 * HOUR);
  expect(await tell()).toBe(0);
  world.setClock(MORNING + 4 * HOUR + 1);
  expect(await tell()).toBe(2);
  expect(await tell()).toBe(0);
  const late = '2 名转交的考生过了接手时限';
  expect([await titles(member), await titles(caller)]).toEqual([[late], [late]]);
});

test('an accepted one is told when it is not dealt with in time, also to the leader', async () => {
  const id = await handedToTeam();
  await world.as(member, (ctx) => acceptEscalation(ctx, id));
  world.setClock(MORNING + 2 * DAY);
  expect(await tell()).toBe(0);
  world.setClock(MORNING + 2 * DAY + 1);
  expect(await tell()).toBe(1);
  expect((await titles(member)).at(-1)).toBe('1 名转交的考生过了处理时限');
  expect(await titles(leader)).toContain('1 名转交的考生过了处理时限');
});

test('cases that nobody pulls for longer than the season allows are told to the leader once a day', async () => {
  await arrangeCase(world, season, { owner: caller });
  const starved = async () => (await titles(leader)).filter((title) => title.includes('没有人拨打')).length;
  world.setClock(MORNING + 3 * DAY);
  await world.as('system', tellStarved);
  expect(await starved()).toBe(0);
  world.setClock(MORNING + 3 * DAY + MINUTE);
  await world.as('system', tellStarved);
  await world.as('system', tellStarved);
  expect(await starved()).toBe(1);
  expect((await titles(office)).filter((title) => title.includes('没有人拨打'))).toEqual([]);
  world.setClock(MORNING + 4 * DAY - 3 * HOUR);
  expect(await world.as('system', tellStarved)).toBe(0);
  world.setClock(MORNING + 4 * DAY);
  expect(await world.as('system', tellStarved)).toBe(1);
});

test('the obligations are proved once a night, and the result is kept', async () => {
  const due = () => world.as('system', isProofDue);
  expect(await due()).toBe(false);
  world.setClock(MORNING - 7 * HOUR);
  expect(await due()).toBe(true);
  const proof = await world.as('system', prove);
  expect(proof.faults).toEqual([]);
  expect(await due()).toBe(false);
  expect(await world.as('system', latestProof)).toMatchObject({
    checkedAt: MORNING - 7 * HOUR,
    cases: proof.cases,
    faults: [],
  });
});

const page = () =>
  world.as(office, async (ctx) => {
    const read = await readProofs(ctx);
    if (!read.ok) throw new Error('proofs');
    return read.value;
  });

test('whoever asks for a proof by day gets one job, whose run stands first in the list', async () => {
  const asked = await world.as(office, askForProof);
  if (!asked.ok) throw new Error(asked.error.message);
  expect((await page()).jobId).toBe(asked.value.jobId);
  const again = await world.as(office, askForProof);
  expect(again.ok ? '' : again.error.code).toBe('running');
  const runs = (await page()).runs.length;
  const [job] = followUpJobs;
  await job?.run({ env: world.env, tenantId: world.tenantId } as never, {} as never);
  await world.as('system', ({ tx }) =>
    sql`update job set state = 'done' where id = ${asked.value.jobId}`.execute(tx),
  );
  const after = await page();
  expect([after.runs.length, after.jobId, after.latest?.checkedAt]).toEqual([runs + 1, null, MORNING]);
});

test('what a run finds is counted and leads to the candidate, and the office is told where to look', async () => {
  const { caseId, candidateId } = await arrangeCase(world, season, { owner: caller });
  await sql`update follow_up_case set disposition = 'considering' where id = ${caseId}`.execute(
    world.owner.kysely,
  );
  await world.as('system', prove);
  const { latest, runs } = await page();
  expect(latest?.faults.map(({ what }) => what).sort()).toEqual([
    'replay',
    'tally',
    'tally',
    'tally',
    'tally',
  ]);
  expect(runs[0]?.faults).toBe(5);
  const replay = latest?.faults.find(({ what }) => what === 'replay');
  expect(replay).toMatchObject({ subjectId: caseId, candidateId });
  expect(replay?.candidateName).toContain('*');
  expect(latest?.faults.find(({ what }) => what === 'tally')?.candidateId).toBeNull();
  expect((await titles(office)).at(-1)).toBe('回访数据核对发现 5 处不符');
  await sql`update follow_up_case set disposition = 'uncalled' where id = ${caseId}`.execute(
    world.owner.kysely,
  );
});

test('a counter of contacts that no contact stands behind is found, for its caller and for the season', async () => {
  await arrangeCase(world, season, { owner: caller });
  await sql`insert into contact_tally_delta (tenant_id, id, season_id, caller_id, group_id, policy_id, phase, day, weekday, hour, attempts, dials,
      contacts, refusals, unreached, unknown_eligibility, confirmed, considering, withdrawing, talk_seconds)
    select tenant_id, gen_random_uuid(), season_id, owner_id, owner_id, policy_id, phase, date '2026-07-20', 1, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5
    from follow_up_case where owner_id = ${caller.userId} limit 1`.execute(world.owner.kysely);
  const { faults } = await world.as('system', prove);
  expect(faults.map(({ what }) => what)).toEqual(['contacts', 'contacts']);
  await sql`delete from contact_tally_delta where talk_seconds = 5`.execute(world.owner.kysely);
  expect((await world.as('system', prove)).faults).toEqual([]);
});
