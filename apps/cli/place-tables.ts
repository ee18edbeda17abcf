import type { Finding } from '#placement/model';
import { type CsvFile, type Field, forEachBlock, keyOf, nextField, textOf, wholeOf } from './place-csv.ts';
import { columnOf } from './place-headers.ts';
import { addKey, type KeyTable, label, makeKeyTable } from './place-keys.ts';

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

/** Runs over the rows of a file, handing out one row's fields as copies. */
function forEachRow(
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

function isBlank(fields: readonly Field[]): boolean {
  const [first] = fields;
  return fields.length === 1 && first !== undefined && first.start === first.end;
}

export interface ProgramTable {
  /** Labelled with the program number; numbers are in the order of codes. */
  readonly keys: KeyTable;
  readonly codes: readonly string[];
  readonly cap: Uint32Array;
  readonly line: Uint16Array;
}

const PLAN_MAX = 10_000_000;
const LINE_MAX = 65_535;

const isEmpty = ({ start, end }: Field): boolean => start === end;

/** Whole seats, rounded down: exact, as both figures are whole. */
const quotaOf = (plan: number, millionths: number): number => Math.floor((plan * millionths) / 1_000_000);

export function readPrograms(file: CsvFile, findings: Findings): ProgramTable {
  const at = {
    code: columnOf(file, 'code'),
    plan: columnOf(file, 'plan'),
    ratio: columnOf(file, 'ratio'),
    line: columnOf(file, 'line'),
  };
  const keys = makeKeyTable(file.rows);
  const rows: { code: string; cap: number; line: number; key: number }[] = [];
  forEachRow(file, findings, (fields, row) => {
    const where = `${file.path}:${row}`;
    const [code, plan, ratio, line] = [fields[at.code], fields[at.plan], fields[at.ratio], fields[at.line]];
    if (!code || !plan || isEmpty(code)) {
      note(findings, 'BAD_CODE', where, `第 ${row} 行没有专业代码。`);
      return;
    }
    const name = textOf(code, file.encoding);
    if (!addKey(keys, keyOf(code, file.encoding))) {
      note(findings, 'DUPLICATE_PROGRAM', where, `专业代码 ${name} 重复（第 ${row} 行）。`);
      return;
    }
    const seats = wholeOf(plan);
    if (seats < 0 || seats > PLAN_MAX) {
      const shown = textOf(plan, file.encoding) || '空';
      note(findings, 'BAD_PLAN', where, `专业 ${name} 的计划数应为 0 至 ${PLAN_MAX} 的整数，现为 ${shown}。`);
    }
    const millionths = !ratio || isEmpty(ratio) ? 1_000_000 : millionthsOf(textOf(ratio, file.encoding));
    if (millionths < 0) note(findings, 'BAD_RATIO', where, `专业 ${name} 的投档比例应为大于 0 的数。`);
    const least = !line || isEmpty(line) ? 0 : wholeOf(line);
    if (least < 0 || least > LINE_MAX)
      note(findings, 'BAD_LINE', where, `专业 ${name} 的分数线应为 0 至 ${LINE_MAX} 的整数。`);
    rows.push({ code: name, cap: quotaOf(seats, millionths), line: least, key: rows.length });
  });
  rows.sort((a, b) => (a.code < b.code ? -1 : 1));
  const numberOf = new Uint32Array(rows.length);
  rows.forEach(({ key }, number) => {
    numberOf[key] = number;
  });
  label(keys, numberOf);
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
