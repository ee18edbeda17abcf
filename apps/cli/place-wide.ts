import { COMMA, LINE_FEED } from './place-bytes.ts';
import { type CodeTable, codeTable, lookUpCode } from './place-codes.ts';
import { type CsvFile, type Cursor, forEachBlock, keyOf, nextField } from './place-csv.ts';
import { columnOf, preferenceColumns } from './place-headers.ts';
import { type Ids, idsOf, nextRow } from './place-ids.ts';
import { lookUp } from './place-keys.ts';
import { type Lists, type Tables, unknownCode } from './place-list.ts';
import { idOf } from './place-ranked.ts';
import { note } from './place-tables.ts';

interface Reader {
  readonly file: CsvFile;
  readonly tables: Tables;
  readonly lists: Lists;
  /** Place in the list of every column, -1 for other columns. */
  readonly target: Int32Array;
  readonly idColumn: number;
  /** 考生号 first, then the preferences in their order and nothing else. */
  readonly isPlain: boolean;
  readonly seen: Uint8Array;
  readonly unknown: number;
  readonly ids: Ids;
  readonly codes: CodeTable;
  line: number;
}

/** One row a candidate, one column a preference. */
export function readWide(file: CsvFile, lists: Lists, tables: Tables): void {
  const { k } = lists;
  const columns = preferenceColumns(file);
  const target = new Int32Array(file.header.length).fill(-1);
  columns.forEach((column, at) => {
    target[column] = at;
  });
  const idColumn = columnOf(file, 'id');
  const isPlain =
    idColumn === 0 && file.header.length === k + 1 && columns.every((column, at) => column === at + 1);
  const reader = {
    ...{ file, tables, lists, target, idColumn, isPlain },
    seen: new Uint8Array(tables.candidates.n),
    unknown: unknownCode(tables.programs.codes.length),
    ids: idsOf(tables.candidates.keys),
    codes: codeTable(tables.programs.keys),
    line: 1,
  };
  forEachBlock(file, (cursor) => {
    while (cursor.position < cursor.end) {
      reader.line += 1;
      readRow(reader, cursor);
    }
  });
}

/** Codes go straight into the row's list. Where that is wrong there is a finding, and then nothing is written at all. */
function readRow(reader: Reader, cursor: Cursor): void {
  const { tables, lists, seen, ids } = reader;
  const start = cursor.position;
  let row = -1;
  let columns = 0;
  if (reader.isPlain) {
    row = nextRow(ids, cursor);
    if (row >= 0 && scanCodes(reader, cursor, row * lists.k)) columns = lists.k + 1;
  }
  if (columns === 0) {
    cursor.position = start;
    ({ row, columns } = readFields(reader, cursor));
    if (columns === 1 && cursor.position - start <= 2) return;
  }
  const fault = faultOf(reader, row, columns);
  if (fault === null) seen[row] = 1;
  else note(tables.findings, fault.code, `${reader.file.path}:${reader.line}`, fault.message);
}

/** Any columns, any quotes: field by field. */
function readFields(reader: Reader, cursor: Cursor): { row: number; columns: number } {
  const { tables, target, idColumn, unknown, lists } = reader;
  const { candidates, programs } = tables;
  const list = new Uint32Array(lists.k).fill(lists.empty);
  let row = -1;
  let columns = 0;
  for (let last = false; !last; columns++) {
    last = nextField(cursor);
    const at = target[columns] ?? -1;
    if (columns === idColumn) row = lookUp(candidates.keys, keyOf(cursor.field, cursor.encoding));
    else if (at >= 0 && cursor.field.end > cursor.field.start) {
      const program = lookUp(programs.keys, keyOf(cursor.field, cursor.encoding));
      list[at] = program < 0 ? unknown : program;
    }
  }
  if (row >= 0) lists.prefs.set(list, row * lists.k);
  return { row, columns };
}

/** The codes of one row, up to the line feed. False for a row that has too few or too many columns. */
function scanCodes(reader: Reader, cursor: Cursor, slot: number): boolean {
  const { tables, unknown, lists } = reader;
  const { k, prefs, empty } = lists;
  const { field } = cursor;
  for (let at = scanKnown(reader, cursor, slot); at < k; at = scanKnown(reader, cursor, slot, at + 1)) {
    if (nextField(cursor) !== (at === k - 1)) return false;
    const program =
      field.end === field.start ? empty : lookUp(tables.programs.keys, keyOf(field, cursor.encoding));
    prefs[slot + at] = program < 0 ? unknown : program;
  }
  return true;
}

/**
 * The hot loop of a conversion: unfilled preferences and known codes, up to a field that is something else, whose place
 * in the list it returns; k at the end of the row. The loop calls nothing that might change the reader, so that
 * everything it needs stays in registers.
 */
function scanKnown({ codes, lists }: Reader, cursor: Cursor, slot: number, from = 0): number {
  const { bytes, view, end } = cursor;
  const { k, prefs, empty } = lists;
  const { length } = codes;
  const last = k - 1;
  let position = cursor.position;
  let at = from;
  for (; at < k; at++) {
    if (bytes[position] === COMMA && at < last) {
      prefs[slot + at] = empty;
      position += 1;
      continue;
    }
    const after = position + length;
    if (after >= end || bytes[after] !== (at === last ? LINE_FEED : COMMA)) break;
    const program = lookUpCode(codes, view, position);
    if (program < 0) break;
    prefs[slot + at] = program;
    position = after + 1;
  }
  cursor.position = position;
  return at;
}

function faultOf(
  { file, tables, seen, line }: Reader,
  row: number,
  columns: number,
): { code: string; message: string } | null {
  const width = file.header.length;
  if (columns !== width)
    return { code: 'BAD_CSV', message: `志愿第 ${line} 行有 ${columns} 列，表头有 ${width} 列。` };
  if (row < 0) return { code: 'UNKNOWN_CANDIDATE', message: `志愿第 ${line} 行的考生号不在考生表中。` };
  if (seen[row] !== 1) return null;
  const id = idOf(tables.candidates, row);
  return { code: 'DUPLICATE_CANDIDATE', message: `考生 ${id} 有两行志愿（第 ${line} 行）。` };
}
