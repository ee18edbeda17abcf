import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import { notYours, openFile } from './access.service.ts';
import type { CandidateId } from './ids.ts';
import type { CandidateRow } from './list.contract.ts';
import { isSamePerson, type MergeFault, mergeFault } from './merge.rules.ts';
import {
  evidenceOf,
  insertMerge,
  lockMerge,
  lockSides,
  markUndone,
  moveBack,
  moveInto,
  readDoubles,
} from './merge.store.ts';
import { readRows } from './rows.store.ts';
import { maskName } from './rules.ts';

export type MergeRefusal = 'not_found' | 'not_same_person' | MergeFault;

/** Files that look like the same person: same ID number, or same name with a common number. Masked. */
export async function doublesOf(
  ctx: Ctx,
  id: CandidateId,
): Promise<Result<{ items: CandidateRow[] }, Refusal<'not_found'>>> {
  const file = await openFile(ctx, id);
  if (!file.ok) return file;
  const season = await activeSeason(ctx);
  const of = { seasonId: file.value.seasonId, phase: season?.phase ?? 'filing' };
  const rows = await readRows(ctx, await readDoubles(ctx, id), of);
  return ok({ items: rows.map((row) => ({ ...row, name: maskName(row.name), score: null })) });
}

/**
 * Makes one of two files of a person. The kept file gets the other's numbers and signals; the other stays readable, is no longer listed,
 * and comes back whole by undo. Refuses without evidence, when both were contacted, and when the other still has open work.
 */
export async function mergeFiles(
  ctx: Ctx,
  given: { keptId: CandidateId; mergedId: CandidateId; reason: string },
): Promise<Result<{ id: string; phones: number }, Refusal<MergeRefusal>>> {
  const sides = await lockSides(ctx, [given.keptId, given.mergedId]);
  const kept = sides.find(({ id }) => id === given.keptId);
  const merged = sides.find(({ id }) => id === given.mergedId);
  if (!kept || !merged) return notYours();
  const fault = mergeFault(kept, merged);
  if (fault) return refuse(fault.code, fault.message);
  const evidence = await evidenceOf(ctx, kept.id, merged.id);
  if (!isSamePerson(evidence))
    return refuse(
      'not_same_person',
      '两份档案的身份证号不同，也没有同名同号码的依据，不能合并。请核对后再试。',
      {
        ...evidence,
      },
    );
  const moved = await moveInto(ctx, kept.id, merged.id);
  const id = await insertMerge(ctx, { kept: kept.id, merged: merged.id, moved, reason: given.reason });
  for (const { id: subjectId } of [kept, merged]) {
    await audit(ctx, {
      action: 'candidate.merged',
      subjectType: 'candidate',
      subjectId,
      reason: given.reason,
      after: { kept: kept.candidateNo, merged: merged.candidateNo, phones: moved.phones.length, evidence },
    });
  }
  return ok({ id, phones: moved.phones.length });
}

/** Undoes a merge: numbers and signals that it brought go back, both files are listed again. */
export async function undoMerge(
  ctx: Ctx,
  id: string,
  reason: string,
): Promise<Result<undefined, Refusal<'not_found'>>> {
  const merge = await lockMerge(ctx, id);
  if (!merge) return refuse('not_found', '这次合并已撤销或不存在，请刷新后查看。');
  await lockSides(ctx, [merge.kept, merge.merged]);
  await moveBack(ctx, merge.kept, merge.merged, merge.moved);
  await markUndone(ctx, id);
  for (const subjectId of [merge.kept, merge.merged]) {
    await audit(ctx, {
      action: 'candidate.merge_undone',
      subjectType: 'candidate',
      subjectId,
      reason,
      before: { mergeId: id, phones: merge.moved.phones.length },
    });
  }
  return ok(undefined);
}
