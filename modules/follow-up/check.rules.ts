import type { EscalationTier } from '#season/rules';
import { TIER_LABELS } from './consequence.rules.ts';
import { sayTime } from './day-part.rules.ts';
import type { CallbackScope } from './decision.rules.ts';
import { mayNotSet } from './key.rules.ts';
import { isUsable, type NumberFacts } from './number.rules.ts';
import { type Answer, type Outcome, outcomeOf, ruleOf } from './outcome.rules.ts';
import type { CaseFacts } from './retry.rules.ts';

/** What keeps an outcome from being saved, in words with the next step. The screen asks before, the server asks again. */

export type OutcomeRefusal =
  | 'no_outcome'
  | 'outcome_not_allowed'
  | 'two_numbers_needed'
  | 'check_needed'
  | 'binding_province'
  | 'past_deadline'
  | 'callback_invalid';

export interface Saying extends Answer {
  readonly callback: { readonly at: number; readonly scope: CallbackScope } | null;
  readonly checked: { readonly major: boolean; readonly identity: boolean };
}

export interface CheckContext {
  readonly facts: CaseFacts;
  readonly numbers: readonly NumberFacts[];
  readonly now: number;
  readonly escalationTeam: boolean;
  readonly numbersBeforeConfirmed: number;
}

type Checked =
  | { readonly ok: true; readonly value: Outcome }
  | { readonly ok: false; readonly error: { readonly code: OutcomeRefusal; readonly message: string } };
const refused = (code: OutcomeRefusal, message: string): Checked => ({ ok: false, error: { code, message } });

/** The one code that decides, or why it cannot be saved. */
export function checkOutcome(saying: Saying, at: CheckContext): Checked {
  const outcome = outcomeOf(saying);
  if (outcome === null) return refused('no_outcome', '还没有选择结果，请按 1–9 选一项后再保存。');
  if (saying.line !== null && (saying.answerer !== null || saying.result !== null))
    return refused(
      'outcome_not_allowed',
      `线路结果是“${ruleOf(saying.line).label}”，没有人接听，不能同时登记通话结果；请二者选一。`,
    );
  const barred = mayNotSet(outcome, at.escalationTeam);
  if (barred !== null) return refused('outcome_not_allowed', barred);
  return (
    checkConfirmed(outcome, saying, at) ??
    checkWithdrawal(outcome, at) ??
    checkCallback(outcome, saying, at) ?? { ok: true, value: outcome }
  );
}

/** Why a result cannot be handed upwards in the same step; null: it can. A code that has its own receiver keeps it. */
export function handOverBarred(outcome: Outcome, tier: EscalationTier): string | null {
  const rule = ruleOf(outcome);
  if (outcome === 'R1') return '登记“确认录取”后本阶段即办结，不能同时转交；请去掉转交，或改登记结果。';
  if (outcome === 'R5')
    return '登记“明确拒绝，勿再来电”后不再拨打，由招办在期限前上报，不能同时转交；请去掉转交后保存。';
  if (rule.escalation?.at !== 'once' || rule.escalation.tier === tier) return null;
  const own = TIER_LABELS[rule.escalation.tier];
  return `“${rule.label}”按规定直接转${own}，不能改转${TIER_LABELS[tier]}；请选${own}，或去掉转交后保存。`;
}

/** R1 needs two numbers, and major and identity read back. Seed 000 part 三 3. */
function checkConfirmed(outcome: Outcome, { checked }: Saying, at: CheckContext): Checked | null {
  if (outcome !== 'R1') return null;
  const numbers = at.numbers.filter(isUsable).length;
  if (numbers < at.numbersBeforeConfirmed)
    return refused(
      'two_numbers_needed',
      `目前只有 ${numbers} 个可用号码，确认录取前至少要有 ${at.numbersBeforeConfirmed} 个（本人和家长），请按 P 添加后再保存。`,
    );
  if (checked.major && checked.identity) return null;
  const missing = [...(checked.major ? [] : ['专业']), ...(checked.identity ? [] : ['身份信息'])].join('、');
  return refused('check_needed', `还没有核对${missing}，请与考生核对并勾选后再确认录取。`);
}

/** A withdrawal only where and while the province allows it, its deadline still in time; it is the candidate's own wish, never advice. */
function checkWithdrawal(outcome: Outcome, { facts, now }: CheckContext): Checked | null {
  if (outcome !== 'R2') return null;
  if (!facts.withdrawable)
    return refused(
      'binding_province',
      '该省本批次投档后不可退档（见“各省政策”），不能登记退档申请；请如实说明规定，并登记为“考虑”或“他校 / 复读 / 参军 / 出国”。',
    );
  const deadline = facts.withdrawalDeadlineAt;
  if (deadline !== null && now > deadline)
    return refused(
      'past_deadline',
      `该省退档截止时间为 ${sayTime(deadline, now)}，已经过期，不能登记退档申请；如有特殊情况请按 E 转交招办。`,
    );
  return null;
}

const AHEAD_MS = 30 * 24 * 3_600_000;

function checkCallback(outcome: Outcome, { callback }: Saying, { now, facts }: CheckContext): Checked | null {
  if (callback === null)
    return outcome === 'A8'
      ? refused('callback_invalid', '“约定时间”需要填写约好的时间，请按 C 选择。')
      : null;
  if (facts.doNotCall) return refused('callback_invalid', '本人要求勿再来电，不能约回电；请去掉约定时间。');
  const rule = ruleOf(outcome);
  if (!rule.contact || ['none', 'papers'].includes(rule.retry.kind))
    return refused('callback_invalid', `结果是“${rule.label}”，不能再约回电；请去掉约定时间。`);
  if (callback.at <= now) return refused('callback_invalid', '约定时间已经过去，请选一个之后的时间。');
  if (callback.at > now + AHEAD_MS)
    return refused('callback_invalid', '约定时间超过 30 天，请选近一些的时间。');
  if (facts.deadlineAt !== null && callback.at > facts.deadlineAt)
    return refused(
      'callback_invalid',
      `约定时间晚于期限 ${sayTime(facts.deadlineAt, now)}，请改到期限之前。`,
    );
  return null;
}
