import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { toDate, type UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { Days, LeaveFacts, LeaveState, Step } from './rules.ts';

export interface Leave extends Days {
  readonly id: string;
  readonly userId: UserId;
  readonly name: string;
  readonly unitName: string | null;
  readonly groupName: string | null;
  readonly reason: string;
  readonly state: LeaveState;
  readonly unitBy: string | null;
  readonly personnelBy: string | null;
  readonly officeBy: string | null;
  readonly unitByName: string | null;
  readonly personnelByName: string | null;
  readonly officeByName: string | null;
  readonly rejectedBy: string | null;
  readonly decisionNote: string | null;
  readonly requestedAt: number;
  readonly returnedCases: number | null;
  readonly unitHeadId: string | null;
  readonly groupLeaderId: string | null;
  readonly openWork: number;
}

const nameOf = (column: string) =>
  sql`(select a.name from user_account a where a.tenant_id = l.tenant_id and a.id = ${sql.ref(`l.${column}`)})`;

const leaveColumns = sql`
  l.id, l.user_id as "userId", u.name, o.name as "unitName", g.name as "groupName", l.starts_on as "startsOn", l.ends_on as "endsOn",
  l.reason, l.state, l.unit_approved_by as "unitBy", l.personnel_approved_by as "personnelBy", l.office_approved_by as "officeBy",
  ${nameOf('unit_approved_by')} as "unitByName", ${nameOf('personnel_approved_by')} as "personnelByName",
  ${nameOf('office_approved_by')} as "officeByName", ${nameOf('rejected_by')} as "rejectedBy", l.decision_note as "decisionNote",
  l.requested_at as "requestedAt", l.returned_cases as "returnedCases", o.head_id as "unitHeadId", g.leader_id as "groupLeaderId",
  (select count(*)::int from follow_up_case f where f.tenant_id = l.tenant_id and f.owner_id = l.user_id and f.state <> 'final') as "openWork"`;

const leaves = sql`staff_leave l
  join user_account u on u.tenant_id = l.tenant_id and u.id = l.user_id
  left join staff_profile p on p.tenant_id = l.tenant_id and p.user_id = l.user_id
  left join org_unit o on o.tenant_id = p.tenant_id and o.id = p.unit_id
  left join staff_group g on g.tenant_id = p.tenant_id and g.id = p.group_id`;

/** What the rules look at. */
export const factsOf = (leave: Leave): LeaveFacts => ({
  state: leave.state,
  requesterId: leave.userId,
  approvedBy: { unit: leave.unitBy, personnel: leave.personnelBy, office: leave.officeBy },
  unitHeadId: leave.unitHeadId,
  groupLeaderId: leave.groupLeaderId,
});

export interface LeaveQuery {
  readonly state?: readonly LeaveState[] | undefined;
  readonly text?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
  /** Only leaves whose first step is this person's: heads of units and leaders of groups. */
  readonly onlyUnitOf?: UserId | undefined;
}

/** Newest first; ids are time-ordered. */
export async function readLeaves(ctx: Ctx, query: LeaveQuery): Promise<{ items: Leave[]; total: number }> {
  const where = sql`l.tenant_id = ${ctx.tenantId}
    ${query.state ? sql`and l.state = any(${[...query.state]})` : sql``}
    ${query.text ? sql`and u.name like ${`%${query.text.replace(/[\\%_]/g, '\\$&')}%`}` : sql``}
    ${query.onlyUnitOf ? sql`and coalesce(nullif(o.head_id, l.user_id), nullif(g.leader_id, l.user_id)) = ${query.onlyUnitOf}` : sql``}`;
  const { rows } = await sql<Leave>`
    select ${leaveColumns} from ${leaves} where ${where} ${query.cursor ? sql`and l.id < ${query.cursor}` : sql``}
    order by l.id desc limit ${query.limit + 1}`.execute(ctx.tx);
  const count = await sql<{
    total: number;
  }>`select count(*)::int as total from ${leaves} where ${where}`.execute(ctx.tx);
  return { items: rows, total: count.rows[0]?.total ?? 0 };
}

const MINE_SHOWN = 50;

export async function readLeavesOf(ctx: Ctx, userId: UserId): Promise<Leave[]> {
  const { rows } = await sql<Leave>`
    select ${leaveColumns} from ${leaves} where l.tenant_id = ${ctx.tenantId} and l.user_id = ${userId}
    order by l.id desc limit ${MINE_SHOWN}`.execute(ctx.tx);
  return rows;
}

export async function lockLeave(ctx: Ctx, id: string): Promise<Leave | null> {
  await sql`select 1 from staff_leave where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
    ctx.tx,
  );
  const { rows } = await sql<Leave>`
    select ${leaveColumns} from ${leaves} where l.tenant_id = ${ctx.tenantId} and l.id = ${id}`.execute(
    ctx.tx,
  );
  return rows[0] ?? null;
}

/** Requested and approved leaves of a person; the account is locked, so that two requests do not overlap. */
export async function lockOpenLeaves(ctx: Ctx, userId: UserId): Promise<Days[]> {
  await sql`select 1 from user_account where tenant_id = ${ctx.tenantId} and id = ${userId} for update`.execute(
    ctx.tx,
  );
  const { rows } = await sql<Days>`
    select starts_on as "startsOn", ends_on as "endsOn" from staff_leave
    where tenant_id = ${ctx.tenantId} and user_id = ${userId} and state in ('requested', 'approved')`.execute(
    ctx.tx,
  );
  return rows;
}

export async function insertLeave(
  ctx: Ctx,
  leave: Days & { id: string; userId: UserId; reason: string },
): Promise<void> {
  await sql`insert into staff_leave (tenant_id, id, user_id, starts_on, ends_on, reason, requested_at)
    values (${ctx.tenantId}, ${leave.id}, ${leave.userId}, ${leave.startsOn}, ${leave.endsOn}, ${maskText(leave.reason)}, ${toDate(ctx.now)})`.execute(
    ctx.tx,
  );
}

const STEP_COLUMNS: Readonly<Record<Step, string>> = {
  unit: 'unit_approved_by',
  personnel: 'personnel_approved_by',
  office: 'office_approved_by',
};

export async function saveApproval(ctx: Ctx, id: string, step: Step, complete: boolean): Promise<void> {
  await sql`update staff_leave set ${sql.ref(STEP_COLUMNS[step])} = ${ctx.actor.userId}
      ${complete ? sql`, state = 'approved', decided_at = ${toDate(ctx.now)}` : sql``}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

export async function saveRejection(ctx: Ctx, id: string, note: string): Promise<void> {
  await sql`update staff_leave set state = 'rejected', rejected_by = ${ctx.actor.userId}, decision_note = ${maskText(note)}, decided_at = ${toDate(ctx.now)}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

export async function saveEnded(ctx: Ctx, id: string): Promise<void> {
  await sql`update staff_leave set state = 'ended', decided_at = coalesce(decided_at, ${toDate(ctx.now)})
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

export async function saveReturned(ctx: Ctx, id: string, returned: number): Promise<void> {
  await sql`update staff_leave set returned_cases = ${returned} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  );
}

/** Approved leaves that have begun and whose work has not gone back. */
export async function begunLeaves(ctx: Ctx, today: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from staff_leave where tenant_id = ${ctx.tenantId} and state = 'approved' and starts_on <= ${today}
      and ends_on >= ${today} and returned_cases is null order by starts_on, id`.execute(ctx.tx);
  return rows.map((row) => row.id);
}

/** Approved leaves whose last day has passed become ended. */
export async function endPassedLeaves(ctx: Ctx, today: string): Promise<number> {
  const { numAffectedRows } = await sql`
    update staff_leave set state = 'ended' where tenant_id = ${ctx.tenantId} and state = 'approved' and ends_on < ${today}`.execute(
    ctx.tx,
  );
  return Number(numAffectedRows ?? 0n);
}

/** People whose account is shut or expired and who still hold open work or answer for a hand-over. */
export async function goneWithWork(ctx: Ctx, today: string): Promise<UserId[]> {
  const { rows } = await sql<{ id: UserId }>`
    select u.id from user_account u where u.tenant_id = ${ctx.tenantId} and (u.disabled_at is not null or u.expires_on < ${today})
      and (exists (select from follow_up_case f where f.tenant_id = u.tenant_id and f.owner_id = u.id and f.state <> 'final')
        or exists (select from escalation e where e.tenant_id = u.tenant_id and e.responsible_id = u.id and e.state in ('open', 'accepted')))
    order by u.id`.execute(ctx.tx);
  return rows.map((row) => row.id);
}

/** Open cases of a person, and how many of them are due before the end of the day. */
export async function openWorkOf(
  ctx: Ctx,
  userId: UserId,
  today: string,
): Promise<{ open: number; dueToday: number }> {
  const { rows } = await sql<{ open: number; dueToday: number }>`
    select count(*)::int as open,
      (count(*) filter (where due_at < (${today}::date + 1)::timestamp at time zone 'Asia/Shanghai'))::int as "dueToday"
    from follow_up_case where tenant_id = ${ctx.tenantId} and owner_id = ${userId} and state <> 'final'`.execute(
    ctx.tx,
  );
  return rows[0] ?? { open: 0, dueToday: 0 };
}
