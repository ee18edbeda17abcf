import type { RouteReply } from '#platform/http/route';
import type { dailyTrend } from '../contract.ts';

type Day = RouteReply<typeof dailyTrend>['items'][number];

const DAY_MS = 86_400_000;

/** Days from the first to the last, in order; one on which nobody called stands there with nothing, so that a pause is seen. */
export function everyDay(items: readonly Day[]): readonly Day[] {
  const [first] = items;
  const last = items.at(-1);
  if (!first || !last) return [];
  const found = new Map(items.map((item) => [item.day, item]));
  const nothing = Object.fromEntries(Object.keys(first).map((name) => [name, 0])) as unknown as Day;
  const days = (Date.parse(last.day) - Date.parse(first.day)) / DAY_MS;
  return Array.from({ length: days + 1 }, (_, at) => {
    const day = new Date(Date.parse(first.day) + at * DAY_MS).toISOString().slice(0, 10);
    return found.get(day) ?? { ...nothing, day };
  });
}
