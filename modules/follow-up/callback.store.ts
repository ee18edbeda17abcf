import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { type Instant, newId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { CallbackScope } from './decision.rules.ts';

/** Ends a promised call-back; returns the instant it was due. Ended ones stay as they are. */
export async function endCallback(
  ctx: Ctx,
  id: string,
  state: 'done' | 'missed' | 'cancelled',
): Promise<void> {
  await sql`update callback set state = ${state}, ended_at = ${new Date(ctx.now)}
    where tenant_id = ${ctx.tenantId} and id = ${id} and state = 'open'`.execute(ctx.tx);
}

export async function insertCallback(
  ctx: Ctx,
  given: { caseId: string; dueAt: Instant; scope: CallbackScope; note: string; createdBy: string },
): Promise<string> {
  const id = newId<string>();
  await sql`insert into callback (tenant_id, id, case_id, due_at, scope, note, created_by, created_at)
    values (${ctx.tenantId}, ${id}, ${given.caseId}, ${new Date(given.dueAt)}, ${given.scope}, ${maskText(given.note)},
      ${given.createdBy}, ${new Date(ctx.now)})`.execute(ctx.tx);
  return id;
}

/** Puts back what an undone finish had ended. */
export async function reopenCallback(ctx: Ctx, id: string): Promise<void> {
  await sql`update callback set state = 'open', ended_at = null
    where tenant_id = ${ctx.tenantId} and id = ${id} and state <> 'open'`.execute(ctx.tx);
}

export interface OverdueCallback {
  readonly id: string;
  readonly caseId: string;
  readonly dueAt: Instant;
  readonly scope: CallbackScope;
  readonly note: string | null;
  readonly createdBy: string;
}

/** Open call-backs whose owner let them pass, while the case waits: due at the given instant or before, the longest first. */
export async function overdueCallbacks(ctx: Ctx, before: Instant, limit: number): Promise<OverdueCallback[]> {
  const { rows } = await sql<OverdueCallback>`
    select b.id, b.case_id as "caseId", b.due_at as "dueAt", b.scope, b.note, b.created_by as "createdBy"
    from callback b join follow_up_case c on c.tenant_id = b.tenant_id and c.id = b.case_id
    where b.tenant_id = ${ctx.tenantId} and b.state = 'open' and b.due_at <= ${new Date(before)} and b.scope <> 'any'
      and c.state = 'scheduled' and c.callback_id = b.id
    order by b.due_at limit ${limit}`.execute(ctx.tx);
  return rows;
}

/** Every missed call-back names the one that took its place. */
export async function noteSuccessor(ctx: Ctx, id: string, successorId: string): Promise<void> {
  await sql`update callback set successor_id = ${successorId}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}
