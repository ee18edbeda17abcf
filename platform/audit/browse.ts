import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { maskText } from '#platform/personal-text';

export interface AuditFilter {
  readonly actor?: string | undefined;
  /** A whole action, or a noun with its dot: `candidate.`. */
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  /** Days in the college's time, both included. */
  readonly atFrom?: string | undefined;
  readonly atTo?: string | undefined;
  /** Id of the last line of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface AuditLine {
  readonly id: string;
  readonly at: number;
  readonly actorName: string;
  readonly ip: string | null;
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string | null;
  readonly reason: string | null;
  readonly body: string;
}

const BODY_MAX = 2000;
const day = (text: string) => sql`(${text}::date)::timestamp at time zone 'Asia/Shanghai'`;

/** Lines of the tenant's log, newest first, one more than the limit where there are more; what looks personal is masked. */
export async function browseAudit(
  ctx: Ctx,
  filter: AuditFilter,
): Promise<{ items: AuditLine[]; nextCursor: string | null }> {
  const { actor, action, subject, atFrom, atTo } = filter;
  const { rows } = await sql<AuditLine>`
    select e.stripe || '.' || e.seq as id, e.at, e.actor_name as "actorName", e.ip, e.action, e.subject_type as "subjectType",
      e.subject_id as "subjectId", e.reason, e.body::text as body
    from audit_entry e where e.tenant_id = ${ctx.tenantId}
    ${actor ? sql`and position(${actor} in e.actor_name) > 0` : sql``}
    ${action ? sql`and starts_with(e.action, ${action})` : sql``}
    ${subject ? sql`and e.subject_id = ${subject}` : sql``}
    ${atFrom ? sql`and e.at >= ${day(atFrom)}` : sql``}
    ${atTo ? sql`and e.at < ${day(atTo)} + interval '1 day'` : sql``}
    ${after(ctx, filter.cursor)}
    order by e.at desc, e.stripe desc, e.seq desc limit ${filter.limit + 1}`.execute(ctx.tx);
  const items = rows.slice(0, filter.limit).map((row) => ({
    ...row,
    reason: row.reason === null ? null : maskText(row.reason),
    body: maskText(row.body).slice(0, BODY_MAX),
  }));
  return { items, nextCursor: rows.length > items.length ? (items.at(-1)?.id ?? null) : null };
}

/** Continues behind a line; its exact time is read again, for the reply has milliseconds only. */
function after(ctx: Ctx, cursor: string | undefined) {
  if (!cursor) return sql``;
  const [stripe = '', seq = ''] = cursor.split('.');
  const last = (columns: ReturnType<typeof sql>) => sql`(select ${columns} from audit_entry b
    where b.tenant_id = ${ctx.tenantId} and b.stripe = ${Number(stripe)} and b.seq = ${Number(seq)})`;
  return sql`and e.at <= ${last(sql`b.at`)} and (e.at, e.stripe, e.seq) < ${last(sql`b.at, b.stripe, b.seq`)}`;
}
