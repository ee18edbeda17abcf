import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { Scope } from '#staff';
import type { Disposition } from './outcome.rules.ts';
import type { PlaybookOutcome, PlaybookRoute, PlaybookStep } from './playbook.rules.ts';
import type { CaseState } from './rules.ts';

/** Recorded steps of the search; reads candidate, candidate_phone and phone for what is shown beside them. */

export interface StepRow {
  readonly id: string;
  readonly step: PlaybookStep;
  readonly route: PlaybookRoute | null;
  readonly outcome: PlaybookOutcome;
  readonly detail: Buffer | null;
  readonly phoneMasked: string | null;
  readonly basis: string | null;
  readonly byName: string;
  readonly at: Instant;
}

const ENTRIES_MAX = 100;

/** The newest first. */
export async function readSteps(ctx: Ctx, caseId: string): Promise<StepRow[]> {
  const { rows } = await sql<StepRow>`
    select s.id, s.step, s.route, s.outcome, s.detail, p.masked as "phoneMasked", s.basis, u.name as "byName", s.done_at as at
    from playbook_step s
    join user_account u on u.tenant_id = s.tenant_id and u.id = s.done_by
    left join phone p on p.tenant_id = s.tenant_id and p.id = s.phone_id
    where s.tenant_id = ${ctx.tenantId} and s.case_id = ${caseId}
    order by s.done_at desc, s.id desc limit ${ENTRIES_MAX}`.execute(ctx.tx);
  return rows;
}

export interface NewStep {
  readonly id: string;
  readonly caseId: string;
  readonly step: PlaybookStep;
  readonly route: PlaybookRoute | null;
  readonly outcome: PlaybookOutcome;
  readonly detail: string;
  readonly phoneId: string | null;
  readonly basis: string | null;
}

export async function insertStep(ctx: Ctx, given: NewStep): Promise<void> {
  const detail = given.detail === '' ? null : ctx.vault.seal(given.detail);
  await sql`insert into playbook_step (tenant_id, id, case_id, step, route, outcome, detail, phone_id, basis, done_by, done_at)
    values (${ctx.tenantId}, ${given.id}, ${given.caseId}, ${given.step}, ${given.route}, ${given.outcome}, ${detail},
      ${given.phoneId}, ${maskText(given.basis)}, ${ctx.actor.userId}, ${new Date(ctx.now)})`.execute(ctx.tx);
}

/** Cases k that the actor works at or leads: owned, in charge of, held, handed to their role, of their groups; or all. */
export function workedBy({ kind, userId, groupIds }: Scope, roles: readonly string[]): RawBuilder<boolean> {
  if (kind === 'all') return sql<boolean>`true`;
  const team = roles.includes('escalation_member')
    ? sql`or exists (select from escalation e where e.tenant_id = k.tenant_id and e.id = k.escalation_id and e.tier = 'escalation_team')`
    : sql``;
  return sql<boolean>`(k.owner_id = ${userId} or k.in_charge_id = ${userId} or k.group_id = any(${[...groupIds]}::uuid[])
    or exists (select from lease l where l.tenant_id = k.tenant_id and l.case_id = k.id and l.caller_id = ${userId} and l.ended_at is null)
    ${team})`;
}

/** Whether the actor may see what is done about a case. */
export async function maySeeCase(ctx: Ctx, scope: Scope, caseId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from follow_up_case k where k.tenant_id = ${ctx.tenantId} and k.id = ${caseId}
      and ${workedBy(scope, ctx.actor.roles)}`.execute(ctx.tx);
  return rows.length > 0;
}

export interface Surroundings {
  readonly hasMobile: boolean;
  readonly shielded: boolean;
  readonly withEscalationTeam: boolean;
  readonly schoolCode: string | null;
  readonly schoolName: string | null;
}

export async function readSurroundings(ctx: Ctx, caseId: string): Promise<Surroundings> {
  const { rows } = await sql<Surroundings>`
    select c.school_code as "schoolCode", c.school_name as "schoolName", coalesce(o.phone_shielded, false) as shielded,
      exists (select from candidate_phone cp join phone p on p.tenant_id = cp.tenant_id and p.id = cp.phone_id
        where cp.tenant_id = k.tenant_id and cp.candidate_id = k.candidate_id and cp.detached_at is null and p.kind = 'mobile') as "hasMobile",
      exists (select from escalation e where e.tenant_id = k.tenant_id and e.case_id = k.id and e.tier = 'escalation_team') as "withEscalationTeam"
    from follow_up_case k join candidate c on c.tenant_id = k.tenant_id and c.id = k.candidate_id
    join province_policy o on o.tenant_id = k.tenant_id and o.id = k.policy_id
    where k.tenant_id = ${ctx.tenantId} and k.id = ${caseId}`.execute(ctx.tx);
  return (
    rows[0] ?? {
      hasMobile: false,
      shielded: false,
      withEscalationTeam: false,
      schoolCode: null,
      schoolName: null,
    }
  );
}

export interface Schoolmate {
  readonly caseId: string;
  readonly candidateName: string;
  readonly candidateNo: string;
  readonly ownerName: string | null;
  readonly disposition: Disposition;
  readonly state: CaseState;
  readonly visible: boolean;
}

const MATES_MAX = 200;

/** Candidates of the same school and season with a case, those who were reached first. Own tenant only. */
export async function readSchoolmates(
  ctx: Ctx,
  scope: Scope,
  given: { caseId: string; seasonId: string; phase: string; schoolCode: string },
): Promise<Schoolmate[]> {
  const { rows } = await sql<Schoolmate>`
    select k.id as "caseId", c.name as "candidateName", c.candidate_no as "candidateNo", u.name as "ownerName", k.disposition, k.state,
      ${workedBy(scope, ctx.actor.roles)} as visible
    from candidate c
    join follow_up_case k on k.tenant_id = c.tenant_id and k.candidate_id = c.id and k.phase = ${given.phase}
    left join user_account u on u.tenant_id = k.tenant_id and u.id = k.owner_id
    where c.tenant_id = ${ctx.tenantId} and c.season_id = ${given.seasonId} and c.school_code = ${given.schoolCode}
      and c.merged_into is null and k.id <> ${given.caseId}
    order by k.contacts desc, c.candidate_no limit ${MATES_MAX}`.execute(ctx.tx);
  return rows;
}

/** The open lease on a case, whoever holds it. */
export async function leaseOnCase(ctx: Ctx, caseId: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from lease where tenant_id = ${ctx.tenantId} and case_id = ${caseId} and ended_at is null`.execute(
    ctx.tx,
  );
  return rows[0]?.id ?? null;
}
