import { type PhoneCondition, phoneAfter } from '#candidate/rules';
import { sayConsequence } from './consequence.rules.ts';
import { dayPartOf } from './day-part.rules.ts';
import type { Decision, EscalationCause, Moment, Said } from './decision.rules.ts';
import { EFFECT_ON_PHONE, isUsable, type NumberFacts } from './number.rules.ts';
import {
  type Disposition,
  handOverLimit,
  type Message,
  OUTCOMES,
  type Outcome,
  type OutcomeRule,
  ruleOf,
} from './outcome.rules.ts';
import { type CaseFacts, isUrgent, nextTry, type RetryQuery } from './retry.rules.ts';

/**
 * What follows from an outcome. The server stores it, the screen shows it before saving: one function, so that both agree.
 * It informs and plans help; nothing in it presses a candidate or orders whom to let go (个人信息保护法 art. 24).
 */
export function decideNext(
  facts: CaseFacts,
  numbers: readonly NumberFacts[],
  said: Said,
  { now, settings }: Moment,
): Decision {
  const rule = ruleOf(said.outcome);
  const after = numbersAfter(numbers, said, rule, { now, settings });
  const query: RetryQuery = {
    outcome: said.outcome,
    facts,
    numbers: after,
    now,
    settings,
    callbackAt: said.callback?.at ?? null,
  };
  const due = nextTry(query);
  const plan = planOf({ query, rule, said, due });
  const decision = {
    outcome: said.outcome,
    ...plan,
    disposition: dispositionAfter(facts, [plan.escalation?.cause, said.outcome]),
    number: rule.number,
    doNotCall: rule.number === 'do_not_call',
    anotherCaller: rule.retry.kind === 'other_caller',
    messages: messagesOf(facts, rule, said),
    dayPart: dayPartOf(now),
  };
  return { ...decision, consequence: sayConsequence(decision, { facts, now, settings }) };
}

/** The numbers as they stand after this call; one found wrong is gone. */
export function numbersAfter(
  numbers: readonly NumberFacts[],
  { phoneId, outcome }: Said,
  rule: OutcomeRule,
  { now, settings }: Moment,
): NumberFacts[] {
  const effect = EFFECT_ON_PHONE[rule.number];
  return numbers.flatMap((number) => {
    if (number.phoneId !== phoneId) return [number];
    if (rule.number === 'detached') return [];
    const next = effect === null ? number : phoneAfter(number, effect, now, settings.vacantConfirmHours);
    const dials = rule.attempt ? 1 : 0;
    return [
      {
        ...number,
        ...conditionOf(next),
        dialledToday: number.dialledToday + dials,
        dialsOfCase: number.dialsOfCase + dials,
        lastDialledAt: now,
        lastOutcome: outcome,
      },
    ];
  });
}

const conditionOf = ({
  state,
  stateAt,
  vacantHits,
  retests,
  retestAfter,
}: PhoneCondition): PhoneCondition => ({
  state,
  stateAt,
  vacantHits,
  retests,
  retestAfter,
});

/** What the system finds (联系不上) goes before what was said in this call; a hand-over for another cause says nothing about it. */
function dispositionAfter(facts: CaseFacts, causes: readonly (EscalationCause | undefined)[]): Disposition {
  const told = causes.flatMap((cause) =>
    cause !== undefined && cause in OUTCOMES ? (ruleOf(cause as Outcome).disposition ?? []) : [],
  );
  return told[0] ?? facts.disposition;
}

interface Plan {
  query: RetryQuery;
  rule: OutcomeRule;
  said: Said;
  due: number | null;
}
type Planned = Pick<
  Decision,
  | 'state'
  | 'result'
  | 'blockedReason'
  | 'dueAt'
  | 'groupDueAt'
  | 'poolDueAt'
  | 'priority'
  | 'callback'
  | 'escalation'
>;

const nothing = {
  result: null,
  blockedReason: null,
  dueAt: null,
  groupDueAt: null,
  poolDueAt: null,
  callback: null,
  escalation: null,
} as const;

/** Priorities of the queue, 0 first. Promises and deadlines only: never a judgement of the candidate. */
export const PRIORITY = { head: 0, promised: 1, urgent: 2, considering: 4, ordinary: 5 } as const;

function planOf(plan: Plan): Planned {
  const { query, said, due } = plan;
  const priority = priorityOf(plan);
  if (said.outcome === 'R1') return { ...nothing, state: 'final', result: 'admitted', priority };
  if (said.outcome === 'R5') return { ...nothing, state: 'blocked', blockedReason: 'do_not_call', priority };
  const escalation = escalationOf(plan);
  if (query.facts.doNotCall && !escalation) return { ...nothing, ...stopped(query), priority };
  if (escalation) return { ...nothing, ...keptPromise(plan), state: 'escalated', escalation, priority };
  if (due === null && query.facts.underEscalation) return { ...nothing, state: 'escalated', priority };
  if (due === null) throw new Error(`no next step after ${said.outcome}`);
  const promise = promiseOf(plan, due);
  const opened = promise ? opening(query, promise) : fallBack(plan, due);
  const state = query.facts.underEscalation ? 'escalated' : promise ? 'scheduled' : 'ready';
  return { ...nothing, ...opened, state, dueAt: due, callback: promise, priority };
}

/** The person called us, and still does not want to be called. */
const stopped = ({ facts }: RetryQuery): Pick<Planned, 'state' | 'blockedReason'> =>
  facts.underEscalation
    ? { state: 'escalated', blockedReason: null }
    : { state: 'blocked', blockedReason: 'do_not_call' };

/** A time agreed in a call that is handed over by hand is kept by the owner until somebody accepts. */
function keptPromise(plan: Plan): Partial<Planned> {
  const { query, said, due } = plan;
  const promise = said.escalation && due !== null ? promiseOf(plan, due) : null;
  return promise === null ? {} : { ...opening(query, promise), dueAt: promise.dueAt, callback: promise };
}

/** A time agreed, or a reminder of papers, is a call-back: it belongs to its owner first. */
function promiseOf({ said, rule }: Plan, dueAt: number): Decision['callback'] {
  if (said.callback) return { dueAt, scope: said.callback.scope, note: said.callback.note };
  if (rule.retry.kind === 'papers') return { dueAt, scope: 'owner', note: '提醒交退档材料' };
  if (rule.retry.kind === 'agreed') return { dueAt, scope: 'owner', note: rule.label };
  return null;
}

const MINUTE_MS = 60_000;
type Opening = Pick<Decision, 'groupDueAt' | 'poolDueAt'>;

/** Owner only until +15 minutes, then the group, then anyone. */
function opening({ settings, facts }: RetryQuery, promise: NonNullable<Decision['callback']>): Opening {
  const group = promise.dueAt + (promise.scope === 'owner' ? settings.callbackOwnerMinutes * MINUTE_MS : 0);
  const pool = promise.scope === 'any' ? promise.dueAt : group + settings.callbackGroupMinutes * MINUTE_MS;
  return { groupDueAt: facts.hasGroup ? group : null, poolDueAt: pool };
}

/** A due case that its owner leaves lying opens to the group, then to anyone; one that needs another caller opens at once. */
function fallBack({ query: { settings, facts }, rule }: Plan, due: number): Opening {
  const atOnce = rule.retry.kind === 'other_caller' || !facts.hasOwner;
  const group = due + (atOnce ? 0 : settings.groupAfterMinutes * MINUTE_MS);
  const between = (settings.poolAfterMinutes - settings.groupAfterMinutes) * MINUTE_MS;
  return { groupDueAt: facts.hasGroup ? group : null, poolDueAt: facts.hasGroup ? group + between : group };
}

function priorityOf({ query, rule, said }: Plan): number {
  if (rule.retry.kind === 'head' || rule.retry.kind === 'next_number') return PRIORITY.head;
  if (said.callback || rule.retry.kind === 'papers' || rule.retry.kind === 'agreed') return PRIORITY.promised;
  if (isUrgent(query)) return PRIORITY.urgent;
  return (rule.disposition ?? query.facts.disposition) === 'considering'
    ? PRIORITY.considering
    : PRIORITY.ordinary;
}

/** Who takes over, and why; null: the case stays where it is. The caller's choice of tier yields only to a code that has its own. */
function escalationOf(plan: Plan): Decision['escalation'] {
  const ruled = ruledEscalation(plan);
  const chosen = plan.said.escalation;
  if (!chosen || plan.rule.escalation?.at === 'once') return ruled;
  return { tier: chosen.tier, cause: ruled?.cause ?? 'by_hand' };
}

function ruledEscalation(plan: Plan): Decision['escalation'] {
  const { query, rule, said, due } = plan;
  const { facts, settings, now } = query;
  if (rule.escalation?.at === 'once') return { tier: rule.escalation.tier, cause: said.outcome };
  if (facts.underEscalation || query.callbackAt !== null) return null;
  if (due === null) return { tier: 'leader', cause: isUnreachable(query) ? 'R10' : 'no_number' };
  if (!rule.contact && isUnreachable(query)) return { tier: 'leader', cause: 'R10' };
  const limit = handOverLimit(settings, said.outcome);
  const times = said.outcome === 'L3' ? facts.switchedOffDays + 1 : (facts.tried[said.outcome] ?? 0) + 1;
  if (rule.escalation && limit !== null && times >= limit)
    return { tier: rule.escalation.tier, cause: said.outcome };
  const missed = facts.deadlineAt !== null && facts.deadlineAt > now && due >= facts.deadlineAt;
  return missed ? { tier: 'leader', cause: 'deadline' } : null;
}

/**
 * 联系不上, said by the platform only: nobody ever answered, every usable number was dialled as often as the season asks, over
 * enough day parts, and SMS and WeChat were tried where there is a mobile. Seed 000 part 6.
 */
export function isUnreachable({ facts, numbers, now, settings, outcome }: RetryQuery): boolean {
  const usable = numbers.filter(isUsable);
  if (usable.length === 0 || facts.contacts > 0 || ruleOf(outcome).contact) return false;
  const { dialsPerNumber, dialsPerNumberUrgent, dayParts } = settings.unreachable;
  const enough = isUrgent({ facts, now, settings }) ? dialsPerNumberUrgent : dialsPerNumber;
  const called = Object.entries(facts.dayParts).flatMap(([part, count]) => ((count ?? 0) > 0 ? [part] : []));
  const written =
    !usable.some(({ kind }) => kind === 'mobile') ||
    ((facts.messages.sms ?? 0) > 0 && (facts.messages.wechat ?? 0) > 0);
  return (
    usable.every(({ dialsOfCase }) => dialsOfCase >= enough) &&
    new Set([...called, ...(ruleOf(outcome).attempt ? [dayPartOf(now)] : [])]).size >= dayParts &&
    written
  );
}

/** Messages that this occurrence of the code calls for; a text message only where one can go. */
function messagesOf(facts: CaseFacts, rule: OutcomeRule, { outcome, phoneId }: Said): Message[] {
  const times = (facts.tried[outcome] ?? 0) + 1;
  return (['sms', 'wechat'] as const).filter((channel) => {
    const from = rule.messages[channel];
    if (from === undefined || times < from) return false;
    if (channel === 'wechat') return true;
    const written = rule.occasion !== undefined && facts.smsAfter.includes(rule.occasion);
    return written && phoneId !== null && facts.smsPhones.includes(phoneId);
  });
}
