import type { EscalationTier, FollowUpSettings } from '#season/rules';
import { sayTime } from './day-part.rules.ts';
import type { Decision } from './decision.rules.ts';
import { ruleOf } from './outcome.rules.ts';
import type { CaseFacts } from './retry.rules.ts';

/** The consequence of an outcome in a sentence, shown before saving: “关机 → 短信已排，15:20 再拨，今日第 2 次”. */

export const TIER_LABELS: Readonly<Record<EscalationTier, string>> = {
  leader: '组长',
  escalation_team: '突击组',
  supervisor: '督查组',
  office: '招办',
};

type Undecided = Omit<Decision, 'consequence'>;

/** Due times are whole minutes: one that was rounded up is still now. */
const HALF_MINUTE_MS = 30_000;

export function sayConsequence(
  decision: Undecided,
  at: { facts: CaseFacts; now: number; settings: FollowUpSettings },
): string {
  const rule = ruleOf(decision.outcome);
  // What to do now comes first: the line is cut at its end where there is little room.
  const hint = rule.hint ? [rule.hint] : [];
  const parts = [...hint, ...messages(decision), ...number(decision), step(decision, at)];
  const today = at.facts.dialledToday + 1;
  if (rule.attempt && !rule.contact && decision.state === 'ready') parts.push(`今日第 ${today} 次`);
  return `${rule.label} → ${parts.join('，')}`;
}

const messages = ({ messages: planned }: Undecided): string[] => [
  ...(planned.includes('sms') ? ['短信已排'] : []),
  ...(planned.includes('wechat') ? ['请再试微信'] : []),
];

const number = ({ number: effect }: Undecided): string[] =>
  effect === 'detached' ? ['该号码不再用于这名考生'] : effect === 'vacant' ? ['号码记为疑似空号'] : [];

function step(
  decision: Undecided,
  at: { facts: CaseFacts; now: number; settings: FollowUpSettings },
): string {
  const { escalation, callback, dueAt, state } = decision;
  const when = dueAt === null ? '' : sayTime(dueAt, at.now);
  if (state === 'final') return '本阶段办结';
  if (state === 'blocked') return '不再拨打此人，只有督查组可以解除；结果仍由招办在期限前上报';
  if (escalation) return [escalated(escalation), ...(callback ? [`${when} 仍由您回电`] : [])].join('，');
  if (dueAt === null) return '没有可再拨的号码，由接手的人决定下一步';
  if (decision.outcome === 'R2') return papers(when, at.facts, at.now);
  if (callback) return `${when} 回电，超过 ${at.settings.callbackOwnerMinutes} 分钟放给本组`;
  if (decision.anotherCaller) return `${when} 由另一位回访员再联系一次`;
  if (dueAt <= at.now + HALF_MINUTE_MS)
    return ruleOf(decision.outcome).retry.kind === 'head' ? '放回队列最前，马上可以再拨' : '立即换下一个号码';
  return `${when} 再拨`;
}

function escalated({ tier, cause }: NonNullable<Decision['escalation']>): string {
  const to = TIER_LABELS[tier];
  if (cause === 'no_number') return `已没有可拨的号码，转${to}查号`;
  if (cause === 'deadline') return `期限前已排不下再次拨打，转${to}处理`;
  if (cause === 'R10') return `各号码均已拨满，系统判定联系不上，转${to}`;
  return `转${to}处理，接手前仍由您负责`;
}

const papers = (when: string, { withdrawalDeadlineAt }: CaseFacts, now: number): string => {
  const until = withdrawalDeadlineAt === null ? '' : `，截止 ${sayTime(withdrawalDeadlineAt, now)}`;
  return `${when} 提醒交材料（申请书、身份证、准考证同一张照片，本人和家长签名）${until}`;
};
