import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { toDate } from '#platform/ids';
import { UNNAMED_SHOWN, type UnnamedMajor } from './major.contract.ts';

/** Names of filed majors. Reads major_code and major, which the season owns. */

interface Counted extends UnnamedMajor {
  readonly all: number;
}

/** Codes in files that have no name, most candidates first, with the number of candidates behind all of them. */
export async function readUnnamed(
  ctx: Ctx,
  seasonId: string,
): Promise<{ items: UnnamedMajor[]; candidates: number }> {
  const { rows } = await sql<Counted>`
    select c.province_code as "provinceCode", c.batch_id as "batchId", coalesce(c.category_code, '') as "categoryCode",
      max(c.category) as category, c.major_code as code, count(*)::int as candidates,
      sum(count(*)) over ()::int as "all"
    from candidate c
    where c.tenant_id = ${ctx.tenantId} and c.season_id = ${seasonId} and c.major_name is null
      and c.major_code is not null and c.merged_into is null
    group by 1, 2, 3, 5 order by count(*) desc, 1, 2, 3, 5 limit ${UNNAMED_SHOWN}`.execute(ctx.tx);
  return { items: rows.map(({ all: _all, ...item }) => item), candidates: rows[0]?.all ?? 0 };
}

/** Gives the candidates of a place the names of their codes; returns how many got one. */
export async function fillNames(
  ctx: Ctx,
  place: { readonly seasonId: string; readonly provinceCode: string; readonly batchId: string },
): Promise<number> {
  const { numAffectedRows } = await sql`
    update candidate c set major_name = m.name, updated_at = ${toDate(ctx.now)}
    from major_code m
    where c.tenant_id = ${ctx.tenantId} and c.season_id = ${place.seasonId} and c.province_code = ${place.provinceCode}
      and c.batch_id = ${place.batchId} and c.major_name is null
      and m.tenant_id = c.tenant_id and m.season_id = c.season_id and m.province_code = c.province_code
      and m.batch_id = c.batch_id and m.category_code = coalesce(c.category_code, '') and m.code = c.major_code`.execute(
    ctx.tx,
  );
  return Number(numAffectedRows ?? 0n);
}

interface Place {
  readonly seasonId: string;
  readonly provinceCode: string;
  readonly batchId: string;
  readonly categoryCode: string | null;
}

/** What the codes of a place mean: as the province published them, else the college's own major of that code. */
export async function namesOfMajors(ctx: Ctx, place: Place): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ code: string; name: string }>`
    select code, name from major where tenant_id = ${ctx.tenantId} and season_id = ${place.seasonId}
    union all
    select code, name from major_code where tenant_id = ${ctx.tenantId} and season_id = ${place.seasonId}
      and province_code = ${place.provinceCode} and batch_id = ${place.batchId}
      and category_code = ${place.categoryCode ?? ''}`.execute(ctx.tx);
  return new Map(rows.map(({ code, name }) => [code, name]));
}
