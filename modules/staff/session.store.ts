import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import { inNameOrder } from '#platform/pinyin';

export interface SessionRow {
  readonly id: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly endedAt: number | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

const SHOWN = 50;

/** The last 50 sign-ins of a person. */
export async function readSessions(ctx: Ctx, userId: UserId): Promise<SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    select id, created_at as "createdAt", last_seen_at as "lastSeenAt",
      coalesce(ended_at, case when expires_at < ${new Date(ctx.now)} then expires_at end) as "endedAt", ip, user_agent as "userAgent"
    from session where tenant_id = ${ctx.tenantId} and user_id = ${userId}
    order by created_at desc limit ${SHOWN}`.execute(ctx.tx);
  return rows;
}

export interface AccountFacts {
  readonly id: UserId;
  readonly name: string;
  readonly username: string;
  readonly roles: string[];
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
  readonly expiresOn: string | null;
  readonly factorEnrolled: boolean;
  /** Different network addresses on which the account was signed in at one time, most in the last 30 days. */
  readonly addressesAtOnce: number;
}

/** What the report on stale and shared accounts looks at: every account that is not disabled. */
export async function readAccountFacts(ctx: Ctx): Promise<AccountFacts[]> {
  const { rows } = await sql<AccountFacts>`
    with recent as (
      select user_id, ip, created_at as since, coalesce(ended_at, last_seen_at) as until from session
      where tenant_id = ${ctx.tenantId} and ip is not null and last_seen_at > ${new Date(ctx.now)}::timestamptz - interval '30 days'
    ), at_once as (
      select a.user_id, a.since, count(distinct b.ip)::int as addresses
      from recent a join recent b on b.user_id = a.user_id and b.since <= a.since and b.until >= a.since
      group by a.user_id, a.since
    )
    select u.id, u.name, u.username, u.created_at as "createdAt", u.expires_on as "expiresOn",
      u.totp_enrolled_at is not null as "factorEnrolled",
      array(select r.role from user_role r where r.tenant_id = u.tenant_id and r.user_id = u.id order by 1) as roles,
      (select max(s.last_seen_at) from session s where s.tenant_id = u.tenant_id and s.user_id = u.id) as "lastSeenAt",
      coalesce((select max(o.addresses) from at_once o where o.user_id = u.id), 0) as "addressesAtOnce"
    from user_account u where u.tenant_id = ${ctx.tenantId} and u.disabled_at is null
    order by u.id`.execute(ctx.tx);
  return inNameOrder(rows, ({ name }) => name);
}
