import { z } from 'zod';
import { audit } from '#platform/audit/audit';
import { inTenantCopying } from '#platform/db/copy';
import { type Caller, type Ctx, system, withTenant } from '#platform/db/tenant';
import type { Refusal } from '#platform/http/refusal';
import { defineJob, type JobContext } from '#platform/jobs/job';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import type { Target } from './classify.store.ts';
import { auditApplied, refusalOf } from './import.service.ts';
import {
  clearPreview,
  type ImportRow,
  lockImport,
  lockSeason,
  markApplied,
  markPreviewed,
  readPersonName,
  saveHeadings,
  saveReading,
  seasonChanges,
  setState,
} from './import.store.ts';
import { openMapped } from './open-mapped.ts';
import { DeliveryFault } from './read/fault.ts';
import type { ByteSource } from './read/source.ts';
import { readingOf } from './reading.ts';
import { PREVIEW_CHANGES_MAX } from './rules.ts';
import { applyStaged, previewChanges, stageDelivery } from './run.ts';
import type { Run } from './run-parts.ts';
import { withStored } from './unpack.ts';

export const READ_JOB = 'delivery.read';
export const APPLY_JOB = 'delivery.apply';

const Payload = z.object({ importId: z.uuid() });

/** Reads the stored file and writes a preview. Started again after a crash, it reads again from the start. */
const readJob = defineJob({
  kind: READ_JOB,
  payload: Payload,
  run: (job, { importId }) =>
    work(job, importId, ['uploaded', 'reading'], async (run, row) => {
      await clearPreview(run.ctx, row.id);
      // Asked before anything is compared: what is applied meanwhile makes the preview stale.
      const seen = await seasonChanges(run.ctx, row.seasonId);
      const staged = await stageDelivery(run);
      await previewChanges(run, PREVIEW_CHANGES_MAX);
      await saveReading(run.ctx, row.id, readingOf(run.delivery, staged));
      await markPreviewed(run.ctx, row.id, seen);
      return ok({ importId: row.id, ...staged.figures });
    }),
});

/** Reads again and writes everything in one transaction: after a kill either all of it is there or nothing. */
const applyJob = defineJob({
  kind: APPLY_JOB,
  payload: Payload,
  run: (job, { importId }) =>
    work(job, importId, ['applying'], async (run, row) => {
      await lockSeason(run.ctx, row.seasonId);
      await clearPreview(run.ctx, row.id);
      const staged = await stageDelivery(run);
      await applyStaged(run, staged);
      await saveReading(run.ctx, row.id, readingOf(run.delivery, staged));
      await markApplied(run.ctx, row.id, job.createdBy);
      await auditApplied(run.ctx, run.target, staged.figures);
      await tell(
        run.ctx,
        job,
        row,
        `${row.fileName}：新增 ${staged.figures.created} 人，更新 ${staged.figures.updated} 人。`,
      );
      return ok({ importId: row.id, ...staged.figures });
    }),
});

export const deliveryJobs = [readJob, applyJob] as const;

async function tell(ctx: Ctx, job: JobContext, row: ImportRow, body: string): Promise<void> {
  if (job.createdBy === null) return;
  await notify(ctx, job.createdBy, { title: '导入已完成', body, link: `/imports/${row.id}` });
}

type Step = (run: Run, row: ImportRow) => Promise<Result<unknown, Refusal>>;

/** Opens the stored file and runs one step in one transaction; a file that cannot be read refuses the import. */
async function work(
  job: JobContext,
  importId: string,
  states: readonly ImportRow['state'][],
  step: Step,
): Promise<Result<unknown, Refusal>> {
  const caller = await callerOf(job);
  const row = await withTenant(job.env, caller, async (ctx) => {
    const found = await lockImport(ctx, importId);
    if (found?.state === 'uploaded') await setState(ctx, importId, { state: 'reading' });
    return found;
  });
  // Done by an earlier start of this job.
  if (!row?.fileId || !states.includes(row.state)) return ok({ importId });
  try {
    return await withStored({ env: job.env, files: job.files, caller }, row.fileId, (given) =>
      inOneTransaction({ job, caller, row }, given, step),
    );
  } catch (error) {
    if (!(error instanceof DeliveryFault)) throw error;
    await withTenant(job.env, caller, async (ctx) => {
      await setState(ctx, importId, { state: 'refused', error: error.error });
      if (error.headings.length > 0) await saveHeadings(ctx, importId, error.headings);
      await audit(ctx, {
        ...{ action: 'delivery.refused', subjectType: 'delivery_import', subjectId: importId },
        after: { code: error.error.code, file: error.error.file },
      });
    });
    return refusalOf(error.error);
  }
}

async function inOneTransaction(
  at: { job: JobContext; caller: Caller; row: ImportRow },
  given: ByteSource | string,
  step: Step,
): Promise<Result<unknown, Refusal>> {
  const { job, caller, row } = at;
  const { delivery } = await openMapped({ env: job.env, caller }, given, row);
  try {
    return await inTenantCopying(job.env, caller, async (ctx, copy) => {
      const now = await lockImport(ctx, row.id);
      if (now?.state !== row.state && now?.state !== 'reading') return ok({ importId: row.id });
      const { files, progress } = job;
      return step({ ctx, copy, files, delivery, target: targetOf(row), year: row.year, progress }, row);
    });
  } finally {
    delivery.close();
  }
}

const targetOf = ({ id, seasonId, provinceCode, batchId }: ImportRow): Target => ({
  ...{ importId: id, seasonId, provinceCode, batchId },
});

async function callerOf({ env, tenantId, createdBy }: JobContext): Promise<Caller> {
  if (createdBy === null) return { tenantId, actor: system };
  const name = await withTenant(env, { tenantId, actor: system }, (ctx) => readPersonName(ctx, createdBy));
  return { tenantId, actor: { ...system, userId: createdBy, name: name ?? system.name } };
}
