import { rankRows } from '#placement/columns-sort';
import type { Finding } from '#placement/model';
import { type CsvFile, type Field, forEachBlock, nextField, textOf, wholeOf } from './place-csv.ts';
import { columnOf } from './place-headers.ts';
import { addKey, type KeyTable, keyTexts, makeKeyTable, relabel } from './place-keys.ts';

const FINDINGS_MAX = 1000;

/** Findings of a conversion; beyond the first thousand only their number. */
export interface Findings {
  readonly list: Finding[];
  total: number;
}

export function note(findings: Findings, code: string, path: string, message: string): void {
  findings.total += 1;
  if (findings.list.length < FINDINGS_MAX) findings.list.push({ code, path, message });
}

/** Runs over the rows of a file, handing out one row's fields as copies; for files of one row a candidate or program. */
export function forEachRow(
  file: CsvFile,
  findings: Findings,
  onRow: (fields: readonly Field[], row: number) => void,
): void {
  let row = 1;
  forEachBlock(file, (cursor) => {
    while (cursor.position < cursor.end) {
      row += 1;
      const fields: Field[] = [];
      for (let last = false; !last; ) {
        last = nextField(cursor);
        fields.push({ ...cursor.field });
      }
      if (isBlank(fields)) continue;
      if (fields.length === file.header.length) onRow(fields, row);
      else
        note(
          findings,
          'BAD_CSV',
          `${file.path}:${row}`,
          `${file.path} 第 ${row} 行有 ${fields.length} 列，表头有 ${file.header.length} 列。`,
        );
    }
  });
}

export function isBlank(fields: readonly Field[]): boolean {
  const [first] = fields;
  return fields.length === 1 && first !== undefined && first.start === first.end;
}

export interface ProgramTable {
  /** Code -> program number; numbers are in the order of codes. */
  readonly keys: KeyTable;
  readonly codes: readonly string[];
  readonly cap: Uint32Array;
  readonly line: Uint16Array;
}

export function readPrograms(file: CsvFile, findings: Findings): ProgramTable {
  const at = {
    code: columnOf(file, 'code'),
    plan: columnOf(file, 'plan'),
    ratio: columnOf(file, 'ratio'),
    line: columnOf(file, 'line'),
  };
  const keys = makeKeyTable();
  const rows: { code: string; cap: number; line: number; key: number }[] = [];
  forEachRow(file, findings, (fields, row) => {
    const where = `${file.path}:${row}`;
    const code = fields[at.code];
    const plan = fields[at.plan];
    if (!code || !plan || code.start === code.end)
      return note(findings, 'BAD_CODE', where, `第 ${row} 行没有专业代码。`);
    const name = textOf(code);
    if (!addKey(keys, code))
      return note(findings, 'DUPLICATE_PROGRAM', where, `专业代码 ${name} 重复（第 ${row} 行）。`);
    const seats = wholeOf(plan);
    if (seats < 0)
      note(
        findings,
        'BAD_PLAN',
        where,
        `专业 ${name} 的计划数应为不小于 0 的整数，现为 ${textOf(plan) || '空'}。`,
      );
    const ratio = fields[at.ratio];
    const millionths =
      ratio === undefined || ratio.start === ratio.end ? 1_000_000 : millionthsOf(textOf(ratio));
    if (millionths < 0) note(findings, 'BAD_RATIO', where, `专业 ${name} 的投档比例不是数。`);
    const line =
      fields[at.line] === undefined
        ? 0
        : Math.max(
            wholeOf(fields[at.line] ?? plan),
            fields[at.line]?.start === fields[at.line]?.end ? 0 : -1,
          );
    if (line < 0 || line > 65_535)
      note(findings, 'BAD_LINE', where, `专业 ${name} 的分数线应为 0 至 65535 的整数。`);
    rows.push({ code: name, cap: Math.floor((seats * millionths) / 1_000_000), line, key: rows.length });
  });
  rows.sort((a, b) => (a.code < b.code ? -1 : 1));
  const numberOf = new Uint32Array(rows.length);
  rows.forEach(({ key }, number) => {
    numberOf[key] = number;
  });
  relabel(keys, numberOf);
  return {
    keys,
    codes: rows.map(({ code }) => code),
    cap: Uint32Array.from(rows, ({ cap }) => cap),
    line: Uint16Array.from(rows, ({ line }) => line),
  };
}

/** 1.05, 105% or 105％ in millionths; -1 if it is none of these. */
function millionthsOf(text: string): number {
  const percent = /[%％]$/u.test(text);
  const value = Number(text.replace(/[%％]$/u, ''));
  if (!Number.isFinite(value) || value <= 0) return -1;
  return Math.round(value * (percent ? 10_000 : 1_000_000));
}

export interface CandidateTable {
  /** Candidate id -> row. Rows are written best first, so that a placement reads them in order. */
  readonly keys: KeyTable;
  readonly ids: readonly string[];
  readonly score: Uint16Array;
  readonly tiehi: Uint32Array;
  readonly tielo: Uint32Array;
}

const LIMITS = {
  score: 32_767,
  sumOfTwo: 511,
  bestOfTwo: 255,
  foreign: 255,
  firstChoice: 127,
  second: 127,
  third: 127,
} as const;
const TITLES = {
  score: '总分',
  sumOfTwo: '语数之和',
  bestOfTwo: '语数最高',
  foreign: '外语',
  firstChoice: '首选科目',
  second: '再选科目最高',
  third: '再选科目次高',
} as const;

export function readCandidates(file: CsvFile, findings: Findings): CandidateTable {
  const at = {
    id: columnOf(file, 'id'),
    seq: columnOf(file, 'seq'),
    chinese: columnOf(file, 'chinese'),
    maths: columnOf(file, 'maths'),
  };
  const parts = (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).map((name) => ({
    name,
    column: columnOf(file, name),
  }));
  const keys = makeKeyTable();
  const high: number[] = [];
  const low: number[] = [];
  const seqs: number[] = [];
  forEachRow(file, findings, (fields, row) => {
    const id = fields[at.id];
    if (!id || id.start === id.end)
      return note(findings, 'BAD_ID', `${file.path}:${row}`, `第 ${row} 行没有考生号。`);
    if (!addKey(keys, id))
      return note(
        findings,
        'DUPLICATE_CANDIDATE',
        `${file.path}:${row}`,
        `考生号 ${textOf(id)} 重复（第 ${row} 行）。`,
      );
    const values: Record<string, number> = {};
    for (const { name, column } of parts) {
      const field = fields[column];
      const value = field === undefined ? 0 : wholeOf(field);
      const blank = value === -2 && name !== 'score';
      if ((value < 0 && !blank) || value > LIMITS[name]) {
        note(
          findings,
          'BAD_SCORE',
          `${file.path}:${row}`,
          `考生 ${textOf(id)} 的${TITLES[name]}应为 0 至 ${LIMITS[name]} 的整数，现为 ${field ? textOf(field) || '空' : '空'}。`,
        );
      }
      values[name] = Math.max(0, value);
    }
    const { score = 0, foreign = 0, firstChoice = 0, second = 0, third = 0 } = values;
    const [chinese, maths] = [fields[at.chinese], fields[at.maths]].map((field) =>
      field ? Math.max(0, wholeOf(field)) : 0,
    );
    const sum = values.sumOfTwo || (chinese ?? 0) + (maths ?? 0);
    const best = values.bestOfTwo || Math.max(chinese ?? 0, maths ?? 0);
    high.push(score * 0x2_0000 + Math.min(511, sum) * 256 + Math.min(255, best));
    low.push(
      foreign * 0x20_0000 + firstChoice * 0x4000 + Math.max(second, third) * 128 + Math.min(second, third),
    );
    seqs.push(fields[at.seq] === undefined ? 0 : wholeOf(fields[at.seq] ?? id));
  });
  return inOrder(keys, { high, low, seqs });
}

interface Keys {
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly seqs: readonly number[];
}

/** Best first; full ties by registration order, then by id. */
function inOrder(keys: KeyTable, { high, low, seqs }: Keys): CandidateTable {
  const n = high.length;
  const [tiehi, tielo] = [Uint32Array.from(high), Uint32Array.from(low)];
  const order = new Uint32Array(n);
  rankRows({ n, tiehi, tielo }, order, new Uint32Array(n));
  const names = keyTexts(keys);
  const tied = (a: number, b: number): boolean => tiehi[a] === tiehi[b] && tielo[a] === tielo[b];
  for (let from = 0, to = 1; from < n; from = to, to++) {
    while (to < n && tied(order[from] ?? 0, order[to] ?? 0)) to++;
    if (to - from === 1) continue;
    order.subarray(from, to).sort((a, b) => {
      return (seqs[a] ?? 0) - (seqs[b] ?? 0) || ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1);
    });
  }
  const rowOf = new Uint32Array(n);
  order.forEach((key, row) => {
    rowOf[key] = row;
  });
  relabel(keys, rowOf);
  return {
    keys,
    ids: Array.from(order, (key) => names[key] ?? ''),
    score: Uint16Array.from(order, (key) => (tiehi[key] ?? 0) >>> 17),
    tiehi: Uint32Array.from(order, (key) => tiehi[key] ?? 0),
    tielo: Uint32Array.from(order, (key) => tielo[key] ?? 0),
  };
}
