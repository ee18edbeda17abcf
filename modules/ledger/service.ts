import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { readFile } from '#platform/files/files';
import type { FileStore } from '#platform/files/store';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { enqueue } from '#platform/jobs/job';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import { activeSeason, settingsOf } from '#season';
import {
  type ExportFilter,
  type ExportView,
  type estimateExport as estimateRoute,
  KIND_LABELS,
  type Receiver,
  type listShared as sharedRoute,
} from './contract.ts';
import { countRows, countScope } from './data.store.ts';
import {
  ALONE_HOURS,
  type ExportKind,
  LEDGER_ROWS_MAX,
  markOf,
  needsApproval,
  needsReceiver,
} from './rules.ts';
import {
  countDownload,
  type ExportRow,
  insertRow,
  listRows,
  lockRow,
  readPassword,
  rowsTakenAlone,
  saveDecision,
  saveJob,
} from './store.ts';

type View = z.output<typeof ExportView>;
export const EXPORT_JOB = 'ledger.export';
const HOUR = 3_600_000;

const viewOf = ({ seasonId: _season, fileId: _file, ...row }: ExportRow): View => ({
  ...row,
  kind: row.kind === 'audit' ? 'ledger' : row.kind,
  filter: row.filter as ExportFilter,
});
const noSeason = (): { ok: false; error: Refusal<'no_season'> } =>
  refuse('no_season', '还没有招生季，请招办先到“设置 > 招生季”新建。');
const notFound = (): { ok: false; error: Refusal<'not_found'> } => refuse('not_found', '没有找到这次导出。');

export async function listExports(
  ctx: Ctx,
): Promise<Result<{ items: View[]; approvalRows: number }, Refusal<'no_season'>>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const { exportApprovalRows } = await settingsOf(ctx, season.id);
  return ok({
    items: (await listRows(ctx, { seasonId: season.id })).map(viewOf),
    approvalRows: exportApprovalRows,
  });
}

/** What an export would hold, before anybody asks for it. */
export async function estimateExport(
  ctx: Ctx,
  { kind, filter }: Pick<NewExport, 'kind' | 'filter'>,
): Promise<Result<z.output<typeof estimateRoute.reply>, Refusal<'no_season'>>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const { exportApprovalRows } = await settingsOf(ctx, season.id);
  const counted = await countScope(ctx, kind, { seasonId: season.id, filter });
  const takenAlone = await rowsTakenAlone(ctx, ctx.now - ALONE_HOURS * HOUR);
  return ok({
    ...counted,
    takenAlone,
    needsApproval: needsApproval(counted.rows, exportApprovalRows, takenAlone),
    tooMany: counted.rows > LEDGER_ROWS_MAX,
  });
}

export interface NewExport {
  readonly kind: ExportKind;
  readonly filter: ExportFilter;
  readonly reason: string;
  readonly receiver: z.output<typeof Receiver> | null;
}

/** Notes who wants what and why. Up to the season's limit, counted over a day, it is made at once; above, it waits for a second person. */
export async function requestExport(
  ctx: Ctx,
  given: NewExport,
): Promise<Result<View, Refusal<'no_season' | 'nothing' | 'too_many' | 'receiver_needed'>>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  if (given.receiver === null && needsReceiver(given.kind))
    return refuse('receiver_needed', '报送的数据要写明接收方和依据，例如“四川省教育考试院”。');
  const rows = await countRows(ctx, given.kind, { seasonId: season.id, filter: given.filter });
  if (rows === 0) return refuse('nothing', '所选范围内没有可导出的记录（0 行），请放宽范围。');
  if (rows > LEDGER_ROWS_MAX)
    return refuse(
      'too_many',
      `共 ${rows} 行，超过一次导出的上限 ${LEDGER_ROWS_MAX} 行，请按省份或批次分开导出。`,
      { rows },
    );
  const { exportApprovalRows } = await settingsOf(ctx, season.id);
  const takenAlone = await rowsTakenAlone(ctx, ctx.now - ALONE_HOURS * HOUR, { hold: true });
  const state = needsApproval(rows, exportApprovalRows, takenAlone) ? 'waiting' : 'making';
  const id = newId();
  const { receiver } = given;
  await insertRow(ctx, {
    ...{ ...given, id, seasonId: season.id, rows, state, mark: markOf(randomBytes(12)) },
    ...{ receiver: receiver?.name ?? null, receiverBasis: receiver?.basis ?? null },
  });
  if (state === 'making') await saveJob(ctx, id, await enqueue(ctx, EXPORT_JOB, { exportId: id }));
  await audit(ctx, {
    action: 'export.requested',
    subjectType: 'export',
    subjectId: id,
    reason: given.reason,
    after: { kind: given.kind, filter: given.filter, rows, state, ...(receiver && { receiver }) },
  });
  const row = await lockRow(ctx, id);
  return row ? ok(viewOf(row)) : noSeason();
}

/** What went to somebody outside, of all seasons: 个人信息保护法 art. 23, kept three years. */
export async function listShared(ctx: Ctx): Promise<Result<z.output<typeof sharedRoute.reply>, never>> {
  return ok({ items: (await listRows(ctx, 'shared')).flatMap(sharedLine) });
}

const sharedLine = (row: ExportRow) =>
  row.receiver === null || row.receiverBasis === null
    ? []
    : [{ ...row, receiver: row.receiver, receiverBasis: row.receiverBasis }];

/** Exports of a season and those of the audit log are decided and fetched by different people. */
export type Family = 'season' | 'audit';

async function lockOf(ctx: Ctx, id: string, family: Family): Promise<ExportRow | null> {
  const row = await lockRow(ctx, id);
  return row && (row.kind === 'audit') === (family === 'audit') ? row : null;
}

export type DecideRefusal = Refusal<'not_found' | 'same_person' | 'wrong_state' | 'note_needed'>;

export async function decideExport(
  ctx: Ctx,
  id: string,
  given: { approve: boolean; note: string },
): Promise<Result<View, DecideRefusal>> {
  const decided = await decide(ctx, id, given, 'season');
  return decided.ok ? ok(viewOf(decided.value)) : decided;
}

/** Maker-checker: another person with the same permission decides. */
export async function decide(
  ctx: Ctx,
  id: string,
  given: { approve: boolean; note: string },
  family: Family,
): Promise<Result<ExportRow, DecideRefusal>> {
  const row = await lockOf(ctx, id, family);
  if (!row) return notFound();
  if (row.state !== 'waiting') return refuse('wrong_state', '这次导出已经有人处理过，请刷新后查看。');
  if (row.requestedBy === ctx.actor.userId)
    return refuse('same_person', `共 ${row.rows} 行，须由申请人以外的另一人批准。`);
  if (!given.approve && given.note.length < 4)
    return refuse('note_needed', '不批准时请写明理由（至少 4 个字）。');
  await saveDecision(ctx, id, given);
  if (given.approve) await saveJob(ctx, id, await enqueue(ctx, EXPORT_JOB, { exportId: id }));
  else
    await notify(ctx, row.requestedBy, {
      title: '导出没有获批',
      body: `${KIND_LABELS[row.kind]}：${given.note}`,
      link: PAGE_OF[family],
    });
  await audit(ctx, {
    action: given.approve ? 'export.approved' : 'export.rejected',
    subjectType: 'export',
    subjectId: id,
    reason: given.note,
  });
  const decided = await lockRow(ctx, id);
  return decided ? ok(decided) : notFound();
}

/** Where people find the exports of a family. */
export const PAGE_OF: Readonly<Record<Family, string>> = { season: '/exports', audit: '/audit/exports' };

export interface Download {
  readonly name: string;
  readonly bytes: NodeJS.ReadableStream;
}

const NAMES = {
  decisions: { title: '录退结果', extension: 'dbf' },
  ledger: { title: '回访台账', extension: 'xlsx' },
  audit: { title: '审计日志', extension: 'xlsx' },
} as const;

const titleOf = ({ kind, requestedAt, mark }: ExportRow): string =>
  `${NAMES[kind].title}-${shanghaiDay(requestedAt)}-${mark}`;

/** The file inside the zip. */
export const fileNameOf = (row: ExportRow): string => `${titleOf(row)}.${NAMES[row.kind].extension}`;

/** For who asked, until it expires; each fetch is counted and logged. */
export async function openExport(
  ctx: Ctx,
  files: FileStore,
  id: string,
  family: Family = 'season',
): Promise<Result<Download, Refusal<'not_found' | 'not_yours' | 'not_ready' | 'expired'>>> {
  const row = await lockOf(ctx, id, family);
  if (!row) return notFound();
  const barred = notFor(ctx, row);
  if (barred) return barred;
  if (row.fileId === null) return notFound();
  await countDownload(ctx, id);
  await audit(ctx, { action: 'export.downloaded', subjectType: 'export', subjectId: id });
  return ok({ name: `${titleOf(row)}.zip`, bytes: await readFile(ctx, files, row.fileId) });
}

/** Opens the zip, for who asked for it; each look is logged. File and password go different ways (数据安全法 art. 27). */
export async function exportPassword(
  ctx: Ctx,
  id: string,
  family: Family,
): Promise<Result<{ password: string }, Refusal<'not_found' | 'not_yours' | 'not_ready' | 'expired'>>> {
  const row = await lockOf(ctx, id, family);
  if (!row) return notFound();
  const barred = notFor(ctx, row);
  if (barred) return barred;
  const password = await readPassword(ctx, id);
  if (password === null) return expired();
  await audit(ctx, { action: 'export.password_shown', subjectType: 'export', subjectId: id });
  return ok({ password });
}

const expired = () => refuse('expired', '文件已过期删除，需要时请重新申请导出。');

/** Why this person gets neither file nor password now; null: they do. */
function notFor(ctx: Ctx, row: ExportRow) {
  if (row.requestedBy !== ctx.actor.userId) return refuse('not_yours', '导出的文件只能由申请人下载。');
  if (row.fileId === null) return refuse('not_ready', '文件还没有生成好，请稍后再下载。');
  return row.expiresAt !== null && row.expiresAt < ctx.now ? expired() : null;
}
