import { type FieldRule, fieldFindings, isList, isRecord, isText, optional, rule } from './fields.ts';
import type { Finding, Outcome } from './model.ts';

const REASONS: readonly unknown[] = [
  'PLACED',
  'FULL',
  'BELOW_LINE',
  'INELIGIBLE',
  'PLAN_ZERO',
  'UNKNOWN_CODE',
  'NO_PREFS',
];

const isCode = (value: unknown): boolean => value === null || typeof value === 'string';
const isScore = (value: unknown): boolean => value === null || typeof value === 'number';

const assignmentFields: readonly FieldRule[] = [
  rule('id', 'BAD_OUTCOME', isText, '考生号应为非空文字'),
  rule('code', 'BAD_OUTCOME', isCode, '专业代码应为文字或 null'),
  rule('at', 'BAD_OUTCOME', Number.isInteger, '志愿位次应为整数'),
  rule('reason', 'BAD_OUTCOME', (value) => REASONS.includes(value), '原因不在原因表内'),
  rule(
    'adjusted',
    'BAD_OUTCOME',
    optional((value) => typeof value === 'boolean'),
    '调剂标记应为是或否',
  ),
];

const programFields: readonly FieldRule[] = [
  rule('code', 'BAD_OUTCOME', isText, '专业代码应为非空文字'),
  rule('filed', 'BAD_OUTCOME', Number.isInteger, '投档数应为整数'),
  rule('cutoff', 'BAD_OUTCOME', isScore, '最低分应为数或 null'),
];

export type CheckedOutcome =
  | { readonly ok: true; readonly value: Outcome }
  | { readonly ok: false; readonly error: Finding[] };

/** An outcome as read from a file: its shape only; whether it is right is for the verifier. */
export function parseOutcome(input: unknown): CheckedOutcome {
  if (!isRecord(input) || !isList(input.assign) || !isList(input.programs)) {
    const message = '结果应有 assign 与 programs 两个列表。';
    return { ok: false, error: [{ code: 'BAD_OUTCOME', path: '', message }] };
  }
  const error = [
    ...input.assign.flatMap((row, i) => fieldFindings(row, `assign[${i}]`, assignmentFields)),
    ...input.programs.flatMap((row, i) => fieldFindings(row, `programs[${i}]`, programFields)),
  ];
  return error.length > 0 ? { ok: false, error } : { ok: true, value: input as unknown as Outcome };
}
