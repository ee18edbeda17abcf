import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { LineView, MajorCodeKey, MajorCodeRow, MajorCodeView } from './catalogue.contract.ts';

export interface PlaceFilter {
  readonly provinceCode?: string | undefined;
  readonly batchId?: string | undefined;
}

const SHOWN = 500;

const placed = ({ provinceCode, batchId }: PlaceFilter): RawBuilder<unknown> =>
  sql`${provinceCode ? sql`and province_code = ${provinceCode}` : sql``} ${batchId ? sql`and batch_id = ${batchId}` : sql``}`;

interface Counted<T> {
  readonly items: T[];
  readonly total: number;
}

const counted = <T extends { total?: number }>(rows: T[]): Counted<Omit<T, 'total'>> => ({
  items: rows.map(({ total: _total, ...row }) => row),
  total: rows[0]?.total ?? 0,
});

/** The first 500 专业代号 of a place, with how many there are. Reads code_entry of #delivery for the names of 计划性质. */
export async function readMajorCodes(
  { tx, tenantId }: Ctx,
  seasonId: string,
  filter: PlaceFilter,
): Promise<Counted<MajorCodeRow>> {
  const { rows } = await sql<MajorCodeRow & { total: number }>`
    select province_code as "provinceCode", batch_id as "batchId", category_code as "categoryCode",
      plan_nature_code as "planNatureCode", code, name, major_id as "majorId", seats, tuition_fen as "tuitionFen",
      seats_executed as "seatsExecuted", filing_margin as "filingMargin", adjust_rank as "adjustRank", remark,
      (select e.name from code_entry e where e.tenant_id = m.tenant_id and e.season_id = m.season_id
        and e.province_code = m.province_code and e.code_table = 'JHXZDM' and e.code = m.plan_nature_code) as "planNature",
      count(*) over () as total
    from major_code m where tenant_id = ${tenantId} and season_id = ${seasonId} ${placed(filter)}
    order by province_code, batch_id, category_code, plan_nature_code, code limit ${SHOWN}`.execute(tx);
  return counted(rows);
}

export async function saveMajorCodeRow(
  { tx, tenantId }: Ctx,
  seasonId: string,
  entry: MajorCodeView,
): Promise<void> {
  await sql`
    insert into major_code (tenant_id, season_id, province_code, batch_id, category_code, plan_nature_code, code, name,
      major_id, seats, tuition_fen)
    values (${tenantId}, ${seasonId}, ${entry.provinceCode}, ${entry.batchId}, ${entry.categoryCode}, ${entry.planNatureCode},
      ${entry.code}, ${entry.name}, ${entry.majorId}, ${entry.seats}, ${entry.tuitionFen})
    on conflict (tenant_id, season_id, province_code, batch_id, category_code, plan_nature_code, code) do update
      set name = excluded.name, major_id = excluded.major_id, seats = excluded.seats,
        tuition_fen = excluded.tuition_fen`.execute(tx);
}

export async function deleteMajorCode(
  { tx, tenantId }: Ctx,
  seasonId: string,
  key: MajorCodeKey,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from major_code where tenant_id = ${tenantId} and season_id = ${seasonId}
      and province_code = ${key.provinceCode} and batch_id = ${key.batchId}
      and category_code = ${key.categoryCode} and plan_nature_code = ${key.planNatureCode} and code = ${key.code}`.execute(
    tx,
  );
  return numAffectedRows === 1n;
}

/** The first 500 past lines of a place, newest year first. */
export async function readLines(
  { tx, tenantId }: Ctx,
  seasonId: string,
  filter: PlaceFilter,
): Promise<Counted<LineView>> {
  const { rows } = await sql<LineView & { total: number }>`
    select province_code as "provinceCode", batch_id as "batchId", category, year, score_min as "scoreMin",
      rank_min as "rankMin", count(*) over () as total
    from past_line where tenant_id = ${tenantId} and season_id = ${seasonId} ${placed(filter)}
    order by province_code, batch_id, year desc, category limit ${SHOWN}`.execute(tx);
  return counted(rows);
}

export async function saveLineRow(
  { tx, tenantId }: Ctx,
  given: { id: string; seasonId: string; line: LineView },
): Promise<void> {
  const { line } = given;
  await sql`
    insert into past_line (tenant_id, id, season_id, province_code, batch_id, category, year, score_min, rank_min)
    values (${tenantId}, ${given.id}, ${given.seasonId}, ${line.provinceCode}, ${line.batchId}, ${line.category},
      ${line.year}, ${line.scoreMin}, ${line.rankMin})
    on conflict (tenant_id, season_id, province_code, batch_id, category, year) do update
      set score_min = excluded.score_min, rank_min = excluded.rank_min`.execute(tx);
}

export async function deleteLine(
  { tx, tenantId }: Ctx,
  seasonId: string,
  key: Pick<LineView, 'provinceCode' | 'batchId' | 'category' | 'year'>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from past_line where tenant_id = ${tenantId} and season_id = ${seasonId}
      and province_code = ${key.provinceCode} and batch_id = ${key.batchId}
      and category = ${key.category} and year = ${key.year}`.execute(tx);
  return numAffectedRows === 1n;
}

/** How many rows of each kind hold on to a batch. Empty: it may be deleted. */
export async function readBatchUse(
  { tx, tenantId }: Ctx,
  batchId: string,
): Promise<{ what: string; count: number }[]> {
  const { rows } = await sql<{ what: string; count: number }>`
    select '条省份政策' as what, count(*) as count from province_policy where tenant_id = ${tenantId} and batch_id = ${batchId}
    union all select '个专业代号', count(*) from major_code where tenant_id = ${tenantId} and batch_id = ${batchId}
    union all select '条往年分数线', count(*) from past_line where tenant_id = ${tenantId} and batch_id = ${batchId}
    union all select '次投档数据导入', count(*) from delivery_import where tenant_id = ${tenantId} and batch_id = ${batchId}`.execute(
    tx,
  );
  return rows.filter(({ count }) => count > 0);
}

export async function deleteBatch({ tx, tenantId }: Ctx, batchId: string): Promise<void> {
  await sql`delete from batch where tenant_id = ${tenantId} and id = ${batchId}`.execute(tx);
}

export async function countCodesOfMajor({ tx, tenantId }: Ctx, majorId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from major_code where tenant_id = ${tenantId} and major_id = ${majorId}`.execute(
    tx,
  );
  return rows[0]?.count ?? 0;
}

export async function deleteMajor({ tx, tenantId }: Ctx, majorId: string): Promise<void> {
  await sql`delete from major where tenant_id = ${tenantId} and id = ${majorId}`.execute(tx);
}
