import { Readable } from 'node:stream';
import { z } from 'zod';
import { audit } from '#platform/audit/audit';
import { inTenant, system, withTenant } from '#platform/db/tenant';
import { removeFile, storeFile } from '#platform/files/files';
import { disposition } from '#platform/http/content-disposition';
import { type Endpoint, handle, handleStream } from '#platform/http/endpoint';
import type { Refusal } from '#platform/http/refusal';
import { defineJob, type JobContext } from '#platform/jobs/job';
import type { Module, Parts } from '#platform/module';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import * as contract from './contract.ts';
import { makeDecisions, makeLedger } from './make.ts';
import { EXPIRES_HOURS } from './rules.ts';
import {
  decideExport,
  EXPORT_JOB,
  estimateExport,
  listExports,
  openExport,
  requestExport,
} from './service.ts';
import { expiredFiles, lockRow, saveFile } from './store.ts';

export { makeDecisions, makeLedger } from './make.ts';

const HOUR = 3_600_000;
const BATCH = 100;

const endpoints = ({ files }: Parts): Endpoint[] => [
  handle(contract.listExports, (ctx) => listExports(ctx)),
  handle(contract.estimateExport, (ctx, { body }) => estimateExport(ctx, body)),
  handle(contract.requestExport, (ctx, { body }) => requestExport(ctx, body)),
  handle(contract.decideExport, (ctx, { params, body }) => decideExport(ctx, params.id, body)),
  handleStream(contract.downloadExport, async (io, { params }) => {
    const file = await inTenant(io.env, io.caller, (ctx) => openExport(ctx, files, params.id));
    if (!file.ok) return file;
    io.reply
      .header('content-disposition', disposition('attachment', file.value.name))
      .header('cache-control', 'no-store')
      .type(file.value.type)
      .send(file.value.bytes);
    return ok(undefined);
  }),
];

/** Makes the file of an approved request in one transaction; started again, it finds the file made already. */
async function makeExport(job: JobContext, exportId: string): Promise<Result<{ rows: number }, Refusal>> {
  return inTenant(
    job.env,
    { tenantId: job.tenantId, actor: system },
    async (ctx): Promise<Result<{ rows: number }, Refusal>> => {
      const row = await lockRow(ctx, exportId);
      if (row?.state !== 'making') return ok({ rows: row?.rows ?? 0 });
      const scope = { seasonId: row.seasonId, filter: row.filter };
      const report = (done: number) =>
        job.progress({ done, total: row.rows, unit: '行', step: '正在写文件' });
      const made =
        row.kind === 'decisions'
          ? await makeDecisions(ctx, scope, row.mark)
          : ok(await makeLedger(ctx, scope, row.mark, report));
      if (!made.ok) return made;
      const content = Buffer.isBuffer(made.value) ? Readable.from([made.value]) : made.value;
      const expiresAt = ctx.now + EXPIRES_HOURS * HOUR;
      const file = await storeFile(
        ctx,
        job.files,
        {
          purpose: 'export',
          name: `export-${row.mark}`,
          mediaType: 'application/octet-stream',
          removeAfter: expiresAt,
        },
        content,
      );
      await saveFile(ctx, exportId, file.id, expiresAt);
      await notify(ctx, row.requestedBy, {
        title: '导出文件已生成',
        body: `${contract.KIND_LABELS[row.kind]}，${row.rows} 行，24 小时内可下载。`,
        link: '/exports',
      });
      await audit(ctx, {
        action: 'export.made',
        subjectType: 'export',
        subjectId: exportId,
        after: { rows: row.rows },
      });
      return ok({ rows: row.rows });
    },
  );
}

/** Whoever waits for the file learns what stands against it; a refusal has rolled everything else back. */
const tellNotMade = ({ env, tenantId }: JobContext, exportId: string, why: string): Promise<void> =>
  withTenant(env, { tenantId, actor: system }, async (ctx) => {
    const row = await lockRow(ctx, exportId);
    if (!row) return;
    await notify(ctx, row.requestedBy, {
      title: '导出文件没有生成',
      body: `${contract.KIND_LABELS[row.kind]}：${why}`,
      link: '/exports',
    });
    await audit(ctx, { action: 'export.not_made', subjectType: 'export', subjectId: exportId, reason: why });
  });

export const ledgerModule: Module = {
  endpoints,
  jobs: [
    defineJob({
      kind: EXPORT_JOB,
      payload: z.object({ exportId: z.uuid() }),
      run: async (job, { exportId }) => {
        const made = await makeExport(job, exportId);
        if (!made.ok) await tellNotMade(job, exportId, made.error.message);
        return made;
      },
    }),
  ],
  recurring: [
    {
      name: 'expired exports',
      everyMinutes: 60,
      run: ({ env, files, tenantId }) =>
        withTenant(env, { tenantId, actor: system }, async (ctx) => {
          for (const { id, fileId } of await expiredFiles(ctx, BATCH)) {
            await removeFile(ctx, files, fileId);
            await audit(ctx, {
              action: 'export.removed',
              subjectType: 'export',
              subjectId: id,
              reason: '超过下载期限',
            });
          }
        }),
    },
  ],
};
