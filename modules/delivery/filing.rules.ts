import { carriedOfFiling } from './carried.rules.ts';
import type { Coded } from './code.rules.ts';
import {
  cellOf,
  filingFields,
  indexFields,
  PREFERENCE_SLOT,
  personFields,
  SCORE_SLOT,
} from './field.rules.ts';
import { isWide, rawReader } from './raw.rules.ts';
import {
  candidateNoOf,
  codedReader,
  type FindingSink,
  findingSink,
  type ReadRow,
  type Row,
  type RowContext,
} from './record.rules.ts';

export interface Preference {
  rank: number;
  unit: string;
  major: string;
}

export interface SubjectScore {
  /** Code of TD_CJXDM or TD_KMDM. */
  code: string;
  /** Name from the code table; the code itself when the table lacks it. */
  name: string;
  /** Decimal as written, e.g. 113.0, never a float; or a grade. */
  value: string;
}

export interface FilingRecord {
  candidateNo: string;
  file: string;
  row: number;
  unit: string;
  batch: Coded | null;
  subjectGroup: Coded | null;
  planNature: Coded | null;
  planKind: Coded | null;
  filingType: Coded | null;
  /** Decimals as written, null when empty or not a number. */
  score: string | null;
  filingScore: string | null;
  qualifyingScore: string | null;
  preferenceRank: number | null;
  filedMajor: string;
  admittedMajor: string;
  returnReason: Coded | null;
  /** KSZT as it came; only 3 and 5 are understood. */
  state: string;
  /** 5 admission finished, 3 returned: never changed by an import. */
  locked: boolean;
  adjust: boolean | null;
  remark: string;
  /** Only the wide form carries these on the row itself. */
  preferences: Preference[];
  scores: SubjectScore[];
  raw: Record<string, string>;
  /** Fields that the table has a column for (carried.rules.ts). */
  carried: number;
}

/** KSZT values whose meaning is certain. */
const LOCKED_STATES: readonly string[] = ['3', '5'];

/** Rows of T_TDD (both forms), t_tddxx, or a spreadsheet. */
export function filingReader(context: RowContext): (row: Row) => ReadRow<FilingRecord> {
  const at = indexFields(filingFields, context.columns);
  const numberAt = indexFields(personFields, context.columns).candidateNo;
  const preferencesOf = preferenceSlots(context.columns, at.unit);
  const scoresOf = scoreSlots(context);
  const readRaw = rawReader(context.columns, isWide(context.columns) ? 'filing' : 'whole');
  const carried = carriedOfFiling(context.columns, readRaw !== null);
  const coded = codedReader(context, filingFields);
  const sink = findingSink(context);
  return (row) => {
    const { cells } = row;
    sink.start(row);
    const candidateNo = candidateNoOf(cellOf(cells, numberAt), context, sink);
    if (candidateNo === null) return { record: null, findings: sink.findings };
    const state = cellOf(cells, at.state);
    const record: FilingRecord = {
      candidateNo,
      file: context.file,
      row: row.number,
      unit: cellOf(cells, at.unit),
      batch: coded(cells, 'batch', sink),
      subjectGroup: coded(cells, 'subjectGroup', sink),
      planNature: coded(cells, 'planNature', sink),
      planKind: coded(cells, 'planKind', sink),
      filingType: coded(cells, 'filingType', sink),
      score: decimalOf(cellOf(cells, at.score), 'CJ', sink),
      filingScore: decimalOf(cellOf(cells, at.filingScore), 'TDCJ', sink),
      qualifyingScore: decimalOf(cellOf(cells, at.qualifyingScore), 'ZGF', sink),
      preferenceRank: wholeOf(cellOf(cells, at.preferenceRank), 'TDZY', sink),
      filedMajor: cellOf(cells, at.filedMajor),
      admittedMajor: cellOf(cells, at.admittedMajor),
      returnReason: coded(cells, 'returnReason', sink),
      state,
      locked: LOCKED_STATES.includes(state),
      adjust: flagOf(cellOf(cells, at.adjust)),
      remark: cellOf(cells, at.remark),
      preferences: preferencesOf(cells),
      scores: scoresOf(cells, sink),
      raw: readRaw?.(cells) ?? {},
      carried,
    };
    return { record, findings: sink.findings };
  };
}

/** TDDWDM1..6 / ZYDH1..6 of the wide form; a slot without its own unit belongs to the unit of the row. */
function preferenceSlots(
  columns: readonly string[],
  unitAt: readonly number[],
): (cells: readonly string[]) => Preference[] {
  const ranks = columns.flatMap((column) => PREFERENCE_SLOT.exec(column)?.[2] ?? []);
  const slots = [...new Set(ranks)].map((rank) => ({
    rank: Number(rank),
    unit: columns.indexOf(`TDDWDM${rank}`),
    major: columns.indexOf(`ZYDH${rank}`),
  }));
  slots.sort((a, b) => a.rank - b.rank);
  return (cells) => {
    const preferences: Preference[] = [];
    for (const { rank, unit, major } of slots) {
      const ownUnit = cells[unit] ?? '';
      const majorCode = cells[major] ?? '';
      if (ownUnit === '' && majorCode === '') continue;
      preferences.push({ rank, unit: ownUnit === '' ? cellOf(cells, unitAt) : ownUnit, major: majorCode });
    }
    return preferences;
  };
}

/** GKCJXnn: what slot nn means is said by TD_CJXDM of the same delivery. */
function scoreSlots(context: RowContext): (cells: readonly string[], sink: FindingSink) => SubjectScore[] {
  const slots = context.columns.flatMap((column, index) => {
    const code = SCORE_SLOT.exec(column)?.[1];
    if (code === undefined) return [];
    return [{ index, column, code, name: context.codes.read('CJXDM', code).coded?.name ?? null }];
  });
  return (cells, sink) => {
    const scores: SubjectScore[] = [];
    for (const { index, column, code, name } of slots) {
      const value = scoreOf(cells[index] ?? '', column, sink);
      if (value === null) continue;
      if (name === null) sink.add('score_slot_unknown', column, code);
      scores.push({ code, name: name ?? code, value });
    }
    return scores;
  };
}

/** 学考 and 会考 are marked in grades, not in points. */
const GRADE = /^(?:[A-E][+-]?|优秀?|良好?|中等?|差|不?合格|不?及格|通过|未通过)$/;

export const isGrade = (value: string): boolean => GRADE.test(value);

/** Points or a grade; anything else is a finding. */
export const scoreOf = (text: string, column: string, sink: FindingSink): string | null =>
  isGrade(text) ? text : decimalOf(text, column, sink);

/** As it is stored among the scores of a candidate. */
export const scoreValue = (value: string): number | string => (isGrade(value) ? value : Number(value));

const DECIMAL = /^-?\d{1,9}(?:\.\d{1,12})?$/;

export function decimalOf(text: string, column: string, sink: FindingSink): string | null {
  if (text === '') return null;
  if (DECIMAL.test(text)) return text;
  sink.add('number_bad', column, text);
  return null;
}

export function wholeOf(text: string, column: string, sink: FindingSink): number | null {
  if (text === '') return null;
  if (/^\d{1,7}(?:\.0+)?$/.test(text)) return Math.trunc(Number(text));
  sink.add('number_bad', column, text);
  return null;
}

function flagOf(text: string): boolean | null {
  if (text === '1' || text === '是' || text === '服从' || text === 'T' || text === 'Y') return true;
  return text === '0' || text === '否' || text === '不服从' || text === 'F' || text === 'N' ? false : null;
}
