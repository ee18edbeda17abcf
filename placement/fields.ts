import type { Finding } from './model.ts';

type Row = Readonly<Record<string, unknown>>;

/** One field of a row: what it must be, and what to say when it is not. */
export interface FieldRule {
  readonly field: string;
  readonly code: string;
  readonly holds: (value: unknown, row: Row) => boolean;
  readonly message: string;
}

export function rule(field: string, code: string, holds: FieldRule['holds'], message: string): FieldRule {
  return { field, code, holds, message };
}

export function isRecord(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** Absent and null are the same. */
export function optional(holds: FieldRule['holds']): FieldRule['holds'] {
  return (value, row) => value === undefined || value === null || holds(value, row);
}

export function fieldFindings(row: unknown, path: string, rules: readonly FieldRule[]): Finding[] {
  if (!isRecord(row)) return [{ code: 'BAD_ROW', path, message: `${path} 应为一个对象。` }];
  return rules
    .filter(({ field, holds }) => !holds(row[field], row))
    .map(({ field, code, message }) => {
      const where = path === '' ? field : `${path}.${field}`;
      return { code, path: where, message: `${where}：${message}，现为 ${shown(row[field])}。` };
    });
}

/** The findings of many rows. Nearly every row is clean, and then nothing but the looking is paid for. */
export function listFindings(rows: readonly unknown[], path: string, rules: readonly FieldRule[]): Finding[] {
  const findings: Finding[] = [];
  rows.forEach((row, index) => {
    const isClean = isRecord(row) && rules.every(({ field, holds }) => holds(row[field], row));
    if (!isClean) findings.push(...fieldFindings(row, `${path}[${index}]`, rules));
  });
  return findings;
}

/** JSON knows no NaN, Infinity or undefined: say them as they are. */
function shown(value: unknown): string {
  if (value === undefined) return '空';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
