import { sql } from 'kysely';
import type { z } from 'zod';
import { maskName } from '#candidate/rules';
import type { CaseId } from '#follow-up';
import type { Ctx } from '#platform/db/tenant';
import type { caseHistory, OwnedCase } from './change.contract.ts';
import type { CaseFacts } from './change.rules.ts';

/** Who holds what. Reads follow_up_case, candidate, batch, lease, staff_group, user_account. */

export interface SelectedCase extends CaseFacts {
  readonly id: CaseId;
  readonly name: string;
}

/** The chosen cases, by case or by candidate in the given phase. */
export async function readSelected(
  ctx: Ctx,
  given: { caseIds: readonly string[]; candidateIds: readonly string[] },
  stage: { seasonId: string; phase: string },
): Promise<SelectedCase[]> {
  const { rows } = await sql<SelectedCase>`
    select f.id, f.state, f.group_id as "groupId", f.required_skill as "requiredSkill", f.not_caller_id as "notCallerId",
      f.owner_id as "ownerId", c.name
    from follow_up_case f join candidate c on c.tenant_id = f.tenant_id and c.id = f.candidate_id
    where f.tenant_id = ${ctx.tenantId} and f.season_id = ${stage.seasonId}
      and (f.id = any(${[...given.caseIds]}::uuid[])
        or (f.phase = ${stage.phase} and f.candidate_id = any(${[...given.candidateIds]}::uuid[])))
    order by f.id`.execute(ctx.tx);
  return rows.map((row) => ({ ...row, name: maskName(row.name) }));
}

export interface LoadRow {
  readonly ownerId: string;
  readonly open: number;
  readonly untouched: number;
  readonly scheduled: number;
  readonly escalated: number;
  readonly leased: number;
}

/** Open work by owner; the nil owner counts the pool. */
export async function readLoads(
  ctx: Ctx,
  seasonId: string,
): Promise<(Omit<LoadRow, 'ownerId'> & { ownerId: string | null })[]> {
  const { rows } = await sql<LoadRow>`
    select owner_id as "ownerId", count(*)::int as open,
      count(*) filter (where state = 'ready' and attempts = 0)::int as untouched,
      count(*) filter (where state = 'scheduled')::int as scheduled,
      count(*) filter (where state = 'escalated')::int as escalated,
      count(*) filter (where state = 'leased')::int as leased
    from follow_up_case where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and state <> 'final'
    group by owner_id`.execute(ctx.tx);
  return rows;
}

export async function readOwned(
  ctx: Ctx,
  given: { seasonId: string; userId: string; cursor?: string | undefined; limit: number },
): Promise<OwnedCase[]> {
  const { rows } = await sql<OwnedCase>`
    select f.id, f.candidate_id as "candidateId", c.candidate_no as "candidateNo", c.name, c.province_code as "provinceCode",
      b.name as "batchName", f.state, f.disposition, f.attempts, f.due_at as "dueAt", a.at as since, a.kind
    from follow_up_case f
    join candidate c on c.tenant_id = f.tenant_id and c.id = f.candidate_id
    join batch b on b.tenant_id = c.tenant_id and b.id = c.batch_id
    left join lateral (select at, kind from assignment x where x.tenant_id = f.tenant_id and x.case_id = f.id
      order by at desc, id desc limit 1) a on true
    where f.tenant_id = ${ctx.tenantId} and f.season_id = ${given.seasonId} and f.owner_id = ${given.userId} and f.state <> 'final'
      ${given.cursor ? sql`and f.id > ${given.cursor}::uuid` : sql``}
    order by f.id limit ${given.limit + 1}`.execute(ctx.tx);
  return rows.map((row) => ({ ...row, name: maskName(row.name) }));
}

/** Open cases of a person, for giving all of them back. */
export async function readOpenOf(
  ctx: Ctx,
  userId: string,
): Promise<{ id: CaseId; groupId: string | null; state: string }[]> {
  const { rows } = await sql<{ id: CaseId; groupId: string | null; state: string }>`
    select id, group_id as "groupId", state from follow_up_case
    where tenant_id = ${ctx.tenantId} and owner_id = ${userId} and state <> 'final' order by id`.execute(
    ctx.tx,
  );
  return rows;
}

/**
 * Cases that balancing may move: in nobody's hand, for everyone, not somebody's registered lead; not called yet unless `started`.
 * The ones due last come first, so that nothing that is due now changes hands.
 */
export async function readMovable(
  ctx: Ctx,
  given: { seasonId: string; ownerIds: readonly string[]; started: boolean },
): Promise<{ id: CaseId; ownerId: string }[]> {
  const { rows } = await sql<{ id: CaseId; ownerId: string }>`
    select f.id, f.owner_id as "ownerId" from follow_up_case f
    where f.tenant_id = ${ctx.tenantId} and f.season_id = ${given.seasonId} and f.owner_id = any(${[...given.ownerIds]}::uuid[])
      and f.state = 'ready' and f.required_skill is null and f.not_caller_id is null
      ${given.started ? sql`` : sql`and f.attempts = 0`}
      and not exists (select from lead l where l.tenant_id = f.tenant_id and l.season_id = f.season_id
        and l.candidate_id = f.candidate_id and l.state = 'matched' and l.recruiter_id = f.owner_id)
    order by f.due_at desc, f.id`.execute(ctx.tx);
  return rows;
}

type HistoryLine = z.output<typeof caseHistory.reply>['items'][number];

/** Everyone who held a case, oldest first; a take-over on an inbound call stands among the leases. */
export async function readHistory(ctx: Ctx, caseId: string): Promise<HistoryLine[]> {
  const name = (column: string) =>
    sql`(select u.name from user_account u where u.tenant_id = h.tenant_id and u.id = ${sql.ref(`h.${column}`)})`;
  const { rows } = await sql<HistoryLine>`
    select h.at, h.kind, ${name('from_user_id')} as "from", ${name('to_user_id')} as "to", g.name as "group",
      ${name('by_id')} as "by", h.reason
    from (
      select tenant_id, id, at, kind, from_user_id, to_user_id, to_group_id, by_id, reason from assignment
      where tenant_id = ${ctx.tenantId} and case_id = ${caseId}
      union all
      select tenant_id, id, opened_at, 'taken_over', null, caller_id, null, caller_id, '考生来电，由接听的回访员接手' from lease
      where tenant_id = ${ctx.tenantId} and case_id = ${caseId} and how = 'takeover'
    ) h
    left join staff_group g on g.tenant_id = h.tenant_id and g.id = h.to_group_id
    order by h.at, h.id limit 200`.execute(ctx.tx);
  return rows;
}
