import type { Coded } from './code.rules.ts';
import {
  cellOf,
  filingFields,
  indexFields,
  PREFERENCE_SLOT,
  personFields,
  planFields,
  preferenceFields,
  SCORE_SLOT,
  scoreFields,
} from './field.rules.ts';
import {
  candidateNoOf,
  codedReader,
  type FindingSink,
  findingSink,
  type ReadRow,
  type Row,
  type RowContext,
  rawColumns,
  rawOf,
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
  /** Decimal as written, e.g. 113.0; never a float. */
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
}

/** KSZT values whose meaning is certain. */
const LOCKED_STATES: readonly string[] = ['3', '5'];

/** Rows of T_TDD (both forms), t_tddxx, or a spreadsheet. */
export function filingReader(context: RowContext): (row: Row) => ReadRow<FilingRecord> {
  const at = indexFields(filingFields, context.columns);
  const numberAt = indexFields(personFields, context.columns).candidateNo;
  const preferencesOf = preferenceSlots(context.columns, at.unit);
  const scoresOf = scoreSlots(context);
  const wide = context.columns.includes('XM');
  const rawAt = wide ? [] : rawColumns(context.columns);
  const coded = codedReader(context, filingFields);
  return (row) => {
    const { cells } = row;
    const sink = findingSink(context, row);
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
      raw: rawOf(cells, rawAt),
    };
    return { record, findings: sink.findings };
  };
}

export interface PreferenceRecord extends Preference {
  candidateNo: string;
  row: number;
  batch: Coded | null;
  subjectGroup: Coded | null;
}

/** Rows of T_ZYK. */
export function preferenceReader(context: RowContext): (row: Row) => ReadRow<PreferenceRecord> {
  const at = indexFields(preferenceFields, context.columns);
  const coded = codedReader(context, preferenceFields);
  return (row) => {
    const sink = findingSink(context, row);
    const candidateNo = candidateNoOf(cellOf(row.cells, at.candidateNo), context, sink);
    if (candidateNo === null) return { record: null, findings: sink.findings };
    const record: PreferenceRecord = {
      candidateNo,
      row: row.number,
      rank: wholeOf(cellOf(row.cells, at.rank), 'ZYXH', sink) ?? 0,
      unit: cellOf(row.cells, at.unit),
      major: cellOf(row.cells, at.major),
      batch: coded(row.cells, 'batch', sink),
      subjectGroup: coded(row.cells, 'subjectGroup', sink),
    };
    return { record, findings: sink.findings };
  };
}

export interface ScoreRecord extends SubjectScore {
  candidateNo: string;
  row: number;
  /** 0 选考, 1 学考, 2 高考, or as it came. */
  kind: string;
  graded: string | null;
  month: string;
}

/** Rows of T_KSXKCJ and T_KSHKCJ. */
export function scoreReader(context: RowContext): (row: Row) => ReadRow<ScoreRecord> {
  const at = indexFields(scoreFields, context.columns);
  const coded = codedReader(context, scoreFields);
  return (row) => {
    const sink = findingSink(context, row);
    const candidateNo = candidateNoOf(cellOf(row.cells, at.candidateNo), context, sink);
    if (candidateNo === null) return { record: null, findings: sink.findings };
    const subject = coded(row.cells, 'subject', sink);
    const item = coded(row.cells, 'item', sink);
    const record: ScoreRecord = {
      candidateNo,
      row: row.number,
      code: subject?.code || item?.code || '',
      name: subject?.name ?? item?.name ?? subject?.code ?? item?.code ?? '',
      value: decimalOf(cellOf(row.cells, at.value), 'DDCJ', sink) ?? '',
      kind: cellOf(row.cells, at.kind),
      graded: decimalOf(cellOf(row.cells, at.graded), 'DJFF', sink),
      month: cellOf(row.cells, at.month),
    };
    return { record, findings: sink.findings };
  };
}

export interface PlanRecord {
  row: number;
  batch: Coded | null;
  subjectGroup: Coded | null;
  planNature: Coded | null;
  planKind: Coded | null;
  unit: string;
  major: string;
  majorName: string;
  planned: number | null;
  executed: number | null;
  tuition: string;
  remark: string;
}

/** Rows of T_JHK and T_QBJHK. */
export function planReader(context: RowContext): (row: Row) => ReadRow<PlanRecord> {
  const at = indexFields(planFields, context.columns);
  const coded = codedReader(context, planFields);
  return (row) => {
    const sink = findingSink(context, row);
    const record: PlanRecord = {
      row: row.number,
      batch: coded(row.cells, 'batch', sink),
      subjectGroup: coded(row.cells, 'subjectGroup', sink),
      planNature: coded(row.cells, 'planNature', sink),
      planKind: coded(row.cells, 'planKind', sink),
      unit: cellOf(row.cells, at.unit),
      major: cellOf(row.cells, at.major),
      majorName: cellOf(row.cells, at.majorName),
      planned: wholeOf(cellOf(row.cells, at.planned), 'JHRS', sink),
      executed: wholeOf(cellOf(row.cells, at.executed), 'JHZXS', sink),
      tuition: cellOf(row.cells, at.tuition),
      remark: cellOf(row.cells, at.remark),
    };
    return { record, findings: sink.findings };
  };
}

export interface DetailRecord {
  candidateNo: string;
  row: number;
  /** Filled cells by column. */
  values: Record<string, string>;
}

/** Rows of T_TJXX (medical) and T_KSJL (resume): kept by column, not interpreted. */
export function detailReader(context: RowContext): (row: Row) => ReadRow<DetailRecord> {
  const numberAt = context.columns.indexOf('KSH');
  const others = context.columns.flatMap((column, index): [number, string][] =>
    index === numberAt ? [] : [[index, column]],
  );
  return (row) => {
    const sink = findingSink(context, row);
    const candidateNo = candidateNoOf(row.cells[numberAt] ?? '', context, sink);
    if (candidateNo === null) return { record: null, findings: sink.findings };
    return {
      record: { candidateNo, row: row.number, values: rawOf(row.cells, others) },
      findings: sink.findings,
    };
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
      const value = decimalOf(cells[index] ?? '', column, sink);
      if (value === null) continue;
      if (name === null) sink.add('score_slot_unknown', column, code);
      scores.push({ code, name: name ?? code, value });
    }
    return scores;
  };
}

const DECIMAL = /^-?\d{1,9}(?:\.\d{1,12})?$/;

function decimalOf(text: string, column: string, sink: FindingSink): string | null {
  if (text === '') return null;
  if (DECIMAL.test(text)) return text;
  sink.add('number_bad', column, text);
  return null;
}

function wholeOf(text: string, column: string, sink: FindingSink): number | null {
  if (text === '') return null;
  if (/^\d{1,7}(?:\.0+)?$/.test(text)) return Math.trunc(Number(text));
  sink.add('number_bad', column, text);
  return null;
}

function flagOf(text: string): boolean | null {
  if (text === '1' || text === '是' || text === '服从' || text === 'T' || text === 'Y') return true;
  return text === '0' || text === '否' || text === '不服从' || text === 'F' || text === 'N' ? false : null;
}
