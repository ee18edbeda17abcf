import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { scopeOf } from '#staff';
import { openable } from './access.store.ts';
import type { CandidateId } from './ids.ts';
import { forbiddenWord } from './signal.rules.ts';
import { addSignal, changeSignal } from './signal.service.ts';
import type { SignalRow } from './signal.store.ts';

/** Adds a signal to the chosen files. One file out of scope refuses the whole act, so that nothing is half done. */
export async function addSignalToAll(
  ctx: Ctx,
  ids: readonly CandidateId[],
  code: string,
): Promise<Result<{ count: number }, Refusal<'signal_unknown' | 'not_found'>>> {
  const wanted = [...new Set(ids)];
  const mine = await openable(ctx, await scopeOf(ctx), wanted);
  if (mine.size < wanted.length)
    return refuse(
      'not_found',
      `选中的 ${wanted.length} 名考生中有 ${wanted.length - mine.size} 名不在您的负责范围内，请取消选择后再试。`,
    );
  const added = await addSignal(ctx, wanted, code);
  return added.ok ? ok({ count: wanted.length }) : added;
}

/** 个人信息保护法 art. 24 and 28: no signal for poverty, schooling of parents, ethnicity or health. */
export async function changeCatalogue(
  ctx: Ctx,
  signal: SignalRow,
): Promise<Result<undefined, Refusal<'forbidden_signal'>>> {
  const word = forbiddenWord(signal.name) ?? forbiddenWord(signal.help);
  if (word)
    return refuse(
      'forbidden_signal',
      `关注点不得涉及家庭贫富、父母学历、民族和健康（含“${word}”）。请改为描述考生需要的帮助，例如“费用顾虑”。`,
    );
  await changeSignal(ctx, signal);
  return ok(undefined);
}
