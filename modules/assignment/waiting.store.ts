import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { goesToEscalationTeam, type Policy, type Stage } from '#season/rules';
import type { RunFilter } from './contract.ts';
import type { Lane, Places, RunLimits } from './rules.ts';
import type { Seed } from './shuffle.rules.ts';

/** Who waits for a case. Reads candidate, province_policy, follow_up_case and this module's lead. */

export interface WaitingQuery {
  readonly seasonId: string;
  readonly stage: Stage;
  readonly filter: RunFilter;
  /** All of the season: they say which lane a candidate takes. */
  readonly policies: readonly Policy[];
  readonly skills: RunLimits['skills'];
  /** People to whom a registered lead can go. */
  readonly callerIds: readonly string[];
}

/** Waiting candidates for whom the same is done. Digests do not depend on the order of the rows. */
export interface WaitingTally {
  readonly provinceCode: string;
  readonly batchId: string;
  readonly policyId: string | null;
  readonly requiredSkill: string | null;
  readonly lane: Lane;
  /** Lane `lead`: the recruiter. */
  readonly ownerId: string | null;
  readonly count: number;
  readonly noPhone: number;
  readonly leadOfOthers: number;
  readonly digest: string;
}

const inPlaces = ({ provinceCodes, batchIds }: Places): RawBuilder<unknown> => sql`(
  ${provinceCodes.length === 0 ? sql`true` : sql`c.province_code = any(${[...provinceCodes]}::text[])`}
  and ${batchIds.length === 0 ? sql`true` : sql`c.batch_id = any(${[...batchIds]}::uuid[])`})`;

function skillOf(rules: WaitingQuery['skills']): RawBuilder<unknown> {
  if (rules.length === 0) return sql`null::text`;
  const cases = rules.map((rule) => sql`when ${inPlaces(rule)} then ${rule.skillCode}::text`);
  return sql`case ${sql.join(cases, sql` `)} end`;
}

/** Policies under which candidates, art school-exam ones or others, go to the escalation team: goesToEscalationTeam() alone says so. */
function shielded({ policies }: WaitingQuery, artSchoolExam: boolean): RawBuilder<unknown> {
  const ids = policies
    .filter((policy) =>
      goesToEscalationTeam({ ...policy, artSchoolExam: policy.artSchoolExam || artSchoolExam }),
    )
    .map(({ id }) => id as string);
  return sql`${ids}::uuid[]`;
}

/**
 * One row per candidate without a case in this phase: not merged away, not returned by the authority (KSZT 3), and in the later
 * phases not withdrawn or returned before.
 */
const waiting = (ctx: Ctx, query: WaitingQuery): RawBuilder<unknown> => sql`
  select c.id, c.province_code, c.batch_id, c.no_phone, o.id as policy_id, ${skillOf(query.skills)} as skill,
    l.recruiter_id,
    case when o.id = any(case when c.art_school_exam then ${shielded(query, true)} else ${shielded(query, false)} end) then 'escalation'
      when l.recruiter_id = any(${[...query.callerIds]}::uuid[]) then 'lead' else 'random' end as lane
  from candidate c
  left join lateral (
    select p.id from province_policy p
    where p.tenant_id = c.tenant_id and p.season_id = c.season_id and p.province_code = c.province_code
      and p.batch_id = c.batch_id and p.district_code in (coalesce(c.district_code, ''), '')
    order by p.district_code desc limit 1
  ) o on true
  left join lead l on l.tenant_id = c.tenant_id and l.season_id = c.season_id and l.candidate_id = c.id and l.state = 'matched'
  where c.tenant_id = ${ctx.tenantId} and c.season_id = ${query.seasonId} and c.merged_into is null
    and c.exam_state is distinct from '3' and ${inPlaces(query.filter)}
    ${query.filter.importId === null ? sql`` : sql`and c.import_id = ${query.filter.importId}`}
    and not exists (
      select from follow_up_case f
      where f.tenant_id = c.tenant_id and f.season_id = c.season_id and f.candidate_id = c.id
        and (f.phase = ${query.stage.phase} or f.result in ('withdrawn', 'returned')))`;

export async function tallyWaiting(ctx: Ctx, query: WaitingQuery): Promise<WaitingTally[]> {
  const { rows } = await sql<WaitingTally>`
    select w.province_code as "provinceCode", w.batch_id as "batchId", w.policy_id as "policyId", w.skill as "requiredSkill",
      w.lane, case when w.lane = 'lead' then w.recruiter_id end as "ownerId", count(*)::int as count,
      count(*) filter (where w.no_phone)::int as "noPhone",
      count(*) filter (where w.lane = 'random' and w.recruiter_id is not null)::int as "leadOfOthers",
      sum(hashtextextended(w.id::text, 0)::numeric)::text as digest
    from (${waiting(ctx, query)}) w
    group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6`.execute(ctx.tx);
  return rows;
}

export interface WaitingRow {
  readonly candidateId: string;
  readonly provinceCode: string;
  readonly batchId: string;
  readonly policyId: string;
  readonly requiredSkill: string | null;
  readonly lane: Lane;
  readonly recruiterId: string | null;
}

const PAGE_ROWS = 2000;

/**
 * Walks the waiting candidates in pages, each crowd in the order drawn from the seed. A cursor keeps what it saw when it was
 * opened, and keeps memory flat however many there are.
 */
export async function* walkWaiting(
  ctx: Ctx,
  query: WaitingQuery,
  draw: { readonly seed: Seed; readonly policyIds: readonly string[] },
): AsyncGenerator<WaitingRow[]> {
  await sql`
    declare waiting_walk no scroll cursor for
    select w.id as "candidateId", w.province_code as "provinceCode", w.batch_id as "batchId", w.policy_id as "policyId",
      w.skill as "requiredSkill", w.lane, w.recruiter_id as "recruiterId"
    from (${waiting(ctx, query)}) w
    where w.policy_id = any(${[...draw.policyIds]}::uuid[])
    order by w.province_code, w.batch_id, w.skill, md5(${draw.seed}::text || w.id::text) collate "C", w.id`.execute(
    ctx.tx,
  );
  for (;;) {
    const { rows } = await sql<WaitingRow>`fetch ${sql.raw(String(PAGE_ROWS))} from waiting_walk`.execute(
      ctx.tx,
    );
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE_ROWS) break;
  }
  await sql`close waiting_walk`.execute(ctx.tx);
}

const IMPORTS_OFFERED = 20;

/** The latest deliveries, for choosing one as the range of a run. */
export async function readRecentImports(
  ctx: Ctx,
  seasonId: string,
): Promise<{ id: string; name: string; at: number }[]> {
  const { rows } = await sql<{ id: string; name: string; at: number }>`
    select i.id, i.file_name as name, coalesce(i.applied_at, i.created_at) as at from delivery_import i
    where i.tenant_id = ${ctx.tenantId} and i.season_id = ${seasonId} and i.state = 'applied'
    order by i.applied_at desc limit ${IMPORTS_OFFERED}`.execute(ctx.tx);
  return rows;
}
