import { unfilled } from '#placement/columns';
import { type CsvFile, type Cursor, forEachBlock, nextField } from './place-csv.ts';
import { columnOf, preferenceColumns } from './place-headers.ts';
import { type FixedTable, fixedTable, lookUp, lookUpFixed } from './place-keys.ts';
import { type Lists, type Tables, unknownCode } from './place-list.ts';
import { note } from './place-tables.ts';

const COMMA = 44;
const LINE_FEED = 10;

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
  readonly list: Uint32Array;
  readonly unknown: number;
  readonly fixed: FixedTable;
  line: number;
}

/** One row a candidate, one column a preference. */
export function readWide(file: CsvFile, lists: Lists, tables: Tables): void {
  const { k } = lists;
  const m = tables.programs.codes.length;
  const columns = preferenceColumns(file);
  const target = new Int32Array(file.header.length).fill(-1);
  columns.forEach((column, at) => {
    target[column] = at;
  });
  const idColumn = columnOf(file, 'id');
  const isPlain =
    idColumn === 0 && file.header.length === k + 1 && columns.every((column, at) => column === at + 1);
  const seen = new Uint8Array(tables.candidates.ids.length);
  const list = new Uint32Array(k);
  const reader = {
    file,
    tables,
    lists,
    target,
    idColumn,
    isPlain,
    seen,
    list,
    unknown: unknownCode(m),
    fixed: fixedTable(tables.programs.keys),
    line: 1,
  };
  forEachBlock(file, (cursor) => {
    while (cursor.position < cursor.end) {
      reader.line += 1;
      readRow(reader, cursor);
    }
  });
}

function readRow(reader: Reader, cursor: Cursor): void {
  const { tables, lists, list, seen } = reader;
  const { candidates, findings } = tables;
  const start = cursor.position;
  let row = -1;
  let columns = 1;
  if (reader.isPlain && !nextField(cursor)) {
    row = lookUp(candidates.keys, cursor.field);
    const isRead = scanCodes(cursor, reader);
    columns = isRead ? lists.k + 1 : 0;
  } else columns = 0;
  if (columns === 0) {
    cursor.position = start;
    ({ row, columns } = readFields(reader, cursor));
    if (columns === 1 && cursor.position - start <= 2) return;
  }
  const fault = faultOf(reader, row, columns);
  if (fault !== null) {
    note(findings, fault.code, `${reader.file.path}:${reader.line}`, fault.message);
    return;
  }
  seen[row] = 1;
  const { k, prefs } = lists;
  for (let at = 0; at < k; at++) prefs[row * k + at] = list[at] as number;
}

/** Any columns, any quotes: field by field. */
function readFields(
  { tables, target, idColumn, list, unknown }: Reader,
  cursor: Cursor,
): { row: number; columns: number } {
  const { candidates, programs } = tables;
  let row = -1;
  let columns = 0;
  list.fill(unfilled({ m: programs.codes.length }));
  for (let last = false; !last; columns++) {
    last = nextField(cursor);
    const { field } = cursor;
    const at = target[columns] ?? -1;
    if (columns === idColumn) row = lookUp(candidates.keys, field);
    else if (at >= 0 && field.end > field.start) {
      const program = lookUp(programs.keys, field);
      list[at] = program < 0 ? unknown : program;
    }
  }
  return { row, columns };
}

/**
 * The hot loop of a conversion: the codes of one row, up to the line feed. Where all programs have codes of one length, a
 * code is compared with the known ones four bytes at a time; as these contain no separators, an equal one has none
 * either, and the separator must follow. Anything else is read as any other field. Returns false for a row that has too
 * few or too many columns.
 */
function scanCodes(cursor: Cursor, { tables, fixed, list, unknown, lists: { k, prefs } }: Reader): boolean {
  const { bytes, field, end } = cursor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const empty = prefs instanceof Uint16Array ? 0xffff : 0xffff_ffff;
  let position = cursor.position;
  for (let at = 0; at < k; at++) {
    const isLast = at === k - 1;
    if (!isLast && bytes[position] === COMMA) {
      list[at] = empty;
      position += 1;
      continue;
    }
    const after = position + fixed.length;
    const separator = after < end ? (bytes[after] as number) : 0;
    if (separator === (isLast ? LINE_FEED : COMMA)) {
      const value = lookUpFixed(fixed, view, position);
      if (value >= 0) {
        list[at] = value;
        position = after + 1;
        continue;
      }
    }
    cursor.position = position;
    if (nextField(cursor) !== isLast) return false;
    position = cursor.position;
    const program = field.end === field.start ? empty : lookUp(tables.programs.keys, field);
    list[at] = program < 0 ? unknown : program;
  }
  cursor.position = position;
  return true;
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
  return {
    code: 'DUPLICATE_CANDIDATE',
    message: `考生 ${tables.candidates.ids[row]} 有两行志愿（第 ${line} 行）。`,
  };
}
