import { rankRows } from '#placement/columns-sort';
import { COMMA, LINE_FEED, NINE, QUOTE, RETURN, ZERO } from './place-bytes.ts';
import {
  type CsvFile,
  type Cursor,
  type Field,
  forEachBlock,
  keyOf,
  nextField,
  textOf,
  wholeOf,
} from './place-csv.ts';
import { columnOf } from './place-headers.ts';
import { addKey, type KeyTable, keyBytes, keyText, makeKeyTable, relabel } from './place-keys.ts';
import { type Findings, note } from './place-tables.ts';

export interface CandidateTable {
  readonly n: number;
  /** Candidate id -> row. Rows are written best first, so that a placement reads them in order. */
  readonly keys: KeyTable;
  /** Row -> number of the key. */
  readonly order: Uint32Array;
  readonly score: Uint16Array;
  readonly tiehi: Uint32Array;
  readonly tielo: Uint32Array;
}

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
  /** The figures of the row being read, by index into PARTS. */
  readonly values: Float64Array;
  /** By candidate in the order of the file; larger than needed. */
  figures: Figures;
  line: number;
}

/** The two words of the full key, and the registration order. */
interface Figures {
  readonly tiehi: Uint32Array;
  readonly tielo: Uint32Array;
  readonly seq: Float64Array;
}

export function readCandidates(file: CsvFile, findings: Findings): CandidateTable {
  const role = new Int8Array(file.header.length).fill(OTHER);
  role[columnOf(file, 'id')] = ID;
  PARTS.forEach(({ name }, part) => {
    const column = columnOf(file, name);
    if (column >= 0) role[column] = part;
  });
  const values = new Float64Array(PARTS.length);
  const keys = makeKeyTable(file.rows);
  const reader: Reader = { file, findings, keys, role, values, figures: roomFor(file.rows + 1), line: 1 };
  forEachBlock(file, (cursor) => {
    while (cursor.position < cursor.end) {
      reader.line += 1;
      if (!readPlain(reader, cursor)) readRow(reader, cursor);
    }
  });
  return inOrder(reader);
}

/**
 * The hot loop: a row without quotes, with an id in ASCII and figures in digits, number by number where it stands. Any
 * other row is left where it began, for `readRow`, which can read it or say what is wrong.
 */
function readPlain(reader: Reader, cursor: Cursor): boolean {
  const { role, values, keys } = reader;
  const { bytes, end, field } = cursor;
  const last = role.length - 1;
  let position = cursor.position;
  for (let column = 0; column <= last; column++) {
    const part = role[column] as number;
    const start = position;
    let byte = bytes[position] as number;
    if (part >= 0) {
      let value = 0;
      for (; position < end && byte >= ZERO && byte <= NINE; byte = bytes[++position] as number)
        value = value * 10 + byte - ZERO;
      if (value > (MOST[part] as number) || (part === SCORE && position === start)) return false;
      values[part] = value;
    } else {
      if (byte === QUOTE) return false;
      let bits = 0;
      for (; position < end && byte !== COMMA && byte !== LINE_FEED; byte = bytes[++position] as number)
        bits |= byte;
      if (part === ID) {
        if (position === start || bits >= 0x80 || column === last) return false;
        field.start = start;
        field.end = position;
      }
    }
    if (column === last && byte === RETURN) byte = bytes[++position] as number;
    if (byte !== (column === last ? LINE_FEED : COMMA)) return false;
    position += 1;
  }
  field.bytes = bytes;
  field.view = cursor.view;
  if (!addKey(keys, field)) return false;
  cursor.position = position;
  keep(reader);
  return true;
}

function readRow(reader: Reader, cursor: Cursor): void {
  const { file, findings, keys, role, values } = reader;
  const start = cursor.position;
  const before = findings.total;
  let id: Field | null = null;
  let columns = 0;
  values.fill(0);
  for (let last = false; !last; columns++) {
    last = nextField(cursor);
    const part = role[columns] ?? OTHER;
    if (part === ID) id = { ...keyOf(cursor.field, file.encoding) };
    else if (part >= 0) values[part] = figureOf(reader, part, cursor.field);
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

function roomFor(rows: number): Figures {
  return { tiehi: new Uint32Array(rows), tielo: new Uint32Array(rows), seq: new Float64Array(rows) };
}

function doubled({ tiehi, tielo, seq }: Figures): Figures {
  const larger = roomFor(2 * seq.length);
  larger.tiehi.set(tiehi);
  larger.tielo.set(tielo);
  larger.seq.set(seq);
  return larger;
}

/** Packs the figures of the row whose key was added last into the two words of the full key. */
function keep(reader: Reader): void {
  const { values, keys } = reader;
  const key = keys.ends.length - 1;
  if (key === reader.figures.seq.length) reader.figures = doubled(reader.figures);
  const { tiehi, tielo, seq } = reader.figures;
  const [chinese, maths] = [values[CHINESE] as number, values[MATHS] as number];
  const sum = Math.min(511, (values[SUM_OF_TWO] as number) || chinese + maths);
  const best = (values[BEST_OF_TWO] as number) || Math.max(chinese, maths);
  const [a, b] = [values[SECOND] as number, values[THIRD] as number];
  const subjects = (values[FIRST_CHOICE] as number) * 0x4000 + Math.max(a, b) * 128 + Math.min(a, b);
  tiehi[key] = (values[SCORE] as number) * 0x2_0000 + sum * 256 + best;
  tielo[key] = (values[FOREIGN] as number) * 0x20_0000 + subjects;
  seq[key] = values[SEQ] as number;
}

/** Best first; full ties by registration order, then by id. */
function inOrder({ keys, figures }: Reader): CandidateTable {
  const n = keys.ends.length;
  const { tiehi, tielo, seq } = figures;
  const order = new Uint32Array(n);
  rankRows({ n, tiehi, tielo }, order, new Uint32Array(n));
  const sorted = { score: new Uint16Array(n), tiehi: new Uint32Array(n), tielo: new Uint32Array(n) };
  for (let row = 0; row < n; row++) {
    const key = order[row] as number;
    const high = tiehi[key] as number;
    sorted.score[row] = high >>> 17;
    sorted.tiehi[row] = high;
    sorted.tielo[row] = tielo[key] as number;
  }
  const tied = (a: number, b: number): boolean =>
    sorted.tiehi[a] === sorted.tiehi[b] && sorted.tielo[a] === sorted.tielo[b];
  for (let from = 0, to = 1; from < n; from = to, to++) {
    while (to < n && tied(from, to)) to++;
    if (to - from > 1) settleTie(keys, seq, order.subarray(from, to));
  }
  const rowOf = new Uint32Array(n);
  for (let row = 0; row < n; row++) rowOf[order[row] as number] = row;
  relabel(keys, rowOf);
  return { n, keys, order, ...sorted };
}

function settleTie(keys: KeyTable, seqs: Float64Array, tie: Uint32Array): void {
  const tied = Array.from(tie, (key) => ({ key, seq: seqs[key] ?? 0, id: keyText(keys, key) }));
  tied.sort((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1));
  tied.forEach(({ key }, i) => {
    tie[i] = key;
  });
}

export const idOf = ({ keys, order }: CandidateTable, row: number): string => keyText(keys, order[row] ?? 0);

/** One id a line, in the order of rows. */
export function idLines({ n, keys, order }: CandidateTable): Uint8Array {
  const lines = new Uint8Array(keys.used + n);
  let at = 0;
  for (let row = 0; row < n; row++) {
    const bytes = keyBytes(keys, order[row] as number);
    lines.set(bytes, at);
    at += bytes.length + 1;
    lines[at - 1] = 10;
  }
  return lines;
}
