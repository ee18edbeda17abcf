import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { toDate } from '#platform/ids';
import { UNNAMED_SHOWN, type UnnamedMajor } from './major.contract.ts';

/** Names of filed majors. Reads major_code and major, which the season owns. */

interface Counted extends UnnamedMajor {
  readonly all: number;
}

/** Codes in files that have no name, most candidates first, with the number of candidates behind all of them. Reads code_entry of #delivery. */
export async function readUnnamed(
  ctx: Ctx,
  seasonId: string,
): Promise<{ items: UnnamedMajor[]; candidates: number }> {
  const { rows } = await sql<Counted>`
    select u.*, (select e.name from code_entry e where e.tenant_id = ${ctx.tenantId} and e.season_id = ${seasonId}
      and e.province_code = u."provinceCode" and e.code_table = 'JHXZDM' and e.code = u."planNatureCode") as "planNature"
    from (
      select c.province_code as "provinceCode", c.batch_id as "batchId", coalesce(c.category_code, '') as "categoryCode",
        coalesce(c.plan_nature_code, '') as "planNatureCode", c.major_code as code, max(c.category) as category,
        count(*)::int as candidates, sum(count(*)) over ()::int as "all"
      from candidate c
      where c.tenant_id = ${ctx.tenantId} and c.season_id = ${seasonId} and c.major_name is null
        and c.major_code is not null and c.merged_into is null
      group by 1, 2, 3, 4, 5 order by count(*) desc, 1, 2, 3, 4, 5 limit ${UNNAMED_SHOWN}
    ) u order by candidates desc, 1, 2, 3, 4, 5`.execute(ctx.tx);
  return { items: rows.map(({ all: _all, ...item }) => item), candidates: rows[0]?.all ?? 0 };
}

/** Gives the candidates of a place the names of their codes, found as an import finds them; returns how many got one. */
export async function fillNames(
  ctx: Ctx,
  place: { readonly seasonId: string; readonly provinceCode: string; readonly batchId: string },
): Promise<number> {
  const { numAffectedRows } = await sql`
    with unnamed as (
      select c.id, coalesce(c.category_code, '') as category_code, coalesce(c.plan_nature_code, '') as nature, c.major_code as code
      from candidate c
      where c.tenant_id = ${ctx.tenantId} and c.season_id = ${place.seasonId} and c.province_code = ${place.provinceCode}
        and c.batch_id = ${place.batchId} and c.major_name is null and c.major_code is not null
    ), named as (
      select d.*, m.name
      from (select distinct category_code, nature, code from unnamed) d
      cross join lateral (
        select m.name from major_code m where m.tenant_id = ${ctx.tenantId} and m.season_id = ${place.seasonId}
          and m.province_code = ${place.provinceCode} and m.batch_id = ${place.batchId} and m.code = d.code
          and m.category_code in (d.category_code, '') and m.plan_nature_code in (d.nature, '') and m.name <> ''
        order by m.plan_nature_code desc, m.category_code desc limit 1
      ) m
    )
    update candidate c set major_name = n.name, updated_at = ${toDate(ctx.now)}
    from unnamed u join named n using (category_code, nature, code)
    where c.tenant_id = ${ctx.tenantId} and c.id = u.id`.execute(ctx.tx);
  return Number(numAffectedRows ?? 0n);
}

interface Place {
  readonly seasonId: string;
  readonly provinceCode: string;
  readonly batchId: string;
  readonly categoryCode: string | null;
}

/** The names of the codes of one 计划性质 (JHXZDM, or empty). */
type NamesOfNature = (nature: string) => ReadonlyMap<string, string>;

/** What the codes of a place mean: as the province published them, else the college's own major of that code. */
export async function namesOfMajors(ctx: Ctx, place: Place): Promise<NamesOfNature> {
  // What holds for fewer comes later and wins.
  const { rows } = await sql<{ code: string; name: string; nature: string }>`
    select 0 as step, '' as nature, '' as category, code, name from major
    where tenant_id = ${ctx.tenantId} and season_id = ${place.seasonId}
    union all
    select 1, plan_nature_code, category_code, code, name from major_code
    where tenant_id = ${ctx.tenantId} and season_id = ${place.seasonId}
      and province_code = ${place.provinceCode} and batch_id = ${place.batchId}
      and category_code in (${place.categoryCode ?? ''}, '') and name <> ''
    order by step, nature, category`.execute(ctx.tx);
  return (own) =>
    new Map(
      rows
        .filter(({ nature }) => nature === '' || nature === own)
        .map(({ code, name }): [string, string] => [code, name]),
    );
}
