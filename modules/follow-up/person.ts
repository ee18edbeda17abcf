import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';

/** Reads candidate: who is one person, and which of their numbers rest for somebody else's sake. */

/**
 * Ids of the candidate and of every other file of the college with the same ID number, as an array in SQL. 勿再来电 is said by a person, and a day's calls ring for one: in two
 * files of a season, or in last year's (law.md R34).
 */
export const filesOfPerson = (ctx: Ctx, candidateId: string): RawBuilder<unknown> => sql`array(
  select ${candidateId}::uuid
  union
  select o.id from candidate d join candidate o on o.tenant_id = d.tenant_id and o.id_blind = d.id_blind
  where d.tenant_id = ${ctx.tenantId} and d.id = ${candidateId})`;

/**
 * Numbers of the candidate by which somebody complained about the calls to another one, while that complaint is open: the father of two sons is not rung for the second
 * (follow-up.md, R6). As an array in SQL.
 */
export const frozenPhones = (ctx: Ctx, candidateId: string): RawBuilder<unknown> => sql`array(
  select distinct cp.phone_id from candidate_phone cp
  join candidate_phone op on op.tenant_id = cp.tenant_id and op.phone_id = cp.phone_id and op.candidate_id <> cp.candidate_id
  join follow_up_case k on k.tenant_id = op.tenant_id and k.candidate_id = op.candidate_id and k.escalation_id is not null
  join escalation e on e.tenant_id = k.tenant_id and e.id = k.escalation_id and e.cause = 'R6'
  join attempt a on a.tenant_id = k.tenant_id and a.case_id = k.id and a.phone_id = cp.phone_id
  where cp.tenant_id = ${ctx.tenantId} and cp.candidate_id = ${candidateId} and cp.detached_at is null
    and coalesce((select x.after->>'outcome' from attempt_correction x
      where x.tenant_id = a.tenant_id and x.attempt_id = a.id order by x.corrected_at desc, x.id desc limit 1), a.outcome) = 'R6')`;
