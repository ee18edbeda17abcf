import type { Ctx } from '#platform/db/tenant';
import { refuse } from '#platform/http/refusal';
import { ok } from '#platform/result';
import { scopeOf } from '#staff';
import { openable } from './access.store.ts';
import { type FileRow, readFile } from './file.store.ts';
import type { CandidateId } from './ids.ts';

/** One sentence for "does not exist" and "not yours": an answer must not tell that a candidate exists. */
export const notYours = () =>
  refuse('not_found', '没有找到这名考生，或不在您的负责范围内。请核对考生号，或请组长分派。');

/** Whether the actor may open this file, for other modules that act on something in it. */
export const mayOpen = async (ctx: Ctx, id: CandidateId): Promise<boolean> =>
  (await openable(ctx, await scopeOf(ctx), [id])).has(id);

/** The file, when the actor may open it. Every use case on one candidate begins here. */
export async function openFile(
  ctx: Ctx,
  id: CandidateId,
): Promise<{ ok: true; value: FileRow } | ReturnType<typeof notYours>> {
  const allowed = await openable(ctx, await scopeOf(ctx), [id]);
  const file = allowed.has(id) ? await readFile(ctx, id) : null;
  return file ? ok(file) : notYours();
}

/** The file, when the actor may change it: what was written into one that is merged away would be seen by nobody. */
export async function openForChange(
  ctx: Ctx,
  id: CandidateId,
): Promise<{ ok: true; value: FileRow } | ReturnType<typeof notYours>> {
  const file = await openFile(ctx, id);
  if (!file.ok || file.value.mergedInto === null) return file;
  return refuse('not_found', '这份档案已并入另一份档案，只能查看；请打开保留的那份档案再记录。');
}
