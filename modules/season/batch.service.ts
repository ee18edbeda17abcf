import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { deleteBatch, readBatchUse } from './catalogue.store.ts';
import { notFound } from './policy.service.ts';
import type { Batch, BatchId } from './rules.ts';
import { readBatch, readBatches, readSeason, saveBatch } from './store.ts';

export type BatchDraft = Omit<Batch, 'id' | 'seasonId'>;

export const listTheBatches = async (
  ctx: Ctx,
  seasonId: string,
): Promise<Result<{ items: Batch[] }, never>> => ok({ items: await readBatches(ctx, seasonId) });

export async function addTheBatch(
  ctx: Ctx,
  seasonId: string,
  draft: BatchDraft,
): Promise<Result<Batch, Refusal<'not_found' | 'code_taken'>>> {
  const season = await readSeason(ctx, seasonId);
  if (!season) return notFound();
  const taken = await codeTaken(ctx, seasonId, draft.code);
  if (taken) return taken;
  const batch: Batch = { ...draft, id: newId<BatchId>(), seasonId: season.id };
  await saveBatch(ctx, batch);
  await audit(ctx, { action: 'batch.created', subjectType: 'batch', subjectId: batch.id, after: batch });
  return ok(batch);
}

export interface BatchKey {
  readonly seasonId: string;
  readonly batchId: string;
}

export async function changeTheBatch(
  ctx: Ctx,
  key: BatchKey,
  draft: BatchDraft,
): Promise<Result<undefined, Refusal<'not_found' | 'code_taken'>>> {
  const before = await ofSeason(ctx, key);
  if (!before) return notFound();
  const taken = draft.code === before.code ? null : await codeTaken(ctx, key.seasonId, draft.code);
  if (taken) return taken;
  const after = { ...before, ...draft };
  await saveBatch(ctx, after);
  await audit(ctx, { action: 'batch.changed', subjectType: 'batch', subjectId: before.id, before, after });
  return ok(undefined);
}

/** Only a batch that nothing refers to can go. */
export async function removeTheBatch(
  ctx: Ctx,
  key: BatchKey,
  reason: string,
): Promise<Result<undefined, Refusal<'not_found' | 'in_use'>>> {
  const batch = await ofSeason(ctx, key);
  if (!batch) return notFound();
  const use = await readBatchUse(ctx, key.batchId);
  if (use.length > 0) {
    const what = use.map((one) => `${one.count} ${one.what}`).join('、');
    return refuse('in_use', `“${batch.name}”下还有${what}，不能删除；如名称有误，请直接修改。`, { use });
  }
  await deleteBatch(ctx, key.batchId);
  await audit(ctx, {
    action: 'batch.removed',
    subjectType: 'batch',
    subjectId: batch.id,
    reason,
    before: batch,
  });
  return ok(undefined);
}

async function ofSeason(ctx: Ctx, { seasonId, batchId }: BatchKey): Promise<Batch | null> {
  const batch = await readBatch(ctx, batchId);
  return batch?.seasonId === seasonId ? batch : null;
}

async function codeTaken(
  ctx: Ctx,
  seasonId: string,
  code: string,
): Promise<{ ok: false; error: Refusal<'code_taken'> } | null> {
  const other = (await readBatches(ctx, seasonId)).find((batch) => batch.code === code);
  return other ? refuse('code_taken', `代码 ${code} 已用于“${other.name}”，请换一个代码。`) : null;
}
