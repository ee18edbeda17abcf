import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { lockCandidate } from './file.store.ts';
import type { CandidateId } from './ids.ts';
import { DEFAULT_SIGNALS } from './signal.rules.ts';
import {
  insertSignals,
  markSignals,
  readSignals,
  readWish,
  type SignalRow,
  saveSignal,
  saveWish,
  signalsOf,
  unmarkSignals,
  type Wish,
} from './signal.store.ts';

/** Installs the default catalogue; may be called again, keeps what the office changed. */
export const installSignals = (ctx: Ctx): Promise<void> => insertSignals(ctx, DEFAULT_SIGNALS);

export type SignalRefusal = 'not_found' | 'signal_unknown';

/** Sets the signals of a candidate to exactly these. Signals raise attention and lead to help, nothing else. */
export async function setSignals(
  ctx: Ctx,
  candidateId: CandidateId,
  codes: readonly string[],
): Promise<Result<null, Refusal<SignalRefusal>>> {
  if (!(await lockCandidate(ctx, candidateId)))
    return refuse('not_found', '没有找到这名考生，请刷新后重试。');
  const before = await signalsOf(ctx, candidateId);
  const unknown = await unknownSignals(ctx, codes, before);
  if (unknown > 0)
    return refuse('signal_unknown', `有 ${unknown} 个关注点不在目录中或已停用，请刷新后重新选择。`);
  await unmarkSignals(ctx, candidateId, codes);
  await markSignals(ctx, [candidateId], codes);
  const changes = { action: 'candidate.signals_set', subjectType: 'candidate', subjectId: candidateId };
  await audit(ctx, { ...changes, before: { signals: before }, after: { signals: codes } });
  return ok(null);
}

/** Adds one signal to many candidates at once; those who have it already stay as they are. */
export async function addSignal(
  ctx: Ctx,
  candidateIds: readonly CandidateId[],
  code: string,
): Promise<Result<null, Refusal<'signal_unknown'>>> {
  if ((await unknownSignals(ctx, [code], [])) > 0)
    return refuse('signal_unknown', '这个关注点不在目录中或已停用，请刷新后重新选择。');
  await markSignals(ctx, candidateIds, [code]);
  for (const subjectId of candidateIds) {
    await audit(ctx, {
      action: 'candidate.signal_added',
      subjectType: 'candidate',
      subjectId,
      after: { signal: code, together: candidateIds.length },
    });
  }
  return ok(null);
}

/** A retired signal may stay where it is, and is not given anew. */
async function unknownSignals(ctx: Ctx, codes: readonly string[], kept: readonly string[]): Promise<number> {
  const catalogue = await readSignals(ctx);
  const allowed = new Set([...catalogue.filter(({ active }) => active).map(({ code }) => code), ...kept]);
  return codes.filter((code) => !allowed.has(code)).length;
}

/** Notes pathway interest and a wish for another major; parts left out stay as they are. */
export async function setWish(
  ctx: Ctx,
  candidateId: CandidateId,
  change: Partial<Wish>,
): Promise<Result<null, Refusal<'not_found'>>> {
  if (!(await lockCandidate(ctx, candidateId)))
    return refuse('not_found', '没有找到这名考生，请刷新后重试。');
  const before = await readWish(ctx, candidateId);
  const after = { ...before, ...change };
  await saveWish(ctx, candidateId, after);
  await audit(ctx, {
    action: 'candidate.wish_set',
    subjectType: 'candidate',
    subjectId: candidateId,
    before,
    after,
  });
  return ok(null);
}

/** Changes the wording or state of a signal in the catalogue, or adds one of the office's own. */
export async function changeSignal(ctx: Ctx, signal: SignalRow): Promise<Result<null, never>> {
  const before = (await readSignals(ctx)).find(({ code }) => code === signal.code);
  await saveSignal(ctx, signal);
  await audit(ctx, {
    action: 'signal.changed',
    subjectType: 'signal',
    subjectId: signal.code,
    before,
    after: signal,
  });
  return ok(null);
}
