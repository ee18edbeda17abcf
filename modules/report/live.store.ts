import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { inNameOrder } from '#platform/pinyin';

/** Figures that only small, indexed sets of open things give: call-backs, escalations, people at work. */
export interface LiveFigures {
  readonly dueNow: number;
  readonly overdue: number;
  readonly laterToday: number;
  readonly waiting: number;
  readonly late: number;
  readonly inWork: number;
  readonly onCall: number;
  readonly working: number;
  readonly paused: number;
}

const GRACE = sql`interval '15 minutes'`;

export async function liveFigures(ctx: Ctx, seasonId: string): Promise<LiveFigures> {
  const now = new Date(ctx.now);
  // What an earlier season left open is nobody's work any more. Most colleges have no earlier one, and then no case is looked at.
  const ofSeason = sql`(not exists (select from season s where s.tenant_id = ${ctx.tenantId} and s.id <> ${seasonId})
    or exists (select from follow_up_case f where f.tenant_id = o.tenant_id and f.id = o.case_id and f.season_id = ${seasonId}))`;
  const { rows } = await sql<LiveFigures>`
    select c.*, e.*, l.*, p.* from
      (select count(*) filter (where due_at <= ${now} and due_at > ${now}::timestamptz - ${GRACE}) as "dueNow",
          count(*) filter (where due_at <= ${now}::timestamptz - ${GRACE}) as overdue,
          count(*) filter (where due_at > ${now}) as "laterToday"
        from callback o where tenant_id = ${ctx.tenantId} and state = 'open'
          and due_at < date_trunc('day', ${now}::timestamptz, 'Asia/Shanghai') + interval '1 day' and ${ofSeason}) c,
      (select count(*) filter (where state = 'open') as waiting, count(*) filter (where state = 'open' and accept_by < ${now}) as late,
          count(*) filter (where state = 'accepted') as "inWork"
        from escalation o where tenant_id = ${ctx.tenantId} and state in ('open', 'accepted') and ${ofSeason}) e,
      (select count(*) as "onCall" from lease where tenant_id = ${ctx.tenantId} and ended_at is null and expires_at > ${now}) l,
      (select count(*) filter (where state in ('working', 'wrap_up')) as working, count(*) filter (where state = 'paused') as paused
        from presence where tenant_id = ${ctx.tenantId} and until is null) p`.execute(ctx.tx);
  if (!rows[0]) throw new Error('aggregates always give a row');
  return rows[0];
}

/** Candidates of the season, from the counts of its imports; never by counting candidates. */
export async function candidatesImported(ctx: Ctx, seasonId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum((counts->>'created')::bigint), 0) as n from delivery_import
    where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and state = 'applied'`.execute(ctx.tx);
  return rows[0]?.n ?? 0;
}

/** Files joined to another one that have no case of their own in this phase; merges are few. */
export async function candidatesMerged(ctx: Ctx, seasonId: string, phase: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct m.merged_id) as n from candidate_merge m
    join candidate c on c.tenant_id = m.tenant_id and c.id = m.merged_id and c.season_id = ${seasonId}
    where m.tenant_id = ${ctx.tenantId} and m.undone_at is null and not exists (
      select from follow_up_case f where f.tenant_id = m.tenant_id and f.season_id = ${seasonId} and f.candidate_id = m.merged_id
        and (f.phase = ${phase} or f.result in ('withdrawn', 'returned')))`.execute(ctx.tx);
  return rows[0]?.n ?? 0;
}

/**
 * Candidates whom the releases of this phase counted out, each by its own figures. Kept by #assignment beside the cases: the sums of the
 * cases come from their journal, so that either can be held against the other.
 */
export async function candidatesReleased(ctx: Ctx, seasonId: string, phase: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum((f->>'lead')::bigint + (f->>'random')::bigint + (f->>'escalation')::bigint), 0) as n
    from assignment_run r cross join lateral (select r.preview->'figures' as f) figures
    where r.tenant_id = ${ctx.tenantId} and r.season_id = ${seasonId} and r.state = 'released'
      and r.preview->'stage'->>'phase' = ${phase}`.execute(ctx.tx);
  return rows[0]?.n ?? 0;
}

export interface NamedPolicy {
  readonly policyId: string;
  readonly provinceCode: string;
  readonly batchName: string;
  readonly level: string;
  readonly withdrawable: boolean | null;
  readonly deadlineAt: number | null;
}

export async function namedPolicies(ctx: Ctx, seasonId: string): Promise<NamedPolicy[]> {
  const { rows } = await sql<NamedPolicy>`
    select p.id as "policyId", p.province_code as "provinceCode", b.name as "batchName", b.level, p.withdrawable,
      p.withdrawal_deadline_at as "deadlineAt"
    from province_policy p join batch b on b.tenant_id = p.tenant_id and b.id = p.batch_id
    where p.tenant_id = ${ctx.tenantId} and p.season_id = ${seasonId} order by p.province_code`.execute(
    ctx.tx,
  );
  return inNameOrder(rows, ({ batchName }) => batchName);
}

export interface NamedGroup {
  readonly id: string;
  readonly name: string;
  readonly dissolved: boolean;
}

/** All groups there ever were, those at work first: what a dissolved one has done stays in the sums. */
export async function namedGroups(ctx: Ctx): Promise<NamedGroup[]> {
  const { rows } = await sql<NamedGroup>`
    select id, name, dissolved_at is not null as dissolved from staff_group where tenant_id = ${ctx.tenantId}`.execute(
    ctx.tx,
  );
  const named = inNameOrder(rows, ({ name }) => name);
  return [...named.filter(({ dissolved }) => !dissolved), ...named.filter(({ dissolved }) => dissolved)];
}

export interface MemberRow {
  readonly userId: string;
  readonly name: string;
  readonly groupId: string | null;
  readonly presence: string | null;
  readonly presenceReason: string | null;
  readonly presenceSince: number | null;
  readonly overdueCallbacks: number;
  readonly skipsToday: number;
  /** How often each reason was given. */
  readonly skipReasons: Readonly<Record<string, number>>;
}

/** Members of a group with what only they have open. */
export async function memberRows(ctx: Ctx, groupId: string): Promise<MemberRow[]> {
  const now = new Date(ctx.now);
  const { rows } = await sql<MemberRow>`
    select u.id as "userId", u.name, s.group_id as "groupId", p.state as presence, p.reason as "presenceReason", p.since as "presenceSince",
      (select count(*) from callback c where c.tenant_id = u.tenant_id and c.created_by = u.id and c.state = 'open'
        and c.due_at <= ${now}::timestamptz - ${GRACE}) as "overdueCallbacks",
      skipped.total as "skipsToday", skipped.reasons as "skipReasons"
    from staff_profile s join user_account u on u.tenant_id = s.tenant_id and u.id = s.user_id
    left join presence p on p.tenant_id = u.tenant_id and p.user_id = u.id and p.until is null
    cross join lateral (
      select coalesce(sum(n), 0)::int as total, coalesce(jsonb_object_agg(reason, n), '{}') as reasons from (
        select k.reason, count(*)::int as n from case_skip k where k.tenant_id = u.tenant_id and k.caller_id = u.id
          and k.at >= date_trunc('day', ${now}::timestamptz, 'Asia/Shanghai') group by k.reason
      ) by_reason
    ) skipped
    where s.tenant_id = ${ctx.tenantId} and s.removed_at is null and u.disabled_at is null and s.group_id = ${groupId}`.execute(
    ctx.tx,
  );
  return inNameOrder(rows, ({ name }) => name);
}

export interface NamedMember {
  readonly userId: string;
  readonly name: string;
  readonly groupId: string | null;
}

/** Everybody who calls, by name. */
export async function namedMembers(ctx: Ctx): Promise<NamedMember[]> {
  const { rows } = await sql<NamedMember>`
    select u.id as "userId", u.name, s.group_id as "groupId"
    from staff_profile s join user_account u on u.tenant_id = s.tenant_id and u.id = s.user_id
    where s.tenant_id = ${ctx.tenantId} and s.removed_at is null and u.disabled_at is null`.execute(ctx.tx);
  return inNameOrder(rows, ({ name }) => name);
}
