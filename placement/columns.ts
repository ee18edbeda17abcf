import type { Finding, RuleSet, TiePolicy } from './model.ts';

/** Large rounds as raw columns: row = candidate in registration order, column element = program number. */
export interface Columns {
  /** Candidates. */
  readonly n: number;
  /** Programs. */
  readonly m: number;
  /** Preferences a candidate may fill. */
  readonly k: number;
  readonly score: Uint16Array;
  /** score << 17 | sum of two subjects << 8 | better of the two. */
  readonly tiehi: Uint32Array;
  /** foreign language << 21 | first-choice subject << 14 | second << 7 | third. */
  readonly tielo: Uint32Array;
  /** n × k, row by row; `unfilled(columns)` marks an empty preference. */
  readonly prefs: Uint16Array | Uint32Array;
  readonly cap: Uint32Array;
  readonly line: Uint16Array;
  /** `da`: n × k, the mark with which the program of that preference ranks the candidate; equal marks by row. */
  readonly merit?: Uint16Array;
}

/** A round without its lists: what is small enough to be held whole. */
export type Keys = Omit<Columns, 'prefs' | 'merit'>;

/**
 * Where the lists are, in memory or in a file: those of `count` rows from `first` on, one after the other. What it
 * returns is good until the next call.
 */
export type Lists = (first: number, count: number) => Columns['prefs'];

/** Rows whose lists are asked for at once: enough for one reading, few enough for the cache. */
export const LISTS_ROWS = 2048;

export const listsIn =
  ({ prefs, k }: Pick<Columns, 'prefs' | 'k'>): Lists =>
  (first, count) =>
    prefs.subarray(first * k, (first + count) * k);

export interface ColumnsMeta {
  readonly n: number;
  readonly m: number;
  readonly k: number;
  readonly mode?: 'parallel' | 'da';
  readonly tiePolicy?: TiePolicy;
  readonly rules?: RuleSet;
}

export interface ColumnsOutcome {
  /** NOT_PLACED (all bits set) where nobody took the candidate. */
  readonly program: Uint16Array | Uint32Array;
  /** Index in the list; 255 if not placed. */
  readonly preference: Uint8Array;
  readonly reason: Uint8Array;
  readonly filed: Uint32Array;
}

export const REASON = {
  PLACED: 0,
  NO_PREFS: 1,
  PLAN_ZERO: 2,
  BELOW_LINE: 3,
  FULL: 4,
  UNKNOWN_CODE: 5,
  INELIGIBLE: 6,
} as const;

export const ROWS_MAX = 20_000_000;
export const PREFERENCES_MAX = 254;
/** With 16-bit program numbers 65535 means unfilled and 65534 is kept for codes that do not exist. */
export const PROGRAMS_MAX_NARROW = 65_534;
export const PROGRAMS_MAX = 4_000_000;
export const NO_PREFERENCE = 255;

export const isWide = ({ m }: { readonly m: number }): boolean => m > PROGRAMS_MAX_NARROW;
export const unfilled = (shape: { readonly m: number }): number => (isWide(shape) ? 0xffff_ffff : 0xffff);

/** Bytes each column must have; the reader compares them with the files before it loads anything. */
export function columnBytes(meta: ColumnsMeta): Readonly<Record<string, number>> {
  const { n, m, k } = meta;
  const prefs: Record<string, number> = isWide(meta)
    ? { 'prefs.u32': 4 * n * k }
    : { 'prefs.u16': 2 * n * k };
  const merit: Record<string, number> = meta.mode === 'da' ? { 'merit.u16': 2 * n * k } : {};
  return {
    'score.u16': 2 * n,
    'tiehi.u32': 4 * n,
    'tielo.u32': 4 * n,
    ...prefs,
    'cap.u32': 4 * m,
    'line.u16': 2 * m,
    ...merit,
  };
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function isRuleSet(rules: unknown): boolean {
  if (typeof rules !== 'object' || rules === null) return false;
  const { name, version } = rules as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && name !== '' && typeof version === 'string' && version !== '';
}

const shown = (value: unknown): string => (value === undefined ? '空' : JSON.stringify(value));

/** Findings about `meta.json` as it was read. */
export function checkMeta(meta: unknown): Finding[] {
  if (typeof meta !== 'object' || meta === null) {
    return [{ code: 'BAD_META', path: 'meta.json', message: 'meta.json 应为一个对象。' }];
  }
  const { n, m, k, mode, tiePolicy, rules } = meta as Readonly<Record<string, unknown>>;
  const checks: readonly (readonly [boolean, string, string])[] = [
    [isWithin(n, 0, ROWS_MAX), 'n', `考生数 n 应为 0 至 ${ROWS_MAX} 的整数，现为 ${shown(n)}。`],
    [isWithin(m, 0, PROGRAMS_MAX), 'm', `专业数 m 应为 0 至 ${PROGRAMS_MAX} 的整数，现为 ${shown(m)}。`],
    [
      isWithin(k, 0, PREFERENCES_MAX),
      'k',
      `志愿数 k 应为 0 至 ${PREFERENCES_MAX} 的整数，现为 ${shown(k)}。`,
    ],
    [
      [undefined, 'parallel', 'da'].includes(mode as string),
      'mode',
      '列式数据的投档方式只有 parallel 与 da。',
    ],
    [
      [undefined, 'strict', 'expand'].includes(tiePolicy as string),
      'tiePolicy',
      '同分处理只有 strict 与 expand。',
    ],
    [rules === undefined || isRuleSet(rules), 'rules', '规则应写明名称（name）与版本（version）。'],
  ];
  return checks
    .filter(([holds]) => !holds)
    .map(([, path, message]) => ({
      code: path === 'n' && Number(n) > ROWS_MAX ? 'TOO_MANY' : 'BAD_META',
      path: `meta.json ${path}`,
      message,
    }));
}

/** Findings about the contents: the order uses tiehi, the line uses score, so they must agree on every row. */
export function checkColumns({ n, score, tiehi }: Keys): Finding[] {
  let wrong = 0;
  let first = -1;
  for (let row = 0; row < n; row++) {
    if ((tiehi[row] as number) >>> 17 === score[row]) continue;
    if (wrong === 0) first = row;
    wrong += 1;
  }
  if (wrong === 0) return [];
  const message = `score.u16 与 tiehi.u32 的总分不一致 ${wrong} 行，第一处为第 ${first} 行（从 0 起）。`;
  return [{ code: 'BAD_SCORE', path: 'tiehi.u32', message }];
}
