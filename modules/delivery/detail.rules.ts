import type { Coded } from './code.rules.ts';
import { cellOf, indexFields, planFields, preferenceFields, scoreFields } from './field.rules.ts';
import { decimalOf, type Preference, type SubjectScore, scoreOf, wholeOf } from './filing.rules.ts';
import { rawOf } from './raw.rules.ts';
import {
  candidateNoOf,
  codedReader,
  findingSink,
  type ReadRow,
  type Row,
  type RowContext,
} from './record.rules.ts';

export interface PreferenceRecord extends Preference {
  candidateNo: string;
  row: number;
  batch: Coded | null;
  planNature: Coded | null;
}

/** Rows of T_ZYK. */
export function preferenceReader(context: RowContext): (row: Row) => ReadRow<PreferenceRecord> {
  const at = indexFields(preferenceFields, context.columns);
  const coded = codedReader(context, preferenceFields);
  const sink = findingSink(context);
  return (row) => {
    sink.start(row);
    const candidateNo = candidateNoOf(cellOf(row.cells, at.candidateNo), context, sink);
    if (candidateNo === null) return { record: null, findings: sink.findings };
    const record: PreferenceRecord = {
      candidateNo,
      row: row.number,
      rank: wholeOf(cellOf(row.cells, at.rank), 'ZYXH', sink) ?? 0,
      unit: cellOf(row.cells, at.unit),
      major: cellOf(row.cells, at.major),
      batch: coded(row.cells, 'batch', sink),
      planNature: coded(row.cells, 'planNature', sink),
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
  const sink = findingSink(context);
  return (row) => {
    sink.start(row);
    const candidateNo = candidateNoOf(cellOf(row.cells, at.candidateNo), context, sink);
    if (candidateNo === null) return { record: null, findings: sink.findings };
    const subject = coded(row.cells, 'subject', sink);
    const item = coded(row.cells, 'item', sink);
    const record: ScoreRecord = {
      candidateNo,
      row: row.number,
      code: subject?.code || item?.code || '',
      name: subject?.name ?? item?.name ?? subject?.code ?? item?.code ?? '',
      value: scoreOf(cellOf(row.cells, at.value), 'DDCJ', sink) ?? '',
      kind: cellOf(row.cells, at.kind),
      graded: decimalOf(cellOf(row.cells, at.graded), 'DJFF', sink),
      month: cellOf(row.cells, at.month),
    };
    return { record, findings: sink.findings };
  };
}

export interface PlanRecord {
  file: string;
  row: number;
  batch: Coded | null;
  subjectGroup: Coded | null;
  planNature: Coded | null;
  major: string;
  majorName: string;
  planned: number | null;
  executed: number | null;
  /** YTCES: how many are filed beyond the plan. */
  margin: number | null;
  /** YXXH: order of the majors on adjustment. */
  adjustRank: number | null;
  tuition: string;
  remark: string;
}

/** Rows of T_JHK and T_QBJHK. */
export function planReader(context: RowContext): (row: Row) => ReadRow<PlanRecord> {
  const at = indexFields(planFields, context.columns);
  const coded = codedReader(context, planFields);
  const sink = findingSink(context);
  return (row) => {
    sink.start(row);
    const record: PlanRecord = {
      file: context.file,
      row: row.number,
      batch: coded(row.cells, 'batch', sink),
      subjectGroup: coded(row.cells, 'subjectGroup', sink),
      planNature: coded(row.cells, 'planNature', sink),
      major: cellOf(row.cells, at.major),
      majorName: cellOf(row.cells, at.majorName),
      planned: wholeOf(cellOf(row.cells, at.planned), 'JHRS', sink),
      executed: wholeOf(cellOf(row.cells, at.executed), 'JHZXS', sink),
      margin: wholeOf(cellOf(row.cells, at.margin), 'YTCES', sink),
      adjustRank: wholeOf(cellOf(row.cells, at.adjustRank), 'YXXH', sink),
      tuition: cellOf(row.cells, at.tuition),
      remark: cellOf(row.cells, at.remark),
    };
    return { record, findings: sink.findings };
  };
}

export interface DetailRecord {
  candidateNo: string;
  file: string;
  row: number;
  /** Filled cells by column. */
  values: Record<string, string>;
}

/** Rows of T_TJXX (medical), T_KSJL (resume) and of tables nobody knows: kept by column, not interpreted. */
export function detailReader(context: RowContext): (row: Row) => ReadRow<DetailRecord> {
  const numberAt = context.columns.indexOf('KSH');
  const others = context.columns.flatMap((column, index): [number, string][] =>
    index === numberAt ? [] : [[index, column]],
  );
  const sink = findingSink(context);
  return (row) => {
    sink.start(row);
    const candidateNo = candidateNoOf(row.cells[numberAt] ?? '', context, sink);
    if (candidateNo === null) return { record: null, findings: sink.findings };
    return {
      record: { candidateNo, file: context.file, row: row.number, values: rawOf(row.cells, others) },
      findings: sink.findings,
    };
  };
}
