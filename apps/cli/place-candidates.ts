import { COMMA, digitsOf, LINE_FEED, NINE, notDigits, numberOf, QUOTE, RETURN, ZERO } from './place-bytes.ts';
import {
  type CsvFile,
  type Cursor,
  endOfField,
  type Field,
  forEachBlock,
  keyOf,
  nextField,
  textOf,
  wholeOf,
} from './place-csv.ts';
import { columnOf } from './place-headers.ts';
import { addKey, type KeyTable, makeKeyTable } from './place-keys.ts';
import { type CandidateTable, type Figures, inOrder } from './place-ranked.ts';
import { type Findings, note } from './place-tables.ts';

/** What a column may hold, and its name in a finding. */
const PARTS = [
  { name: 'score', title: '总分', most: 32_767 },
  { name: 'sumOfTwo', title: '语数之和', most: 511 },
  { name: 'bestOfTwo', title: '语数最高', most: 255 },
  { name: 'chinese', title: '语文', most: 255 },
  { name: 'maths', title: '数学', most: 255 },
  { name: 'foreign', title: '外语', most: 255 },
  { name: 'firstChoice', title: '首选科目', most: 127 },
  { name: 'second', title: '再选科目最高', most: 127 },
  { name: 'third', title: '再选科目次高', most: 127 },
  { name: 'seq', title: '报名序号', most: 1e14 },
] as const;

/** Where a figure stands in PARTS. */
const [SCORE, SUM_OF_TWO, BEST_OF_TWO, CHINESE, MATHS, FOREIGN, FIRST_CHOICE, SECOND, THIRD, SEQ] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
] as const;
const MOST = Float64Array.from(PARTS, ({ most }) => most);
const ID = -1;
const OTHER = -2;

interface Reader {
  readonly file: CsvFile;
  readonly findings: Findings;
  readonly keys: KeyTable;
  /** By column of the file: index into PARTS, ID or OTHER. */
  readonly role: Int8Array;
  /** The figures of the row being read, by index into PARTS; its registration order, beyond 32 bits, on its own. */
  readonly values: Int32Array;
  seq: number;
  /** By candidate in the order of the file; larger than needed. */
  figures: Figures;
  line: number;
}

export function readCandidates(file: CsvFile, findings: Findings): CandidateTable {
  const role = new Int8Array(file.header.length).fill(OTHER);
  role[columnOf(file, 'id')] = ID;
  PARTS.forEach(({ name }, part) => {
    const column = columnOf(file, name);
    if (column >= 0) role[column] = part;
  });
  const values = new Int32Array(PARTS.length);
  const keys = makeKeyTable(file.rows);
  const figures = roomFor(file.rows + 1, role.includes(SEQ));
  const reader: Reader = { file, findings, keys, role, values, seq: 0, figures, line: 1 };
  forEachBlock(file, (cursor) => {
    while (cursor.position < cursor.end) {
      reader.line += 1;
      if (!readPlain(reader, cursor)) readRow(reader, cursor);
    }
  });
  return inOrder(keys, reader.figures);
}

/**
 * The hot loop: a row without quotes, with an id in ASCII and figures in digits, four bytes at a time. Any other row is
 * left where it began, for `readRow`, which can read it or say what is wrong. Words may reach beyond the block into
 * bytes that mean nothing; so may a row without a line feed, which is then no plain one.
 */
function readPlain(reader: Reader, cursor: Cursor): boolean {
  const { role } = reader;
  const { bytes, view, end } = cursor;
  const last = role.length - 1;
  let position = cursor.position;
  for (let column = 0; column <= last; column++) {
    const part = role[column] as number;
    if (part >= 0) {
      const start = position;
      const word = view.getInt32(position, true);
      const digits = digitsOf(word);
      let value = numberOf(word, digits);
      position += digits;
      if (digits === 4) {
        // Hardly ever more: byte by byte.
        for (
          let byte = bytes[position] as number;
          byte >= ZERO && byte <= NINE;
          byte = bytes[++position] as number
        )
          value = 10 * value + byte - ZERO;
      }
      if (value > (MOST[part] as number) || (part === SCORE && position === start)) return false;
      setFigure(reader, part, value);
    } else {
      if (bytes[position] === QUOTE) return false;
      position = part === ID ? endOfId(cursor, position) : endOfField(cursor, position);
      if (position < 0) return false;
    }
    if (column === last) break;
    if (bytes[position] !== COMMA) return false;
    position += 1;
  }
  if (bytes[position] === RETURN) position += 1;
  if (position >= end || bytes[position] !== LINE_FEED || !addKey(reader.keys, cursor.field)) return false;
  cursor.position = position + 1;
  keep(reader);
  return true;
}

/** Puts an id in ASCII that is not the last column into the field, and says where it ends; -1 for any other. */
function endOfId(cursor: Cursor, start: number): number {
  const { field, bytes, view, end } = cursor;
  // Ids are mostly as long as the one before, and digits.
  let position = start + field.end - field.start;
  if (position >= end || bytes[position] !== COMMA || !areDigits(view, start, position)) {
    let bits = 0;
    position = endOfField(cursor, start);
    for (let at = start; at < position; at++) bits |= bytes[at] as number;
    if (bits >= 0x80 || position === start) return -1;
  }
  field.bytes = bytes;
  field.view = view;
  field.start = start;
  field.end = position;
  return position;
}

function areDigits(view: DataView, start: number, end: number): boolean {
  if (end - start < 4) return false;
  let others = notDigits(view.getInt32(end - 4, true));
  for (let at = start; at < end - 4; at += 4) others |= notDigits(view.getInt32(at, true));
  return others === 0;
}

function setFigure(reader: Reader, part: number, value: number): void {
  if (part === SEQ) reader.seq = value;
  else reader.values[part] = value;
}

function readRow(reader: Reader, cursor: Cursor): void {
  const { file, findings, keys, role, values } = reader;
  const start = cursor.position;
  const before = findings.total;
  let id: Field | null = null;
  let columns = 0;
  values.fill(0);
  reader.seq = 0;
  for (let last = false; !last; columns++) {
    last = nextField(cursor);
    const part = role[columns] ?? OTHER;
    if (part === ID) id = { ...keyOf(cursor.field, file.encoding) };
    else if (part >= 0) setFigure(reader, part, figureOf(reader, part, cursor.field));
  }
  if (columns === 1 && cursor.position - start <= 2) return;
  const fault = faultOf(reader, id, columns);
  if (fault !== null) {
    // A row that is no row is one finding, whatever stands in it.
    findings.list.length = Math.min(findings.list.length, before);
    findings.total = before;
    note(findings, fault.code, `${file.path}:${reader.line}`, fault.message);
    return;
  }
  if (id !== null && !addKey(keys, id)) {
    const message = `考生号 ${textOf(id, 'utf8')} 重复（第 ${reader.line} 行）。`;
    note(findings, 'DUPLICATE_CANDIDATE', `${file.path}:${reader.line}`, message);
    return;
  }
  keep(reader);
}

function faultOf(
  { file, line }: Reader,
  id: Field | null,
  columns: number,
): { code: string; message: string } | null {
  const width = file.header.length;
  if (columns !== width)
    return { code: 'BAD_CSV', message: `${file.path} 第 ${line} 行有 ${columns} 列，表头有 ${width} 列。` };
  if (id === null || id.start === id.end) return { code: 'BAD_ID', message: `第 ${line} 行没有考生号。` };
  return null;
}

/** Blank means 0 for everything but the score. */
function figureOf({ file, findings, line }: Reader, part: number, field: Field): number {
  const value = wholeOf(field);
  const { title, most } = PARTS[part] ?? PARTS[SCORE];
  if (value >= 0 && value <= most) return value;
  const isBlank = field.start === field.end;
  if (isBlank && part !== SCORE) return 0;
  const shown = isBlank ? '空' : textOf(field, file.encoding);
  const message = `第 ${line} 行的${title}应为 0 至 ${most} 的整数，现为 ${shown}。`;
  note(findings, 'BAD_SCORE', `${file.path}:${line}`, message);
  return 0;
}

function roomFor(rows: number, hasSeq: boolean): Figures {
  const seq = new Float64Array(hasSeq ? rows : 0);
  return { tiehi: new Uint32Array(rows), tielo: new Uint32Array(rows), seq };
}

function doubled({ tiehi, tielo, seq }: Figures): Figures {
  const larger = roomFor(2 * tiehi.length, seq.length > 0);
  larger.tiehi.set(tiehi);
  larger.tielo.set(tielo);
  larger.seq.set(seq);
  return larger;
}

/** Packs the figures of the row whose key was added last into the two words of the full key. */
function keep(reader: Reader): void {
  const { values, keys } = reader;
  const key = keys.count - 1;
  if (key === reader.figures.tiehi.length) reader.figures = doubled(reader.figures);
  const { tiehi, tielo, seq } = reader.figures;
  const chinese = values[CHINESE] as number;
  const maths = values[MATHS] as number;
  const sum = Math.min(511, (values[SUM_OF_TWO] as number) || chinese + maths);
  const best = (values[BEST_OF_TWO] as number) || Math.max(chinese, maths);
  const a = values[SECOND] as number;
  const b = values[THIRD] as number;
  const subjects = ((values[FIRST_CHOICE] as number) << 14) | (Math.max(a, b) << 7) | Math.min(a, b);
  tiehi[key] = ((values[SCORE] as number) << 17) | (sum << 8) | best;
  tielo[key] = ((values[FOREIGN] as number) << 21) | subjects;
  if (seq.length > 0) seq[key] = reader.seq;
}
