import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { StuckCode } from './contract.ts';

export interface StuckRow {
  readonly caseId: string;
  readonly candidateId: string;
  readonly candidateName: string;
  readonly candidateNo: string;
  readonly code: StuckCode;
  readonly ownerName: string | null;
  readonly groupName: string | null;
  readonly since: number;
  readonly deadlineAt: number | null;
}

const PER_CAUSE = 100;
const WAITING_LONG = sql`interval '24 hours'`;
const NEAR = sql`interval '24 hours'`;
const GRACE = sql`interval '15 minutes'`;

type Fragment = ReturnType<typeof sql>;

/** Where a cause is found (f is the case), since when, and in which order of an index the first hundred are met. */
interface Cause {
  readonly from: Fragment;
  readonly since: Fragment;
  readonly order: Fragment;
}

const DISPOSITIONS = ['uncalled', 'confirmed', 'considering', 'unreachable', 'withdrawing'];
const PHASES = ['guidance', 'filing', 'admitted', 'arrival'];
const TIERS = ['leader', 'escalation_team', 'supervisor', 'office'];
const ON_CASE = sql`join follow_up_case f on f.tenant_id = current_tenant() and f.id =`;

/** Every cause walks one index: open call-backs, open escalations, cases by deadline, cases by next step. */
const CAUSES = (now: Date, { seasonId, groupIds }: StuckFilter): Readonly<Record<StuckCode, Cause>> => {
  const led = groupIds === null ? sql`` : sql`and f.group_id = any(${[...groupIds]}::uuid[])`;
  const within = sql`and f.season_id = ${seasonId} ${led}`;
  const own = sql`f.tenant_id = current_tenant() ${within}`;
  return {
    callback_missed: {
      from: sql`callback b ${ON_CASE} b.case_id ${within}
        where b.tenant_id = current_tenant() and b.state = 'open' and b.due_at < ${now}::timestamptz - ${GRACE}`,
      since: sql`b.due_at`,
      order: sql`b.due_at`,
    },
    escalation_late: {
      from: sql`unnest(${TIERS}::text[]) t(tier) cross join lateral (
        select f.*, e.opened_at, e.accept_by from escalation e ${ON_CASE} e.case_id ${within}
        where e.tenant_id = current_tenant() and e.tier = t.tier and e.state = 'open' and e.accept_by < ${now}
        order by e.accept_by limit ${PER_CAUSE}) f`,
      since: sql`f.opened_at`,
      order: sql`f.accept_by`,
    },
    papers_missing: {
      from: sql`follow_up_case f where ${own} and f.disposition = 'withdrawing' and f.state <> 'final'
        and not exists (select 1 from withdrawal w where w.tenant_id = f.tenant_id and w.case_id = f.id and w.state in ('evidence_in', 'checked'))`,
      since: sql`f.last_attempt_at`,
      order: sql`f.last_attempt_at`,
    },
    deadline_near: {
      from: sql`follow_up_case f where ${own} and f.state <> 'final'
        and f.deadline_at between ${now} and ${now}::timestamptz + ${NEAR} and f.disposition <> 'confirmed'`,
      since: sql`f.updated_at`,
      order: sql`f.deadline_at`,
    },
    waiting_long: {
      from: sql`unnest(${PHASES}::text[]) p(phase), unnest(${DISPOSITIONS}::text[]) d(disposition) cross join lateral (
        select f.* from follow_up_case f where ${own} and f.phase = p.phase and f.disposition = d.disposition and f.state = 'ready'
          and f.due_at < ${now}::timestamptz - ${WAITING_LONG} order by f.due_at limit ${PER_CAUSE}) f`,
      since: sql`f.due_at`,
      order: sql`f.due_at`,
    },
    attempt_incomplete: {
      from: sql`attempt a ${ON_CASE} a.case_id ${within} where a.tenant_id = current_tenant() and a.incomplete
        and not exists (select 1 from attempt_correction r where r.tenant_id = a.tenant_id and r.attempt_id = a.id and r.kind = 'completed')`,
      since: sql`a.started_at`,
      order: sql`a.started_at`,
    },
  };
};

export interface StuckFilter {
  readonly seasonId: string;
  /** Null: every group. */
  readonly groupIds: readonly string[] | null;
}

/** At most a hundred of one cause, the most pressing first. */
export async function stuckRows(ctx: Ctx, code: StuckCode, filter: StuckFilter): Promise<StuckRow[]> {
  const { from, since, order } = CAUSES(new Date(ctx.now), filter)[code];
  const { rows } = await sql<StuckRow>`
    with k as materialized (
      select f.id, f.candidate_id, f.owner_id, f.group_id, f.deadline_at, ${since} as since from ${from} order by ${order} limit ${PER_CAUSE}
    )
    select k.id as "caseId", k.candidate_id as "candidateId", c.name as "candidateName", c.candidate_no as "candidateNo", ${code} as code,
      u.name as "ownerName", g.name as "groupName", k.since, k.deadline_at as "deadlineAt"
    from k join candidate c on c.tenant_id = ${ctx.tenantId} and c.id = k.candidate_id
    left join user_account u on u.tenant_id = ${ctx.tenantId} and u.id = k.owner_id
    left join staff_group g on g.tenant_id = ${ctx.tenantId} and g.id = k.group_id
    order by k.since`.execute(ctx.tx);
  return rows.map((row) => ({ ...row, since: row.since ?? ctx.now }));
}
