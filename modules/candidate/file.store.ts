import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';
import type { CandidateId } from './ids.ts';

/** A candidate file as stored; `sealed` opens to PrivateFields. */
export interface FileRow {
  readonly id: CandidateId;
  readonly seasonId: string;
  readonly candidateNo: string;
  readonly name: string;
  readonly sex: 'male' | 'female' | null;
  readonly birthDate: string | null;
  readonly minorUntil: string | null;
  readonly idMasked: string | null;
  readonly provinceCode: string;
  readonly batchId: string;
  readonly batchName: string;
  readonly policyId: string | null;
  readonly withdrawable: boolean | null;
  readonly phoneShielded: boolean | null;
  readonly withdrawalDeadlineAt: Instant | null;
  readonly schoolCode: string | null;
  readonly schoolName: string | null;
  readonly districtCode: string | null;
  readonly category: string | null;
  readonly categoryCode: string | null;
  readonly planNatureCode: string | null;
  readonly majorCode: string | null;
  readonly majorName: string | null;
  readonly score: number | null;
  readonly filingScore: number | null;
  readonly preferenceRank: number | null;
  readonly obeysAdjustment: boolean | null;
  readonly examState: string | null;
  readonly decidedMajorCode: string | null;
  readonly artSchoolExam: boolean;
  readonly codes: Record<string, unknown>;
  readonly raw: Record<string, unknown>;
  readonly scores: Record<string, number | string | null>;
  readonly preferences: readonly Record<string, unknown>[];
  readonly photoFileId: string | null;
  readonly noPhone: boolean;
  readonly nameLost: boolean;
  readonly idBad: boolean;
  readonly mergedInto: CandidateId | null;
  readonly updatedAt: Instant;
  readonly sealed: Buffer | null;
}

/** One file with the policy of its province and batch. Reads batch and province_policy of #season. */
export async function readFile(ctx: Ctx, id: CandidateId): Promise<FileRow | null> {
  const { rows } = await sql<FileRow>`
    select c.id, c.season_id as "seasonId", c.candidate_no as "candidateNo", c.name, c.sex, c.birth_date as "birthDate",
      c.minor_until as "minorUntil", c.id_masked as "idMasked", c.province_code as "provinceCode", c.batch_id as "batchId",
      b.name as "batchName", c.policy_id as "policyId", p.withdrawable, p.phone_shielded as "phoneShielded",
      p.withdrawal_deadline_at as "withdrawalDeadlineAt", c.school_code as "schoolCode", c.school_name as "schoolName",
      c.district_code as "districtCode", c.category, c.category_code as "categoryCode",
      c.plan_nature_code as "planNatureCode", c.major_code as "majorCode", c.major_name as "majorName", c.score,
      c.filing_score as "filingScore", c.preference_rank as "preferenceRank", c.obeys_adjustment as "obeysAdjustment",
      c.exam_state as "examState", c.decided_major_code as "decidedMajorCode", c.art_school_exam as "artSchoolExam", c.codes, c.raw, c.scores, c.preferences,
      c.photo_file_id as "photoFileId", c.no_phone as "noPhone", c.name_lost as "nameLost", c.id_bad as "idBad",
      c.merged_into as "mergedInto", c.updated_at as "updatedAt", c.private as sealed
    from candidate c
    join batch b on b.tenant_id = c.tenant_id and b.id = c.batch_id
    left join province_policy p on p.tenant_id = c.tenant_id and p.id = c.policy_id
    where c.tenant_id = ${ctx.tenantId} and c.id = ${id}`.execute(ctx.tx);
  return rows[0] ?? null;
}

/** Holds the file until the transaction ends; false when there is none. */
export async function lockCandidate(ctx: Ctx, id: CandidateId): Promise<boolean> {
  const { rows } = await sql`
    select id from candidate where tenant_id = ${ctx.tenantId} and id = ${id} for no key update`.execute(
    ctx.tx,
  );
  return rows.length > 0;
}

/** The file of a candidate number, of the newest season that has it. Reads season. */
export async function findByNo(ctx: Ctx, candidateNo: string): Promise<CandidateId | null> {
  const { rows } = await sql<{ id: CandidateId }>`
    select c.id from candidate c join season s on s.tenant_id = c.tenant_id and s.id = c.season_id
    where c.tenant_id = ${ctx.tenantId} and c.candidate_no = ${candidateNo} order by s.year desc limit 1`.execute(
    ctx.tx,
  );
  return rows[0]?.id ?? null;
}

/** Names of codes as the province's deliveries give them: `table code` to name. Reads code_entry of #delivery. */
export async function readCodeNames(
  { tx, tenantId }: Ctx,
  place: Pick<FileRow, 'seasonId' | 'provinceCode'>,
  tables: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ key: string; name: string }>`
    select code_table || ' ' || code as key, coalesce(normalised, name) as name from code_entry
    where tenant_id = ${tenantId} and season_id = ${place.seasonId} and province_code = ${place.provinceCode}
      and code_table = any(${[...tables]})`.execute(tx);
  return new Map(rows.map(({ key, name }) => [key, name]));
}
