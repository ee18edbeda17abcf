import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import { toDate } from '#platform/ids';
import type { Policy, Season } from './rules.ts';

const columns = sql`id, season_id as "seasonId", province_code as "provinceCode", batch_id as "batchId",
  district_code as "districtCode", withdrawable, phone_shielded as "phoneShielded", new_exam as "newExam",
  art_school_exam as "artSchoolExam", seats, batch_starts_at as "batchStartsAt", batch_ends_at as "batchEndsAt",
  withdrawal_deadline_at as "withdrawalDeadlineAt", to_char(calling_from, 'HH24:MI') as "callingFrom",
  to_char(calling_until, 'HH24:MI') as "callingUntil", version, updated_at as "updatedAt"`;

/** All policies of a season, by province, batch and district. */
export async function readPolicies({ tx, tenantId }: Ctx, seasonId: string): Promise<Policy[]> {
  const { rows } = await sql<Policy>`${prepared}
    select ${columns} from province_policy where tenant_id = ${tenantId} and season_id = ${seasonId}
    order by province_code, batch_id, district_code`.execute(tx);
  return rows;
}

interface Current {
  readonly season: Season;
  /** Newest settings as stored; null: defaults. */
  readonly body: unknown;
  readonly policies: Policy[];
}

/** The season that runs now with its settings and policies, in one statement: every pull at the queue asks for it. */
export async function readCurrent({ tx, tenantId }: Ctx): Promise<Current | null> {
  const { rows } = await sql<Policy & { season: Season; body: unknown }>`${prepared}
    select p.*, jsonb_build_object('id', s.id, 'name', s.name, 'year', s.year, 'collegeName', s.college_name,
        'homeAreaCode', s.home_area_code, 'active', s.active, 'phase', s.phase, 'round', s.round) as season,
      case when row_number() over (order by p."provinceCode", p."batchId", p."districtCode") = 1 then (
        select f.body from follow_up_setting f where f.tenant_id = s.tenant_id and f.season_id = s.id
        order by f.version desc limit 1) end as body
    from season s left join lateral (
      select ${columns} from province_policy where tenant_id = ${tenantId} and season_id = s.id
    ) p on true
    where s.tenant_id = ${tenantId} and s.active
    order by p."provinceCode", p."batchId", p."districtCode"`.execute(tx);
  const [first] = rows;
  if (!first) return null;
  const policies = rows.flatMap(({ season: _season, body: _body, ...policy }) =>
    policy.id === null ? [] : [policy],
  );
  return { season: first.season, body: first.body, policies };
}

export async function readPolicy({ tx, tenantId }: Ctx, policyId: string): Promise<Policy | null> {
  const { rows } = await sql<Policy>`
    select ${columns} from province_policy where tenant_id = ${tenantId} and id = ${policyId}`.execute(tx);
  return rows[0] ?? null;
}

export async function lockPolicy({ tx, tenantId }: Ctx, policyId: string): Promise<Policy | null> {
  const { rows } = await sql<Policy>`
    select ${columns} from province_policy where tenant_id = ${tenantId} and id = ${policyId} for update`.execute(
    tx,
  );
  return rows[0] ?? null;
}

export interface PolicyKey {
  readonly seasonId: string;
  readonly provinceCode: string;
  readonly batchId: string;
  readonly districtCode: string;
}

/** The policy of the district, else of the whole province. */
export async function readPolicyFor({ tx, tenantId }: Ctx, key: PolicyKey): Promise<Policy | null> {
  const { rows } = await sql<Policy>`
    select ${columns} from province_policy
    where tenant_id = ${tenantId} and season_id = ${key.seasonId} and province_code = ${key.provinceCode}
      and batch_id = ${key.batchId} and district_code in (${key.districtCode}, '')
    order by district_code desc limit 1`.execute(tx);
  return rows[0] ?? null;
}

const at = (instant: number | null): Date | null => (instant === null ? null : toDate(instant));

/** Adds a policy; false when the province, batch and district already have one. */
export async function insertPolicy(
  { tx, tenantId, actor, now }: Ctx,
  policy: Omit<Policy, 'version' | 'updatedAt'>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into province_policy (tenant_id, id, season_id, province_code, batch_id, district_code, withdrawable,
      phone_shielded, new_exam, art_school_exam, seats, batch_starts_at, batch_ends_at, withdrawal_deadline_at,
      calling_from, calling_until, updated_at, updated_by)
    values (${tenantId}, ${policy.id}, ${policy.seasonId}, ${policy.provinceCode}, ${policy.batchId},
      ${policy.districtCode}, ${policy.withdrawable}, ${policy.phoneShielded}, ${policy.newExam},
      ${policy.artSchoolExam}, ${policy.seats}, ${at(policy.batchStartsAt)}, ${at(policy.batchEndsAt)},
      ${at(policy.withdrawalDeadlineAt)}, ${policy.callingFrom}, ${policy.callingUntil}, ${toDate(now)}, ${actor.userId})
    on conflict (tenant_id, season_id, province_code, batch_id, district_code) do nothing`.execute(tx);
  return numAffectedRows === 1n;
}

/** Writes a changed policy with its next version; the caller holds the lock. */
export async function updatePolicy({ tx, tenantId, actor, now }: Ctx, policy: Policy): Promise<void> {
  await sql`
    update province_policy set withdrawable = ${policy.withdrawable}, phone_shielded = ${policy.phoneShielded},
      new_exam = ${policy.newExam}, art_school_exam = ${policy.artSchoolExam}, seats = ${policy.seats},
      batch_starts_at = ${at(policy.batchStartsAt)}, batch_ends_at = ${at(policy.batchEndsAt)},
      withdrawal_deadline_at = ${at(policy.withdrawalDeadlineAt)}, calling_from = ${policy.callingFrom},
      calling_until = ${policy.callingUntil}, version = ${policy.version}, updated_at = ${toDate(now)},
      updated_by = ${actor.userId}
    where tenant_id = ${tenantId} and id = ${policy.id}`.execute(tx);
}

export interface PolicyUse {
  /** People in follow-up by policy id. */
  readonly cases: ReadonlyMap<string, number>;
  /** Past lines by "province batch". */
  readonly lines: ReadonlyMap<string, number>;
}

/** What stands behind the policies of a season. Reads the follow-up's counters, never its cases. */
export async function readPolicyUse({ tx, tenantId }: Ctx, seasonId: string): Promise<PolicyUse> {
  const cases = await sql<{ policyId: string; cases: number }>`
    select policy_id as "policyId", sum(cases)::bigint as cases
    from (
      select policy_id, cases from case_tally where grain = 'policy' and tenant_id = ${tenantId} and season_id = ${seasonId}
      union all
      select policy_id, cases from case_tally_delta where tenant_id = ${tenantId} and season_id = ${seasonId}
    ) t group by policy_id`.execute(tx);
  const lines = await sql<{ key: string; count: number }>`
    select province_code || ' ' || batch_id as key, count(*) as count from past_line
    where tenant_id = ${tenantId} and season_id = ${seasonId} group by province_code, batch_id`.execute(tx);
  return {
    cases: new Map(cases.rows.map((row) => [row.policyId, row.cases])),
    lines: new Map(lines.rows.map((row) => [row.key, row.count])),
  };
}
