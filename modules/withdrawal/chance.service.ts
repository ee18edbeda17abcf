import type { z } from 'zod';
import { maskName } from '#candidate/rules';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { provinceName } from '#season/rules';
import type { withdrawalChance } from './contract.ts';
import { hasInHand } from './request.service.ts';
import { barrierOf } from './rules.ts';
import { type CaseFacts, openRequestOf, readCaseFacts } from './store.ts';
import { barrierSentence } from './view.ts';

type Chance = z.input<typeof withdrawalChance.reply>;

/** Before the form: whom it is about, what the province allows and until when. */
export async function readChance(
  ctx: Ctx,
  caseId: string,
): Promise<Result<Chance, Refusal<'not_found' | 'not_yours'>>> {
  const facts = await readCaseFacts(ctx, caseId);
  if (!facts) return refuse('not_found', '没有找到这名考生的回访任务，请刷新后再试。');
  if (!(await hasInHand(ctx, facts)))
    return refuse('not_yours', '这名考生不在您名下，请由负责的回访员登记退档申请。');
  const { candidateId, candidateNo, batchName, withdrawable, deadlineAt } = facts;
  const openId = await openRequestOf(ctx, caseId);
  return ok({
    ...{ caseId, candidateId, candidateNo, batchName, withdrawable, deadlineAt, openId },
    candidateName: maskName(facts.name),
    provinceName: provinceName(facts.provinceCode),
    barredBecause: barredBecause(facts, openId, ctx.now),
  });
}

function barredBecause(facts: CaseFacts, openId: string | null, now: number): string | null {
  if (facts.final) return '这名考生的状态已经最终认定，不能再登记退档申请。';
  const barrier = barrierOf(facts, now);
  if (barrier) return barrierSentence(barrier, facts);
  return openId ? '这名考生已有一份办理中的退档申请，请在“退档申请”里继续办理。' : null;
}
