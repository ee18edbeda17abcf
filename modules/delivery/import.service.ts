import { basename } from 'node:path';
import { audit } from '#platform/audit/audit';
import { inTenantCopying } from '#platform/db/copy';
import type { Caller, Ctx, Env } from '#platform/db/tenant';
import type { FileStore } from '#platform/files/store';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import type { Progress } from '#platform/jobs/job';
import { ok, type Result } from '#platform/result';
import { ensureBatch, ensurePolicy, ensureSeason } from '#season';
import { findProvince } from '#season/rules';
import type { Target } from './classify.store.ts';
import type { ImportFigures } from './figures.rules.ts';
import { type HeadingMapping, type HeadingMatch, sourceOf } from './heading.rules.ts';
import { insertImport, lockSeason, markApplied, saveMapping, saveReading } from './import.store.ts';
import { type OpenedDelivery, openMapped } from './open-mapped.ts';
import { DeliveryFault } from './read/fault.ts';
import type { Delivery } from './read/open.ts';
import { readingOf } from './reading.ts';
import type { DeliveryError, DeliveryErrorCode } from './rules.ts';
import { applyStaged, stageDelivery } from './run.ts';

/** Where the work runs. */
export interface Place {
  readonly env: Env;
  readonly files: FileStore;
  readonly caller: Caller;
}

export interface DirectImport {
  /** Folder, zip, dbf, xlsx or csv on this machine. */
  readonly path: string;
  readonly year: number;
  /** Two digits or the Chinese name. */
  readonly province: string;
  /** Code or name of the batch; made when the season has none. */
  readonly batch: string;
  readonly collegeName: string;
  readonly mapping?: HeadingMapping;
}

export type DirectRefusal = DeliveryErrorCode | 'unknown_province';

export interface DirectOutcome {
  readonly importId: string;
  readonly figures: ImportFigures;
  /** How the columns of a sheet were read; null: there is none in the delivery. */
  readonly columns: {
    readonly mapping: OpenedDelivery['mapping'];
    readonly unread: readonly string[];
  } | null;
}

/**
 * Reads and applies a delivery in one transaction: whole or not at all. For the command line, demonstration and benchmarks. Columns of a
 * sheet are read as given, else as remembered for the same headings; what is given is remembered.
 */
export async function importPath(
  place: Place,
  given: DirectImport,
  progress: (progress: Progress) => Promise<void> = async () => undefined,
): Promise<Result<DirectOutcome, Refusal<DirectRefusal>>> {
  return catching(async () => {
    const asked = { year: given.year, mapping: given.mapping ?? null };
    const { delivery, mapping } = await openMapped(place, given.path, asked);
    try {
      return await inTenantCopying(place.env, place.caller, async (ctx, copy) => {
        const found = await targetOf(ctx, given);
        if (!found.ok) return found;
        const target = found.value;
        await lockSeason(ctx, target.seasonId);
        await insertImport(ctx, {
          ...{
            id: target.importId,
            seasonId: target.seasonId,
            provinceCode: target.provinceCode,
            batchId: target.batchId,
          },
          ...{ state: 'applying', fileName: basename(given.path), fileId: null, sha256: null },
          mapping: given.mapping ?? null,
        });
        const run = { ctx, copy, files: place.files, delivery, target, year: given.year, progress };
        const staged = await stageDelivery(run);
        await applyStaged(run, staged);
        const reading = readingOf(delivery, staged);
        await saveReading(ctx, target.importId, reading);
        await markApplied(ctx, target.importId, null);
        await auditApplied(ctx, target, staged.figures);
        const { headings } = reading;
        if (given.mapping && headings.length > 0) {
          await saveMapping(ctx, target.seasonId, { source: sourceOf(headings), mapping: given.mapping });
        }
        const unread = headings.filter(({ certainty }) => certainty === 'none').map(({ heading }) => heading);
        const columns = headings.length > 0 ? { mapping, unread } : null;
        return ok({ importId: target.importId, figures: staged.figures, columns });
      });
    } finally {
      delivery.close();
    }
  });
}

async function targetOf(ctx: Ctx, given: DirectImport): Promise<Result<Target, Refusal<'unknown_province'>>> {
  const province = findProvince(given.province);
  if (!province) {
    return refuse(
      'unknown_province',
      `不认识省份“${given.province}”，请写两位代码（如 51）或名称（如 四川）。`,
    );
  }
  const season = await ensureSeason(ctx, { year: given.year, collegeName: given.collegeName });
  const batch = await ensureBatch(ctx, { seasonId: season.id, code: given.batch });
  const target = { importId: newId(), seasonId: season.id, provinceCode: province.code, batchId: batch.id };
  await ensurePolicy(ctx, { ...target, districtCode: '' });
  return ok(target);
}

/** Figures only: names and numbers stay out of the log. */
export const auditApplied = (ctx: Ctx, target: Target, figures: ImportFigures): Promise<void> =>
  audit(ctx, {
    action: 'delivery.imported',
    subjectType: 'delivery_import',
    subjectId: target.importId,
    after: { provinceCode: target.provinceCode, batchId: target.batchId, ...figures },
  });

/** Makes a refusal of a fault of reading: file, row and column stand in the sentence and in the details. */
async function catching<T, C extends string>(
  work: () => Promise<Result<T, Refusal<C>>>,
): Promise<Result<T, Refusal<C | DeliveryErrorCode>>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DeliveryFault) return refusalOf(error.error, error.headings);
    throw error;
  }
}

export function refusalOf(
  error: DeliveryError,
  headings: readonly HeadingMatch[] = [],
): { ok: false; error: Refusal<DeliveryErrorCode> } {
  const { code, message, hint, file, row, column } = error;
  return refuse(code, `${message}。${hint}`, {
    ...{ file, hint, ...(row && { row }), ...(column && { column }) },
    ...(headings.length > 0 && { headings: headings.map(({ heading }) => heading) }),
  });
}

export type { Delivery };
