import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';
import { type CaseRow, caseColumns } from './case.store.ts';
import { PRIORITY } from './decide.rules.ts';

export interface ClaimQuery {
  readonly userId: string;
  readonly seasonId: string;
  readonly groupId: string | null;
  readonly skills: readonly string[];
  /** Policies whose calling hours are now. */
  readonly openPolicies: readonly string[];
  /** Cases already tried in this claim. */
  readonly tried: readonly string[];
  readonly now: Instant;
}

/** What keeps a due case from this caller: another person wanted, a missing skill, tried a moment ago. */
const suits = (query: ClaimQuery) => sql`
  c.not_caller_id is distinct from ${query.userId}
  and (c.required_skill is null or c.required_skill = any(${[...query.skills]}::text[]))
  and c.id <> all(${[...query.tried]}::uuid[])`;

/** So long a promised time stands whatever the calling hours say. Missed longer, it waits for them: nobody is rung at night for it (law.md R34). */
export const PROMISE_MS = 3_600_000;

const inHours = (query: ClaimQuery) =>
  sql`(c.policy_id = any(${[...query.openPolicies]}::uuid[])
    or (c.state = 'scheduled' and c.due_at > ${new Date(query.now - PROMISE_MS)}))`;

/** None of the numbers is being dialled. */
const free = (ctx: Ctx) => sql`
  not exists (
    select from candidate_phone cp
    join lease_phone lp on lp.tenant_id = cp.tenant_id and lp.phone_id = cp.phone_id and lp.ended_at is null
    where cp.tenant_id = ${ctx.tenantId} and cp.candidate_id = c.candidate_id and cp.detached_at is null)`;

/**
 * The caller's own next case, row-locked. SKIP LOCKED makes the row lock the queue: two callers never get the same case.
 */
async function ownCase(ctx: Ctx, query: ClaimQuery): Promise<CaseRow | null> {
  const { rows } = await sql<CaseRow>`${prepared}
    select ${caseColumns} from follow_up_case c
    where c.tenant_id = ${ctx.tenantId} and c.owner_id = ${query.userId} and c.state in ('ready', 'scheduled')
      and c.season_id = ${query.seasonId} and c.due_at <= ${new Date(query.now)} and ${suits(query)} and ${inHours(query)} and ${free(ctx)}
    order by c.priority, c.due_at, c.id limit 1 for update of c skip locked`.execute(ctx.tx);
  return rows[0] ?? null;
}

/**
 * A case open to the group, of a priority up to `last`. One index probe a priority: the nested loop goes up from 0 and stops at the first
 * row, so that the many cases due later are never walked.
 */
async function groupCase(ctx: Ctx, query: ClaimQuery, last: number): Promise<CaseRow | null> {
  const { rows } = await sql<CaseRow>`${prepared}
    select found.* from generate_series(0, ${last}::int) level cross join lateral (
      select ${caseColumns} from follow_up_case c
      where c.tenant_id = ${ctx.tenantId} and c.group_id = ${query.groupId} and c.season_id = ${query.seasonId} and c.priority = level
        and c.state in ('ready', 'scheduled') and c.group_due_at <= ${new Date(query.now)}
        and ${suits(query)} and ${inHours(query)} and ${free(ctx)}
      order by c.group_due_at, c.id limit 1 for update of c skip locked
    ) found limit 1`.execute(ctx.tx);
  return rows[0] ?? null;
}

/** Looked at of one province before others; more are reached when these are taken. */
const PER_POLICY = sql.raw('4');
const PROMISED = sql.raw('16');

/**
 * A case open to anyone. Provinces outside their calling hours may have tens of thousands lying at the head of the queue: so each open
 * one is probed by itself, the oldest of them all is locked, and only then are its numbers looked at.
 */
async function poolCase(ctx: Ctx, query: ClaimQuery): Promise<CaseRow | null> {
  const due = sql`c.tenant_id = ${ctx.tenantId} and c.season_id = ${query.seasonId} and c.priority = level
    and c.pool_due_at <= ${new Date(query.now)} and ${suits(query)}`;
  const { rows } = await sql<CaseRow>`${prepared}
    select found.* from generate_series(0, 9) level cross join lateral (
      select id, pool_due_at from (
        select ready.* from unnest(${[...query.openPolicies]}::uuid[]) open(policy_id) cross join lateral (
          select c.id, c.pool_due_at from follow_up_case c
          where ${due} and c.state = 'ready' and c.policy_id = open.policy_id order by c.pool_due_at, c.id limit ${PER_POLICY}
        ) ready
        union all (
          select c.id, c.pool_due_at from follow_up_case c
          where ${due} and c.state = 'scheduled' and ${inHours(query)} order by c.pool_due_at, c.id limit ${PROMISED}
        )
      ) any_policy order by pool_due_at, id
    ) near cross join lateral (
      select ${caseColumns} from follow_up_case c
      where c.tenant_id = ${ctx.tenantId} and c.id = near.id and c.state in ('ready', 'scheduled')
        and c.pool_due_at <= ${new Date(query.now)} and ${free(ctx)}
      for update of c skip locked
    ) found limit 1`.execute(ctx.tx);
  return rows[0] ?? null;
}

const LAST_PRIORITY = 9;

/**
 * The next case for this caller: own before group before pool (谁报备谁回访), oldest due first within a priority. One thing goes before own work
 * that nobody waits for: a call that was promised, and that its owner let pass. It stays the owner's, so the limit on open work does not matter.
 */
export async function nextCase(
  ctx: Ctx,
  query: ClaimQuery,
  mayShare: () => Promise<boolean>,
): Promise<CaseRow | null> {
  const own = await ownCase(ctx, query);
  if (own && own.priority <= PRIORITY.promised) return own;
  const ofGroup = async (last: number) => (query.groupId === null ? null : await groupCase(ctx, query, last));
  const promised = await ofGroup(PRIORITY.promised);
  if (promised) return promised;
  if (own || !(await mayShare())) return own;
  return (await ofGroup(LAST_PRIORITY)) ?? (await poolCase(ctx, query));
}

/** One case by name, for a call-back, a take-over or an escalation; null while another transaction works on it. */
export async function lockCase(ctx: Ctx, caseId: string): Promise<CaseRow | null> {
  const { rows } = await sql<CaseRow>`${prepared}
    select ${caseColumns} from follow_up_case c
    where c.tenant_id = ${ctx.tenantId} and c.id = ${caseId} for update of c skip locked`.execute(ctx.tx);
  return rows[0] ?? null;
}

/** When the caller's next own case is due. */
export async function nextDue(ctx: Ctx, userId: string, seasonId: string): Promise<Instant | null> {
  const { rows } = await sql<{ at: Instant | null }>`${prepared}
    select min(due_at) as at from follow_up_case
    where tenant_id = ${ctx.tenantId} and owner_id = ${userId} and season_id = ${seasonId}
      and state in ('ready', 'scheduled')`.execute(ctx.tx);
  return rows[0]?.at ?? null;
}
