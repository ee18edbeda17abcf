import { refuse } from './fault.ts';
import { type ByteSource, headOf } from './source.ts';

/** dBase III and IV, FoxPro: the layout of a row, checked against itself and against the size of the file. */
export interface DbfField {
  /** Upper case. */
  name: string;
  type: string;
  /** From the start of the row; the deletion flag is byte 0. */
  offset: number;
  length: number;
}

export interface DbfHeader {
  fields: DbfField[];
  rows: number;
  headerLength: number;
  rowLength: number;
}

const VERSIONS: readonly number[] = [
  ...[0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8b, 0x8c, 0xcb, 0xe5, 0xf5, 0xfb],
];
const TYPES = 'CNFLDMGBITYPQVWO+@0';
/** Types whose width is fixed: another width means a damaged field table. */
const WIDTHS: Readonly<Record<string, readonly number[]>> = {
  ...{ L: [1], D: [8], T: [8], Y: [8], O: [8], '@': [8], I: [4], '+': [4], B: [8, 10], M: [4, 10] },
  ...{ G: [4, 10], P: [4, 10] },
};
const FIELDS_MAX = 1024;
const PREFIX_BYTES = 32;
const END_OF_FIELDS = 0x0d;
const END_OF_FILE = 0x1a;
/** 32 bytes of prefix, 32 a field, the terminator, and FoxPro's 263 bytes. */
const HEADER_MAX = PREFIX_BYTES + 32 * FIELDS_MAX + 1 + 263;

export async function readDbfHeader(source: ByteSource): Promise<DbfHeader> {
  const file = source.name;
  const head = await headOf(source, HEADER_MAX);
  if (head.length === 0) refuse('file_empty', { file }, '文件是空的');
  if (head.length < PREFIX_BYTES + 1)
    refuse('file_truncated', { file }, `只有 ${head.length} 字节，连文件头都不完整`);
  const version = head.readUInt8(0);
  if (!VERSIONS.includes(version)) {
    refuse('header_bad', { file }, `不是 DBF 文件（首字节 0x${version.toString(16).padStart(2, '0')}）`);
  }
  const header = {
    rows: head.readUInt32LE(4),
    headerLength: head.readUInt16LE(8),
    rowLength: head.readUInt16LE(10),
  };
  const fields = readFields(head, file, header);
  checkSize(source, header);
  return { ...header, fields };
}

type Lengths = Omit<DbfHeader, 'fields'>;

function readFields(head: Buffer, file: string, { headerLength, rowLength }: Lengths): DbfField[] {
  const described: { name: string; type: string; length: number; high: number }[] = [];
  let at = PREFIX_BYTES;
  while (head[at] !== END_OF_FIELDS) {
    if (at + 32 >= head.length) refuse('header_bad', { file }, '字段表没有结束标志');
    if (described.length >= FIELDS_MAX) refuse('header_bad', { file }, `字段超过 ${FIELDS_MAX} 个`);
    described.push(readField(head, at, file, described.length));
    at += 32;
  }
  const shortest = at + 1;
  if (headerLength < shortest || headerLength > shortest + 263 + 31) {
    refuse('header_lies', { file }, `文件头写明长 ${headerLength} 字节，字段表实际到 ${shortest} 字节`);
  }
  if (described.length === 0) refuse('header_bad', { file }, '没有任何字段');
  const plain = 1 + described.reduce((sum, field) => sum + field.length, 0);
  // Clipper keeps lengths over 255 with the high byte where decimals stand; believed only if it explains the row.
  const long = 1 + described.reduce((sum, field) => sum + field.length + field.high * 256, 0);
  if (plain !== rowLength && long !== rowLength) {
    refuse('header_lies', { file }, `文件头写明每行 ${rowLength} 字节，各字段合计 ${plain} 字节`);
  }
  return layOut(described, plain === rowLength, file);
}

function readField(
  head: Buffer,
  at: number,
  file: string,
  index: number,
): { name: string; type: string; length: number; high: number } {
  const name = (head.toString('latin1', at, at + 11).split('\0')[0] ?? '').trim().toUpperCase();
  const column = `字段 ${index + 1}`;
  if (!/^[A-Z_][A-Z0-9_]{0,10}$/.test(name)) refuse('header_bad', { file, column }, '字段名不是字母和数字');
  const type = String.fromCharCode(head[at + 11] ?? 0).toUpperCase();
  if (!TYPES.includes(type))
    refuse('header_bad', { file, column: name }, `不认识的字段类型 ${JSON.stringify(type)}`);
  const length = head[at + 16] ?? 0;
  if (WIDTHS[type]?.includes(length) === false) {
    refuse('header_bad', { file, column: name }, `${type} 型字段的长度不应是 ${length}`);
  }
  return { name, type, length, high: type === 'C' ? (head[at + 17] ?? 0) : 0 };
}

function layOut(
  described: readonly { name: string; type: string; length: number; high: number }[],
  plain: boolean,
  file: string,
): DbfField[] {
  const seen = new Set<string>();
  let offset = 1;
  return described.map(({ name, type, length: low, high }) => {
    if (seen.has(name)) refuse('header_bad', { file, column: name }, '字段名重复');
    seen.add(name);
    const length = plain ? low : low + high * 256;
    if (length === 0) refuse('header_bad', { file, column: name }, '字段长度为 0');
    const field = { name, type, offset, length };
    offset += length;
    return field;
  });
}

/** The size of the file and what the header says must agree to the byte, but for the end mark. */
function checkSize(source: ByteSource, { rows, headerLength, rowLength }: Lengths): void {
  const file = source.name;
  const body = source.size - headerLength;
  const expected = rows * rowLength;
  if (body < expected) {
    const whole = Math.max(0, Math.floor(body / rowLength));
    refuse('file_truncated', { file, row: whole + 1 }, `文件头写明 ${rows} 行，文件中只有 ${whole} 行完整`);
  }
  if (body >= expected + rowLength + 1) {
    const whole = Math.floor(body / rowLength);
    refuse('header_lies', { file }, `文件头写明 ${rows} 行，文件大小相当于 ${whole} 行`);
  }
}

/** What may stand after the last row: nothing, an end mark, or padding with zeros and end marks. */
export function checkTail(tail: Uint8Array, file: string, rows: number): void {
  if (tail.length === 0) return;
  if (tail[0] !== END_OF_FILE && tail[0] !== 0) {
    refuse('header_lies', { file, row: rows + 1 }, `文件头写明 ${rows} 行，其后还有数据`);
  }
  if (tail.some((byte) => byte !== END_OF_FILE && byte !== 0)) {
    refuse('header_lies', { file, row: rows + 1 }, '结束标志之后还有数据');
  }
}
