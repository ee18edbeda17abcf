import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';
import type { CaseRow } from './case.store.ts';

/** To whom the result of a case is credited: money follows this, not ownership. */

/** Whoever brought the case to its end has it, also when it was taken from them before and they did it again. */
export async function giveCredit(ctx: Ctx, row: CaseRow, userId: string): Promise<void> {
  const late = row.phase === 'arrival' ? 'escalation_arrival' : 'escalation_filing';
  await sql`insert into credit (tenant_id, case_id, user_id, kind, escalation_id, given_at)
    values (${ctx.tenantId}, ${row.id}, ${userId}, ${row.escalation_id === null ? 'follow_up' : late}, ${row.escalation_id}, ${new Date(ctx.now)})
    on conflict (tenant_id, case_id, user_id, kind) do update
    set ended_at = null, given_at = excluded.given_at, escalation_id = excluded.escalation_id where credit.ended_at is not null`.execute(
    ctx.tx,
  );
}

/** Puts back what an undone finish had ended at that instant. */
export async function reopenCredits(ctx: Ctx, caseId: string, endedAt: Instant): Promise<void> {
  await sql`update credit set ended_at = null
    where tenant_id = ${ctx.tenantId} and case_id = ${caseId} and ended_at = ${new Date(endedAt)}`.execute(
    ctx.tx,
  );
}

/** A case that is open again is nobody's success yet. */
export async function endCredits(ctx: Ctx, caseId: string): Promise<void> {
  await sql`update credit set ended_at = ${new Date(ctx.now)}
    where tenant_id = ${ctx.tenantId} and case_id = ${caseId} and ended_at is null`.execute(ctx.tx);
}
