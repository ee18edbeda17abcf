import { sql } from 'kysely';
import { newId } from '#platform/ids';
import type { Person, World } from '#platform/testing/app';

/** Small arrangements for tests of assignment: a season with complete policies, groups of callers, many candidates. */

export const MORNING = Date.parse('2026-07-22T10:00:00+08:00');
const DAY = 86_400_000;

export interface Season {
  readonly seasonId: string;
  readonly batchId: string;
  readonly groups: readonly [string, string];
}

/** 51 binding, 52 withdrawable, 53 withdrawable and shielded, 54 without 计划数; two groups. */
export async function arrangeSeason(world: World): Promise<Season> {
  const season = {
    seasonId: newId<string>(),
    batchId: newId<string>(),
    groups: [newId<string>(), newId<string>()],
  };
  await world.as('system', async ({ tx, tenantId }) => {
    await sql`insert into season (tenant_id, id, name, year, college_name, home_area_code)
      values (${tenantId}, ${season.seasonId}, '2026 年录取季', 2026, '示例学院', '028')`.execute(tx);
    await sql`insert into batch (tenant_id, id, season_id, code, name, level)
      values (${tenantId}, ${season.batchId}, ${season.seasonId}, '1', '本科批', 'undergraduate')`.execute(
      tx,
    );
    for (const [province, withdrawable, shielded, seats] of [
      ['51', false, false, 300],
      ['52', true, false, 80],
      ['53', true, true, 40],
      ['54', false, false, null],
    ] as const) {
      await sql`insert into province_policy (tenant_id, id, season_id, province_code, batch_id, withdrawable, phone_shielded, new_exam,
          seats, batch_starts_at, batch_ends_at, withdrawal_deadline_at)
        values (${tenantId}, ${newId()}, ${season.seasonId}, ${province}, ${season.batchId}, ${withdrawable}, ${shielded}, true,
          ${seats}, ${new Date(MORNING - DAY)}, ${new Date(MORNING + 5 * DAY)}, ${withdrawable ? new Date(MORNING + 4 * DAY) : null})`.execute(
        tx,
      );
    }
    for (const [at, id] of season.groups.entries())
      await sql`insert into staff_group (tenant_id, id, name) values (${tenantId}, ${id}, ${`第${at + 1}组`})`.execute(
        tx,
      );
  });
  return season as unknown as Season;
}

export async function arrangeCaller(
  world: World,
  groupId: string | null,
  given: { roles?: string[]; qualified?: boolean; cap?: number; name?: string } = {},
): Promise<Person> {
  const person = await world.addPerson({
    roles: given.roles ?? ['caller'],
    ...(given.name && { name: given.name }),
  });
  await world.as('system', ({ tx, tenantId }) =>
    sql`insert into staff_profile (tenant_id, user_id, kind, group_id, qualified_at, open_work_cap)
      values (${tenantId}, ${person.userId}, 'teacher', ${groupId}, ${given.qualified === false ? null : new Date(MORNING - DAY)},
        ${given.cap ?? 10_000})`.execute(tx),
  );
  return person;
}

let serial = 0;

/** Candidates of one province in one statement; returns their ids in order of candidate number. */
export async function arrangeCandidates(
  world: World,
  season: Season,
  count: number,
  given: { province?: string; artSchoolExam?: boolean; importId?: string; name?: string } = {},
): Promise<string[]> {
  const from = serial;
  serial += count;
  const province = given.province ?? '51';
  const { rows } = await world.as('system', ({ tx, tenantId }) =>
    sql<{ id: string }>`
      insert into candidate (tenant_id, id, season_id, candidate_no, province_code, batch_id, import_id, name, name_key,
        name_initials, content_hash, art_school_exam, no_phone, created_at)
      select ${tenantId}, gen_random_uuid(), ${season.seasonId}, '26' || ${province}::text || lpad(n::text, 10, '0'), ${province},
        ${season.batchId}, ${given.importId ?? newId()}, coalesce(${given.name ?? null}, '考生' || n), 'k' || n, 'ks', '\\x00',
        ${given.artSchoolExam ?? false}, n % 10 = 0, ${new Date(MORNING)}
      from generate_series(${from + 1}::int, ${from + count}::int) n returning id`.execute(tx),
  );
  return rows.map(({ id }) => id);
}
