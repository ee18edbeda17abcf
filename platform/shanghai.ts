/** Days in China, for whom all dates and limits count. China keeps one offset all year. Pure: rules, server and browser may use it. */

const OFFSET_MS = 8 * 3_600_000;

/** The calendar day of an instant in Asia/Shanghai, YYYY-MM-DD. */
export const shanghaiDay = (at: number): string => new Date(at + OFFSET_MS).toISOString().slice(0, 10);

/** Date and time there to the second, as people write them: 2026-07-22 14:30:05. */
export const shanghaiTime = (at: number): string =>
  new Date(at + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');

/** The first instant of a day there. */
export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);
