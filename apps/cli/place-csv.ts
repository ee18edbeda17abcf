import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import iconv from 'iconv-lite';
import { beforeSeparator, COMMA, LINE_FEED, QUOTE, RETURN } from './place-bytes.ts';
import { causeOf, refuse } from './place-files.ts';

/** Small enough to be still in the processor's cache when it is read. */
const CHUNK_BYTES = 256 * 1024;
const SAMPLE_BYTES = 64 * 1024;
export const ROW_BYTES_MAX = 1024 * 1024;
/** Behind every block there is room to read a word that begins before its end. */
const SPARE_BYTES = 16;

/** Where the bytes of a field are. */
export interface Field {
  bytes: Uint8Array;
  /** The same bytes, to be read four at a time. */
  view: DataView;
  start: number;
  end: number;
}

/** A whole array of bytes as a field. */
function fieldOf(bytes: Uint8Array): Field {
  return { bytes, view: viewOf(bytes), start: 0, end: bytes.length };
}

export const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, length);

/** Reads fields one after the other from a block of whole rows. In UTF-8 and GB18030 alike, bytes 10, 34 and 44 are
 * never part of a character, so rows and fields can be cut without decoding. */
export interface Cursor {
  readonly field: Field;
  position: number;
  /** One past the last byte of the block. */
  readonly end: number;
  readonly bytes: Uint8Array;
  /** The same bytes, and a few behind them. */
  readonly view: DataView;
  readonly encoding: Encoding;
}

export type Encoding = 'utf8' | 'gb18030';

/** Moves to the next field; true if it was the last one of its row. */
export function nextField(cursor: Cursor): boolean {
  const { bytes, view, field, end } = cursor;
  const start = cursor.position;
  if (bytes[start] === QUOTE) return quotedField(cursor);
  let position = start;
  let byte = LINE_FEED;
  for (; position < end; position++) {
    byte = bytes[position] as number;
    if (byte === COMMA || byte === LINE_FEED) break;
  }
  const isLast = byte !== COMMA;
  const hasReturn = isLast && position > start && bytes[position - 1] === RETURN;
  field.bytes = bytes;
  field.view = view;
  field.start = start;
  field.end = hasReturn ? position - 1 : position;
  cursor.position = position + 1;
  return isLast;
}

/** Where a field without quotes ends: before the next comma or line feed, or with the block. */
export function endOfField({ view, end }: Cursor, start: number): number {
  for (let position = start; position < end; position += 4) {
    const before = beforeSeparator(view.getInt32(position, true));
    if (before < 4) return Math.min(end, position + before);
  }
  return end;
}

function quotedField(cursor: Cursor): boolean {
  const { bytes, field, end } = cursor;
  const text: number[] = [];
  let position = cursor.position + 1;
  for (; position < end; position++) {
    const byte = bytes[position] as number;
    if (byte !== QUOTE) text.push(byte);
    else if (bytes[position + 1] === QUOTE) text.push(bytes[++position] as number);
    else break;
  }
  position += 1;
  if (bytes[position] === RETURN) position += 1;
  Object.assign(field, fieldOf(Uint8Array.from(text)));
  cursor.position = position + 1;
  return bytes[position] !== COMMA;
}

/** The field as UTF-8, whatever the file's encoding, so that keys of two files compare. Codes and ids are nearly always
 * ASCII, which is the same in both; only what is not gets decoded. */
export function keyOf(field: Field, encoding: Encoding): Field {
  if (encoding === 'utf8' || isAscii(field)) return field;
  const { bytes, start, end } = field;
  return fieldOf(Buffer.from(iconv.decode(Buffer.from(bytes.subarray(start, end)), encoding)));
}

function isAscii({ bytes, start, end }: Field): boolean {
  for (let i = start; i < end; i++) if ((bytes[i] as number) >= 0x80) return false;
  return true;
}

export function textOf(field: Field, encoding: Encoding): string {
  const { bytes, start, end } = keyOf(field, encoding);
  return Buffer.from(bytes.subarray(start, end)).toString('utf8');
}

/** A whole number without sign; -1 for anything else, -2 for an empty field. */
export function wholeOf({ bytes, start, end }: Field): number {
  if (start === end) return -2;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9 || value > 1e14) return -1;
    value = value * 10 + digit;
  }
  return value;
}

export interface CsvFile {
  readonly path: string;
  readonly header: readonly string[];
  readonly encoding: Encoding;
  /** Where the rows begin. */
  readonly offset: number;
  /** About how many there are. */
  readonly rows: number;
}

export function openCsv(path: string): CsvFile {
  const { sample, size } = readSample(path);
  const marked = sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf;
  const cut = sample.lastIndexOf(LINE_FEED) + 1 || sample.length;
  const encoding = marked || isUtf8(sample.subarray(0, cut)) ? 'utf8' : 'gb18030';
  const skip = marked ? 3 : 0;
  const lineEnd = sample.indexOf(LINE_FEED);
  const line = sample.subarray(skip, lineEnd < 0 ? sample.length : lineEnd + 1);
  const header: string[] = [];
  const cursor = cursorOver(line, viewOf(line), encoding);
  for (let last = false; !last; ) {
    last = nextField(cursor);
    header.push(textOf(cursor.field, encoding).trim());
  }
  const rows = Math.ceil(
    (size / Math.max(1, sample.length)) * sample.filter((byte) => byte === LINE_FEED).length,
  );
  return { path, header, encoding, offset: skip + line.length, rows };
}

function readSample(path: string): { sample: Uint8Array; size: number } {
  try {
    const file = openSync(path, 'r');
    const buffer = new Uint8Array(SAMPLE_BYTES);
    const sample = buffer.subarray(0, readSync(file, buffer));
    const { size } = fstatSync(file);
    closeSync(file);
    return { sample, size };
  } catch (error) {
    return refuse('UNREADABLE', path, `读不到 ${path}：${causeOf(error)}。`);
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function cursorOver(bytes: Uint8Array, view: DataView, encoding: Encoding): Cursor {
  const field = { bytes, view, start: 0, end: 0 };
  return { field, position: 0, end: bytes.length, bytes, view, encoding };
}

/** Hands out the rows of a file in blocks of whole rows. */
export function forEachBlock(file: CsvFile, onBlock: (cursor: Cursor) => void): void {
  const handle = openSync(file.path, 'r');
  try {
    const buffer = new Uint8Array(CHUNK_BYTES + ROW_BYTES_MAX + SPARE_BYTES);
    const view = viewOf(buffer);
    let kept = 0;
    let position = file.offset;
    for (let read = -1; read !== 0; ) {
      read = readSync(handle, buffer, kept, CHUNK_BYTES, position);
      position += read;
      const filled = kept + read;
      const cut = read === 0 ? filled : endOfRows(buffer.subarray(0, filled));
      if (cut > 0) onBlock(cursorOver(buffer.subarray(0, cut), view, file.encoding));
      kept = filled - cut;
      if (kept > ROW_BYTES_MAX)
        refuse('BAD_CSV', file.path, `${file.path} 有一行超过 ${ROW_BYTES_MAX} 字节，或引号没有闭合。`);
      buffer.copyWithin(0, cut, filled);
    }
  } finally {
    closeSync(handle);
  }
}

/** The end of the last whole row. Only where quotes occur can a line feed stand inside a field. */
function endOfRows(bytes: Uint8Array): number {
  // Buffer searches with the processor's own instructions, typed arrays one element at a time.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.indexOf(QUOTE) < 0) return buffer.lastIndexOf(LINE_FEED) + 1;
  let end = 0;
  let inside = false;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === QUOTE) inside = !inside;
    else if (bytes[i] === LINE_FEED && !inside) end = i + 1;
  }
  return end;
}
