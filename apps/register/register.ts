import { CANDIDATE_TABLES } from './candidate-tables.ts';
import { FOLLOW_UP_TABLES } from './follow-up-tables.ts';
import { PLATFORM_TABLES } from './platform-tables.ts';
import { STAFF_TABLES } from './staff-tables.ts';
import type { Register } from './words.ts';

/**
 * 个人信息保护法 art. 6 and 51: every column of the database with purpose, basis, class and how long it is kept. register.test.ts compares it with
 * the catalogue; docs/data-register.md is made from it.
 */
export const REGISTER: Register = {
  ...PLATFORM_TABLES,
  ...STAFF_TABLES,
  ...CANDIDATE_TABLES,
  ...FOLLOW_UP_TABLES,
};

/** Columns of a table, those of its personal data included. */
export const columnsOf = (table: string): string[] => {
  const entry = REGISTER[table];
  return entry ? [...entry.columns.split(' '), ...Object.keys(entry.personal ?? {})] : [];
};
