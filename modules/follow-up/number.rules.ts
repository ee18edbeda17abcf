import {
  isBarred,
  type PhoneCondition,
  type PhoneEffect,
  type PhoneState,
  type Relation,
} from '#candidate/rules';
import type { FollowUpSettings } from '#season/rules';
import {
  type CallingWindow,
  eveningOf,
  intoWindow,
  intoWorkingHours,
  localTime,
  nextDay,
  nextWorkingMorning,
  sayTime,
} from './day-part.rules.ts';
import type { NumberEffect } from './outcome.rules.ts';

/** When a number may be dialled, in which order, and with which digits: a mobile of another area gets a leading 0. */

/** What the rules want to know of one number of the candidate. */
export interface NumberFacts extends PhoneCondition {
  readonly phoneId: string;
  readonly kind: 'mobile' | 'landline';
  readonly relation: Relation;
  /** Today, whoever of the tenant dialled it: brothers share a father's number. */
  readonly dialledToday: number;
  readonly lastDialledAt: number | null;
  /** What came of it last, in any case of this candidate. */
  readonly lastOutcome: string | null;
  readonly dialsOfCase: number;
  /** Its holder complained about the calls to another candidate, and the complaint is not settled. */
  readonly frozen: boolean;
}

const MINUTE_MS = 60_000;
/** After these nobody was rung, so that the pause between two dials need not be kept. */
const NOT_RUNG: ReadonlySet<string> = new Set(['L6', 'L9', 'L10', 'L11', 'A10']);

/** A number that is worth dialling now or later. */
export const isUsable = ({ state, retestAfter }: NumberFacts): boolean =>
  state !== 'dead' && !((state === 'suspended' || state === 'do_not_call') && retestAfter === null);

/** The same, where nothing is won by a number that is barred until after the deadline. */
export const isUsableBy = (number: NumberFacts, deadlineAt: number | null): boolean =>
  isUsable(number) && (deadlineAt === null || !isBarred(number, deadlineAt));

/** The earliest time from `after` on at which this number may be dialled; null: never again. */
export function earliestDial(
  number: NumberFacts,
  at: { after: number; now: number; window: CallingWindow; settings: FollowUpSettings },
): number | null {
  if (!isUsable(number)) return null;
  const { settings, window, now } = at;
  // Nobody knows when the complaint is settled: looked at again tomorrow.
  if (number.frozen) return intoWindow(Math.max(at.after, nextDay(now, window)), window);
  const rested =
    number.lastDialledAt === null || NOT_RUNG.has(number.lastOutcome ?? '')
      ? 0
      : number.lastDialledAt + settings.minutesBetweenDials * MINUTE_MS;
  const healed = number.state === 'live' ? 0 : (number.retestAfter ?? 0);
  const open = intoWindow(Math.max(at.after, rested, healed), window);
  const earliest = officeClosed(number)
    ? intoWorkingHours(Math.max(open, nextWorkingMorning(number.lastDialledAt ?? now, window)), window)
    : open;
  const retest =
    number.state === 'suspended' && healed > at.after ? eveningOf(earliest, 0, window) : earliest;
  const usedUp = number.dialledToday >= settings.dialsPerNumberPerDay;
  const sameDay = localTime(retest).day === localTime(now).day;
  return usedUp && sameDay ? nextDay(now, window) : Math.max(earliest, retest);
}

/** 学校电话无人: tried again in working hours only, once a day. */
const officeClosed = ({ lastOutcome }: NumberFacts): boolean => lastOutcome === 'A2';

/** Why a number may not be dialled now, in words; null: it may. A promised call-back is dialled at its time whatever the caps say. */
export function dialBarred(
  number: NumberFacts,
  at: {
    now: number;
    window: CallingWindow;
    settings: FollowUpSettings;
    dialledToday: number;
    promised: boolean;
    doNotCall: boolean;
  },
): string | null {
  const { settings, now } = at;
  if (at.doNotCall) return '本人要求勿再来电，只能接听，不能拨出；只有督查组可以解除。';
  if (isBarred(number, now)) return barredWords(number, now);
  if (number.state === 'dead') return '已两次确认是空号，不再拨打。';
  if (number.frozen) return '接这个号码的人投诉了打给另一名考生的电话，督查组办结以前不拨；请先拨其他号码。';
  if (at.promised) return null;
  if (number.state === 'suspended' && number.retestAfter === null) return '停机已复测 3 次，不再拨打。';
  const earliest = earliestDial(number, { ...at, after: now }) ?? now;
  if (at.dialledToday >= settings.dialsPerCandidatePerDay)
    return `这名考生今天已拨 ${at.dialledToday} 次（上限 ${settings.dialsPerCandidatePerDay} 次），请明天再拨。`;
  if (earliest <= now) return null;
  if (number.dialledToday >= settings.dialsPerNumberPerDay)
    return `这个号码今天已拨 ${number.dialledToday} 次（上限 ${settings.dialsPerNumberPerDay} 次），${sayTime(earliest, now)} 起可拨。`;
  return `${sayTime(earliest, now)} 起可拨（间隔、复测或拨打时段未到）。`;
}

const barredWords = ({ retestAfter }: NumberFacts, now: number): string =>
  retestAfter === null
    ? '这个号码已登记勿拨，只有督查组可以解除。'
    : `这个号码已登记勿拨，到 ${sayTime(retestAfter, now)} 为止；只有督查组可以提前解除。`;

const ORDER: Readonly<Record<Relation, number>> = {
  self: 0,
  father: 1,
  mother: 1,
  guardian: 1,
  grandparent: 2,
  relative: 3,
  unknown: 1,
  other: 4,
  teacher: 5,
  neighbour: 6,
  village: 6,
  school: 7,
};
const USABILITY: Readonly<Record<PhoneState, number>> = {
  live: 0,
  suspect: 1,
  cooling: 1,
  suspended: 2,
  dead: 3,
  do_not_call: 4,
};

/** Dial order: live before doubtful, least tried of this case, then by relation, then as delivered. */
export const inDialOrder = <T extends NumberFacts>(numbers: readonly T[]): T[] =>
  numbers.toSorted(
    (one, other) =>
      Number(one.frozen) - Number(other.frozen) ||
      USABILITY[one.state] - USABILITY[other.state] ||
      one.dialsOfCase - other.dialsOfCase ||
      ORDER[one.relation] - ORDER[other.relation],
  );

export interface DialString {
  readonly digits: string;
  /** Null: the area of the number is unknown, so the long-distance form is offered. */
  readonly local: boolean | null;
}

/**
 * What to press on a desk phone. A mobile of another area gets 0 in front, a local one is dialled as it is; a landline of
 * the own area loses its area code. `national` is the number inside the country, landlines with area code.
 */
export function dialString(
  national: string,
  {
    kind,
    areaCode,
    homeAreaCode,
  }: { kind: NumberFacts['kind']; areaCode: string | null; homeAreaCode: string },
): DialString {
  const local = areaCode === null ? null : areaCode === homeAreaCode;
  if (kind === 'mobile') return { digits: local === true ? national : `0${national}`, local };
  return local && national.startsWith(homeAreaCode)
    ? { digits: national.slice(homeAreaCode.length), local }
    : { digits: national, local };
}

/** What an outcome says about the number, in the words of the candidate module; null: nothing. */
export const EFFECT_ON_PHONE: Readonly<Record<NumberEffect, PhoneEffect | null>> = {
  none: null,
  live: 'alive',
  vacant: 'vacant',
  suspended: 'suspended',
  cooling: 'rejected',
  detached: null,
  do_not_call: null,
  informant: 'alive',
  caller_blocked: null,
};
