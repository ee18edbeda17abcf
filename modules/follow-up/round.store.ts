import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';
import type { Phase, Round } from '#season/rules';
import { type CaseRow, caseColumns } from './case.store.ts';
import type { Disposition } from './outcome.rules.ts';
import type { CaseState } from './rules.ts';

/** What is left in each round. The season's sums come from the counters; groups and lists from the cases, through case_by_group_state. */

export interface LeftRow {
  readonly round: Round;
  readonly groupId: string | null;
  readonly state: CaseState;
  readonly disposition: Disposition;
  readonly cases: number;
}

/** Sums of the whole season by round, from the counters of #report (case_tally by policy). */
export async function sumsByRound(ctx: Ctx, seasonId: string, phase: Phase): Promise<LeftRow[]> {
  const { rows } = await sql<LeftRow>`
    select round, null as "groupId", state, disposition, sum(cases)::int as cases from (
      select round, state, disposition, cases from case_tally
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and grain = 'policy' and phase = ${phase}
      union all
      select round, state, disposition, cases from case_tally_delta
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and phase = ${phase}
    ) s group by 1, 3, 4 having sum(cases) <> 0`.execute(ctx.tx);
  return rows;
}

/** Open cases by group and round. Null: every group. */
export async function openByGroup(
  ctx: Ctx,
  given: { seasonId: string; phase: Phase; groupIds: readonly string[] | null },
): Promise<LeftRow[]> {
  const { rows } = await sql<LeftRow>`
    select k.round, k.group_id as "groupId", k.state, k.disposition, count(*)::int as cases from follow_up_case k
    where k.tenant_id = ${ctx.tenantId} and k.season_id = ${given.seasonId} and k.phase = ${given.phase} and k.group_id is not null
      ${given.groupIds === null ? sql`` : sql`and k.group_id = any(${[...given.groupIds]}::uuid[])`}
    group by 1, 2, 3, 4`.execute(ctx.tx);
  return rows;
}

export interface CaseFilter {
  readonly seasonId: string;
  readonly phase: Phase;
  readonly round: Round | undefined;
  readonly disposition: Disposition | undefined;
  /** Null: every group. */
  readonly groupIds: readonly string[] | null;
  /** A person who leads no group sees what they are in charge of. */
  readonly ownFor: string | null;
  readonly after: { readonly at: number; readonly id: string } | null;
  readonly limit: number;
}

export interface RoundCaseRow {
  readonly caseId: string;
  readonly candidateId: string;
  readonly candidateName: string;
  readonly candidateNo: string;
  readonly ownerName: string | null;
  readonly groupName: string | null;
  readonly round: Round;
  readonly state: CaseState;
  readonly disposition: Disposition;
  readonly attempts: number;
  readonly contacts: number;
  readonly lastOutcome: string | null;
  readonly dueAt: Instant | null;
  readonly deadlineAt: Instant | null;
  readonly sortAt: Instant;
}

const NEVER = sql`timestamptz '9999-01-01'`;
const nearest = sql`coalesce(k.deadline_at, ${NEVER})`;

function conditionOf(ctx: Ctx, filter: CaseFilter): RawBuilder<boolean> {
  const { round, disposition, groupIds, ownFor } = filter;
  return sql<boolean>`k.tenant_id = ${ctx.tenantId} and k.season_id = ${filter.seasonId} and k.phase = ${filter.phase} and k.state <> 'final'
    ${round === undefined ? sql`` : sql`and k.round = ${round}`}
    ${disposition === undefined ? sql`` : sql`and k.disposition = ${disposition}`}
    ${groupIds === null ? sql`` : sql`and k.group_id = any(${[...groupIds]}::uuid[])`}
    ${ownFor === null ? sql`` : sql`and (k.owner_id = ${ownFor} or k.in_charge_id = ${ownFor})`}`;
}

/** Open cases, the nearest deadline first. */
export async function readRoundCases(ctx: Ctx, filter: CaseFilter): Promise<RoundCaseRow[]> {
  const { after } = filter;
  const beyond =
    after === null
      ? sql``
      : sql`and (${nearest}, k.id) > (${new Date(after.at)}::timestamptz, ${after.id}::uuid)`;
  const { rows } = await sql<RoundCaseRow>`
    select k.id as "caseId", k.candidate_id as "candidateId", c.name as "candidateName", c.candidate_no as "candidateNo",
      u.name as "ownerName", g.name as "groupName", k.round, k.state, k.disposition, k.attempts, k.contacts,
      k.last_outcome as "lastOutcome", k.due_at as "dueAt", k.deadline_at as "deadlineAt", ${nearest} as "sortAt"
    from follow_up_case k
    join candidate c on c.tenant_id = k.tenant_id and c.id = k.candidate_id
    left join user_account u on u.tenant_id = k.tenant_id and u.id = k.owner_id
    left join staff_group g on g.tenant_id = k.tenant_id and g.id = k.group_id
    where ${conditionOf(ctx, filter)} ${beyond}
    order by ${nearest}, k.id limit ${filter.limit}`.execute(ctx.tx);
  return rows;
}

export async function countRoundCases(ctx: Ctx, filter: CaseFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from follow_up_case k where ${conditionOf(ctx, filter)}`.execute(ctx.tx);
  return rows[0]?.n ?? 0;
}

/**
 * Locks a number of open cases that are not in this round yet. Those on the phone, or locked by somebody else, are left for the next
 * turn, so that nobody waits and no script changes during a call.
 */
export async function lockBehind(
  ctx: Ctx,
  given: { seasonId: string; round: Round; limit: number },
): Promise<CaseRow[]> {
  const { rows } = await sql<CaseRow>`
    select ${caseColumns} from follow_up_case c
    where c.tenant_id = ${ctx.tenantId} and c.season_id = ${given.seasonId} and c.phase = 'filing' and c.state not in ('final', 'leased')
      and c.round <> ${given.round}
    order by c.id limit ${given.limit} for update of c skip locked`.execute(ctx.tx);
  return rows;
}
