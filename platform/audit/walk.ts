import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';

export interface LoggedLine {
  /** To the microsecond, as the chain signs it. */
  readonly at: string;
  readonly stripe: number;
  readonly seq: number;
  readonly actorName: string;
  readonly ip: string | null;
  readonly requestId: string | null;
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string | null;
  readonly reason: string | null;
  readonly body: string;
  readonly hash: string;
}

/** From the first instant of one day to the last of another. */
export interface Span {
  readonly from: Date;
  readonly before: Date;
}

const PAGE = 5000;
const within = (ctx: Ctx, { from, before }: Span) =>
  sql`e.tenant_id = ${ctx.tenantId} and e.at >= ${from} and e.at < ${before}`;

export async function countLines(ctx: Ctx, span: Span): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from audit_entry e where ${within(ctx, span)}`.execute(ctx.tx);
  return rows[0]?.n ?? 0;
}

/** Lines of a span in the order of time, page by page: memory does not grow with the log. */
export async function* walkLines(ctx: Ctx, span: Span): AsyncGenerator<LoggedLine[]> {
  let after: LoggedLine | undefined;
  for (;;) {
    const last: LoggedLine | undefined = after;
    const { rows } = await sql<LoggedLine>`
      select e.at::text as at, e.stripe, e.seq, e.actor_name as "actorName", e.ip, e.request_id as "requestId", e.action,
        e.subject_type as "subjectType", e.subject_id as "subjectId", e.reason, e.body::text as body, encode(e.hash, 'hex') as hash
      from audit_entry e where ${within(ctx, span)}
      ${last ? sql`and (e.at, e.stripe, e.seq) > (${last.at}::timestamptz, ${last.stripe}, ${last.seq})` : sql``}
      order by e.at, e.stripe, e.seq limit ${PAGE}`.execute(ctx.tx);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1);
  }
}
