import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';
import type { CandidateId } from './ids.ts';

export interface OpenMerge {
  readonly id: string;
  readonly otherNo: string;
  readonly reason: string;
  readonly mergedAt: Instant;
}

/** The merge that still holds and in which this file was kept or merged away, the newest. */
export async function openMergeOf(ctx: Ctx, id: CandidateId): Promise<OpenMerge | null> {
  const { rows } = await sql<OpenMerge>`
    select m.id, o.candidate_no as "otherNo", m.reason, m.merged_at as "mergedAt" from candidate_merge m
    join candidate o on o.tenant_id = m.tenant_id and o.id = case when m.kept_id = ${id} then m.merged_id else m.kept_id end
    where m.tenant_id = ${ctx.tenantId} and (m.kept_id = ${id} or m.merged_id = ${id}) and m.undone_at is null
    order by m.merged_at desc limit 1`.execute(ctx.tx);
  return rows[0] ?? null;
}
