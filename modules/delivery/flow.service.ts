import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { expireFiles } from '#platform/files/files';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { enqueue, readJob } from '#platform/jobs/job';
import { ok, type Result } from '#platform/result';
import { activeSeason, batches, ensurePolicy } from '#season';
import { type ImportState, importStateLabels } from './contract.ts';
import { type HeadingMapping, sourceOf } from './heading.rules.ts';
import {
  type ImportRow,
  insertImport,
  lockImport,
  lockSeason,
  markUndone,
  saveMapping,
  seasonChanges,
  setImportMapping,
  setState,
} from './import.store.ts';
import { APPLY_JOB, READ_JOB } from './jobs.ts';
import {
  photosOf,
  readObstacles,
  removeCreated,
  restoreChanged,
  type UndoObstacles,
  withoutCandidate,
} from './undo.store.ts';

export interface Started {
  readonly id: string;
  readonly jobId: string;
}

/** Registers an uploaded delivery and has it read. */
export async function startImport(
  ctx: Ctx,
  given: { province: string; batchId: string; file: { id: string; name: string; sha256: Buffer } },
): Promise<Result<Started, Refusal<'not_found'>>> {
  const season = await activeSeason(ctx);
  const batch = season && (await batches(ctx, season.id)).find(({ id }) => id === given.batchId);
  if (!batch || !season) return refuse('not_found', '没有这个批次，请刷新后重新选择。');
  const target = { seasonId: season.id, provinceCode: given.province, batchId: batch.id };
  await ensurePolicy(ctx, { ...target, districtCode: '' });
  const id = newId();
  await insertImport(ctx, {
    ...{ id, ...target, state: 'uploaded', mapping: null },
    ...{ fileName: given.file.name, fileId: given.file.id, sha256: given.file.sha256 },
  });
  const jobId = await enqueue(ctx, READ_JOB, { importId: id });
  await setState(ctx, id, { state: 'uploaded', jobId });
  await audit(ctx, {
    ...{ action: 'delivery.uploaded', subjectType: 'delivery_import', subjectId: id },
    after: { ...target, file: given.file.name },
  });
  return ok({ id, jobId });
}

type FlowRefusal = Refusal<'not_found' | 'wrong_state'>;

/** The import, when it is in one of these states; one whose job failed for good may be taken up again. */
async function inState(
  ctx: Ctx,
  id: string,
  states: readonly ImportState[],
): Promise<Result<ImportRow, FlowRefusal>> {
  const row = await lockImport(ctx, id);
  if (!row) return refuse('not_found', '没有找到这次导入，请刷新列表。');
  if (states.includes(row.state)) return ok(row);
  const job = row.jobId ? await readJob(ctx, row.jobId) : null;
  // A writing that failed may be confirmed again; a reading that failed has no preview to confirm.
  const before = { applying: 'previewed', reading: 'refused' } as const;
  const stuck = (row.state === 'applying' || row.state === 'reading') && job?.state === 'failed';
  if (stuck && states.includes(before[row.state])) return ok(row);
  return refuse('wrong_state', `这次导入现在是“${importStateLabels[row.state]}”，不能这样做，请刷新后再看。`);
}

/** Reads again with the columns as the clerk names them, and remembers them for the same headings. */
export async function mapAndRead(
  ctx: Ctx,
  id: string,
  mapping: HeadingMapping,
): Promise<Result<Started, FlowRefusal>> {
  const found = await inState(ctx, id, ['previewed', 'refused']);
  if (!found.ok) return found;
  const row = found.value;
  if (row.headings.length > 0) {
    await saveMapping(ctx, row.seasonId, { source: sourceOf(row.headings), mapping });
  }
  await setImportMapping(ctx, id, mapping);
  await audit(ctx, {
    action: 'delivery.mapped',
    subjectType: 'delivery_import',
    subjectId: id,
    after: { mapping },
  });
  const jobId = await enqueue(ctx, READ_JOB, { importId: id });
  await setState(ctx, id, { state: 'uploaded', jobId });
  return ok({ id, jobId });
}

/** Reads the stored file again as it is: after other imports, or when a job failed. */
export async function readAgain(ctx: Ctx, id: string): Promise<Result<Started, FlowRefusal>> {
  const found = await inState(ctx, id, ['previewed', 'refused']);
  if (!found.ok) return found;
  const jobId = await enqueue(ctx, READ_JOB, { importId: id });
  await setState(ctx, id, { state: 'uploaded', jobId });
  return ok({ id, jobId });
}

/** What was shown must still hold: another import applied or undone meanwhile refuses as `stale`. */
export async function confirmImport(
  ctx: Ctx,
  id: string,
): Promise<Result<Started, FlowRefusal | Refusal<'stale'>>> {
  const found = await inState(ctx, id, ['previewed']);
  if (!found.ok) return found;
  await lockSeason(ctx, found.value.seasonId);
  const changes = (await seasonChanges(ctx, found.value.seasonId)) - (found.value.seenChanges ?? 0);
  if (changes > 0) {
    return refuse(
      'stale',
      `预览之后又有 ${changes} 次导入或撤销，预览的数字已经不准。请点“重新核对”，看过再确认。`,
      {
        changes,
      },
    );
  }
  const jobId = await enqueue(ctx, APPLY_JOB, { importId: id });
  await setState(ctx, id, { state: 'applying', jobId });
  await audit(ctx, { action: 'delivery.confirmed', subjectType: 'delivery_import', subjectId: id });
  return ok({ id, jobId });
}

export async function discardImport(ctx: Ctx, id: string): Promise<Result<undefined, FlowRefusal>> {
  const found = await inState(ctx, id, ['uploaded', 'previewed', 'refused']);
  if (!found.ok) return found;
  await setState(ctx, id, { state: 'discarded' });
  await audit(ctx, { action: 'delivery.discarded', subjectType: 'delivery_import', subjectId: id });
  return ok(undefined);
}

export type UndoRefusal = Refusal<
  'not_found' | 'wrong_state' | 'contacted' | 'in_follow_up' | 'changed_later' | 'worked_on'
>;

/** Takes an import back, whole or not at all, until the first contact with anybody in it. */
export async function undoImport(
  ctx: Ctx,
  id: string,
  reason: string,
): Promise<Result<{ removed: number; restored: number }, UndoRefusal>> {
  const row = await lockImport(ctx, id);
  if (!row) return refuse('not_found', '没有找到这次导入，请刷新列表。');
  if (row.state !== 'applied') {
    return refuse('wrong_state', `这次导入现在是“${importStateLabels[row.state]}”，只有已导入的可以撤销。`);
  }
  await lockSeason(ctx, row.seasonId);
  const obstacle = refusalOfUndo(await readObstacles(ctx, id));
  if (obstacle) return obstacle;
  const photos = await photosOf(ctx, id);
  const restored = await restoreChanged(ctx, id);
  const removed = await removeCreated(ctx, id);
  await expireFiles(ctx, await withoutCandidate(ctx, photos));
  await markUndone(ctx, id, reason);
  await audit(ctx, {
    ...{ action: 'delivery.undone', subjectType: 'delivery_import', subjectId: id, reason },
    after: { removed, restored },
  });
  return ok({ removed, restored });
}

function refusalOfUndo(given: UndoObstacles): { ok: false; error: UndoRefusal } | null {
  const { contacted, inFollowUp, changedLater, workedOn } = given;
  if (contacted > 0) {
    return refuse('contacted', `其中 ${contacted} 人已经开始联系，不能整批撤销。请逐个更正有误的考生。`, {
      ...given,
    });
  }
  if (inFollowUp > 0) {
    return refuse(
      'in_follow_up',
      `其中 ${inFollowUp} 人已下发到回访，档案不能再删除。请导入更正后的文件来更新。`,
      { ...given },
    );
  }
  if (changedLater > 0) {
    return refuse('changed_later', `其中 ${changedLater} 人后来又被另一次导入更新，请先撤销那一次。`, {
      ...given,
    });
  }
  if (workedOn > 0) {
    return refuse(
      'worked_on',
      `新增的人中有 ${workedOn} 人已写过备注、标过信号、合并过或登记了勿再来电，档案不能再删除。请导入更正后的文件来更新。`,
      { ...given },
    );
  }
  return null;
}
