import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Found, Verdict } from './lead.rules.ts';

/** Matching of leads. Reads candidate, phone, candidate_phone. */

/** Every candidate that fits an open lead, by each fact. */
export async function findFits(ctx: Ctx, seasonId: string, importId: string | null): Promise<Found[]> {
  const open = sql`l.tenant_id = ${ctx.tenantId} and l.season_id = ${seasonId} and l.state = 'open'`;
  const mine = sql`c.tenant_id = l.tenant_id and c.season_id = l.season_id and c.merged_into is null
    ${importId === null ? sql`` : sql`and c.import_id = ${importId}`}`;
  const { rows } = await sql<Found>`
    select f.id as "leadId", f.recruiter_id as "recruiterId", f.registered_at as "registeredAt",
      f.found_id as "candidateId", f.by, f.name = f.candidate_name as "sameName",
      f.registered_by = f.recruiter_id and f.registered_at > f.created_at as "afterDelivery"
    from (
      select l.*, c.id as found_id, c.name as candidate_name, c.created_at, 'number' as by
      from lead l join candidate c on ${mine} and c.candidate_no = l.candidate_no where ${open}
      union all
      select l.*, c.id, c.name, c.created_at, 'id'
      from lead l join candidate c on ${mine} and c.id_blind = l.id_blind where ${open}
      union all
      select distinct l.*, c.id, c.name, c.created_at, 'phone'
      from lead l
      join phone p on p.tenant_id = l.tenant_id and p.number_blind = l.phone_blind
      join candidate_phone x on x.tenant_id = p.tenant_id and x.phone_id = p.id and x.detached_at is null
      join candidate c on ${mine} and c.id = x.candidate_id where ${open}
    ) f`.execute(ctx.tx);
  return rows;
}

/** Whose matched lead each of these candidates is. */
export async function takenBy(
  ctx: Ctx,
  seasonId: string,
  candidateIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ candidateId: string; recruiterId: string }>`
    select candidate_id as "candidateId", recruiter_id as "recruiterId" from lead
    where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and state = 'matched'
      and candidate_id = any(${[...candidateIds]}::uuid[])`.execute(ctx.tx);
  return new Map(rows.map((row) => [row.candidateId, row.recruiterId]));
}

export async function saveVerdicts(ctx: Ctx, verdicts: readonly Verdict[]): Promise<void> {
  if (verdicts.length === 0) return;
  await sql`
    update lead l set state = v.state, candidate_id = v."candidateId", dispute = v.dispute, void_reason = v."voidReason",
      matched_at = case when v.state = 'matched' then ${new Date(ctx.now)}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(verdicts)}::jsonb) v("leadId" uuid, state text, "candidateId" uuid, dispute text,
      "voidReason" text)
    where l.tenant_id = ${ctx.tenantId} and l.id = v."leadId" and l.state = 'open'`.execute(ctx.tx);
}
