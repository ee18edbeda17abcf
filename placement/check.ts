import { checkGroups } from './check-groups.ts';
import {
  type FieldRule,
  fieldFindings,
  isList,
  isRecord,
  isText,
  listFindings,
  optional,
  rule,
} from './fields.ts';
import type { Finding, Instance } from './model.ts';

export const CANDIDATES_MAX = 20_000_000;
const COUNT_MAX = 100_000_000;
const LADDER_STEP = /^(score|tie|tie\.\d+|marks\..+|position)$/u;

const candidateFields: readonly FieldRule[] = [
  rule('id', 'BAD_ID', isText, '考生号应为非空文字'),
  rule('score', 'BAD_SCORE', isAmount, '成绩应为不小于 0 的数'),
  rule('tie', 'BAD_TIE', optional(isListOf(isNumber)), '同分比较项应为数的列表'),
  rule('seq', 'BAD_SEQ', optional(isNumber), '报名序号应为数'),
  rule('prefs', 'BAD_PREFS', isListOf(isString), '志愿应为专业代码的列表'),
  rule('level', 'BAD_FIELD', optional(isString), '层次应为文字'),
  rule('subjects', 'BAD_FIELD', optional(isListOf(isString)), '选考科目应为文字的列表'),
  rule('marks', 'BAD_MARK', optional(isTableOf(isAmount)), '单科成绩应为不小于 0 的数'),
  rule('bars', 'BAD_FIELD', optional(isListOf(isString)), '体检结论应为代码的列表'),
  rule('category', 'BAD_FIELD', optional(isString), '类别应为文字'),
  rule('obey', 'BAD_FIELD', optional(isFlag), '服从调剂应为是或否'),
];

const programFields: readonly FieldRule[] = [
  rule('code', 'BAD_CODE', isText, '专业代码应为非空文字'),
  rule('plan', 'BAD_PLAN', isCount, `计划数应为 0 至 ${COUNT_MAX} 的整数`),
  rule('ratio', 'BAD_RATIO', optional(isRatio), '投档比例应为大于 0、不超过 100 的数，最多六位小数'),
  rule(
    'rounding',
    'BAD_ROUNDING',
    optional(isOneOf('floor', 'ceil')),
    '取整方式只有 floor（舍）与 ceil（入）',
  ),
  rule('line', 'BAD_LINE', optional(isAmount), '分数线应为不小于 0 的数'),
  rule('level', 'BAD_FIELD', optional(isString), '层次应为文字'),
  rule('require', 'BAD_FIELD', optional(isListOf(isString)), '选考要求应为科目的列表'),
  rule('minSubject', 'BAD_MARK', optional(isTableOf(isAmount)), '单科要求应为不小于 0 的数'),
  rule('bar', 'BAD_FIELD', optional(isListOf(isString)), '体检受限应为代码的列表'),
  rule('noAdjust', 'BAD_FIELD', optional(isFlag), '不接受调剂应为是或否'),
  rule('ranking', 'BAD_RANKING', optional(isDistinctTexts), '排名应为不重复的考生号列表'),
  rule(
    'reserves',
    'BAD_RESERVE',
    optional(isReserves),
    '保留名额应写明不重复的类别与不小于 0 的整数，合计不超过投档数',
  ),
];

const roundFields: readonly FieldRule[] = [
  rule(
    'mode',
    'BAD_MODE',
    optional(isOneOf('parallel', 'rounds', 'gaps', 'da')),
    '投档方式只有 parallel、rounds、gaps、da',
  ),
  rule('tiePolicy', 'BAD_TIE_POLICY', optional(isOneOf('strict', 'expand')), '同分处理只有 strict 与 expand'),
  rule('ladder', 'BAD_LADDER', optional(isLadder), '同分阶梯应以 score 起，position 只能在最后'),
  rule(
    'windows',
    'BAD_WINDOWS',
    optional(isListOf(isListOf(isCount))),
    '每一轮应为志愿位次（从 0 起）的列表',
  ),
  rule('gaps', 'BAD_GAPS', optional(isListOf(isAmount)), '级差应为不小于 0 的数的列表'),
  rule('rules', 'BAD_RULES', optional(isRuleSet), '规则应写明名称与版本'),
];

/** Every finding about an instance as it was read; none means it may be placed. Shapes first, then references. */
export function checkInstance(input: unknown): Finding[] {
  if (!isRecord(input)) return [{ code: 'BAD_INSTANCE', path: '', message: '输入应为一个对象。' }];
  const candidates = rows(input.candidates, 'candidates', '考生');
  const programs = rows(input.programs, 'programs', '专业');
  const findings = [
    ...candidates.findings,
    ...programs.findings,
    ...fieldFindings(input, '', roundFields),
    ...listFindings(candidates.list, 'candidates', candidateFields),
    ...listFindings(programs.list, 'programs', programFields),
    ...duplicates({ list: candidates.list, field: 'id', code: 'DUPLICATE_CANDIDATE', noun: '考生号' }),
    ...duplicates({ list: programs.list, field: 'code', code: 'DUPLICATE_PROGRAM', noun: '专业代码' }),
    ...checkGroups(input, programs.list),
  ];
  if (candidates.list.length > CANDIDATES_MAX) {
    findings.push({
      code: 'TOO_MANY',
      path: 'candidates',
      message: `考生 ${candidates.list.length} 人，超过上限 ${CANDIDATES_MAX} 人。`,
    });
  }
  return findings;
}

export type Checked =
  | { readonly ok: true; readonly value: Instance }
  | { readonly ok: false; readonly error: Finding[] };

/** An instance fit to be placed, or every finding. `null` in an optional field means absent. */
export function parseInstance(input: unknown): Checked {
  const error = checkInstance(input);
  return error.length > 0 ? { ok: false, error } : { ok: true, value: withoutNulls(input) as Instance };
}

/** The same value where there is nothing to leave out: rounds are large, and nulls are rare. */
function withoutNulls(value: unknown): unknown {
  if (!hasNull(value)) return value;
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field)]));
}

function hasNull(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== 'object') return false;
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const part of parts)
    if (typeof part !== 'string' && typeof part !== 'number' && hasNull(part)) return true;
  return false;
}

function rows(value: unknown, path: string, noun: string): { list: readonly unknown[]; findings: Finding[] } {
  if (isList(value)) return { list: value, findings: [] };
  return { list: [], findings: [{ code: 'BAD_INSTANCE', path, message: `缺少${noun}列表（${path}）。` }] };
}

interface Uniqueness {
  readonly list: readonly unknown[];
  readonly field: string;
  readonly code: string;
  readonly noun: string;
}

function duplicates({ list, field, code, noun }: Uniqueness): Finding[] {
  const values = list.map((row) => (isRecord(row) ? row[field] : undefined));
  const texts = values.filter((value) => typeof value === 'string');
  if (new Set(texts).size === texts.length) return [];
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([value, count]) => ({
      code,
      path: value,
      message: `${noun} ${value} 出现 ${count} 次，应只有一次。`,
    }));
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}
function isString(value: unknown): boolean {
  return typeof value === 'string';
}
function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}
function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= COUNT_MAX;
}
function isRatio(value: unknown): boolean {
  if (typeof value !== 'number' || !(value > 0) || value > 100) return false;
  return Math.round(value * 1_000_000) / 1_000_000 === value;
}
function isOneOf(...allowed: readonly string[]): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && allowed.includes(value);
}
function isListOf(item: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => isList(value) && value.every(item);
}
function isTableOf(item: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => isRecord(value) && Object.values(value).every(item);
}
function isDistinctTexts(value: unknown): boolean {
  return isList(value) && value.every(isString) && new Set(value).size === value.length;
}
function isLadder(value: unknown): boolean {
  if (!isList(value) || value[0] !== 'score') return false;
  if (!value.every((step) => typeof step === 'string' && LADDER_STEP.test(step))) return false;
  return !value.slice(0, -1).includes('position');
}
function isRuleSet(value: unknown): boolean {
  return isRecord(value) && isText(value.name) && isText(value.version);
}

function isReserves(value: unknown, program: Readonly<Record<string, unknown>>): boolean {
  if (!isList(value)) return false;
  const categories = value.map((each) => (isRecord(each) && isString(each.category) ? each.category : null));
  const seats = value.map((each) => (isRecord(each) && isCount(each.seats) ? Number(each.seats) : -1));
  if (categories.includes(null) || new Set(categories).size < categories.length || seats.includes(-1))
    return false;
  const millionths = Number(program.plan) * Math.round(Number(program.ratio ?? 1) * 1_000_000);
  const quota = program.rounding === 'ceil' ? Math.ceil(millionths / 1e6) : Math.floor(millionths / 1e6);
  return !(seats.reduce((sum, each) => sum + each, 0) > quota);
}
