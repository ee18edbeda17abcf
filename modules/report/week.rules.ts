const DAY_MS = 86_400_000;

/** The Monday of the week that a day (YYYY-MM-DD) belongs to. */
export function mondayOf(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  const sinceMonday = (at.getUTCDay() + 6) % 7;
  return new Date(at.getTime() - sinceMonday * DAY_MS).toISOString().slice(0, 10);
}

/** A summary can still be begun for so many weeks after its own: by then its candidates are decided. */
const WEEKS_BACK = 4;

/** The Mondays of the weeks for which a leader may begin a summary on that day, this week first. */
export function openWeeks(today: string): string[] {
  const thisWeek = Date.parse(`${mondayOf(today)}T00:00:00Z`);
  return Array.from({ length: WEEKS_BACK + 1 }, (_, back) =>
    new Date(thisWeek - back * 7 * DAY_MS).toISOString().slice(0, 10),
  );
}
