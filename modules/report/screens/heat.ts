import { WEEKDAYS } from './words.ts';

export interface HourSums {
  readonly weekday: number;
  readonly hour: number;
  readonly attempts: number;
  readonly contacts: number;
}

export interface Heat {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly cells: readonly (readonly (number | null)[])[];
}

/** Days by hours, from the first to the last hour in which anybody called; Monday first, though the server counts from Sunday. */
export function heatOf(items: readonly HourSums[], value: (sums: HourSums) => number | null): Heat {
  if (items.length === 0) return { columns: [], rows: [], cells: [] };
  const hours = items.map(({ hour }) => hour);
  const first = Math.min(...hours);
  const columns = Array.from({ length: Math.max(...hours) - first + 1 }, (_, at) => first + at);
  const found = new Map(items.map((item) => [`${item.weekday} ${item.hour}`, item]));
  const cells = WEEKDAYS.map((_, day) =>
    columns.map((hour) => {
      const sums = found.get(`${(day + 1) % 7} ${hour}`);
      return sums ? value(sums) : null;
    }),
  );
  return { columns: columns.map((hour) => `${hour} 时`), rows: WEEKDAYS, cells };
}
