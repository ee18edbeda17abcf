/** Calling hours, day parts and clock times. China has one time zone and no summer time. */

export const DAY_PARTS = ['morning', 'afternoon', 'evening', 'weekend'] as const;
export type DayPart = (typeof DAY_PARTS)[number];

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const OFFSET_MINUTES = 480;
const NOON = 720;
const EVENING = 1080;
/** Where "this evening" begins for a person at home. */
const EVENING_CALL = 1140;

/** Calling hours of a province in minutes of the day, Beijing time; the end is excluded. */
export interface CallingWindow {
  readonly fromMinute: number;
  readonly untilMinute: number;
}

/** From `HH:MM` as the policy stores it. */
export const windowOf = (from: string, until: string): CallingWindow => ({
  fromMinute: minuteOf(from),
  untilMinute: minuteOf(until),
});

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** Days since 1970 and minute of the day in China. */
export function localTime(at: number): { day: number; minute: number; weekday: number } {
  const minutes = Math.floor(at / MINUTE_MS) + OFFSET_MINUTES;
  const day = Math.floor(minutes / DAY_MINUTES);
  return { day, minute: minutes - day * DAY_MINUTES, weekday: (day + 4) % 7 };
}

const instantAt = (day: number, minute: number): number =>
  (day * DAY_MINUTES + minute - OFFSET_MINUTES) * MINUTE_MS;

/** 上午, 下午, 晚上 of a working day, or 周末. */
export function dayPartOf(at: number): DayPart {
  const { minute, weekday } = localTime(at);
  if (weekday === 0 || weekday === 6) return 'weekend';
  return minute < NOON ? 'morning' : minute < EVENING ? 'afternoon' : 'evening';
}

export const isCallingTime = (at: number, { fromMinute, untilMinute }: CallingWindow): boolean => {
  const { minute } = localTime(at);
  return minute >= fromMinute && minute < untilMinute;
};

/** The same instant when it lies in the calling hours, else their next beginning. */
export function intoWindow(at: number, window: CallingWindow): number {
  const { day, minute } = localTime(at);
  if (minute < window.fromMinute) return instantAt(day, window.fromMinute);
  return minute < window.untilMinute ? at : instantAt(day + 1, window.fromMinute);
}

/** Beginning of the calling hours of the next day. */
export const nextDay = (at: number, window: CallingWindow): number =>
  instantAt(localTime(at).day + 1, window.fromMinute);

/** The evening `days` days later (0: today), inside the calling hours. */
export function eveningOf(at: number, days: number, window: CallingWindow): number {
  const minute = Math.max(window.fromMinute, Math.min(EVENING_CALL, window.untilMinute - 60));
  return instantAt(localTime(at).day + days, minute);
}

const OFFICE_FROM = 540;
/** The next working day at nine: schools and offices answer only then. */
export function nextWorkingMorning(at: number, window: CallingWindow): number {
  const { day } = localTime(at);
  const minute = Math.max(OFFICE_FROM, window.fromMinute);
  const days = [1, 2, 3].find((ahead) => ![0, 6].includes((day + ahead + 4) % 7)) ?? 1;
  return instantAt(day + days, minute);
}

const OFFICE_UNTIL = 1050;
/** The same instant within the working hours of schools and offices, else their next beginning. */
export function intoWorkingHours(at: number, window: CallingWindow): number {
  const { day, minute, weekday } = localTime(at);
  if ([0, 6].includes(weekday) || minute >= OFFICE_UNTIL) return nextWorkingMorning(at, window);
  return instantAt(day, Math.max(minute, OFFICE_FROM, window.fromMinute));
}

/** Shortest distance of two clock times in hours, around midnight. */
export function clockHoursApart(one: number, other: number): number {
  const apart = Math.abs(localTime(one).minute - localTime(other).minute);
  return Math.min(apart, DAY_MINUTES - apart) / 60;
}

export interface SlotQuery {
  /** Not before. */
  readonly after: number;
  readonly window: CallingWindow;
  readonly used: Readonly<Partial<Record<DayPart, number>>>;
  /** Clock time to stay away from, and how far; null: any time will do. */
  readonly avoid: { readonly at: number; readonly hours: number } | null;
  /** Days looked ahead, today included. */
  readonly days: number;
}

/**
 * The next time in the day part used least so far, the earlier one among equals. Repeating one slot gives diminishing
 * returns (Kulka & Weeks 1988).
 */
export function leastUsedSlot(query: SlotQuery): number {
  const slots = Array.from({ length: query.days }, (_, ahead) => slotsOf(query, ahead)).flat();
  const uses = (at: number): number => query.used[dayPartOf(at)] ?? 0;
  const best = slots.toSorted((one, other) => uses(one) - uses(other) || one - other)[0];
  return best ?? intoWindow(query.after, query.window);
}

/** Start of each part of one day that is still to come and far enough from the time to avoid. */
function slotsOf({ after, window, avoid }: SlotQuery, ahead: number): number[] {
  const day = localTime(after).day + ahead;
  const edges = [window.fromMinute, NOON, EVENING, window.untilMinute].filter(
    (minute) => minute >= window.fromMinute && minute <= window.untilMinute,
  );
  return edges.slice(0, -1).flatMap((from, index) => {
    const until = instantAt(day, edges[index + 1] ?? window.untilMinute);
    const start = Math.max(after, instantAt(day, from));
    if (start >= until) return [];
    if (!avoid || clockHoursApart(start, avoid.at) >= avoid.hours) return [start];
    const later = instantAt(day, localTime(avoid.at).minute + avoid.hours * 60);
    return later > start && later < until ? [later] : [];
  });
}

const two = (figure: number): string => String(figure).padStart(2, '0');

/** `15:20`, `明天 09:00` or `7月28日 09:00`, seen from `now`. */
export function sayTime(at: number, now: number): string {
  const { day, minute } = localTime(at);
  const clock = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
  const ahead = day - localTime(now).day;
  if (ahead === 0) return clock;
  if (ahead === 1) return `明天 ${clock}`;
  const date = new Date(instantAt(day, OFFSET_MINUTES));
  return `${date.getUTCMonth() + 1}月${date.getUTCDate()}日 ${clock}`;
}

/** Whole minutes, so that the consequence shown and the one stored agree. */
export const toMinute = (at: number): number => Math.round(at / MINUTE_MS) * MINUTE_MS;
