import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant, UserId } from '#platform/ids';
import type { EscalationTier } from '#season/rules';

/** What the alarms look for; each reads a small partial index. Reads notice, so that nobody is told twice a day. */

export interface LateRow {
  readonly tier: EscalationTier;
  /** Who leads the group now; of another tier the person it was given to. */
  readonly toUserId: UserId | null;
  readonly groupId: string | null;
  readonly responsibleId: UserId;
}

const AT_ONCE = 1000;

const markLate = (ctx: Ctx, which: 'accept' | 'resolve', late: RawBuilder<unknown>) => sql<LateRow>`
  with late as (
    select e.id from escalation e where e.tenant_id = ${ctx.tenantId} and ${late} limit ${AT_ONCE} for update skip locked
  )
  update escalation e set told_late = ${which} from late, follow_up_case c
  where e.tenant_id = ${ctx.tenantId} and e.id = late.id and c.tenant_id = e.tenant_id and c.id = e.case_id
  returning e.tier, case when e.tier = 'leader' then (select u.id from staff_group g
      join user_account u on u.tenant_id = g.tenant_id and u.id = g.leader_id and u.disabled_at is null
      where g.tenant_id = c.tenant_id and g.id = c.group_id)
      else e.to_user_id end as "toUserId", c.group_id as "groupId", e.responsible_id as "responsibleId"`;

/** Hand-overs that nobody accepted in time; each once. The minute agreed is still in time. */
export async function takeUnaccepted(ctx: Ctx): Promise<LateRow[]> {
  const late = sql`e.state = 'open' and e.told_late is null and e.accept_by < ${new Date(ctx.now)}`;
  return (await markLate(ctx, 'accept', late).execute(ctx.tx)).rows;
}

/** Accepted hand-overs that were not dealt with in time; each once. */
export async function takeUnresolved(ctx: Ctx): Promise<LateRow[]> {
  const late = sql`e.state = 'accepted' and e.told_late is distinct from 'resolve' and e.resolve_by < ${new Date(ctx.now)}`;
  return (await markLate(ctx, 'resolve', late).execute(ctx.tx)).rows;
}

export interface Starved {
  readonly groupId: string | null;
  readonly cases: number;
  readonly since: Instant;
}

/** Ready cases due before an instant, by group. */
export async function readStarved(ctx: Ctx, seasonId: string, before: Instant): Promise<Starved[]> {
  const { rows } = await sql<Starved>`
    select group_id as "groupId", count(*)::int as cases, min(due_at) as since from follow_up_case
    where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and state = 'ready' and due_at < ${new Date(before)}
    group by 1 order by 1`.execute(ctx.tx);
  return rows;
}

/** Whether the person has had a notice of this title since then. */
export async function wasTold(ctx: Ctx, userId: UserId, title: string, since: Instant): Promise<boolean> {
  const { rows } = await sql`
    select from notice where tenant_id = ${ctx.tenantId} and user_id = ${userId} and title = ${title} and created_at >= ${new Date(since)}
    limit 1`.execute(ctx.tx);
  return rows.length > 0;
}
