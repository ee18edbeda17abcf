import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { audit } from '#platform/audit/audit';
import { countLines, type Span } from '#platform/audit/walk';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { enqueue } from '#platform/jobs/job';
import { ok, type Result } from '#platform/result';
import { startOfDay } from '#platform/shanghai';
import { activeSeason, settingsOf } from '#season';
import { DEFAULT_SETTINGS } from '#season/rules';
import type {
  AuditExportView,
  AuditRange,
  estimateAuditExport as estimateRoute,
} from './audit-export.contract.ts';
import { ALONE_HOURS, LEDGER_ROWS_MAX, markOf, needsApproval } from './rules.ts';
import { EXPORT_JOB } from './service.ts';
import { type ExportRow, insertRow, listRows, lockRow, rowsTakenAlone, saveJob } from './store.ts';

/** 审计日志 leaves the system as other data do: with a purpose, a second person above a size, a mark, an end. */

const DAY = 86_400_000;
const HOUR = 3_600_000;

export const spanOf = ({ from, to }: AuditRange): Span => ({
  from: new Date(startOfDay(from)),
  before: new Date(startOfDay(to) + DAY),
});

/** What stands in the table as an export of the log. */
export const auditView = ({ seasonId: _season, fileId: _file, ...row }: ExportRow): AuditExportView => ({
  ...row,
  kind: 'audit',
  filter: row.filter as AuditRange,
});

/** The same figure as for the exports of the season, which may not exist yet. */
async function approvalRows(ctx: Ctx): Promise<number> {
  const season = await activeSeason(ctx);
  return (season ? await settingsOf(ctx, season.id) : DEFAULT_SETTINGS).exportApprovalRows;
}

export async function listAuditExports(
  ctx: Ctx,
): Promise<Result<{ items: AuditExportView[]; approvalRows: number }, never>> {
  return ok({
    items: (await listRows(ctx, 'audit')).map(auditView),
    approvalRows: await approvalRows(ctx),
  });
}

type RangeBad = Refusal<'range_bad'>;
const rangeBad = (): { ok: false; error: RangeBad } =>
  refuse('range_bad', '结束日期早于开始日期，请改好后再试。');

export async function estimateAuditExport(
  ctx: Ctx,
  range: AuditRange,
): Promise<Result<z.output<typeof estimateRoute.reply>, RangeBad>> {
  if (range.to < range.from) return rangeBad();
  const rows = await countLines(ctx, spanOf(range));
  const takenAlone = await rowsTakenAlone(ctx, ctx.now - ALONE_HOURS * HOUR);
  const limit = await approvalRows(ctx);
  return ok({
    rows,
    takenAlone,
    needsApproval: needsApproval(rows, limit, takenAlone),
    tooMany: rows > LEDGER_ROWS_MAX,
  });
}

/** Up to the limit of a day it is made at once; above, another holder of the right decides. */
export async function requestAuditExport(
  ctx: Ctx,
  { reason, ...range }: AuditRange & { readonly reason: string },
): Promise<Result<AuditExportView, Refusal<'range_bad' | 'nothing' | 'too_many'>>> {
  if (range.to < range.from) return rangeBad();
  const rows = await countLines(ctx, spanOf(range));
  if (rows === 0) return refuse('nothing', '这段时间没有日志（0 行），请换一段时间。');
  if (rows > LEDGER_ROWS_MAX)
    return refuse('too_many', `共 ${rows} 行，超过一次导出的上限 ${LEDGER_ROWS_MAX} 行，请分几段时间导出。`, {
      rows,
    });
  const taken = await rowsTakenAlone(ctx, ctx.now - ALONE_HOURS * HOUR, { hold: true });
  const state = needsApproval(rows, await approvalRows(ctx), taken) ? 'waiting' : 'making';
  const id = newId();
  await insertRow(ctx, {
    ...{ id, seasonId: null, kind: 'audit', filter: range, reason, rows, state },
    ...{ receiver: null, receiverBasis: null, mark: markOf(randomBytes(12)) },
  });
  if (state === 'making') await saveJob(ctx, id, await enqueue(ctx, EXPORT_JOB, { exportId: id }));
  await audit(ctx, {
    action: 'audit.export_requested',
    subjectType: 'export',
    subjectId: id,
    reason,
    after: { ...range, rows, state },
  });
  const row = await lockRow(ctx, id);
  if (!row) throw new Error('the request vanished');
  return ok(auditView(row));
}
