import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { maskText } from '#platform/personal-text';

/** One line of the audit log. `before` and `after` must hold no clear personal data: masked values or field names only. */
export interface AuditEntry {
  /** What was done, `noun.verb`, e.g. `policy.changed`, `candidate.revealed`. */
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string | null;
  readonly reason?: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Writes to the tenant's hash-chained log, in the transaction of the change itself. Mobile and identity numbers that somebody
 * typed into a reason are masked: the log outlives the data.
 */
export async function audit(ctx: Ctx, entry: AuditEntry): Promise<void> {
  const { before, after, ...rest } = entry;
  const written = {
    action: rest.action,
    subject_type: rest.subjectType,
    subject_id: rest.subjectId,
    reason: rest.reason ?? null,
    actor_id: ctx.actor.userId,
    actor_name: ctx.actor.name,
    ip: ctx.actor.ip,
    request_id: ctx.requestId,
    ...(ctx.toldAt !== undefined && { at: new Date(ctx.toldAt).toISOString() }),
    body: { before, after },
  };
  await sql`select append_audit(${ctx.tenantId}, ${JSON.stringify(written, maskStrings)}::jsonb)`.execute(
    ctx.tx,
  );
}

const maskStrings = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? maskText(value) : value;

export interface HistoryLine {
  readonly at: number;
  readonly actorName: string;
  readonly action: string;
  readonly reason: string | null;
  readonly body: { before?: unknown; after?: unknown };
}

const HISTORY_LIMIT = 200;

/** What happened to one subject, newest first, at most 200 lines. */
export async function historyOf(ctx: Ctx, subjectType: string, subjectId: string): Promise<HistoryLine[]> {
  const { rows } = await sql<HistoryLine>`
    select at, actor_name as "actorName", action, reason, body from audit_entry
    where tenant_id = ${ctx.tenantId} and subject_type = ${subjectType} and subject_id = ${subjectId}
    order by at desc, stripe desc, seq desc limit ${HISTORY_LIMIT}`.execute(ctx.tx);
  return rows;
}
