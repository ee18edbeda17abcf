import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';

/** What stands behind the release checks. Reads candidate, follow_up_case and past_line. */

export interface PlaceCount {
  readonly provinceCode: string;
  readonly batchId: string;
  readonly candidates: number;
  /** With a case in this phase. */
  readonly released: number;
  readonly unnamed: number;
  readonly pastLines: number;
}

/** Candidates of each province and batch, how many have a case in the phase, and what their files lack. */
export async function countPlaces(
  ctx: Ctx,
  { seasonId, phase }: { readonly seasonId: string; readonly phase: string },
): Promise<PlaceCount[]> {
  const { rows } = await sql<PlaceCount>`
    select c.province_code as "provinceCode", c.batch_id as "batchId", count(*)::int as candidates,
      count(f.id)::int as released,
      (count(*) filter (where c.major_name is null and c.major_code is not null))::int as unnamed,
      (select count(*)::int from past_line l where l.tenant_id = ${ctx.tenantId} and l.season_id = ${seasonId}
        and l.province_code = c.province_code and l.batch_id = c.batch_id) as "pastLines"
    from candidate c
    left join follow_up_case f on f.tenant_id = c.tenant_id and f.season_id = c.season_id
      and f.candidate_id = c.id and f.phase = ${phase}
    where c.tenant_id = ${ctx.tenantId} and c.season_id = ${seasonId} and c.merged_into is null
    group by c.province_code, c.batch_id`.execute(ctx.tx);
  return rows;
}
