import { maskName } from '#candidate/rules';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import type { ChangeView, FindingView, ImportSummary, ImportView } from './contract.ts';
import { differencesOf } from './difference.rules.ts';
import { type ImportRow, readImport, readImports } from './import.store.ts';
import { type ChangeRow, readChanges, readFindings } from './view.store.ts';

export interface Paged<T> {
  items: T[];
  nextCursor: string | null;
}

const summaryOf = (row: ImportRow): ImportSummary => {
  const { id, provinceCode, batchName, state, fileName, counts, createdByName, createdAt } = row;
  const { appliedAt, undoneAt, undoReason } = row;
  return {
    ...{
      id,
      provinceCode,
      batchName,
      state,
      fileName,
      createdByName,
      createdAt,
      appliedAt,
      undoneAt,
      undoReason,
    },
    counts: counts as ImportSummary['counts'],
  };
};

/** Imports of the season that runs, newest first. */
export async function importList(
  ctx: Ctx,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Paged<ImportSummary>> {
  const season = await activeSeason(ctx);
  if (!season) return { items: [], nextCursor: null };
  const rows = await readImports(ctx, season.id, { limit: limit + 1, before: cursor ?? null });
  return pageOf(rows, limit, ({ id }) => id, summaryOf);
}

function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  cursorOf: (row: R) => string,
  view: (row: R) => T,
): Paged<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(view), nextCursor: rows.length > limit && last ? cursorOf(last) : null };
}

type Gone = Refusal<'not_found'>;
const gone = () => refuse('not_found', '没有找到这次导入，请刷新列表。');

export async function importView(ctx: Ctx, id: string): Promise<Result<ImportView, Gone>> {
  const row = await readImport(ctx, id);
  if (!row) return gone();
  const { seasonId, year, batchId, form, encoding, tables, notes, headings, error, jobId } = row;
  return ok({
    ...summaryOf(row),
    ...{ seasonId, year, batchId, form, encoding, error, jobId },
    ...{ tables: [...tables], notes: [...notes], headings: [...headings] },
  });
}

interface Asked {
  cursor?: string | undefined;
  limit: number;
  code?: string | undefined;
  severity?: string | undefined;
}

export async function findingList(
  ctx: Ctx,
  id: string,
  asked: Asked,
): Promise<Result<Paged<FindingView>, Gone>> {
  if (!(await readImport(ctx, id))) return gone();
  const rows = await readFindings(ctx, id, {
    ...{ code: asked.code ?? null, severity: asked.severity ?? null },
    ...{ after: Number(asked.cursor ?? 0) || 0, limit: asked.limit + 1 },
  });
  return ok(
    pageOf(
      rows,
      asked.limit,
      ({ no }) => String(no),
      (row) => row,
    ),
  );
}

export async function changeList(
  ctx: Ctx,
  id: string,
  asked: Asked,
): Promise<Result<Paged<ChangeView>, Gone>> {
  if (!(await readImport(ctx, id))) return gone();
  const rows = await readChanges(ctx, id, { after: asked.cursor ?? null, limit: asked.limit + 1 });
  return ok(
    pageOf(
      rows,
      asked.limit,
      ({ candidateId }) => candidateId,
      (row) => changeView(ctx, row),
    ),
  );
}

/** Sealed values are opened here to be compared, and leave masked. */
function changeView({ vault }: Ctx, row: ChangeRow): ChangeView {
  const opened = (sealed: Buffer | null): Record<string, unknown> =>
    sealed === null ? {} : (JSON.parse(vault.open(sealed)) as Record<string, unknown>);
  return {
    ...{ candidateId: row.candidateId, candidateNo: row.candidateNo, name: maskName(row.name) },
    differences: differencesOf({
      ...{ before: row.before, after: row.after, addedPhones: row.addedPhones },
      ...{ secretBefore: opened(row.beforePrivate), secretAfter: opened(row.afterPrivate) },
    }),
  };
}
