import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { StuckCode } from './contract.ts';

export interface StuckRow {
  readonly caseId: string;
  readonly candidateId: string;
  readonly candidateName: string;
  readonly candidateNo: string;
  readonly code: StuckCode;
  readonly ownerName: string | null;
  readonly groupName: string | null;
  readonly since: number;
  readonly deadlineAt: number | null;
}

const PER_CAUSE = 100;
const WAITING_LONG = sql`interval '24 hours'`;
const NEAR = sql`interval '24 hours'`;
const GRACE = sql`interval '15 minutes'`;

/** Every cause reads one small index: open call-backs, open escalations, cases near their deadline, cases long due. */
const CAUSES = (now: Date, season: string): Readonly<Record<StuckCode, ReturnType<typeof sql>>> => ({
  callback_missed: sql`select b.case_id, b.due_at as since from callback b
    where b.tenant_id = current_tenant() and b.state = 'open' and b.due_at < ${now}::timestamptz - ${GRACE}`,
  escalation_late: sql`select e.case_id, e.opened_at as since from escalation e
    where e.tenant_id = current_tenant() and e.state = 'open' and e.accept_by < ${now}`,
  papers_missing: sql`select f.id, f.last_attempt_at as since from follow_up_case f
    where f.tenant_id = current_tenant() and f.season_id = ${season} and f.disposition = 'withdrawing' and f.state <> 'final'
      and not exists (select 1 from withdrawal w where w.tenant_id = f.tenant_id and w.case_id = f.id and w.state in ('evidence_in', 'checked'))`,
  deadline_near: sql`select f.id, f.updated_at as since from follow_up_case f
    where f.tenant_id = current_tenant() and f.season_id = ${season} and f.state <> 'final'
      and f.deadline_at between ${now} and ${now}::timestamptz + ${NEAR} and f.disposition <> 'confirmed'`,
  waiting_long: sql`select f.id, f.due_at as since from follow_up_case f
    where f.tenant_id = current_tenant() and f.season_id = ${season} and f.state = 'ready' and f.due_at < ${now}::timestamptz - ${WAITING_LONG}`,
  attempt_incomplete: sql`select a.case_id, a.started_at as since from attempt a
    where a.tenant_id = current_tenant() and a.incomplete
      and not exists (select 1 from attempt_correction r where r.tenant_id = a.tenant_id and r.attempt_id = a.id and r.kind = 'completed')`,
});

export interface StuckFilter {
  readonly seasonId: string;
  /** Null: every group. */
  readonly groupIds: readonly string[] | null;
}

/** At most a hundred of one cause, the longest waiting first. */
export async function stuckRows(
  ctx: Ctx,
  code: StuckCode,
  { seasonId, groupIds }: StuckFilter,
): Promise<StuckRow[]> {
  const cause = CAUSES(new Date(ctx.now), seasonId)[code];
  const { rows } = await sql<StuckRow>`
    select k.id as "caseId", k.candidate_id as "candidateId", c.name as "candidateName", c.candidate_no as "candidateNo", ${code} as code,
      u.name as "ownerName", g.name as "groupName", s.since, k.deadline_at as "deadlineAt"
    from (${cause}) s (case_id, since)
    join follow_up_case k on k.tenant_id = ${ctx.tenantId} and k.id = s.case_id
    join candidate c on c.tenant_id = k.tenant_id and c.id = k.candidate_id
    left join user_account u on u.tenant_id = k.tenant_id and u.id = k.owner_id
    left join staff_group g on g.tenant_id = k.tenant_id and g.id = k.group_id
    where ${groupIds === null ? sql`true` : sql`k.group_id = any(${[...groupIds]}::uuid[])`}
    order by s.since limit ${PER_CAUSE}`.execute(ctx.tx);
  return rows.map((row) => ({ ...row, since: row.since ?? ctx.now }));
}
