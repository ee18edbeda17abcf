import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import type { PhraseView } from './contract.ts';
import { insertPhrase, readPhrase, readPhrases, updatePhrase } from './phrase.store.ts';

export const listThePhrases = async (ctx: Ctx): Promise<Result<{ items: PhraseView[] }, never>> =>
  ok({ items: await readPhrases(ctx) });

export async function addThePhrase(
  ctx: Ctx,
  draft: Omit<PhraseView, 'id'>,
): Promise<Result<PhraseView, Refusal<'taken'>>> {
  const phrase = { ...draft, id: newId() };
  if (!(await insertPhrase(ctx, phrase))) return taken(draft.pattern);
  await audit(ctx, { action: 'phrase.added', subjectType: 'phrase', subjectId: phrase.id, after: phrase });
  return ok(phrase);
}

/** Scripts approved before keep being spoken; notes and drafts are checked against the new list from now on. */
export async function changeThePhrase(
  ctx: Ctx,
  phraseId: string,
  { reason, ...change }: Omit<PhraseView, 'id'> & { reason: string },
): Promise<Result<undefined, Refusal<'not_found' | 'taken'>>> {
  const before = await readPhrase(ctx, phraseId);
  if (!before) return refuse('not_found', '没有找到这条敏感用语，请刷新后重试。');
  const other = (await readPhrases(ctx)).find(
    ({ id, pattern }) => pattern === change.pattern && id !== phraseId,
  );
  if (other) return taken(change.pattern);
  const after = { ...change, id: phraseId };
  await updatePhrase(ctx, after);
  await audit(ctx, {
    action: 'phrase.changed',
    subjectType: 'phrase',
    subjectId: phraseId,
    reason,
    before,
    after,
  });
  return ok(undefined);
}

const taken = (pattern: string): { ok: false; error: Refusal<'taken'> } =>
  refuse('taken', `“${pattern}”已在敏感用语表中，请直接修改那一条。`);
