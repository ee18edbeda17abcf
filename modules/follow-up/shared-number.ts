import { sql } from 'kysely';
import { maskName } from '#candidate/rules';
import type { Ctx } from '#platform/db/tenant';
import { ok, type Result } from '#platform/result';

/** Brothers share a father's number: whoever dials must know that it is not this candidate's alone. */

interface SharedNumber {
  readonly phoneId: string;
  /** Masked names of other candidates with this number. */
  readonly names: string[];
}

const NAMES_MAX = 20;

/** The numbers of one's own open lease that belong to other candidates too; empty for any other lease. */
export async function sharedNumbers(
  ctx: Ctx,
  leaseId: string,
): Promise<Result<{ items: SharedNumber[] }, never>> {
  const { rows } = await sql<{ phoneId: string; name: string }>`
    select o.phone_id as "phoneId", d.name
    from lease l
    join follow_up_case k on k.tenant_id = l.tenant_id and k.id = l.case_id
    join candidate_phone p on p.tenant_id = l.tenant_id and p.candidate_id = k.candidate_id and p.detached_at is null
    join candidate_phone o on o.tenant_id = p.tenant_id and o.phone_id = p.phone_id and o.candidate_id <> p.candidate_id
      and o.detached_at is null
    join candidate d on d.tenant_id = o.tenant_id and d.id = o.candidate_id and d.merged_into is null
    where l.tenant_id = ${ctx.tenantId} and l.id = ${leaseId} and l.caller_id = ${ctx.actor.userId} and l.ended_at is null
    order by o.phone_id, d.name limit ${NAMES_MAX}`.execute(ctx.tx);
  const byPhone = Map.groupBy(rows, ({ phoneId }) => phoneId);
  return ok({
    items: [...byPhone].map(([phoneId, others]) => ({
      phoneId,
      names: others.map(({ name }) => maskName(name)),
    })),
  });
}
