import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant, UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import { shanghaiDay } from '#platform/shanghai';
import type { Scope } from '#staff';
import type { Checklist, ReasonCode, WithdrawalState } from './rules.ts';

export interface WithdrawalRow {
  readonly id: string;
  readonly caseId: string;
  readonly candidateId: string;
  readonly candidateName: string;
  readonly candidateNo: string;
  readonly provinceCode: string;
  readonly batchName: string;
  readonly policyId: string;
  readonly state: WithdrawalState;
  readonly reasonCode: ReasonCode;
  readonly reasonText: string;
  readonly letterFileId: string | null;
  readonly evidenceFileId: string | null;
  readonly checklist: Partial<Checklist>;
  readonly requestedBy: UserId;
  readonly requestedByName: string;
  readonly requestedAt: Instant;
  readonly uploadedBy: UserId | null;
  readonly uploadedByName: string | null;
  readonly uploadedAt: Instant | null;
  readonly checkedBy: UserId | null;
  readonly checkedByName: string | null;
  readonly checkedAt: Instant | null;
  readonly executedBy: UserId | null;
  readonly executedByName: string | null;
  readonly executedAt: Instant | null;
  readonly rejectedReason: string | null;
  readonly withdrawable: boolean | null;
  readonly deadlineAt: Instant | null;
  readonly ownerId: UserId | null;
  readonly inChargeId: UserId | null;
  readonly heldBy: UserId | null;
  readonly groupId: string | null;
  readonly groupName: string | null;
  readonly leaderId: UserId | null;
}

/** Leader of the group of case k, unless on leave today or with a shut account. */
const leaderHere = (ctx: Ctx) => {
  const today = sql`${shanghaiDay(ctx.now)}::date`;
  return sql`(select u.id from staff_group g
    join user_account u on u.tenant_id = g.tenant_id and u.id = g.leader_id and u.disabled_at is null and coalesce(u.expires_on >= ${today}, true)
    where g.tenant_id = k.tenant_id and g.id = k.group_id
      and not exists (select from staff_leave l where l.tenant_id = u.tenant_id and l.user_id = u.id and l.state = 'approved'
        and ${today} between l.starts_on and l.ends_on))`;
};

/** Who answers for case k, and who is on the phone with the candidate. */
const hands = sql`k.owner_id as "ownerId", k.in_charge_id as "inChargeId", k.group_id as "groupId",
  (select l.caller_id from lease l where l.tenant_id = k.tenant_id and l.case_id = k.id and l.ended_at is null) as "heldBy"`;

const columnsFor = (ctx: Ctx) => sql`
  w.id, w.case_id as "caseId", w.candidate_id as "candidateId", c.name as "candidateName", c.candidate_no as "candidateNo",
  c.province_code as "provinceCode", b.name as "batchName", w.policy_id as "policyId", w.state, w.reason_code as "reasonCode",
  w.reason_text as "reasonText", w.letter_file_id as "letterFileId", w.evidence_file_id as "evidenceFileId", w.checklist,
  w.requested_by as "requestedBy", asker.name as "requestedByName", w.requested_at as "requestedAt", w.uploaded_by as "uploadedBy",
  uploader.name as "uploadedByName", w.uploaded_at as "uploadedAt", w.checked_by as "checkedBy", checker.name as "checkedByName",
  w.checked_at as "checkedAt", w.executed_by as "executedBy", executor.name as "executedByName", w.executed_at as "executedAt",
  w.rejected_reason as "rejectedReason", p.withdrawable, p.withdrawal_deadline_at as "deadlineAt", ${hands},
  g.name as "groupName", ${leaderHere(ctx)} as "leaderId"`;

const joined = sql`
  withdrawal w
  join follow_up_case k on k.tenant_id = w.tenant_id and k.id = w.case_id
  join candidate c on c.tenant_id = w.tenant_id and c.id = w.candidate_id
  join batch b on b.tenant_id = c.tenant_id and b.id = c.batch_id
  join province_policy p on p.tenant_id = w.tenant_id and p.id = w.policy_id
  join user_account asker on asker.tenant_id = w.tenant_id and asker.id = w.requested_by
  left join user_account uploader on uploader.tenant_id = w.tenant_id and uploader.id = w.uploaded_by
  left join user_account checker on checker.tenant_id = w.tenant_id and checker.id = w.checked_by
  left join user_account executor on executor.tenant_id = w.tenant_id and executor.id = w.executed_by
  left join staff_group g on g.tenant_id = k.tenant_id and g.id = k.group_id`;

/** The requests a person may see: all, those of the led groups, or own cases and requests; of the candidate on the phone in any case. */
const inScope = ({ kind, userId, groupIds }: Scope) =>
  kind === 'all'
    ? sql`true`
    : sql`(k.owner_id = ${userId} or k.in_charge_id = ${userId} or w.requested_by = ${userId} or k.group_id = any(${[...groupIds]}::uuid[])
        or exists (select from lease l where l.tenant_id = k.tenant_id and l.case_id = k.id and l.caller_id = ${userId} and l.ended_at is null))`;

/** Those whose papers this person compares now: the rule isChecker in SQL. */
function toCheckBy(ctx: Ctx): RawBuilder<boolean> {
  const { userId, roles } = ctx.actor;
  return sql<boolean>`(w.state = 'evidence_in' and ${userId} not in (w.requested_by, w.uploaded_by)
    and coalesce((select leader.id = ${userId} from (select ${leaderHere(ctx)} as id) leader
      where leader.id not in (w.requested_by, w.uploaded_by)), ${roles.includes('admissions_office')}))`;
}

export interface ListFilter {
  readonly state?: WithdrawalState | undefined;
  /** Only those whose papers the reader compares now. */
  readonly toCheck?: boolean;
  readonly q?: string | undefined;
  readonly before: { readonly at: Instant; readonly id: string } | null;
  readonly limit: number;
}

export async function listRows(
  ctx: Ctx,
  scope: Scope,
  filter: ListFilter,
): Promise<{ rows: WithdrawalRow[]; total: number }> {
  const where = sql`w.tenant_id = ${ctx.tenantId} and ${inScope(scope)}
    ${filter.state ? sql`and w.state = ${filter.state}` : sql``}
    ${filter.toCheck ? sql`and ${toCheckBy(ctx)}` : sql``}
    ${filter.q ? sql`and (c.name like ${`${filter.q}%`} or c.candidate_no like ${`${filter.q}%`})` : sql``}`;
  const page = filter.before
    ? sql`and (w.requested_at, w.id) < (${new Date(filter.before.at)}, ${filter.before.id})`
    : sql``;
  const { rows } = await sql<WithdrawalRow>`
    select ${columnsFor(ctx)} from ${joined} where ${where} ${page} order by w.requested_at desc, w.id desc limit ${filter.limit}`.execute(
    ctx.tx,
  );
  const count = await sql<{ n: number }>`select count(*) as n from ${joined} where ${where}`.execute(ctx.tx);
  return { rows, total: count.rows[0]?.n ?? 0 };
}

/** How many requests stand in each state, of those the reader may see. */
export async function countStates(ctx: Ctx, scope: Scope): Promise<Partial<Record<WithdrawalState, number>>> {
  const { rows } = await sql<{ state: WithdrawalState; n: number }>`
    select w.state, count(*) as n from withdrawal w
    join follow_up_case k on k.tenant_id = w.tenant_id and k.id = w.case_id
    where w.tenant_id = ${ctx.tenantId} and ${inScope(scope)} group by w.state`.execute(ctx.tx);
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

/** The request of a case that is still under way. */
export async function openRequestOf(ctx: Ctx, caseId: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`select id from withdrawal
    where tenant_id = ${ctx.tenantId} and case_id = ${caseId} and state in ('letter_sent', 'evidence_in', 'checked')`.execute(
    ctx.tx,
  );
  return rows[0]?.id ?? null;
}

export async function readRow(ctx: Ctx, scope: Scope, id: string): Promise<WithdrawalRow | null> {
  const { rows } = await sql<WithdrawalRow>`
    select ${columnsFor(ctx)} from ${joined} where w.tenant_id = ${ctx.tenantId} and w.id = ${id} and ${inScope(scope)}`.execute(
    ctx.tx,
  );
  return rows[0] ?? null;
}

/** Locks the request before anything about it is decided. */
export async function lockRow(ctx: Ctx, scope: Scope, id: string): Promise<WithdrawalRow | null> {
  await sql`select 1 from withdrawal where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
    ctx.tx,
  );
  return readRow(ctx, scope, id);
}

export interface CaseFacts {
  readonly caseId: string;
  readonly candidateId: string;
  readonly policyId: string;
  readonly ownerId: UserId | null;
  readonly inChargeId: UserId | null;
  readonly heldBy: UserId | null;
  readonly groupId: string | null;
  readonly final: boolean;
  readonly withdrawable: boolean | null;
  readonly deadlineAt: Instant | null;
  readonly name: string;
  readonly candidateNo: string;
  readonly provinceCode: string;
  readonly batchName: string;
  readonly year: number;
  readonly college: string;
}

/** As readCaseFacts, under a lock of the case row so that it cannot close meanwhile. */
export async function lockCaseFacts(ctx: Ctx, caseId: string): Promise<CaseFacts | null> {
  await sql`select 1 from follow_up_case where tenant_id = ${ctx.tenantId} and id = ${caseId} for update`.execute(
    ctx.tx,
  );
  return readCaseFacts(ctx, caseId);
}

/** What a new request needs of its case. */
export async function readCaseFacts(ctx: Ctx, caseId: string): Promise<CaseFacts | null> {
  const { rows } = await sql<CaseFacts>`
    select k.id as "caseId", k.candidate_id as "candidateId", k.policy_id as "policyId", ${hands},
      k.state = 'final' and k.result <> 'admitted' as final, p.withdrawable, p.withdrawal_deadline_at as "deadlineAt", c.name, c.candidate_no as "candidateNo",
      c.province_code as "provinceCode", b.name as "batchName", s.year, s.college_name as college
    from follow_up_case k
    join candidate c on c.tenant_id = k.tenant_id and c.id = k.candidate_id
    join batch b on b.tenant_id = c.tenant_id and b.id = c.batch_id
    join season s on s.tenant_id = k.tenant_id and s.id = k.season_id
    join province_policy p on p.tenant_id = k.tenant_id and p.id = k.policy_id
    where k.tenant_id = ${ctx.tenantId} and k.id = ${caseId}`.execute(ctx.tx);
  return rows[0] ?? null;
}

export interface NewWithdrawal {
  readonly id: string;
  readonly facts: CaseFacts;
  readonly reasonCode: ReasonCode;
  readonly reasonText: string;
  readonly letterFileId: string;
}

/** False when the case has an open request already. */
export async function insertRow(ctx: Ctx, given: NewWithdrawal): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into withdrawal (tenant_id, id, case_id, candidate_id, policy_id, state, reason_code, reason_text, letter_file_id,
      requested_by, requested_at, deadline_at)
    values (${ctx.tenantId}, ${given.id}, ${given.facts.caseId}, ${given.facts.candidateId}, ${given.facts.policyId}, 'letter_sent',
      ${given.reasonCode}, ${maskText(given.reasonText)}, ${given.letterFileId}, ${ctx.actor.userId}, ${new Date(ctx.now)},
      ${given.facts.deadlineAt === null ? null : new Date(given.facts.deadlineAt)})
    on conflict (tenant_id, case_id) where state in ('letter_sent', 'evidence_in', 'checked') do nothing`.execute(
    ctx.tx,
  );
  return numAffectedRows === 1n;
}

export async function saveEvidence(ctx: Ctx, id: string, fileId: string): Promise<void> {
  await sql`update withdrawal set state = 'evidence_in', evidence_file_id = ${fileId}, uploaded_by = ${ctx.actor.userId},
      uploaded_at = ${new Date(ctx.now)} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

export async function saveCheck(ctx: Ctx, id: string, checklist: Checklist): Promise<void> {
  await sql`update withdrawal set state = 'checked', checklist = ${JSON.stringify(checklist)}::jsonb, checked_by = ${ctx.actor.userId},
      checked_at = ${new Date(ctx.now)} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

export async function saveExecution(ctx: Ctx, id: string, removeAfter: Instant): Promise<void> {
  await sql`update withdrawal set state = 'executed', executed_by = ${ctx.actor.userId}, executed_at = ${new Date(ctx.now)},
      remove_evidence_after = (${new Date(removeAfter)} at time zone 'Asia/Shanghai')::date
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

interface Ending {
  readonly id: string;
  readonly state: 'rejected' | 'cancelled';
  readonly reason: string;
  readonly removeAfter: Instant;
}

export async function saveEnding(ctx: Ctx, { id, state, reason, removeAfter }: Ending): Promise<void> {
  await sql`update withdrawal set state = ${state}, rejected_reason = ${maskText(reason)},
      remove_evidence_after = (${new Date(removeAfter)} at time zone 'Asia/Shanghai')::date
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

/** Requests of a case that nobody can carry out any more, now that two people have decided how it ends. Returns who had asked. */
export async function lapseOpen(
  ctx: Ctx,
  given: { caseId: string; reason: string; removeAfter: Instant },
): Promise<{ id: string; requestedBy: UserId }[]> {
  const { rows } = await sql<{ id: string; requestedBy: UserId }>`
    update withdrawal set state = 'lapsed', rejected_reason = ${given.reason},
      remove_evidence_after = (${new Date(given.removeAfter)} at time zone 'Asia/Shanghai')::date
    where tenant_id = ${ctx.tenantId} and case_id = ${given.caseId} and state in ('letter_sent', 'evidence_in', 'checked')
    returning id, requested_by as "requestedBy"`.execute(ctx.tx);
  return rows;
}

/** Photos whose time is over. */
export async function evidenceToRemove(ctx: Ctx, limit: number): Promise<{ id: string; fileId: string }[]> {
  const { rows } = await sql<{ id: string; fileId: string }>`
    select w.id, w.evidence_file_id as "fileId" from withdrawal w
    join stored_file f on f.tenant_id = w.tenant_id and f.id = w.evidence_file_id and f.removed_at is null
    where w.tenant_id = ${ctx.tenantId} and w.remove_evidence_after < (${new Date(ctx.now)} at time zone 'Asia/Shanghai')::date
    limit ${limit}`.execute(ctx.tx);
  return rows;
}
