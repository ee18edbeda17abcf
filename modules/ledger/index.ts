import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { audit } from '#platform/audit/audit';
import { type Ctx, inTenant, system, withTenant } from '#platform/db/tenant';
import { removeFile, storeFile } from '#platform/files/files';
import { lockedZip } from '#platform/files/locked-zip';
import type { FileStore } from '#platform/files/store';
import { disposition } from '#platform/http/content-disposition';
import { type Endpoint, handle, handleStream, type StreamIo } from '#platform/http/endpoint';
import type { Refusal } from '#platform/http/refusal';
import { defineJob, type JobContext } from '#platform/jobs/job';
import type { Module, Parts } from '#platform/module';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import {
  auditView,
  estimateAuditExport,
  listAuditExports,
  requestAuditExport,
  spanOf,
} from './audit-export.service.ts';
import * as contract from './contract.ts';
import { makeDecisions, makeLedger } from './make.ts';
import { makeAuditLog } from './make-audit.ts';
import { EXPIRES_HOURS, passwordOf } from './rules.ts';
import {
  decide,
  decideExport,
  EXPORT_JOB,
  estimateExport,
  exportPassword,
  type Family,
  fileNameOf,
  listExports,
  listShared,
  openExport,
  PAGE_OF,
  requestExport,
} from './service.ts';
import { type ExportRow, expiredFiles, forgetPassword, lockRow, saveFile } from './store.ts';

export { makeDecisions, makeLedger } from './make.ts';

const HOUR = 3_600_000;
const BATCH = 100;

const endpoints = ({ files }: Parts): Endpoint[] => [
  handle(contract.listExports, (ctx) => listExports(ctx)),
  handle(contract.estimateExport, (ctx, { body }) => estimateExport(ctx, body)),
  handle(contract.requestExport, (ctx, { body }) => requestExport(ctx, body)),
  handle(contract.decideExport, (ctx, { params, body }) => decideExport(ctx, params.id, body)),
  handleStream(contract.downloadExport, (io, { params }) => send(io, files, params.id, 'season')),
  handle(contract.exportPassword, (ctx, { params }) => exportPassword(ctx, params.id, 'season')),
  handle(contract.listShared, (ctx) => listShared(ctx)),
  handle(contract.listAuditExports, (ctx) => listAuditExports(ctx)),
  handle(contract.estimateAuditExport, (ctx, { body }) => estimateAuditExport(ctx, body)),
  handle(contract.requestAuditExport, (ctx, { body }) => requestAuditExport(ctx, body)),
  handle(contract.decideAuditExport, async (ctx, { params, body }) => {
    const decided = await decide(ctx, params.id, body, 'audit');
    return decided.ok ? ok(auditView(decided.value)) : decided;
  }),
  handle(contract.auditExportPassword, (ctx, { params }) => exportPassword(ctx, params.id, 'audit')),
  handleStream(contract.downloadAuditExport, (io, { params }) => send(io, files, params.id, 'audit')),
];

/** The file itself, to who asked for it. */
async function send(io: StreamIo, files: FileStore, id: string, family: Family) {
  const file = await inTenant(io.env, io.caller, (ctx) => openExport(ctx, files, id, family));
  if (!file.ok) return file;
  io.reply
    .header('content-disposition', disposition('attachment', file.value.name))
    .header('cache-control', 'no-store')
    .type('application/zip')
    .send(file.value.bytes);
  return ok(undefined);
}

/** Makes the file of an approved request in one transaction; started again, it finds the file made already. */
async function makeExport(job: JobContext, exportId: string): Promise<Result<{ rows: number }, Refusal>> {
  return inTenant(
    job.env,
    { tenantId: job.tenantId, actor: system },
    async (ctx): Promise<Result<{ rows: number }, Refusal>> => {
      const row = await lockRow(ctx, exportId);
      if (row?.state !== 'making') return ok({ rows: row?.rows ?? 0 });
      const report = (done: number) =>
        job.progress({ done, total: row.rows, unit: '行', step: '正在写文件' });
      const made = await contentOf(ctx, row, report);
      if (!made.ok) return made;
      const content = Buffer.isBuffer(made.value) ? Readable.from([made.value]) : made.value;
      const expiresAt = ctx.now + EXPIRES_HOURS * HOUR;
      const password = passwordOf(randomBytes(16));
      const file = await storeFile(
        ctx,
        job.files,
        {
          purpose: 'export',
          name: `export-${row.mark}`,
          mediaType: 'application/zip',
          removeAfter: expiresAt,
        },
        lockedZip(fileNameOf(row), content, password),
      );
      await saveFile(ctx, exportId, { fileId: file.id, password, expiresAt });
      await notify(ctx, row.requestedBy, {
        title: '导出文件已生成',
        body: `${contract.KIND_LABELS[row.kind]}，${row.rows} 行，24 小时内可下载。`,
        link: pageOf(row),
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

const pageOf = ({ kind }: ExportRow): string => PAGE_OF[kind === 'audit' ? 'audit' : 'season'];

/** The bytes of a file by its kind. */
async function contentOf(
  ctx: Ctx,
  { kind, seasonId, filter, mark }: ExportRow,
  report: (done: number) => Promise<void>,
): Promise<Result<Buffer | Readable, Refusal>> {
  if (kind === 'audit')
    return ok(await makeAuditLog(ctx, spanOf(filter as contract.AuditRange), mark, report));
  if (seasonId === null) throw new Error(`an export of ${kind} has no season`);
  const scope = { seasonId, filter: filter as contract.ExportFilter };
  return kind === 'decisions'
    ? makeDecisions(ctx, scope, mark)
    : ok(await makeLedger(ctx, scope, mark, report));
}

/** Whoever waits for the file learns what stands against it; a refusal has rolled everything else back. */
const tellNotMade = ({ env, tenantId }: JobContext, exportId: string, why: string): Promise<void> =>
  withTenant(env, { tenantId, actor: system }, async (ctx) => {
    const row = await lockRow(ctx, exportId);
    if (!row) return;
    await notify(ctx, row.requestedBy, {
      title: '导出文件没有生成',
      body: `${contract.KIND_LABELS[row.kind]}：${why}`,
      link: pageOf(row),
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
            await forgetPassword(ctx, id);
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
