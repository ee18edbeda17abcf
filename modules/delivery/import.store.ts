import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { ImportState, StoredNote, StoredTable } from './contract.ts';
import type { ImportFigures } from './figures.rules.ts';
import type { HeadingMapping, HeadingMatch } from './heading.rules.ts';
import type { DeliveryError } from './rules.ts';

/** One delivery on its way into the season, as stored. */
export interface ImportRow {
  readonly id: string;
  readonly seasonId: string;
  readonly year: number;
  readonly provinceCode: string;
  readonly batchId: string;
  readonly batchName: string;
  readonly state: ImportState;
  readonly fileId: string | null;
  readonly fileName: string;
  readonly form: string | null;
  readonly encoding: string | null;
  readonly tables: readonly StoredTable[];
  readonly notes: readonly StoredNote[];
  readonly headings: readonly HeadingMatch[];
  readonly mapping: HeadingMapping | null;
  readonly counts: Partial<ImportFigures>;
  /** `seasonChanges` when the preview was made. */
  readonly seenChanges: number | null;
  readonly error: DeliveryError | null;
  readonly jobId: string | null;
  readonly createdBy: string | null;
  readonly createdByName: string | null;
  readonly createdAt: Instant;
  readonly appliedAt: Instant | null;
  readonly undoneAt: Instant | null;
  readonly undoReason: string | null;
}

const columns = sql`
  i.id, i.season_id as "seasonId", s.year, i.province_code as "provinceCode", i.batch_id as "batchId", b.name as "batchName", i.state,
  i.file_id as "fileId", i.file_name as "fileName", i.form, i.encoding, i.tables, i.notes, i.headings, i.mapping, i.counts,
  i.season_changes as "seenChanges", i.error,
  i.job_id as "jobId", i.created_by as "createdBy", u.name as "createdByName", i.created_at as "createdAt",
  i.applied_at as "appliedAt", i.undone_at as "undoneAt", i.undo_reason as "undoReason"`;

/** Reads season and batch of #season and user_account for their names. */
const joined = sql`
  delivery_import i
  join season s on s.tenant_id = i.tenant_id and s.id = i.season_id
  join batch b on b.tenant_id = i.tenant_id and b.id = i.batch_id
  left join user_account u on u.tenant_id = i.tenant_id and u.id = i.created_by`;

export async function readImport({ tx, tenantId }: Ctx, id: string): Promise<ImportRow | null> {
  const { rows } = await sql<ImportRow>`
    select ${columns} from ${joined} where i.tenant_id = ${tenantId} and i.id = ${id}`.execute(tx);
  return rows[0] ?? null;
}

/** Holds the import until the transaction ends. */
export async function lockImport(ctx: Ctx, id: string): Promise<ImportRow | null> {
  await sql`select id from delivery_import where tenant_id = ${ctx.tenantId} and id = ${id} for no key update`.execute(
    ctx.tx,
  );
  return readImport(ctx, id);
}

/** Newest first; `before` is the creation time and id of the last row seen. */
export async function readImports(
  { tx, tenantId }: Ctx,
  seasonId: string,
  page: { limit: number; before: string | null },
): Promise<ImportRow[]> {
  const { rows } = await sql<ImportRow>`
    select ${columns} from ${joined}
    where i.tenant_id = ${tenantId} and i.season_id = ${seasonId} and (${page.before}::uuid is null or i.id < ${page.before}::uuid)
    order by i.id desc limit ${page.limit}`.execute(tx);
  return rows;
}

export type NewImport = Pick<
  ImportRow,
  'id' | 'seasonId' | 'provinceCode' | 'batchId' | 'state' | 'fileName'
> & {
  fileId: string | null;
  sha256: Buffer | null;
  mapping: HeadingMapping | null;
};

export async function insertImport({ tx, tenantId, actor, now }: Ctx, given: NewImport): Promise<void> {
  await sql`
    insert into delivery_import (tenant_id, id, season_id, province_code, batch_id, state, file_id, file_name, file_sha256, mapping,
      created_by, created_at)
    values (${tenantId}, ${given.id}, ${given.seasonId}, ${given.provinceCode}, ${given.batchId}, ${given.state}, ${given.fileId},
      ${given.fileName}, ${given.sha256}, ${given.mapping === null ? null : JSON.stringify(given.mapping)}::jsonb,
      ${actor.userId}, ${new Date(now)})`.execute(tx);
}

export async function setState(
  { tx, tenantId }: Ctx,
  id: string,
  next: { state: ImportState; jobId?: string | null; error?: DeliveryError | null },
): Promise<void> {
  await sql`
    update delivery_import set state = ${next.state}, job_id = coalesce(${next.jobId ?? null}, job_id),
      error = ${next.error ? JSON.stringify(next.error) : null}::jsonb
    where tenant_id = ${tenantId} and id = ${id}`.execute(tx);
}

export interface Reading {
  readonly form: string;
  readonly encoding: string;
  readonly tables: readonly StoredTable[];
  readonly notes: readonly StoredNote[];
  readonly headings: readonly HeadingMatch[];
  readonly counts: ImportFigures;
}

/** Headings of a sheet that was refused for want of a candidate number. */
export async function saveHeadings(
  { tx, tenantId }: Ctx,
  id: string,
  headings: readonly HeadingMatch[],
): Promise<void> {
  await sql`update delivery_import set headings = ${JSON.stringify(headings)}::jsonb where tenant_id = ${tenantId} and id = ${id}`.execute(
    tx,
  );
}

/** What was recognised and counted. */
export async function saveReading({ tx, tenantId }: Ctx, id: string, reading: Reading): Promise<void> {
  await sql`
    update delivery_import set form = ${reading.form}, encoding = ${reading.encoding}, tables = ${JSON.stringify(reading.tables)}::jsonb,
      notes = ${JSON.stringify(reading.notes)}::jsonb, headings = ${JSON.stringify(reading.headings)}::jsonb,
      counts = ${JSON.stringify(reading.counts)}::jsonb
    where tenant_id = ${tenantId} and id = ${id}`.execute(tx);
}

export async function markApplied(
  { tx, tenantId, actor, now }: Ctx,
  id: string,
  by: string | null,
): Promise<void> {
  await sql`
    update delivery_import set state = 'applied', applied_at = ${new Date(now)}, applied_by = ${by ?? actor.userId}, error = null
    where tenant_id = ${tenantId} and id = ${id}`.execute(tx);
}

export async function markUndone(
  { tx, tenantId, actor, now }: Ctx,
  id: string,
  reason: string,
): Promise<void> {
  await sql`
    update delivery_import set state = 'undone', undone_at = ${new Date(now)}, undone_by = ${actor.userId}, undo_reason = ${maskText(reason)}
    where tenant_id = ${tenantId} and id = ${id}`.execute(tx);
}

/** How often imports were applied and undone in a season: it only grows. */
export async function seasonChanges({ tx, tenantId }: Ctx, seasonId: string): Promise<number> {
  const { rows } = await sql<{ changes: number }>`
    select count(applied_at) + count(undone_at) as changes from delivery_import
    where tenant_id = ${tenantId} and season_id = ${seasonId}`.execute(tx);
  return rows[0]?.changes ?? 0;
}

export async function markPreviewed({ tx, tenantId }: Ctx, id: string, seen: number): Promise<void> {
  await sql`update delivery_import set state = 'previewed', error = null, season_changes = ${seen}
    where tenant_id = ${tenantId} and id = ${id}`.execute(tx);
}

/** One import of a season at a time: the season's row is the lock, and readers do not wait for it. */
export async function lockSeason({ tx, tenantId }: Ctx, seasonId: string): Promise<void> {
  await sql`select id from season where tenant_id = ${tenantId} and id = ${seasonId} for no key update`.execute(
    tx,
  );
}

/** The mapping remembered for a set of headings: of the season of that year, else the newest of another. Reads season of #season. */
export async function readMapping(
  { tx, tenantId }: Ctx,
  { year, source }: { readonly year: number; readonly source: string },
): Promise<HeadingMapping | null> {
  const { rows } = await sql<{ mapping: HeadingMapping }>`
    select m.mapping from import_mapping m join season s on s.tenant_id = m.tenant_id and s.id = m.season_id
    where m.tenant_id = ${tenantId} and m.source = ${source}
    order by (s.year = ${year}) desc, m.saved_at desc limit 1`.execute(tx);
  return rows[0]?.mapping ?? null;
}

export async function saveMapping(
  { tx, tenantId, actor, now }: Ctx,
  seasonId: string,
  given: { source: string; mapping: HeadingMapping },
): Promise<void> {
  await sql`
    insert into import_mapping (tenant_id, season_id, source, mapping, saved_by, saved_at)
    values (${tenantId}, ${seasonId}, ${given.source}, ${JSON.stringify(given.mapping)}::jsonb, ${actor.userId}, ${new Date(now)})
    on conflict (tenant_id, season_id, source) do update
      set mapping = excluded.mapping, saved_by = excluded.saved_by, saved_at = excluded.saved_at`.execute(tx);
}

/** What an earlier reading left of findings and differences. */
export async function clearPreview({ tx, tenantId }: Ctx, importId: string): Promise<void> {
  await sql`delete from import_change where tenant_id = ${tenantId} and import_id = ${importId}`.execute(tx);
}

/** Name of a person of the staff (user_account of the platform). */
export async function readPersonName({ tx, tenantId }: Ctx, userId: string): Promise<string | null> {
  const { rows } = await sql<{ name: string }>`
    select name from user_account where tenant_id = ${tenantId} and id = ${userId}`.execute(tx);
  return rows[0]?.name ?? null;
}

export async function setImportMapping(
  { tx, tenantId }: Ctx,
  id: string,
  mapping: HeadingMapping,
): Promise<void> {
  await sql`update delivery_import set mapping = ${JSON.stringify(mapping)}::jsonb where tenant_id = ${tenantId} and id = ${id}`.execute(
    tx,
  );
}
