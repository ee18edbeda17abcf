import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Scope } from '#staff';
import type { CandidateId } from './ids.ts';

/**
 * Which of these files the actor may open: all; those with a case of their groups; their own cases; and whatever they hold a lease on or
 * are in charge of. Reads follow_up_case and lease of #follow-up.
 */
export async function openable(
  ctx: Ctx,
  scope: Scope,
  ids: readonly CandidateId[],
): Promise<Set<CandidateId>> {
  if (scope.kind === 'all') return new Set(ids);
  const { rows } = await sql<{ id: CandidateId }>`
    select distinct f.candidate_id as id from follow_up_case f
    where f.tenant_id = ${ctx.tenantId} and f.candidate_id = any(${[...ids]}::uuid[])
      and (f.owner_id = ${scope.userId} or f.in_charge_id = ${scope.userId} or f.group_id = any(${[...scope.groupIds]}::uuid[])
        or exists (select from lease l where l.tenant_id = f.tenant_id and l.case_id = f.id and l.caller_id = ${scope.userId} and l.ended_at is null))`.execute(
    ctx.tx,
  );
  return new Set(rows.map(({ id }) => id));
}
