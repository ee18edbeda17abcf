import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { permissionsOf } from '#staff/rules';
import { candidateFile } from './file.service.ts';
import type { CandidateId } from './ids.ts';
import { minorsOf } from './minors.store.ts';
import { addCase, addFile, makeSeason } from './testing/files.ts';

/** 未成年人网络保护条例 art. 36, 37: who approved, who looked, and a report of the year. */
let world: World;
let office: Person;
let clerk: Person;
let caller: Person;
let young: CandidateId;
let adult: CandidateId;
let season: Awaited<ReturnType<typeof makeSeason>>;
const ADULT_SOON = '2026-09-01';

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  office = await world.addPerson({ roles: ['admissions_office'], name: '招办老师' });
  clerk = await world.addPerson({ roles: ['file_clerk'], name: '录检老师' });
  caller = await world.addPerson({ roles: ['caller'], name: '回访员甲' });
  season = await world.as('system', makeSeason);
  young = await world.as('system', (ctx) => addFile(ctx, season, { minorUntil: ADULT_SOON }));
  adult = await world.as('system', (ctx) => addFile(ctx, season, { minorUntil: '2020-01-01' }));
  for (const candidateId of [young, adult])
    await addCase(world, { tenantId: world.tenantId, season, candidateId, ownerId: caller.userId });
});
afterAll(() => world.close());

const caseOf = async (candidateId: string): Promise<string> => {
  const { rows } = await sql<{
    id: string;
  }>`select id from follow_up_case where candidate_id = ${candidateId}`.execute(world.owner.kysely);
  return rows[0]?.id ?? '';
};
const lease = (candidateId: string, at: string) => leaseOf(caller, candidateId, at);
const leaseOf = async (who: Person, candidateId: string, at: string) =>
  sql`insert into lease (tenant_id, id, case_id, candidate_id, caller_id, opened_at, heartbeat_at, expires_at, ended_at, end_reason)
    values (${world.tenantId}, gen_random_uuid(), ${await caseOf(candidateId)}, ${candidateId}, ${who.userId},
      ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz, 'released')`.execute(
    world.owner.kysely,
  );

test('the file of a minor names who approved the contact, that of an adult nobody', async () => {
  const approval = async (id: CandidateId) => {
    world.setClock(Date.parse('2026-07-15T02:00:00Z'));
    const file = await world.as(office, (ctx) => candidateFile(ctx, id));
    return file.ok ? file.value.approval : file.error;
  };
  expect(await approval(young)).toBeNull();
  const at = '2026-07-10T01:00:00Z';
  for (const id of [young, adult]) {
    const runId = crypto.randomUUID();
    await sql`insert into assignment_run (tenant_id, id, season_id, seed, filter, limits, preview, state, candidates, input_hash, created_by, released_by)
      select ${world.tenantId}, ${runId}, season_id, 's', '{}', '{}', '{}', 'released', 1, '\\x00', ${clerk.userId}, ${clerk.userId}
      from candidate where id = ${id}`.execute(world.owner.kysely);
    await sql`insert into assignment (tenant_id, id, case_id, run_id, to_user_id, kind, reason, at)
      values (${world.tenantId}, gen_random_uuid(), ${await caseOf(id)}, ${runId}, ${caller.userId}, 'random', '随机分配', ${at}::timestamptz)`.execute(
      world.owner.kysely,
    );
  }
  expect(await approval(young)).toEqual({ name: '录检老师', at: Date.parse(at) });
  expect(await approval(adult)).toBeNull();
});

test('the report counts calls and looks while the candidate was a minor, by person, and tells calls nobody had assigned', async () => {
  await lease(young, '2026-07-09T01:00:00Z');
  await lease(young, '2026-07-11T01:00:00Z');
  await lease(young, '2026-08-31T15:59:59Z');
  await lease(young, '2026-08-31T16:00:00Z');
  await lease(adult, '2026-07-11T01:00:00Z');
  const year = new Date().getFullYear();
  await sql`update candidate set minor_until = '2099-01-01' where id = ${young}`.execute(world.owner.kysely);
  const looks = (await world.as(office, (ctx) => minorsOf(ctx, year))).filter(({ opened }) => opened > 0);
  expect(looks).toMatchObject([{ candidateId: young, person: '招办老师', opened: 2 }]);
  await sql`update candidate set minor_until = ${ADULT_SOON} where id = ${young}`.execute(world.owner.kysely);
  const calls = (await world.as(office, (ctx) => minorsOf(ctx, 2026))).filter(({ leases }) => leases > 0);
  expect(calls).toMatchObject([{ candidateId: young, person: '回访员甲', leases: 3, unassigned: 1 }]);
  expect(await world.as(office, (ctx) => minorsOf(ctx, 2025))).toEqual([]);
});

test('who has accepted a hand-over, and who leads the group now, are named persons; before that they were not', async () => {
  const member = await world.addPerson({ roles: ['escalation_member'], name: '突击员' });
  const newLeader = await world.addPerson({ roles: ['caller', 'group_leader'], name: '新组长' });
  const child = await world.as('system', (ctx) => addFile(ctx, season, { minorUntil: ADULT_SOON }));
  await addCase(world, { tenantId: world.tenantId, season, candidateId: child, ownerId: caller.userId });
  const caseId = await caseOf(child);
  const unassigned = async () =>
    Object.fromEntries(
      (await world.as(office, (ctx) => minorsOf(ctx, 2026)))
        .filter(({ candidateId }) => candidateId === child)
        .map(({ person, unassigned: times }) => [person, times]),
    );
  await leaseOf(member, child, '2026-07-11T01:00:00Z');
  await leaseOf(member, child, '2026-07-12T01:00:00Z');
  await leaseOf(newLeader, child, '2026-07-12T02:00:00Z');
  expect(await unassigned()).toEqual({ 突击员: 2, 新组长: 1 });
  await sql`insert into escalation (tenant_id, id, case_id, from_user_id, tier, cause, summary, evidence, responsible_id, state, opened_at, accept_by,
      accepted_at, accepted_by)
    values (${world.tenantId}, gen_random_uuid(), ${caseId}, ${caller.userId}, 'escalation_team', 'by_hand', '请突击组', '[]', ${member.userId},
      'accepted', '2026-07-11T05:00:00Z', '2026-07-11T09:00:00Z', '2026-07-11T06:00:00Z', ${member.userId})`.execute(
    world.owner.kysely,
  );
  const groupId = crypto.randomUUID();
  await sql`insert into staff_group (tenant_id, id, name, leader_id) values (${world.tenantId}, ${groupId}, '二组', ${newLeader.userId})`.execute(
    world.owner.kysely,
  );
  await sql`insert into assignment (tenant_id, id, case_id, to_group_id, kind, reason, by_id, at)
    values (${world.tenantId}, gen_random_uuid(), ${caseId}, ${groupId}, 'taken_back', '换组', ${office.userId}, '2026-07-10T01:00:00Z')`.execute(
    world.owner.kysely,
  );
  expect(await unassigned()).toEqual({ 突击员: 1, 新组长: 0 });
});

test('a call from outside the group has an approval from the moment the office gave it', async () => {
  const unassigned = async () =>
    (await world.as(office, (ctx) => minorsOf(ctx, 2026))).find(({ leases }) => leases > 0)?.unassigned;
  const settings = (version: number, at: string, open: boolean) =>
    sql`
    insert into follow_up_setting (tenant_id, season_id, version, body, changed_by, changed_at, reason)
    select ${world.tenantId}, season_id, ${version}, ${JSON.stringify({ minorsOutsideGroups: open })}::jsonb, ${office.userId}, ${at}::timestamptz, '测试'
    from candidate where id = ${young}`.execute(world.owner.kysely);
  await settings(1, '2026-07-09T01:00:01Z', true);
  expect(await unassigned()).toBe(1);
  await settings(2, '2026-07-08T00:00:00Z', true);
  expect(await unassigned()).toBe(0);
});
