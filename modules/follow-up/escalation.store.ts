import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant, UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import { shanghaiDay } from '#platform/shanghai';
import type { EscalationTier } from '#season/rules';
import type { EscalationViewCode } from './escalation.contract.ts';
import { type EscalationState, type Reader, TIER_ROLES } from './escalation.rules.ts';
import type { Disposition } from './outcome.rules.ts';
import type { CaseState } from './rules.ts';

/** Reads of hand-overs; joins candidate, user_account and staff_group for their names, province_policy and staff_leave for who may do what. */

export interface EscalationData {
  readonly id: string;
  readonly caseId: string;
  readonly candidateId: string;
  readonly candidateName: string;
  readonly candidateNo: string;
  readonly tier: EscalationTier;
  readonly cause: string;
  readonly summary: string;
  readonly state: EscalationState;
  readonly fromUserId: UserId | null;
  readonly fromName: string | null;
  readonly ownerId: UserId | null;
  readonly ownerName: string | null;
  readonly responsibleId: UserId;
  readonly responsibleName: string;
  readonly groupId: string | null;
  readonly groupName: string | null;
  /** Who leads the group now, unless on leave or with a shut account. */
  readonly leaderId: UserId | null;
  readonly withdrawable: boolean | null;
  readonly phoneShielded: boolean | null;
  readonly artSchoolExam: boolean;
  readonly openedAt: Instant;
  readonly acceptBy: Instant;
  readonly acceptedAt: Instant | null;
  readonly resolveBy: Instant | null;
  readonly caseState: CaseState;
  readonly disposition: Disposition;
  readonly round: string;
  readonly dueAt: Instant | null;
  readonly deadlineAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly endNote: string | null;
}

const leaderHere = sql`case when away.id is null then lead.id end`;

const columns = sql`e.id, e.case_id as "caseId", k.candidate_id as "candidateId", c.name as "candidateName",
  c.candidate_no as "candidateNo", e.tier, e.cause, e.summary, e.state, e.from_user_id as "fromUserId", f.name as "fromName",
  k.owner_id as "ownerId", o.name as "ownerName", e.responsible_id as "responsibleId",
  r.name as "responsibleName", k.group_id as "groupId", g.name as "groupName", ${leaderHere} as "leaderId",
  y.withdrawable, y.phone_shielded as "phoneShielded", y.art_school_exam or c.art_school_exam as "artSchoolExam", e.opened_at as "openedAt", e.accept_by as "acceptBy",
  e.accepted_at as "acceptedAt", e.resolve_by as "resolveBy", k.state as "caseState", k.disposition, k.round, k.due_at as "dueAt",
  k.deadline_at as "deadlineAt", e.ended_at as "endedAt", e.end_note as "endNote"`;

/** What decides whom a hand-over is addressed to: its case, the case's group, and the leader who is there today. */
const addressed = (ctx: Ctx) => sql`escalation e
  join follow_up_case k on k.tenant_id = e.tenant_id and k.id = e.case_id
  left join staff_group g on g.tenant_id = k.tenant_id and g.id = k.group_id
  left join user_account lead on lead.tenant_id = g.tenant_id and lead.id = g.leader_id and lead.disabled_at is null
    and coalesce(lead.expires_on >= ${shanghaiDay(ctx.now)}::date, true)
  left join staff_leave away on away.tenant_id = lead.tenant_id and away.user_id = lead.id and away.state = 'approved'
    and ${shanghaiDay(ctx.now)}::date between away.starts_on and away.ends_on`;

const joined = (ctx: Ctx) => sql`${addressed(ctx)}
  join candidate c on c.tenant_id = k.tenant_id and c.id = k.candidate_id
  join province_policy y on y.tenant_id = k.tenant_id and y.id = k.policy_id
  join user_account r on r.tenant_id = e.tenant_id and r.id = e.responsible_id
  left join user_account f on f.tenant_id = e.tenant_id and f.id = e.from_user_id
  left join user_account o on o.tenant_id = k.tenant_id and o.id = k.owner_id`;

/** Mine to take: the same rule as mayAccept, for a list. */
function addressedTo(who: Reader): RawBuilder<boolean> {
  const tiers = Object.entries(TIER_ROLES).flatMap(([tier, role]) =>
    tier !== 'leader' && who.roles.includes(role) ? [tier] : [],
  );
  const orphaned = who.roles.includes(TIER_ROLES.office)
    ? sql<boolean>`or (e.tier = 'leader' and ${leaderHere} is null)`
    : sql``;
  return sql<boolean>`(e.tier = any(${tiers}::text[])
    or (e.tier = 'leader' and ${leaderHere} = ${who.userId}) ${orphaned})`;
}

const unended = sql<boolean>`e.ended_at is null`;

export interface Sight {
  readonly who: Reader;
  /** The whole season: office and supervisors. */
  readonly all: boolean;
}

function condition(view: EscalationViewCode, { who, all }: Sight): RawBuilder<boolean> {
  const mine = sql<boolean>`(e.responsible_id = ${who.userId} and e.state = 'accepted')`;
  const handed = sql<boolean>`(e.from_user_id = ${who.userId} or (k.owner_id = ${who.userId} and e.responsible_id <> ${who.userId}))`;
  if (view === 'to_accept') return sql<boolean>`${unended} and e.state = 'open' and ${addressedTo(who)}`;
  if (view === 'mine') return sql<boolean>`${unended} and ${mine}`;
  if (view === 'handed_over') return handed;
  if (all) return unended;
  return sql<boolean>`${unended} and (${mine} or ${handed} or ${addressedTo(who)} or k.group_id = any(${[...who.ledGroupIds]}::uuid[]))`;
}

/** The time that runs: to be accepted, or to be dealt with. */
const running = sql`case when e.state = 'accepted' then coalesce(e.resolve_by, e.accept_by) else e.accept_by end`;

const lateNow = (now: number): RawBuilder<boolean> =>
  sql<boolean>`(${unended} and ${running} < ${new Date(now)})`;

export interface EscalationFilter {
  readonly view: EscalationViewCode;
  readonly late: boolean;
  readonly tier: EscalationTier | undefined;
  readonly after: { readonly at: number; readonly id: string } | null;
  readonly limit: number;
}

const filtered = (ctx: Ctx, sight: Sight, { view, late, tier }: EscalationFilter): RawBuilder<boolean> =>
  sql<boolean>`e.tenant_id = ${ctx.tenantId} and ${condition(view, sight)} ${late ? sql`and ${lateNow(ctx.now)}` : sql``}
    ${tier === undefined ? sql`` : sql`and e.tier = ${tier}`}`;

/** The most urgent first; what was handed over the newest first. */
export async function readEscalations(
  ctx: Ctx,
  sight: Sight,
  filter: EscalationFilter,
): Promise<(EscalationData & { sortAt: Instant })[]> {
  const newest = filter.view === 'handed_over';
  const key = newest ? sql`e.opened_at` : running;
  const { after } = filter;
  const beyond =
    after === null
      ? sql``
      : sql`and (${key}, e.id) ${newest ? sql`<` : sql`>`} (${new Date(after.at)}::timestamptz, ${after.id}::uuid)`;
  const { rows } = await sql<EscalationData & { sortAt: Instant }>`
    select ${columns}, ${key} as "sortAt" from ${joined(ctx)}
    where ${filtered(ctx, sight, filter)} ${beyond}
    order by ${key} ${newest ? sql`desc` : sql`asc`}, e.id ${newest ? sql`desc` : sql`asc`} limit ${filter.limit}`.execute(
    ctx.tx,
  );
  return rows;
}

export interface EscalationCounts {
  readonly total: number;
  readonly toAccept: number;
  readonly mine: number;
  readonly handedOver: number;
  /** Of those to accept and of mine, past their time. */
  readonly lateToAccept: number;
  readonly lateMine: number;
}

export async function countEscalations(
  ctx: Ctx,
  sight: Sight,
  filter: EscalationFilter,
): Promise<EscalationCounts> {
  const take = condition('to_accept', sight);
  const mine = condition('mine', sight);
  const handed = condition('handed_over', sight);
  const { rows } = await sql<EscalationCounts>`
    select count(*) filter (where ${filtered(ctx, sight, filter)})::int as total, count(*) filter (where ${take})::int as "toAccept",
      count(*) filter (where ${mine})::int as mine, count(*) filter (where ${handed})::int as "handedOver",
      count(*) filter (where ${take} and ${lateNow(ctx.now)})::int as "lateToAccept",
      count(*) filter (where ${mine} and ${lateNow(ctx.now)})::int as "lateMine"
    from ${addressed(ctx)} where e.tenant_id = ${ctx.tenantId}`.execute(ctx.tx);
  return rows[0] ?? { total: 0, toAccept: 0, mine: 0, handedOver: 0, lateToAccept: 0, lateMine: 0 };
}

/** One hand-over within the reader's sight, else null. */
export async function readEscalationRow(ctx: Ctx, sight: Sight, id: string): Promise<EscalationData | null> {
  const { who, all } = sight;
  const seen = all
    ? sql`true`
    : sql`(${addressedTo(who)} or e.responsible_id = ${who.userId} or e.from_user_id = ${who.userId}
        or k.owner_id = ${who.userId} or k.group_id = any(${[...who.ledGroupIds]}::uuid[]))`;
  const { rows } = await sql<EscalationData>`
    select ${columns} from ${joined(ctx)} where e.tenant_id = ${ctx.tenantId} and e.id = ${id} and ${seen}`.execute(
    ctx.tx,
  );
  return rows[0] ?? null;
}

/** The tier of a hand-over that is still open. */
export async function readOpenTier(ctx: Ctx, id: string): Promise<EscalationTier | null> {
  const { rows } = await sql<{ tier: EscalationTier }>`
    select tier from escalation where tenant_id = ${ctx.tenantId} and id = ${id} and ended_at is null`.execute(
    ctx.tx,
  );
  return rows[0]?.tier ?? null;
}

/** Of two who act at once, the second waits here and sees what the first did. */
export async function lockEscalation(ctx: Ctx, id: string): Promise<void> {
  await sql`select 1 from escalation where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
    ctx.tx,
  );
}

/** The time to deal with it runs from here: whoever takes over what waited too long is not late with it at once. */
export async function saveAcceptance(ctx: Ctx, id: string): Promise<void> {
  await sql`update escalation set state = 'accepted', accepted_at = ${new Date(ctx.now)}, accepted_by = ${ctx.actor.userId},
      responsible_id = ${ctx.actor.userId}, resolve_by = ${new Date(ctx.now)}::timestamptz + (resolve_by - accept_by)
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

/** Back to its earlier owner, who answers for it from now on. */
export async function saveReturn(
  ctx: Ctx,
  given: { id: string; reason: string; responsibleId: UserId },
): Promise<void> {
  await sql`update escalation set state = 'returned', ended_at = ${new Date(ctx.now)}, ended_by = ${ctx.actor.userId},
      end_note = ${maskText(given.reason)}, responsible_id = ${given.responsibleId}
    where tenant_id = ${ctx.tenantId} and id = ${given.id}`.execute(ctx.tx);
}

/** Whoever passes a case on answers for it until it is accepted, and the summary stays with the step that ended. */
export async function savePassOn(
  ctx: Ctx,
  given: { id: string; nextId: string; summary: string; responsibleId: UserId },
): Promise<void> {
  await sql`update escalation set end_note = ${maskText(given.summary)} where tenant_id = ${ctx.tenantId} and id = ${given.id}`.execute(
    ctx.tx,
  );
  await sql`update escalation set responsible_id = ${given.responsibleId}
    where tenant_id = ${ctx.tenantId} and id = ${given.nextId}`.execute(ctx.tx);
}

/** What was tried outside the calls, and how many numbers could still be dialled. */
export async function readTried(ctx: Ctx, caseId: string): Promise<{ steps: number; numbers: number }> {
  const { rows } = await sql<{ steps: number; numbers: number }>`
    select (select count(*)::int from playbook_step s where s.tenant_id = ${ctx.tenantId} and s.case_id = ${caseId}) as steps,
      (select count(*)::int from follow_up_case k join candidate_phone p
        on p.tenant_id = k.tenant_id and p.candidate_id = k.candidate_id and p.detached_at is null
       where k.tenant_id = ${ctx.tenantId} and k.id = ${caseId}) as numbers`.execute(ctx.tx);
  return rows[0] ?? { steps: 0, numbers: 0 };
}
