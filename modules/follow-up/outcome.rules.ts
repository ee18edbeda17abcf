import {
  type FollowUpSettings,
  HAND_OVER_CODES,
  type HandOverCode,
  RETRY_CODES,
  type RetryCode,
} from '#season/rules';
import type { Answerer, Line, Outcome, OutcomeRule, ResultCode } from './code.rules.ts';
import { answered, notAnAttempt, unanswered, wait } from './outcome-kind.rules.ts';

/** The outcome catalogue: line, answerer and result apart. Classes: AAPOR, Standard Definitions (2015). */

export {
  ANSWERERS,
  type Answerer,
  DISPOSITIONS,
  type Disposition,
  LINES,
  type Line,
  type Message,
  type NumberEffect,
  type Outcome,
  type OutcomeRule,
  RESULTS,
  type ResultCode,
} from './code.rules.ts';

export const OUTCOMES = {
  L1: {
    ...unanswered,
    label: '空号',
    aapor: '4.31',
    class: 'NE',
    number: 'vacant',
    retry: { kind: 'next_number' },
  },
  L2: {
    ...unanswered,
    label: '停机 / 欠费',
    aapor: '4.33',
    class: 'NE',
    number: 'suspended',
    retry: { kind: 'next_number' },
    escalation: { tier: 'leader', at: 'limit' },
    messages: { wechat: 1 },
  },
  L3: {
    ...unanswered,
    label: '关机',
    aapor: '2.20',
    retry: wait(1),
    escalation: { tier: 'leader', at: 'limit' },
    occasion: 'switched_off',
    messages: { sms: 1 },
  },
  L4: { ...unanswered, label: '不在服务区 / 无法接通', aapor: '3.16', class: 'UH', retry: wait(3) },
  L5: {
    ...unanswered,
    label: '无人接听',
    aapor: '2.20',
    retry: wait(1),
    occasion: 'no_answer',
    messages: { sms: 1, wechat: 2 },
  },
  L6: {
    ...unanswered,
    label: '占线',
    aapor: '3.12',
    class: 'UH',
    // The switch may say busy where the person has rejected the call: from the third time on it is taken for that.
    retry: { kind: 'wait', times: 2, afterwards: 'L7' },
    occasion: 'declined',
    messages: { sms: 3 },
  },
  L7: {
    ...unanswered,
    label: '拒接',
    aapor: '3.10',
    class: 'UH',
    number: 'cooling',
    retry: wait(9),
    escalation: { tier: 'escalation_team', at: 'limit' },
    occasion: 'declined',
    messages: { sms: 1 },
  },
  L8: {
    ...unanswered,
    label: '呼转 / 语音信箱 / 智能接听',
    aapor: '2.22',
    retry: wait(3),
    hint: '可留言一次：哪所学校、请回电',
  },
  L9: {
    ...notAnAttempt,
    label: '运营商拦截 / 限制呼入',
    number: 'caller_blocked',
    retry: wait(9),
    hint: '请换一个外呼号码，招办会收到提醒',
  },
  L10: { ...notAnAttempt, label: '时段 / 频次受限', retry: { kind: 'next_window' } },
  L11: { ...notAnAttempt, label: '线路或坐席故障', retry: { kind: 'head' } },
  L12: {
    ...notAnAttempt,
    label: '号码被屏蔽 / 无号码',
    retry: { kind: 'none' },
    escalation: { tier: 'escalation_team', at: 'once' },
    by: 'system',
  },
  A1: {
    ...unanswered,
    label: '错号',
    aapor: '4.10',
    class: 'NE',
    number: 'detached',
    retry: { kind: 'next_number' },
  },
  A2: {
    ...unanswered,
    label: '学校电话无人',
    aapor: '3.13',
    class: 'UH',
    number: 'informant',
    retry: { kind: 'working_hours' },
    hint: '可按 L 查值班室、教务处或班主任的电话',
  },
  A3: {
    ...answered,
    label: '学校有人（记下班主任）',
    hint: '请按 P 记下班主任的姓名和电话',
    aapor: '2.21',
    class: 'NC',
    number: 'informant',
    retry: { kind: 'agreed', evening: false },
  },
  A4: {
    ...answered,
    label: '邻居 / 村委接听',
    hint: '只说“请考生回电”',
    aapor: '2.21',
    class: 'NC',
    number: 'informant',
    retry: { kind: 'agreed', evening: false },
    escalation: { tier: 'leader', at: 'limit' },
  },
  A5: {
    ...answered,
    label: '家人接，本人不在',
    hint: '请问到本人的号码，按 P 记下',
    aapor: '2.21',
    class: 'NC',
    retry: { kind: 'agreed', evening: true },
  },
  A6: {
    ...answered,
    label: '家人代答意向',
    hint: '退档仍须本人和家长签名',
    aapor: '1.2',
    retry: { kind: 'consider' },
    disposition: 'considering',
  },
  A7: { ...answered, label: '说一会儿回电', aapor: '2.13', retry: { kind: 'agreed', evening: false } },
  A8: { ...answered, label: '约定时间', aapor: '2.12', retry: { kind: 'agreed', evening: true } },
  A9: { ...answered, label: '方言 / 沟通障碍', aapor: '2.33', retry: { kind: 'other_caller' } },
  A10: { ...answered, label: '中途断线', aapor: '2.35', retry: wait(1) },
  R1: {
    ...answered,
    label: '确认录取',
    aapor: '1.1',
    class: 'I',
    retry: { kind: 'none' },
    disposition: 'confirmed',
  },
  R2: {
    ...answered,
    label: '申请退档',
    aapor: '1.1',
    class: 'I',
    retry: { kind: 'papers' },
    disposition: 'withdrawing',
  },
  R3: {
    ...answered,
    label: '考虑 / 犹豫',
    aapor: '2.12',
    retry: { kind: 'consider' },
    disposition: 'considering',
    escalation: { tier: 'leader', at: 'limit' },
  },
  R4: {
    ...answered,
    label: '态度冷淡',
    aapor: '2.11',
    class: 'R',
    refusal: true,
    retry: { kind: 'other_caller' },
    escalation: { tier: 'escalation_team', at: 'limit' },
  },
  R5: {
    ...answered,
    label: '明确拒绝，勿再来电',
    aapor: '2.11',
    class: 'R',
    refusal: true,
    number: 'do_not_call',
    retry: { kind: 'none' },
  },
  R6: {
    ...answered,
    label: '投诉 / 舆情',
    aapor: '2.34',
    retry: { kind: 'none' },
    escalation: { tier: 'supervisor', at: 'once' },
  },
  R7: {
    ...answered,
    label: '他校 / 复读 / 参军 / 出国',
    aapor: '2.11',
    class: 'R',
    refusal: true,
    retry: { kind: 'evening' },
    disposition: 'considering',
    escalation: { tier: 'leader', at: 'limit' },
  },
  R8: {
    ...answered,
    label: '信息不符 / 不在本批',
    aapor: '4.10',
    class: 'NE',
    retry: { kind: 'none' },
    escalation: { tier: 'office', at: 'once' },
  },
  R9: {
    ...answered,
    label: '去世 / 重病',
    hint: '什么都不要催',
    aapor: '2.31',
    retry: { kind: 'none' },
    escalation: { tier: 'leader', at: 'once' },
  },
  R10: {
    ...unanswered,
    label: '联系不上',
    aapor: '2.20',
    number: 'none',
    attempt: false,
    retry: { kind: 'none' },
    disposition: 'unreachable',
    escalation: { tier: 'leader', at: 'once' },
    by: 'system',
  },
  R11: {
    ...unanswered,
    label: '突击后仍失联',
    aapor: '2.20',
    number: 'none',
    retry: { kind: 'none' },
    disposition: 'unreachable',
    escalation: { tier: 'office', at: 'once' },
    by: 'escalation_team',
  },
} as const satisfies Record<Outcome, OutcomeRule>;

export const ruleOf = (outcome: Outcome): OutcomeRule => OUTCOMES[outcome];

/** Three separate answers of one attempt. */
export interface Answer {
  readonly line: Line | null;
  readonly answerer: Answerer | null;
  readonly result: ResultCode | null;
}

/** The code that decides: what is wanted before who answered before what the line did. Null: nothing was said. */
export const outcomeOf = ({ line, answerer, result }: Answer): Outcome | null => result ?? answerer ?? line;

const tunable: ReadonlySet<string> = new Set(RETRY_CODES);
const limited: ReadonlySet<string> = new Set(HAND_OVER_CODES);
const UNTUNED_MINUTES = 30;

/** Minutes until the next try after a code in this season. */
export const waitMinutes = (settings: FollowUpSettings, outcome: Outcome): number =>
  tunable.has(outcome) ? settings.retryMinutes[outcome as RetryCode] : UNTUNED_MINUTES;

/** After how many of a code the case is handed over; null: never for the number of times. */
export const handOverLimit = (settings: FollowUpSettings, outcome: Outcome): number | null =>
  limited.has(outcome) ? settings.handOverAfter[outcome as HandOverCode] : null;
