import type { Instant } from '#platform/ids';

const SHANGHAI_MS = 8 * 3_600_000;

/** The calendar day of an instant in Asia/Shanghai, YYYY-MM-DD. China keeps one offset all year. */
export const shanghaiDay = (at: Instant): string => new Date(at + SHANGHAI_MS).toISOString().slice(0, 10);
