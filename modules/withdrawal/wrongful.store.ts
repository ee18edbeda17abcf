import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant, UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';

export interface Touch {
  readonly at: Instant;
  readonly who: string;
  readonly what: string;
}

export interface WrongfulRow {
  readonly id: string;
  readonly withdrawalId: string;
  readonly candidateName: string;
  readonly candidateNo: string;
  readonly state: 'open' | 'confirmed' | 'unfounded';
  readonly description: string;
  readonly reportedBy: UserId;
  readonly reportedByName: string;
  readonly reportedAt: Instant;
  readonly trace: Touch[];
  readonly finding: string | null;
  readonly decidedByName: string | null;
  readonly decidedAt: Instant | null;
}

const common = sql`r.id, r.withdrawal_id as "withdrawalId", c.name as "candidateName", c.candidate_no as "candidateNo", r.state, r.description,
    r.reported_by as "reportedBy", reporter.name as "reportedByName", r.reported_at as "reportedAt", r.finding,
    decider.name as "decidedByName", r.decided_at as "decidedAt"`;
const joined = sql`wrongful_withdrawal r
  join withdrawal w on w.tenant_id = r.tenant_id and w.id = r.withdrawal_id
  join candidate c on c.tenant_id = w.tenant_id and c.id = w.candidate_id
  join user_account reporter on reporter.tenant_id = r.tenant_id and reporter.id = r.reported_by
  left join user_account decider on decider.tenant_id = r.tenant_id and decider.id = r.decided_by`;

/** A report in the list: of the trace only its length. */
export interface WrongfulLine extends Omit<WrongfulRow, 'trace'> {
  readonly touches: number;
}

/** Where a page begins: after this report. */
export interface WrongfulAfter {
  readonly isOpen: boolean;
  readonly at: Instant;
  readonly id: string;
}

/** Those that wait for a finding first, then newest first: the order of the index wrongful_in_order. */
export async function listWrongfulRows(
  ctx: Ctx,
  given: { state?: WrongfulRow['state'] | undefined; after: WrongfulAfter | null; limit: number },
): Promise<WrongfulLine[]> {
  const { state, after, limit } = given;
  const { rows } = await sql<WrongfulLine>`
    select ${common}, jsonb_array_length(r.trace) as touches from ${joined} where r.tenant_id = ${ctx.tenantId}
      ${state === undefined ? sql`` : sql`and r.state = ${state}`}
      ${after === null ? sql`` : sql`and ((r.state = 'open'), r.reported_at, r.id) < (${after.isOpen}, ${new Date(after.at)}, ${after.id}::uuid)`}
    order by (r.state = 'open') desc, r.reported_at desc, r.id desc limit ${limit}`.execute(ctx.tx);
  return rows;
}

/** How many reports stand in each state. */
export async function countWrongful(ctx: Ctx): Promise<Record<WrongfulRow['state'], number>> {
  const { rows } = await sql<{ state: WrongfulRow['state']; n: number }>`
    select state, count(*)::int as n from wrongful_withdrawal where tenant_id = ${ctx.tenantId} group by state`.execute(
    ctx.tx,
  );
  return {
    ...{ open: 0, confirmed: 0, unfounded: 0 },
    ...Object.fromEntries(rows.map(({ state, n }) => [state, n])),
  };
}

const whole = (ctx: Ctx, id: string) =>
  sql`select ${common}, r.trace from ${joined} where r.tenant_id = ${ctx.tenantId} and r.id = ${id}`;

export async function readWrongfulRow(ctx: Ctx, id: string): Promise<WrongfulRow | null> {
  const { rows } = await sql<WrongfulRow>`${whole(ctx, id)}`.execute(ctx.tx);
  return rows[0] ?? null;
}

export async function lockWrongful(ctx: Ctx, id: string): Promise<WrongfulRow | null> {
  const { rows } = await sql<WrongfulRow>`${whole(ctx, id)} for update of r`.execute(ctx.tx);
  return rows[0] ?? null;
}

/** Everyone who touched the withdrawal, spoke with the candidate or changed what had been recorded of it, from the audit log and the ledger, oldest first. */
export async function traceOf(ctx: Ctx, withdrawal: { id: string; caseId: string }): Promise<Touch[]> {
  const { rows } = await sql<Touch>`
    select at, who, what from (
      select e.at, e.actor_name as who, e.action as what from audit_entry e
      where e.tenant_id = ${ctx.tenantId} and e.subject_type = 'withdrawal' and e.subject_id = ${withdrawal.id}
      union all
      select a.started_at, u.name, 'attempt.' || a.outcome from attempt a
      join user_account u on u.tenant_id = a.tenant_id and u.id = a.caller_id
      where a.tenant_id = ${ctx.tenantId} and a.case_id = ${withdrawal.caseId}
      union all
      select x.corrected_at, u.name, x.kind || '.' || coalesce(x.after->>'outcome', '') from attempt_correction x
      join attempt a on a.tenant_id = x.tenant_id and a.id = x.attempt_id
      join user_account u on u.tenant_id = x.tenant_id and u.id = x.corrected_by
      where x.tenant_id = ${ctx.tenantId} and a.case_id = ${withdrawal.caseId}
    ) touch order by at`.execute(ctx.tx);
  return rows;
}

interface NewReport {
  readonly id: string;
  readonly withdrawalId: string;
  readonly description: string;
  readonly trace: readonly Touch[];
}

export async function insertReport(ctx: Ctx, report: NewReport): Promise<void> {
  await sql`insert into wrongful_withdrawal (tenant_id, id, withdrawal_id, reported_by, reported_at, description, trace)
    values (${ctx.tenantId}, ${report.id}, ${report.withdrawalId}, ${ctx.actor.userId}, ${new Date(ctx.now)}, ${maskText(report.description)},
      ${JSON.stringify(report.trace)}::jsonb)`.execute(ctx.tx);
}

export async function openReportExists(ctx: Ctx, withdrawalId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from wrongful_withdrawal
    where tenant_id = ${ctx.tenantId} and withdrawal_id = ${withdrawalId} and state = 'open'`.execute(ctx.tx);
  return rows.length > 0;
}

export async function saveFinding(
  ctx: Ctx,
  id: string,
  given: { confirmed: boolean; finding: string },
): Promise<void> {
  await sql`update wrongful_withdrawal set state = ${given.confirmed ? 'confirmed' : 'unfounded'}, finding = ${maskText(given.finding)},
      decided_by = ${ctx.actor.userId}, decided_at = ${new Date(ctx.now)}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}
