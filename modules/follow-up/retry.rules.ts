import type { Occasion } from '#script/rules';
import type { FollowUpSettings } from '#season/rules';
import {
  type CallingWindow,
  type DayPart,
  dayPartOf,
  eveningOf,
  intoWindow,
  leastUsedSlot,
  nextDay,
  toMinute,
} from './day-part.rules.ts';
import { earliestDial, type NumberFacts } from './number.rules.ts';
import { type Disposition, type Outcome, ruleOf, waitMinutes } from './outcome.rules.ts';

/** When a case is tried again: waits by outcome, then another part of the day. All instants are milliseconds. */

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What is known of a case when it is decided, before the outcome counts. */
export interface CaseFacts {
  readonly disposition: Disposition;
  readonly withdrawable: boolean;
  readonly withdrawalDeadlineAt: number | null;
  readonly deadlineAt: number | null;
  readonly window: CallingWindow;
  /** Dials of the candidate today, over all phases and groups. */
  readonly dialledToday: number;
  /** How often each code came in this case, and today. */
  readonly tried: Readonly<Partial<Record<string, number>>>;
  readonly triedToday: Readonly<Partial<Record<string, number>>>;
  /** Days on which the telephone was switched off. */
  readonly switchedOffDays: number;
  readonly dayParts: Readonly<Partial<Record<DayPart, number>>>;
  readonly lastUnansweredAt: number | null;
  /** Messages by channel in this case. */
  readonly messages: Readonly<Partial<Record<'sms' | 'wechat', number>>>;
  readonly contacts: number;
  /** Numbers to which a text message may go now: a mobile, within the messages of a day. */
  readonly smsPhones: readonly string[];
  /** Occasions for which a text is approved. */
  readonly smsAfter: readonly Occasion[];
  readonly underEscalation: boolean;
  /** 勿再来电 stands for this person, whichever phase it was said in. */
  readonly doNotCall: boolean;
  readonly hasOwner: boolean;
  readonly hasGroup: boolean;
}

export interface RetryQuery {
  readonly outcome: Outcome;
  readonly facts: CaseFacts;
  /** All numbers after the effect of this call. */
  readonly numbers: readonly NumberFacts[];
  readonly now: number;
  readonly settings: FollowUpSettings;
  /** Agreed with the candidate or the family. */
  readonly callbackAt: number | null;
}

export const isUrgent = ({ facts, now, settings }: Pick<RetryQuery, 'facts' | 'now' | 'settings'>): boolean =>
  facts.deadlineAt !== null && facts.deadlineAt - now < settings.urgentHours * HOUR_MS;

/** After so many of a code on one day the case rests until the next: L4, L7 and A4. */
export const PER_DAY: Readonly<Partial<Record<Outcome, number>>> = { L4: 3, L7: 2, A4: 2 };

/** The next try. Null: there is none, because no number is left or the rule asks for none. */
export function nextTry(query: RetryQuery): number | null {
  if (query.callbackAt !== null) return query.callbackAt;
  const wanted = wantedTime(query);
  if (wanted === null) return null;
  const after = isEnoughToday(query) ? nextDay(query.now, query.facts.window) : wanted;
  return withinCaps(query, Math.max(wanted, after));
}

const isEnoughToday = ({ outcome, facts }: RetryQuery): boolean =>
  (facts.triedToday[outcome] ?? 0) + 1 >= (PER_DAY[outcome] ?? Number.POSITIVE_INFINITY);

/** The time the rule of the outcome asks for, before caps. */
function wantedTime(query: RetryQuery): number | null {
  const { facts, now, settings, outcome } = query;
  const { retry } = ruleOf(outcome);
  const later = now + waitMinutes(settings, outcome) * MINUTE_MS;
  const times = (facts.tried[outcome] ?? 0) + 1;
  switch (retry.kind) {
    case 'none':
      return null;
    case 'next_number':
    case 'head':
      return now;
    case 'wait':
      if (times <= retry.times) return later;
      return retry.afterwards
        ? now + waitMinutes(settings, retry.afterwards) * MINUTE_MS
        : slotAfter(query, later);
    case 'agreed':
      return retry.evening ? eveningOf(now, 1, facts.window) : later;
    case 'evening':
      return eveningOf(now, 1, facts.window);
    case 'working_hours':
      return later;
    case 'next_window':
      return nextDay(now, facts.window);
    case 'other_caller':
      return later;
    case 'consider':
      return considerTime(query);
    case 'papers':
      return paperTime(query);
  }
}

/** The least-used day part of the next days, away from the clock time of the last no-answer; the sooner the deadline, the nearer. */
function slotAfter(query: RetryQuery, after: number): number {
  const { facts, now, settings } = query;
  const urgent = isUrgent(query);
  const dayPart = dayPartOf(now);
  return leastUsedSlot({
    after,
    window: facts.window,
    used: { ...facts.dayParts, [dayPart]: (facts.dayParts[dayPart] ?? 0) + 1 },
    avoid: urgent ? null : { at: now, hours: settings.avoidHours },
    days: urgent ? 1 : 3,
  });
}

/**
 * 考虑: the first evening that leaves the family some hours to talk, at the latest after `considerHours`; in the last day
 * before the deadline every `considerLastDayHours`.
 */
function considerTime(query: RetryQuery): number {
  const { facts, now, settings } = query;
  const soonest = now + settings.considerLastDayHours * HOUR_MS;
  if (isUrgent(query)) return soonest;
  const latest = now + settings.considerHours * HOUR_MS;
  const evenings = [0, 1].map((days) => eveningOf(now, days, facts.window));
  return evenings.find((evening) => evening >= soonest && evening <= latest) ?? latest;
}

/**
 * 申请退档: reminders of the papers after the agreed hours, and a last one some hours before the deadline. When none of them
 * lies ahead it is a day later, which past the deadline is the leader's to settle: nobody is called again and again for papers.
 */
function paperTime({ facts, now, settings, outcome }: RetryQuery): number {
  const hours = settings.paperReminderHours[facts.tried[outcome] ?? 0];
  const reminders = [
    ...(hours === undefined ? [] : [now + hours * HOUR_MS]),
    ...(facts.withdrawalDeadlineAt === null
      ? []
      : [facts.withdrawalDeadlineAt - settings.paperLastHours * HOUR_MS]),
  ].filter((at) => at > now);
  return reminders.length > 0 ? Math.min(...reminders) : now + 24 * HOUR_MS;
}

/** Moves a time to where a number may be dialled: calling hours, caps of number and candidate. Null: no number is left. */
function withinCaps(query: RetryQuery, wanted: number): number | null {
  const { facts, numbers, now, settings } = query;
  const dialled = facts.dialledToday + (ruleOf(query.outcome).attempt ? 1 : 0);
  const capped = dialled >= settings.dialsPerCandidatePerDay ? nextDay(now, facts.window) : now;
  const after = Math.max(wanted, capped);
  const times = numbers.flatMap((number) => {
    const at = earliestDial(number, { after, now, window: facts.window, settings });
    return at === null ? [] : [at];
  });
  if (times.length === 0) return null;
  const soonest = Math.min(...times.map((at) => intoWindow(at, facts.window)));
  // The next number at once means now, not the next whole minute, when another candidate would have come between.
  return soonest <= now ? now : toMinute(soonest);
}
