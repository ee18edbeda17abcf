import { isWide, PREFERENCES_MAX, unfilled } from '#placement/columns';
import { COMMA, digitsOf, LINE_FEED, numberOf, RETURN } from './place-bytes.ts';
import { type CodeTable, codeTable, lookUpCode } from './place-codes.ts';
import { type CsvFile, type Cursor, forEachBlock, keyOf, nextField, wholeOf } from './place-csv.ts';
import { columnOf } from './place-headers.ts';
import { type Ids, idsOf, nextRow } from './place-ids.ts';
import { lookUp } from './place-keys.ts';
import { type Lists, type Tables, unknownCode } from './place-list.ts';
import { idOf } from './place-ranked.ts';
import { note } from './place-tables.ts';

interface Reader {
  readonly file: CsvFile;
  readonly tables: Tables;
  readonly columns: { readonly id: number; readonly position: number; readonly code: number };
  /** 考生号, 志愿序号, 专业代码 in this order and nothing else. */
  readonly isPlain: boolean;
  readonly unknown: number;
  readonly ids: Ids;
  readonly codes: CodeTable;
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
  const codes = codeTable(tables.programs.keys);
  const ids = idsOf(tables.candidates.keys);
  const isPlain =
    columns.id === 0 && columns.position === 1 && columns.code === 2 && file.header.length === 3;
  const lists = emptyLists(tables, 0);
  const reader: Reader = {
    ...{ file, tables, columns, isPlain, unknown, codes, ids, lists },
    longest: 0,
    line: 1,
  };
  forEachBlock(file, (cursor) => {
    if (reader.line === 1) reader.lists = emptyLists(tables, longestOf(cursor, columns.position));
    while (cursor.position < cursor.end) {
      reader.line += 1;
      if (!(isPlain && readPlain(reader, cursor))) readRow(reader, cursor);
    }
  });
  return widened(reader.lists, tables, reader.longest);
}

/** The longest list in a block, which is left as it was: the other lists of a round are hardly longer. */
function longestOf(cursor: Cursor, column: number): number {
  let longest = 1;
  for (let at = 0; cursor.position < cursor.end; ) {
    const isLast = nextField(cursor);
    if (at === column) longest = Math.max(longest, wholeOf(cursor.field));
    at = isLast ? 0 : at + 1;
  }
  cursor.position = 0;
  return Math.min(longest, PREFERENCES_MAX);
}

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
 * The hot loop: a row of the usual form, with a known code of the usual length, without quotes. Any other row is left
 * where it began, for `readRow`, which can read it or say what is wrong.
 */
function readPlain(reader: Reader, cursor: Cursor): boolean {
  const start = cursor.position;
  const row = nextRow(reader.ids, cursor);
  if (row >= 0 && readChoice(reader, cursor, row)) return true;
  cursor.position = start;
  return false;
}

/** Number and code of a preference, behind the id. */
function readChoice(reader: Reader, cursor: Cursor, row: number): boolean {
  const { codes } = reader;
  const { bytes, view, end } = cursor;
  const word = view.getInt32(cursor.position, true);
  const digits = digitsOf(word);
  const position = numberOf(word, digits);
  if (digits > 3 || position < 1 || position > PREFERENCES_MAX) return false;
  const start = cursor.position + digits + 1;
  let after = start + codes.length;
  if (after >= end || bytes[start - 1] !== COMMA) return false;
  if (bytes[after] === RETURN) after += 1;
  if (after >= end || bytes[after] !== LINE_FEED) return false;
  const program = lookUpCode(codes, view, start);
  if (program < 0) return false;
  cursor.position = after + 1;
  fill(reader, { row, position, program });
  return true;
}

function readRow(reader: Reader, cursor: Cursor): void {
  const { tables, columns, unknown } = reader;
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
      program = lookUp(tables.programs.keys, keyOf(field, encoding));
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
