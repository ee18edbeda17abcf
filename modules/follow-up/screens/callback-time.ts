import { type CallingWindow, eveningOf, localTime, nextDay, sayTime, toMinute } from '../day-part.rules.ts';

/** Times a candidate agrees to, as a caller types or chooses them. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NINE = 540;

export const CALLBACK_CHOICES = ['hour', 'tonight', 'tomorrow', 'pick'] as const;
export type CallbackChoice = (typeof CALLBACK_CHOICES)[number];

/** The time of a chip; null where it has passed. `pick` has none of its own. */
export function callbackTime(choice: CallbackChoice, now: number, window: CallingWindow): number | null {
  const morning = { ...window, fromMinute: Math.max(NINE, window.fromMinute) };
  const at = {
    hour: toMinute(now + HOUR_MS),
    tonight: eveningOf(now, 0, window),
    tomorrow: nextDay(now, morning),
    pick: null,
  }[choice];
  return at !== null && at > now ? at : null;
}

/** `一小时后 15:20`, `今晚 19:00`, `明早 09:00`, `另选时间`. */
export function callbackLabel(choice: CallbackChoice, now: number, window: CallingWindow): string {
  if (choice === 'pick') return '另选';
  const at = callbackTime(choice, now, window);
  if (at === null) return '今晚已过';
  const clock = sayTime(at, now).replace(/^明天 /, '');
  return { hour: `+1 小时 ${clock}`, tonight: `今晚 ${clock}`, tomorrow: `明早 ${clock}` }[choice];
}

const DAYS: Readonly<Record<string, number>> = { '': 0, 今: 0, 今天: 0, 明: 1, 明天: 1, 后: 2, 后天: 2 };

/**
 * `1530`, `15:30`, `明天 9:30`, `后天 0930`, `7-28 10:00`, `7月28日 10:00`, or minutes from now: `+30`. Null: not understood.
 * A clock time of today that has passed means tomorrow.
 */
export function parseCallback(text: string, now: number): number | null {
  const typed = text
    .normalize('NFKC')
    .trim()
    .replaceAll(/[点时]/g, ':')
    .replace(/:$/, ':00')
    .replace(/分$/, '');
  const later = /^\+\s*(\d{1,4})$/.exec(typed)?.[1];
  if (later) return toMinute(now + Number(later) * MINUTE_MS);
  const parts = /(\d{1,2}):?([0-5]\d)$/.exec(typed);
  if (!parts) return null;
  const [, hour = '', minute = ''] = parts;
  const date = typed.slice(0, parts.index);
  const ahead = daysAhead(date.trim(), now);
  if (ahead === null || Number(hour) > 23) return null;
  const midnight = now - (localTime(now).minute * MINUTE_MS + (now % MINUTE_MS));
  const at = midnight + ahead * 24 * HOUR_MS + (Number(hour) * 60 + Number(minute)) * MINUTE_MS;
  return at <= now && date.trim() === '' ? at + 24 * HOUR_MS : at;
}

/** Days from today to a day as typed; a date that has passed means next year's. */
function daysAhead(date: string, now: number): number | null {
  const word = DAYS[date];
  if (word !== undefined) return word;
  const [, month, day] = /^(\d{1,2})[-/月](\d{1,2})日?$/.exec(date) ?? [];
  if (!month || !day) return null;
  const today = localTime(now).day;
  const year = new Date(today * 24 * HOUR_MS).getUTCFullYear();
  const days = [year, year + 1].map((one) => Date.UTC(one, Number(month) - 1, Number(day)) / (24 * HOUR_MS));
  const found = days.find((one) => one >= today);
  return found === undefined ? null : found - today;
}
