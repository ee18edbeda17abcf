import { isWide, PREFERENCES_MAX, unfilled } from '#placement/columns';
import { COMMA, LINE_FEED, NINE, QUOTE, RETURN, ZERO } from './place-bytes.ts';
import { idOf } from './place-candidates.ts';
import { type CsvFile, type Cursor, forEachBlock, keyOf, nextField, wholeOf } from './place-csv.ts';
import { columnOf } from './place-headers.ts';
import { type FixedTable, fixedTable, lookUp, lookUpFixed } from './place-keys.ts';
import { type Lists, type Tables, unknownCode } from './place-list.ts';
import { note } from './place-tables.ts';

interface Reader {
  readonly file: CsvFile;
  readonly tables: Tables;
  readonly columns: { readonly id: number; readonly position: number; readonly code: number };
  /** 考生号, 志愿序号, 专业代码 in this order and nothing else. */
  readonly isPlain: boolean;
  readonly unknown: number;
  readonly fixed: FixedTable;
  /** The id read last and its row; an id of no bytes at the start of a block. */
  readonly id: { start: number; end: number; row: number };
  /** Room for so many preferences a row; doubled when a longer list comes, cut to the longest at the end. */
  lists: Lists;
  longest: number;
  line: number;
}

/** One row a preference: 考生号, 志愿序号, 专业代码. Read once: how long lists are is known only at the end. */
export function readLong(file: CsvFile, tables: Tables): Lists {
  const columns = {
    id: columnOf(file, 'id'),
    position: columnOf(file, 'position'),
    code: columnOf(file, 'code'),
  };
  const unknown = unknownCode(tables.programs.codes.length);
  const lists = emptyLists(tables, FIRST_ROOM);
  const fixed = fixedTable(tables.programs.keys);
  const isPlain =
    columns.id === 0 && columns.position === 1 && columns.code === 2 && file.header.length === 3;
  const id = { start: 0, end: 0, row: -1 };
  const reader: Reader = {
    ...{ file, tables, columns, isPlain, unknown, fixed, id, lists },
    longest: 0,
    line: 1,
  };
  forEachBlock(file, (cursor) => {
    Object.assign(id, { start: 0, end: 0, row: -1 });
    while (cursor.position < cursor.end) {
      reader.line += 1;
      if (!(isPlain && readPlain(reader, cursor))) readRow(reader, cursor);
    }
  });
  return widened(reader.lists, tables, reader.longest);
}

const FIRST_ROOM = 8;

export function emptyLists({ candidates: { n }, programs: { codes } }: Tables, k: number): Lists {
  const m = codes.length;
  const empty = unfilled({ m });
  const prefs = isWide({ m }) ? new Uint32Array(n * k) : new Uint16Array(n * k);
  return { k, prefs: prefs.fill(empty), empty };
}

/** The same lists with room for k. */
function widened(lists: Lists, tables: Tables, k: number): Lists {
  if (k === lists.k) return lists;
  const wide = emptyLists(tables, k);
  const kept = Math.min(k, lists.k);
  for (let row = 0; row < tables.candidates.n; row++) {
    for (let at = 0; at < kept; at++) wide.prefs[row * k + at] = lists.prefs[row * lists.k + at] as number;
  }
  return wide;
}

/**
 * The hot loop: a row of the usual form, with a code of the usual length, without quotes. Any other row is left where it
 * began, for `readRow`, which can read it or say what is wrong.
 */
function readPlain(reader: Reader, cursor: Cursor): boolean {
  const { fixed, id } = reader;
  const { bytes, view, end } = cursor;
  let position = idEnd(reader, cursor);
  if (id.row < 0 || bytes[position] !== COMMA) return false;
  let at = 0;
  let byte = bytes[++position] as number;
  for (; position < end && byte >= ZERO && byte <= NINE && at < 1000; byte = bytes[++position] as number)
    at = at * 10 + byte - ZERO;
  if (byte !== COMMA || at < 1 || at > PREFERENCES_MAX) return false;
  const start = position + 1;
  position = start + fixed.length;
  if (position >= end) return false;
  if (bytes[position] === RETURN) position += 1;
  if (position >= end || bytes[position] !== LINE_FEED) return false;
  const program = lookUpFixed(fixed, view, start);
  if (program < 0) return false;
  cursor.position = position + 1;
  fill(reader, { row: id.row, position: at, program });
  return true;
}

/** Where the id of the next row ends. Rows of a candidate stand together: mostly it is the id of the row before. */
function idEnd({ id, tables }: Reader, { bytes, view, field, position, end, encoding }: Cursor): number {
  const length = id.end - id.start;
  let same = 0;
  while (same + 4 <= length && position + same + 4 <= end) {
    if (view.getInt32(position + same) !== view.getInt32(id.start + same)) break;
    same += 4;
  }
  while (same < length && bytes[position + same] === bytes[id.start + same]) same++;
  if (length > 0 && same === length && bytes[position + length] === COMMA) return position + length;
  let at = position;
  while (at < end && bytes[at] !== COMMA && bytes[at] !== LINE_FEED) at++;
  id.start = position;
  id.end = at;
  field.bytes = bytes;
  field.view = view;
  field.start = position;
  field.end = at;
  id.row = bytes[position] === QUOTE ? -1 : lookUp(tables.candidates.keys, keyOf(field, encoding));
  return at;
}

function readRow(reader: Reader, cursor: Cursor): void {
  const { tables, columns, unknown, fixed } = reader;
  const { field, encoding } = cursor;
  const start = cursor.position;
  let row = -1;
  let position = -1;
  let program = reader.lists.empty;
  let column = 0;
  for (let last = false; !last; column++) {
    last = nextField(cursor);
    if (column === columns.position) position = wholeOf(field);
    else if (column === columns.id) row = lookUp(tables.candidates.keys, keyOf(field, encoding));
    else if (column === columns.code && field.end > field.start) {
      const isFixed = field.end - field.start === fixed.length && field.bytes === cursor.bytes;
      program = isFixed
        ? lookUpFixed(fixed, field.view, field.start)
        : lookUp(tables.programs.keys, keyOf(field, encoding));
      if (program < 0) program = unknown;
    }
  }
  if (column === 1 && cursor.position - start <= 2) return;
  const fault = faultOf(reader, { row, position, column });
  if (fault !== null) note(tables.findings, fault.code, `${reader.file.path}:${reader.line}`, fault.message);
  else if (program !== reader.lists.empty) fill(reader, { row, position, program });
}

function fill(
  reader: Reader,
  { row, position, program }: { row: number; position: number; program: number },
): void {
  const { tables, line, file } = reader;
  if (position > reader.lists.k)
    reader.lists = widened(
      reader.lists,
      tables,
      Math.min(PREFERENCES_MAX, Math.max(position, 2 * reader.lists.k)),
    );
  const { k, prefs, empty } = reader.lists;
  const at = row * k + position - 1;
  if (prefs[at] !== empty) {
    const message = `考生 ${idOf(tables.candidates, row)} 的第 ${position} 志愿填了两次（第 ${line} 行）。`;
    note(tables.findings, 'BAD_PREFS', `${file.path}:${line}`, message);
    return;
  }
  prefs[at] = program;
  reader.longest = Math.max(reader.longest, position);
}

function faultOf(
  { file, line }: Reader,
  { row, position, column }: { row: number; position: number; column: number },
): { code: string; message: string } | null {
  const width = file.header.length;
  if (column !== width)
    return { code: 'BAD_CSV', message: `志愿第 ${line} 行有 ${column} 列，表头有 ${width} 列。` };
  if (row < 0) return { code: 'UNKNOWN_CANDIDATE', message: `志愿第 ${line} 行的考生号不在考生表中。` };
  if (position >= 1 && position <= PREFERENCES_MAX) return null;
  return {
    code: 'BAD_PREFS',
    message: `志愿第 ${line} 行的志愿序号应为 1 至 ${PREFERENCES_MAX} 的整数。`,
  };
}
