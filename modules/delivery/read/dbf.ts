import iconv from 'iconv-lite';
import type { Row } from '../record.rules.ts';
import { checkTail, type DbfField, type DbfHeader, readDbfHeader } from './dbf-header.ts';
import { refuse } from './fault.ts';
import { decodeGb18030, detectEncoding, type Encoding, replaceControls } from './gb18030.ts';
import { type ByteSource, headOf } from './source.ts';

/** Rows of one stretch of the file, deleted ones left out and counted. */
export interface RowBatch {
  rows: Row[];
  deletedRows: number;
}

export interface DbfTable {
  columns: string[];
  encoding: Encoding;
  /** As the header says, deleted rows included; checked against the size of the file. */
  rows: number;
  /** Columns whose content is in a memo file and is not read. */
  memoColumns: string[];
  batches(): AsyncGenerator<RowBatch, void, undefined>;
}

/** Looked at to tell the encoding; a change further on is caught by undecodable cells. */
const SAMPLE_BYTES = 1 << 20;
/** Rows handed on at once. A chunk of a narrow table has ten thousand, which the collector would carry along until the last is done with. */
const BATCH_ROWS = 500;
const SPACE = 0x20;
const DELETED = 0x2a;
/** Share of non-ASCII cells in a batch that may be undecodable before the encoding is called wrong. */
const DAMAGED_SHARE_MAX = 0.2;
const DAMAGED_MIN = 20;

/**
 * Opens a DBF: header checked, encoding told. Reading streams in chunks and never holds more than one.
 * Faults: DeliveryFault with code, row and column.
 */
export async function openDbf(source: ByteSource): Promise<DbfTable> {
  const header = await readDbfHeader(source);
  const encoding = await tellEncoding(source, header);
  return {
    columns: header.fields.map((field) => field.name),
    encoding,
    rows: header.rows,
    memoColumns: header.fields.filter((field) => 'MGPW'.includes(field.type)).map((field) => field.name),
    batches: () => readRows(source, header, encoding),
  };
}

async function tellEncoding(source: ByteSource, header: DbfHeader): Promise<Encoding> {
  const sample = (await headOf(source, header.headerLength + SAMPLE_BYTES)).subarray(header.headerLength);
  const encoding = detectEncoding(textCells(sample, header));
  if (encoding !== null) return encoding;
  return refuse('code_page', { file: source.name }, '文字既不是 GB18030（GBK）也不是 UTF-8');
}

function* textCells(sample: Buffer, { rows, rowLength, fields }: DbfHeader): Generator<Buffer> {
  const text = fields.filter((field) => field.type === 'C');
  for (let row = 0; row < rows && (row + 1) * rowLength <= sample.length; row += 1) {
    for (const { offset, length } of text) {
      const start = row * rowLength + offset;
      let end = start + length;
      while (end > start && ((sample[end - 1] ?? 0) === SPACE || sample[end - 1] === 0)) end -= 1;
      if (end > start) yield sample.subarray(start, end);
    }
  }
}

async function* readRows(
  source: ByteSource,
  header: DbfHeader,
  encoding: Encoding,
): AsyncGenerator<RowBatch, void, undefined> {
  const { rowLength, rows, headerLength } = header;
  const reader = rowReader(header.fields, source.name, encoding);
  let skip = headerLength;
  let rest: Buffer = Buffer.alloc(0);
  let done = 0;
  for await (const chunk of source.chunks()) {
    const skipped = Math.min(skip, chunk.length);
    skip -= skipped;
    let fresh = chunk.subarray(skipped);
    let batch: RowBatch = { rows: [], deletedRows: 0 };
    if (rest.length > 0) {
      // The row that lies across two chunks.
      const missing = Math.min(rowLength - rest.length, fresh.length);
      rest = Buffer.concat([rest, fresh.subarray(0, missing)]);
      fresh = fresh.subarray(missing);
      if (rest.length === rowLength) {
        reader(rest, 1, done, batch);
        done += 1;
        rest = Buffer.alloc(0);
      }
    }
    const whole = Math.min(Math.floor(fresh.length / rowLength), rows - done);
    for (let from = 0; from < whole; from += BATCH_ROWS) {
      const count = Math.min(BATCH_ROWS, whole - from);
      reader(fresh.subarray(from * rowLength), count, done, batch);
      done += count;
      yield batch;
      batch = { rows: [], deletedRows: 0 };
    }
    const tail = fresh.subarray(whole * rowLength);
    if (done === rows) checkTail(Buffer.concat([rest, tail]), source.name, rows);
    else if (tail.length > 0) rest = Buffer.from(tail);
    if (batch.rows.length > 0 || batch.deletedRows > 0) yield batch;
  }
  if (done < rows) {
    refuse(
      'file_truncated',
      { file: source.name, row: done + 1 },
      `文件头写明 ${rows} 行，只读到 ${done} 行`,
    );
  }
}

/** Decodes whole rows that lie at the start of `data`. */
function rowReader(
  fields: readonly DbfField[],
  file: string,
  encoding: Encoding,
): (data: Buffer, count: number, before: number, batch: RowBatch) => void {
  const rowLength = fields.reduce((sum, field) => sum + field.length, 1);
  const layout = layoutOf(fields);
  const decode = encoding === 'utf8' ? decodeUtf8 : decodeGb18030;
  return (data, count, before, batch) => {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const state: CellState = { data, view, line: '', base: 0, damaged: null, high: 0, decode };
    let damagedCells = 0;
    for (let index = 0; index < count; index += 1) {
      const base = index * rowLength;
      const flag = data[base];
      const number = before + index + 1;
      if (flag === DELETED) {
        batch.deletedRows += 1;
        continue;
      }
      if (flag !== SPACE) refuse('row_broken', { file, row: number }, '行首不是删除标志，行的位置已错开');
      state.base = base;
      state.line = data.toString('latin1', base, base + rowLength);
      state.damaged = null;
      const cells = readCells(layout, state);
      if (state.damaged === null) batch.rows.push({ number, cells });
      else {
        batch.rows.push({ number, cells, damaged: state.damaged });
        damagedCells += (state.damaged as number[]).length;
      }
    }
    if (damagedCells >= DAMAGED_MIN && damagedCells > state.high * DAMAGED_SHARE_MAX) {
      refuse('code_page', { file, row: before + 1 }, `自此约有 ${damagedCells} 处文字无法按所识别的编码还原`);
    }
  };
}

interface CellState {
  data: Buffer;
  /** The same bytes, read four or eight at a time. */
  view: DataView;
  /** The row as latin1: ASCII cells are cut out of it without another call into native code. */
  line: string;
  base: number;
  damaged: number[] | null;
  high: number;
  decode: (buffer: Buffer, start: number, end: number) => string;
}

const BINARY_TYPES = 'IBTYO+@';

/** What the inner loop needs, in flat arrays. */
interface Layout {
  offsets: Int32Array;
  lengths: Int32Array;
  binary: readonly (DbfField | null)[];
}

const layoutOf = (fields: readonly DbfField[]): Layout => ({
  offsets: Int32Array.from(fields, (field) => field.offset),
  lengths: Int32Array.from(fields, (field) => field.length),
  binary: fields.map((field) => (BINARY_TYPES.includes(field.type) ? field : null)),
});

function readCells({ offsets, lengths, binary }: Layout, state: CellState): string[] {
  const { data, view, base, line } = state;
  const cells: string[] = [];
  for (let index = 0; index < offsets.length; index += 1) {
    let start = base + (offsets[index] ?? 0);
    let end = start + (lengths[index] ?? 0);
    const field = binary[index];
    if (field) {
      cells.push(binaryCell(field, data.subarray(start, end)));
      continue;
    }
    end = trimEnd(data, view, start, end);
    while (start < end && (data[start] === SPACE || data[start] === 0)) start += 1;
    if (start === end) cells.push('');
    else if (isPlain(data, view, start, end)) cells.push(line.substring(start - base, end - base));
    else cells.push(otherCell(index, start, end, state));
  }
  return cells;
}

/** Eight blanks as a double: most of a row is blank, so it is skipped in eights. */
const EIGHT_SPACES = new DataView(new Uint8Array(8).fill(SPACE).buffer).getFloat64(0, true);

function trimEnd(data: Buffer, view: DataView, start: number, from: number): number {
  let end = from;
  while (end - start >= 8 && view.getFloat64(end - 8, true) === EIGHT_SPACES) end -= 8;
  while (end > start && (data[end - 1] === SPACE || data[end - 1] === 0)) end -= 1;
  return end;
}

/** ASCII without control characters needs no decoding. Four bytes at a time: any high bit, or any byte below 0x20. */
function isPlain(data: Buffer, view: DataView, start: number, end: number): boolean {
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at, true);
    if (((word | (word - 0x20202020)) & 0x80808080) !== 0) return false;
  }
  for (; at < end; at += 1) {
    const byte = data[at] ?? 0;
    if (byte < SPACE || byte > 0x7f) return false;
  }
  return true;
}

function otherCell(index: number, start: number, end: number, state: CellState): string {
  const text = state.decode(state.data, start, end);
  state.high += 1;
  if (text.includes('\ufffd')) {
    state.damaged ??= [];
    state.damaged.push(index);
  }
  return text.charCodeAt(text.length - 1) === IDEOGRAPHIC_SPACE || text.charCodeAt(0) === IDEOGRAPHIC_SPACE
    ? text.trim()
    : text;
}

const IDEOGRAPHIC_SPACE = 0x3000;

const decodeUtf8 = (buffer: Buffer, start: number, end: number): string =>
  replaceControls(iconv.decode(buffer.subarray(start, end), 'utf8'));

/** FoxPro's binary numbers: integers are read, the others kept as hexadecimal. */
function binaryCell(field: DbfField, bytes: Buffer): string {
  if (field.type === 'I' && bytes.length === 4) return String(bytes.readInt32LE(0));
  if (field.type === 'B' && bytes.length === 8) return String(bytes.readDoubleLE(0));
  return bytes.every((byte) => byte === 0) ? '' : bytes.toString('hex');
}
