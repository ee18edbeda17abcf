import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { newId } from '#platform/ids';
import { maskText } from '#platform/personal-text';

/** Ownership history of cases: insert-only. */

export type AssignmentKind =
  | 'lead'
  | 'random'
  | 'escalation'
  | 'reassigned'
  | 'balanced'
  | 'taken_back'
  | 'absent'
  | 'taken_over';

export interface NewAssignment {
  readonly caseId: string;
  readonly runId: string | null;
  readonly fromUserId: string | null;
  readonly toUserId: string | null;
  readonly toGroupId: string | null;
  readonly kind: AssignmentKind;
  readonly reason: string;
}

export async function insertAssignments(ctx: Ctx, rows: readonly NewAssignment[]): Promise<void> {
  if (rows.length === 0) return;
  const body = JSON.stringify(rows.map((row) => ({ ...row, reason: maskText(row.reason), id: newId() })));
  await sql`
    insert into assignment (tenant_id, id, case_id, run_id, from_user_id, to_user_id, to_group_id, kind, reason, by_id, at)
    select ${ctx.tenantId}, a.id, a."caseId", a."runId", a."fromUserId", a."toUserId", a."toGroupId", a.kind, a.reason,
      ${ctx.actor.userId}, ${new Date(ctx.now)}
    from jsonb_to_recordset(${body}::jsonb) a(id uuid, "caseId" uuid, "runId" uuid, "fromUserId" uuid, "toUserId" uuid,
      "toGroupId" uuid, kind text, reason text)`.execute(ctx.tx);
}
