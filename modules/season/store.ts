import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import type { Batch, Major, Season } from './rules.ts';

const seasonColumns = sql`id, name, year, college_name as "collegeName", home_area_code as "homeAreaCode", active, phase, round`;

/** All seasons of the tenant, newest first. */
export async function readSeasons({ tx, tenantId }: Ctx): Promise<Season[]> {
  const { rows } = await sql<Season>`
    select ${seasonColumns} from season where tenant_id = ${tenantId} order by year desc`.execute(tx);
  return rows;
}

export async function readActiveSeason({ tx, tenantId }: Ctx): Promise<Season | null> {
  const { rows } = await sql<Season>`${prepared}
    select ${seasonColumns} from season where tenant_id = ${tenantId} and active`.execute(tx);
  return rows[0] ?? null;
}

export async function readSeason({ tx, tenantId }: Ctx, seasonId: string): Promise<Season | null> {
  const { rows } = await sql<Season>`
    select ${seasonColumns} from season where tenant_id = ${tenantId} and id = ${seasonId}`.execute(tx);
  return rows[0] ?? null;
}

export async function lockSeason({ tx, tenantId }: Ctx, seasonId: string): Promise<Season | null> {
  const { rows } = await sql<Season>`
    select ${seasonColumns} from season where tenant_id = ${tenantId} and id = ${seasonId} for update`.execute(
    tx,
  );
  return rows[0] ?? null;
}

export async function readSeasonOfYear({ tx, tenantId }: Ctx, year: number): Promise<Season | null> {
  const { rows } = await sql<Season>`
    select ${seasonColumns} from season where tenant_id = ${tenantId} and year = ${year}`.execute(tx);
  return rows[0] ?? null;
}

/** Adds a season; when it is to be active, the one before stops being so. */
export async function insertSeason({ tx, tenantId }: Ctx, season: Season): Promise<void> {
  if (season.active) {
    await sql`update season set active = false where tenant_id = ${tenantId} and active`.execute(tx);
  }
  await sql`
    insert into season (tenant_id, id, name, year, college_name, home_area_code, active, phase, round)
    values (${tenantId}, ${season.id}, ${season.name}, ${season.year}, ${season.collegeName},
      ${season.homeAreaCode}, ${season.active}, ${season.phase}, ${season.round})`.execute(tx);
}

const batchColumns = sql`id, season_id as "seasonId", code, name, level, art`;

export async function readBatches({ tx, tenantId }: Ctx, seasonId: string): Promise<Batch[]> {
  const { rows } = await sql<Batch>`
    select ${batchColumns} from batch where tenant_id = ${tenantId} and season_id = ${seasonId}
    order by array_position(array['undergraduate', 'junior', 'upgrade'], level), art, code`.execute(tx);
  return rows;
}

export async function readBatch({ tx, tenantId }: Ctx, batchId: string): Promise<Batch | null> {
  const { rows } = await sql<Batch>`
    select ${batchColumns} from batch where tenant_id = ${tenantId} and id = ${batchId}`.execute(tx);
  return rows[0] ?? null;
}

/** Adds a batch, or changes the one with its id. */
export async function saveBatch({ tx, tenantId }: Ctx, batch: Batch): Promise<void> {
  await sql`
    insert into batch (tenant_id, id, season_id, code, name, level, art)
    values (${tenantId}, ${batch.id}, ${batch.seasonId}, ${batch.code}, ${batch.name}, ${batch.level}, ${batch.art})
    on conflict (tenant_id, id) do update
      set code = excluded.code, name = excluded.name, level = excluded.level, art = excluded.art`.execute(tx);
}

const majorColumns = sql`id, season_id as "seasonId", code, name, level, art, tuition_fen as "tuitionFen", seats`;

export async function readMajors({ tx, tenantId }: Ctx, seasonId: string): Promise<Major[]> {
  const { rows } = await sql<Major>`
    select ${majorColumns} from major where tenant_id = ${tenantId} and season_id = ${seasonId}
    order by array_position(array['undergraduate', 'junior', 'upgrade'], level), code`.execute(tx);
  return rows;
}

export async function readMajor({ tx, tenantId }: Ctx, majorId: string): Promise<Major | null> {
  const { rows } = await sql<Major>`
    select ${majorColumns} from major where tenant_id = ${tenantId} and id = ${majorId}`.execute(tx);
  return rows[0] ?? null;
}

/** Adds a major, or changes the one with its id. */
export async function saveMajor({ tx, tenantId }: Ctx, major: Major): Promise<void> {
  await sql`
    insert into major (tenant_id, id, season_id, code, name, level, art, tuition_fen, seats)
    values (${tenantId}, ${major.id}, ${major.seasonId}, ${major.code}, ${major.name}, ${major.level}, ${major.art},
      ${major.tuitionFen}, ${major.seats})
    on conflict (tenant_id, id) do update set code = excluded.code, name = excluded.name, level = excluded.level,
      art = excluded.art, tuition_fen = excluded.tuition_fen, seats = excluded.seats`.execute(tx);
}

/** A 专业代号 (ZYDH) as a province hands it out. */
export interface MajorCode {
  readonly provinceCode: string;
  readonly batchId: string;
  readonly categoryCode: string;
  /** JHXZDM; empty: every 计划性质 without an entry of its own. */
  readonly planNatureCode: string;
  readonly code: string;
  readonly name: string;
  readonly majorId: string | null;
  readonly seats: number | null;
  readonly tuitionFen: number | null;
}

/** Where a 专业代号 means something. */
export interface MajorCodeKey {
  readonly seasonId: string;
  readonly provinceCode: string;
  readonly batchId: string;
  readonly categoryCode: string;
  readonly planNatureCode: string;
  readonly code: string;
}

/** The entry of exactly this 计划性质, else the one without; among those the one of exactly this 科类, else the one without. */
export async function readMajorCode({ tx, tenantId }: Ctx, key: MajorCodeKey): Promise<MajorCode | null> {
  const { rows } = await sql<MajorCode>`
    select province_code as "provinceCode", batch_id as "batchId", category_code as "categoryCode",
      plan_nature_code as "planNatureCode", code, name, major_id as "majorId", seats, tuition_fen as "tuitionFen"
    from major_code
    where tenant_id = ${tenantId} and season_id = ${key.seasonId} and province_code = ${key.provinceCode}
      and batch_id = ${key.batchId} and category_code in (${key.categoryCode}, '')
      and plan_nature_code in (${key.planNatureCode}, '') and code = ${key.code}
    order by plan_nature_code desc, category_code desc limit 1`.execute(tx);
  return rows[0] ?? null;
}
