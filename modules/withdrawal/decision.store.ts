import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant, UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { Scope } from '#staff';
import type { Decidable, DecisionFacts } from './decision.rules.ts';

/** Final decisions. Reads follow_up_case, candidate, attempt, province_policy and case_tally beside its own tables. */

export interface DecisionData extends DecisionFacts {
  readonly caseId: string;
  readonly decisionId: string | null;
  readonly candidateId: string;
  readonly candidateName: string;
  readonly candidateNo: string;
  readonly groupName: string | null;
  readonly ownerName: string | null;
  readonly blockedReason: string | null;
  readonly attempts: number;
  readonly contacts: number;
  readonly lastOutcome: string | null;
  readonly result: Decidable | null;
  readonly reason: string | null;
  readonly proposedBy: UserId | null;
  readonly proposedByName: string | null;
  readonly proposedAt: Instant | null;
  readonly confirmedBy: UserId | null;
  readonly confirmedByName: string | null;
  readonly confirmedAt: Instant | null;
  readonly rejectedReason: string | null;
  readonly sortAt: Instant;
}

const nearest = sql`coalesce(k.deadline_at, timestamptz '9999-01-01')`;

/** The proposal that counts: the open or confirmed one. */
const joined = sql`follow_up_case k
  join candidate c on c.tenant_id = k.tenant_id and c.id = k.candidate_id
  join province_policy y on y.tenant_id = k.tenant_id and y.id = k.policy_id
  left join final_decision d on d.tenant_id = k.tenant_id and d.case_id = k.id and d.rejected_by is null
  left join user_account p on p.tenant_id = d.tenant_id and p.id = d.proposed_by
  left join user_account f on f.tenant_id = d.tenant_id and f.id = d.confirmed_by
  left join user_account o on o.tenant_id = k.tenant_id and o.id = k.owner_id
  left join staff_group g on g.tenant_id = k.tenant_id and g.id = k.group_id`;

/** What decides whether a result may be proposed: outcomes as they stand after corrections, the province's rule, a request under way. */
const facts = sql`k.state, k.phase, k.round, k.disposition, k.deadline_at as "deadlineAt", y.withdrawable,
  y.withdrawal_deadline_at as "withdrawalDeadlineAt",
  array(select distinct coalesce(r.after->>'outcome', a.outcome) from attempt a
    left join lateral (select x.after, x.kind from attempt_correction x where x.tenant_id = a.tenant_id and x.attempt_id = a.id
      order by x.corrected_at desc, x.id desc limit 1) r on true
    where a.tenant_id = k.tenant_id and a.case_id = k.id and r.kind is distinct from 'undone') as outcomes,
  exists (select from withdrawal w where w.tenant_id = k.tenant_id and w.case_id = k.id
    and w.state in ('letter_sent', 'evidence_in', 'checked')) as "openWithdrawal"`;

const columns = sql`${facts}, k.blocked_reason as "blockedReason", k.id as "caseId", d.id as "decisionId", k.candidate_id as "candidateId", c.name as "candidateName",
  c.candidate_no as "candidateNo", g.name as "groupName", o.name as "ownerName", k.attempts, k.contacts,
  k.last_outcome as "lastOutcome", d.result, d.reason, d.proposed_by as "proposedBy",
  p.name as "proposedByName", d.proposed_at as "proposedAt", d.confirmed_by as "confirmedBy", f.name as "confirmedByName",
  d.confirmed_at as "confirmedAt", (select r.rejected_reason from final_decision r where r.tenant_id = k.tenant_id and r.case_id = k.id
    and r.rejected_by is not null order by r.rejected_at desc limit 1) as "rejectedReason", ${nearest} as "sortAt"`;

/** A member of the escalation team sees what they answer for or have proposed; office, clerks and supervisors see all. */
const inScope = ({ kind, userId, groupIds }: Scope): RawBuilder<boolean> =>
  kind === 'all'
    ? sql<boolean>`true`
    : sql<boolean>`(k.owner_id = ${userId} or k.in_charge_id = ${userId} or d.proposed_by = ${userId}
        or k.group_id = any(${[...groupIds]}::uuid[]))`;

export type DecisionListView = 'to_propose' | 'waiting' | 'decided';

export interface DecisionFilter {
  readonly seasonId: string;
  readonly view: DecisionListView;
  readonly after: { readonly at: number; readonly id: string } | null;
  readonly limit: number;
}

/** To propose: still open in the last round or on the last day, or with an outcome on which a decision rests (R8, R9). */
function condition(ctx: Ctx, view: DecisionListView): RawBuilder<boolean> {
  if (view === 'waiting')
    return sql<boolean>`d.id is not null and d.confirmed_by is null and k.state <> 'final'`;
  if (view === 'decided') return sql<boolean>`d.confirmed_by is not null`;
  return sql<boolean>`d.id is null and k.state <> 'final' and k.phase = 'filing'
    and (k.round = 'final' or k.last_outcome in ('R8', 'R9') or k.deadline_at <= ${new Date(ctx.now)}::timestamptz + interval '24 hours')`;
}

const within = (ctx: Ctx, scope: Scope, filter: DecisionFilter): RawBuilder<boolean> =>
  sql<boolean>`k.tenant_id = ${ctx.tenantId} and k.season_id = ${filter.seasonId} and ${condition(ctx, filter.view)} and ${inScope(scope)}`;

/** The nearest deadline first. */
export async function readDecisions(ctx: Ctx, scope: Scope, filter: DecisionFilter): Promise<DecisionData[]> {
  const { after } = filter;
  const beyond =
    after === null
      ? sql``
      : sql`and (${nearest}, k.id) > (${new Date(after.at)}::timestamptz, ${after.id}::uuid)`;
  const { rows } = await sql<DecisionData>`
    select ${columns} from ${joined} where ${within(ctx, scope, filter)} ${beyond}
    order by ${nearest}, k.id limit ${filter.limit}`.execute(ctx.tx);
  return rows;
}

export async function countDecisions(ctx: Ctx, scope: Scope, filter: DecisionFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from ${joined} where ${within(ctx, scope, filter)}`.execute(ctx.tx);
  return rows[0]?.n ?? 0;
}

/** Open cases of the phase by the counters, and those past their deadline. */
export async function countOpen(
  ctx: Ctx,
  seasonId: string,
): Promise<{ readonly open: number; readonly overdue: number }> {
  const { rows } = await sql<{ open: number; overdue: number }>`
    select coalesce((select sum(cases) from (
        select cases from case_tally where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and grain = 'policy'
          and phase = 'filing' and state <> 'final'
        union all
        select cases from case_tally_delta where tenant_id = ${ctx.tenantId} and season_id = ${seasonId}
          and phase = 'filing' and state <> 'final') s), 0)::int as open,
      (select count(*)::int from follow_up_case k where k.tenant_id = ${ctx.tenantId} and k.season_id = ${seasonId}
        and k.state <> 'final' and k.phase = 'filing' and k.deadline_at < ${new Date(ctx.now)}) as overdue`.execute(
    ctx.tx,
  );
  return rows[0] ?? { open: 0, overdue: 0 };
}

/** By case or by decision, within the reader's sight. */
export async function readDecision(
  ctx: Ctx,
  scope: Scope,
  by: { caseId: string } | { decisionId: string },
): Promise<DecisionData | null> {
  const key = 'caseId' in by ? sql`k.id = ${by.caseId}` : sql`d.id = ${by.decisionId}`;
  const { rows } = await sql<DecisionData>`
    select ${columns} from ${joined} where k.tenant_id = ${ctx.tenantId} and ${key} and ${inScope(scope)}`.execute(
    ctx.tx,
  );
  return rows[0] ?? null;
}

/** Of two who decide at once, the second waits and sees what the first did. False: there is no such proposal. */
export async function lockDecision(ctx: Ctx, id: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from final_decision where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx);
  return rows.length > 0;
}

/** False: somebody else's proposal is waiting already. */
export async function insertDecision(
  ctx: Ctx,
  given: { id: string; caseId: string; result: Decidable; reason: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into final_decision (tenant_id, id, case_id, result, reason, proposed_by, proposed_at)
    values (${ctx.tenantId}, ${given.id}, ${given.caseId}, ${given.result}, ${maskText(given.reason)}, ${ctx.actor.userId}, ${new Date(ctx.now)})
    on conflict (tenant_id, case_id) where confirmed_by is null and rejected_by is null do nothing`.execute(
    ctx.tx,
  );
  return numAffectedRows === 1n;
}

export async function saveConfirmation(ctx: Ctx, id: string): Promise<void> {
  await sql`update final_decision set confirmed_by = ${ctx.actor.userId}, confirmed_at = ${new Date(ctx.now)}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

export async function saveRejection(ctx: Ctx, id: string, reason: string): Promise<void> {
  await sql`update final_decision set rejected_by = ${ctx.actor.userId}, rejected_at = ${new Date(ctx.now)}, rejected_reason = ${maskText(reason)}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}
