import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type CaseRow, openCases, readCase, verifyFollowUp } from '#follow-up';
import { newId } from '#platform/ids';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import type { PolicyId, SeasonId } from '#season/rules';
import { permissionsOf } from '#staff/rules';

/** Small arrangements for tests of the queue: a season, its policies, callers, candidates with numbers. Written as SQL. */

/** Wednesday, 22 July 2026, 10:00 in China: a working morning in the calling hours. */
export const MORNING = Date.parse('2026-07-22T10:00:00+08:00');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface Season {
  readonly seasonId: SeasonId;
  readonly batchId: string;
  readonly withdrawable: PolicyId;
  readonly binding: PolicyId;
  readonly groupId: string;
}

export const worldOptions = { permissionsOf };

/** How most test files begin: a world of their own, ten in the morning, one season in it. */
export async function arrangeWorld(): Promise<{ world: World; season: Season }> {
  const world = await makeWorld(worldOptions);
  world.setClock(MORNING);
  return { world, season: await arrangeSeason(world) };
}

/** How they end: whatever was done, cases, journal and counters must agree. */
export async function closeVerified(world: World): Promise<void> {
  const check = await world.as('system', verifyFollowUp);
  await world.close();
  expect(check.faults).toEqual([]);
}

/** What most files stand on; the caller is new before each test, so that no test finds the work of another. */
export interface Scene {
  readonly world: World;
  readonly season: Season;
  readonly caller: Person;
}

/**
 * The hooks of a file whose tests each begin at ten in the morning: arranges, fills the file's variables, verifies at the end. Returns how a
 * case is read.
 */
export function arrangeScene(fill: (scene: Scene) => void): (caseId: string) => Promise<CaseRow | null> {
  let stage: { world: World; season: Season };
  const begin = async (): Promise<void> => {
    stage.world.setClock(MORNING);
    fill({ ...stage, caller: await arrangeCaller(stage.world, stage.season) });
  };
  beforeAll(async () => {
    stage = await arrangeWorld();
    await begin();
  });
  beforeEach(begin);
  afterAll(() => closeVerified(stage.world));
  return (caseId) => stage.world.as('system', (ctx) => readCase(ctx, caseId));
}

export async function arrangeSeason(world: World): Promise<Season> {
  const seasonId = newId<SeasonId>();
  const batchId = newId<string>();
  const withdrawable = newId<PolicyId>();
  const binding = newId<PolicyId>();
  const groupId = newId<string>();
  await world.as('system', async ({ tx, tenantId }) => {
    await sql`insert into season (tenant_id, id, name, year, college_name, home_area_code)
      values (${tenantId}, ${seasonId}, '2026 年录取季', 2026, '示例学院', '028')`.execute(tx);
    await sql`insert into batch (tenant_id, id, season_id, code, name, level)
      values (${tenantId}, ${batchId}, ${seasonId}, '1', '本科批', 'undergraduate')`.execute(tx);
    await sql`insert into province_policy (tenant_id, id, season_id, province_code, batch_id, withdrawable, phone_shielded, withdrawal_deadline_at)
      values (${tenantId}, ${withdrawable}, ${seasonId}, '52', ${batchId}, true, false, ${new Date(MORNING + 6 * DAY)}),
        (${tenantId}, ${binding}, ${seasonId}, '51', ${batchId}, false, false, null)`.execute(tx);
    await sql`insert into staff_group (tenant_id, id, name) values (${tenantId}, ${groupId}, '一组')`.execute(
      tx,
    );
  });
  return { seasonId, batchId, withdrawable, binding, groupId };
}

export async function arrangeCaller(
  world: World,
  season: Season,
  given: {
    roles?: string[];
    qualified?: boolean;
    cap?: number;
    kind?: 'teacher' | 'student';
    grouped?: boolean;
  } = {},
): Promise<Person> {
  const person = await world.addPerson({ roles: given.roles ?? ['caller'] });
  await world.as('system', ({ tx, tenantId }) =>
    sql`insert into staff_profile (tenant_id, user_id, kind, group_id, qualified_at, open_work_cap)
      values (${tenantId}, ${person.userId}, ${given.kind ?? 'teacher'}, ${given.grouped === false ? null : season.groupId},
        ${given.qualified === false ? null : new Date(MORNING - DAY)}, ${given.cap ?? 200})`.execute(tx),
  );
  return person;
}

/** The leader of the season's group, who calls too. */
export async function arrangeLeader(world: World, season: Season): Promise<Person> {
  const leader = await arrangeCaller(world, season, { roles: ['caller', 'group_leader'] });
  await world.as('system', ({ tx }) =>
    sql`update staff_group set leader_id = ${leader.userId} where id = ${season.groupId}`.execute(tx),
  );
  return leader;
}

/** Somebody of the escalation team, who belongs to no group. */
export const arrangeMember = (world: World, season: Season): Promise<Person> =>
  arrangeCaller(world, season, { roles: ['escalation_member'], grouped: false });

/** What somebody was told, the oldest first. */
export async function titlesOf(world: World, who: Person): Promise<string[]> {
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{
      title: string;
    }>`select title from notice where user_id = ${who.userId} order by created_at, id`.execute(tx),
  );
  return rows.map(({ title }) => title);
}

/** The one figure `n` of a statement. */
export async function countOf(world: World, query: RawBuilder<{ n: number }>): Promise<number> {
  const { rows } = await world.as('system', ({ tx }) => query.execute(tx));
  return rows[0]?.n ?? -1;
}

let serial = 0;

/** A phone of the tenant; invented numbers only (segment 154). */
export async function arrangePhone(world: World, kind: 'mobile' | 'landline' = 'mobile'): Promise<string> {
  serial += 1;
  const phoneId = newId<string>();
  const national =
    kind === 'mobile' ? `154${String(serial).padStart(8, '0')}` : `0851000${String(serial).padStart(5, '0')}`;
  await world.as('system', ({ tx, tenantId, vault }) =>
    sql`insert into phone (tenant_id, id, number, number_blind, masked, kind, area_code)
      values (${tenantId}, ${phoneId}, ${vault.seal(`+86${national.replace(/^0/, '')}`)}, ${vault.blind(`+86${national.replace(/^0/, '')}`)},
        ${`${national.slice(0, 3)}****${national.slice(-4)}`}, ${kind}, ${kind === 'landline' ? '0851' : null})`.execute(
      tx,
    ),
  );
  return phoneId;
}

export interface Arranged {
  readonly candidateId: string;
  readonly caseId: string;
  readonly phoneIds: readonly string[];
}

/** A candidate with numbers and an open case, due now. `phoneIds` shares numbers with others. */
export async function arrangeCase(
  world: World,
  season: Season,
  given: {
    owner?: Person | null;
    phoneIds?: readonly string[];
    phones?: number;
    policyId?: PolicyId;
    deadlineAt?: number | null;
    dueAt?: number | null;
    requiredSkill?: string | null;
    grouped?: boolean;
  } = {},
): Promise<Arranged> {
  serial += 1;
  const number = serial;
  const candidateId = newId<string>();
  const phoneIds =
    given.phoneIds ??
    (await Promise.all(Array.from({ length: given.phones ?? 2 }, () => arrangePhone(world))));
  const caseId = await world.as('system', async (ctx) => {
    const { tx, tenantId } = ctx;
    await sql`insert into candidate (tenant_id, id, season_id, candidate_no, province_code, batch_id, policy_id, import_id, name,
        name_key, name_initials, content_hash, score)
      values (${tenantId}, ${candidateId}, ${season.seasonId}, ${`265200${String(number).padStart(8, '0')}`}, '52', ${season.batchId},
        ${given.policyId ?? season.withdrawable}, ${newId()}, ${`考生${number}`}, ${`k${number}`}, 'ks', '\\x00', 512)`.execute(
      tx,
    );
    for (const [index, phoneId] of phoneIds.entries()) {
      await sql`insert into candidate_phone (tenant_id, candidate_id, phone_id, relation, source, position)
        values (${tenantId}, ${candidateId}, ${phoneId}, ${index === 0 ? 'self' : 'father'}, 'LXDH', ${index + 1})`.execute(
        tx,
      );
    }
    const [id] = await openCases(ctx, [
      {
        seasonId: season.seasonId,
        policyId: given.policyId ?? season.withdrawable,
        candidateId,
        phase: 'filing',
        round: 'first',
        ownerId: given.owner?.userId ?? null,
        groupId: given.grouped === false ? null : season.groupId,
        dueAt: given.dueAt ?? null,
        deadlineAt: given.deadlineAt ?? null,
        requiredSkill: given.requiredSkill ?? null,
      },
    ]);
    return id ?? '';
  });
  return { candidateId, caseId, phoneIds };
}
