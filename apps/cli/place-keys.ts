import { isAscii } from 'node:buffer';
import { COMMA, LINE_FEED, QUOTE } from './place-bytes.ts';
import { type Cursor, type Field, viewOf } from './place-csv.ts';

/**
 * Byte strings, numbered in the order in which they were added. Files mostly come in the order of their keys: as long
 * as every key is greater than the one before, none can be there already, and no index is needed.
 */
export interface KeyTable {
  /** The bytes of all keys, one after the other. */
  arena: Uint8Array;
  view: DataView;
  /** Where each key starts in the arena, and where the last one ends. */
  starts: Uint32Array;
  count: number;
  /** Open addressing, two words an entry: the whole hash, number + 1 (0 in a free entry). Empty until it is needed. */
  index: Int32Array;
  /** What a look-up answers, by number of the key. */
  labels: Uint32Array;
}

const ENTRY = 2;
const NUMBER = 1;

/** Grows as needed; to start with about the right size saves time. */
export function makeKeyTable(expected: number): KeyTable {
  const arena = new Uint8Array(2 ** 14 + 16 * expected);
  const starts = new Uint32Array(expected + 2);
  return {
    ...{ arena, view: viewOf(arena), starts, count: 0 },
    index: new Int32Array(0),
    labels: new Uint32Array(0),
  };
}

/** From now on a look-up answers `labels[number]`. */
export function label(table: KeyTable, labels: Uint32Array): void {
  table.labels = labels;
}

/** The label of a key, -1 if there is none. */
export function lookUp(table: KeyTable, field: Field): number {
  const key = findKey(table, field);
  return key < 0 ? -1 : (table.labels[key] as number);
}

/** The number of a key, -1 if there is none. */
export function findKey(table: KeyTable, field: Field): number {
  if (table.index.length === 0) buildIndex(table);
  return (table.index[findEntry(table, field, hashOf(field)) + NUMBER] as number) - 1;
}

/** Adds a key; returns false if it was there already. */
export function addKey(table: KeyTable, field: Field): boolean {
  if (table.index.length === 0) {
    if (isAfterLast(table, field)) {
      append(table, field);
      return true;
    }
    buildIndex(table);
  }
  const hash = hashOf(field);
  const entry = findEntry(table, field, hash);
  if (table.index[entry + NUMBER] !== 0) return false;
  append(table, field);
  table.index[entry] = hash;
  table.index[entry + NUMBER] = table.count;
  if (2 * ENTRY * table.count > table.index.length) buildIndex(table);
  return true;
}

/** Longer, or of the same length and later in the order of bytes. */
function isAfterLast({ view: known, starts, count }: KeyTable, { view, start, end }: Field): boolean {
  if (count === 0) return true;
  const length = end - start;
  const from = starts[count - 1] as number;
  const lengthBefore = (starts[count] as number) - from;
  if (length !== lengthBefore) return length > lengthBefore;
  if (length < 4) return false;
  let at = 0;
  while (at < length - 4 && view.getInt32(start + at) === known.getInt32(from + at)) at += 4;
  at = Math.min(at, length - 4);
  return view.getUint32(start + at) > known.getUint32(from + at);
}

function append(table: KeyTable, { bytes, view, start, end }: Field): void {
  const from = table.starts[table.count] as number;
  const length = end - start;
  if (from + length > table.arena.length) growArena(table, from + length);
  if (table.count + 2 > table.starts.length) growStarts(table);
  if (length < 4) table.arena.set(bytes.subarray(start, end), from);
  else {
    // Four bytes at a time; the last four may overlap those before.
    for (let at = 0; at < length - 4; at += 4) table.view.setInt32(from + at, view.getInt32(start + at));
    table.view.setInt32(from + length - 4, view.getInt32(end - 4));
  }
  table.count += 1;
  table.starts[table.count] = from + length;
}

function growArena(table: KeyTable, least: number): void {
  const larger = new Uint8Array(2 * least);
  larger.set(table.arena);
  table.arena = larger;
  table.view = viewOf(larger);
}

function growStarts(table: KeyTable): void {
  const larger = new Uint32Array(2 * table.starts.length);
  larger.set(table.starts);
  table.starts = larger;
}

/** Enters all keys into a new index with at least two slots a key, now and for a while. */
function buildIndex(table: KeyTable): void {
  let slots = 1024;
  while (slots < 2 * Math.max(table.count, table.starts.length)) slots *= 2;
  if (ENTRY * slots <= table.index.length) slots *= 2;
  table.index = new Int32Array(ENTRY * slots);
  const { arena: bytes, view, starts, index } = table;
  const field = { bytes, view, start: 0, end: 0 };
  for (let key = 0; key < table.count; key++) {
    field.start = starts[key] as number;
    field.end = starts[key + 1] as number;
    const hash = hashOf(field);
    const entry = findEntry(table, field, hash);
    index[entry] = hash;
    index[entry + NUMBER] = key + 1;
  }
}

export function keyText({ arena, starts }: KeyTable, key: number): string {
  return Buffer.from(arena.buffer, arena.byteOffset, arena.length).toString(
    'utf8',
    starts[key],
    starts[key + 1],
  );
}

/** Writes the bytes of a key, and says where they end. */
export function writeKey({ arena, starts }: KeyTable, key: number, to: Uint8Array, at: number): number {
  const end = starts[key + 1] as number;
  let position = at;
  for (let from = starts[key] as number; from < end; from++) to[position++] = arena[from] as number;
  return position;
}

/** Where the key with this number ends, if it is what stands at the cursor; otherwise -1. */
export function endOfKey({ view: known, starts, count }: KeyTable, key: number, cursor: Cursor): number {
  if (key >= count) return -1;
  const { view, position, end } = cursor;
  const start = starts[key] as number;
  const last = (starts[key + 1] as number) - start - 4;
  if (last < 0 || position + last + 4 >= end) return -1;
  for (let at = 0; at < last; at += 4)
    if (known.getInt32(start + at) !== view.getInt32(position + at)) return -1;
  return known.getInt32(start + last) === view.getInt32(position + last) ? position + last + 4 : -1;
}

/** Keys that stand in a file as they are, whatever its encoding: ASCII, without separators and quotes. */
export function isPlain({ arena, starts, count }: KeyTable): boolean {
  const bytes = Buffer.from(arena.buffer, arena.byteOffset, starts[count]);
  return isAscii(bytes) && [COMMA, LINE_FEED, QUOTE].every((byte) => !bytes.includes(byte));
}

export function mix(low: number, high: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}

/**
 * Four bytes at a time. The last three bits of the last byte stay last: keys that follow each other, as ids in a file
 * do, share a line of memory.
 */
function hashOf({ bytes, view, start, end }: Field): number {
  let hash = end - start;
  let last = 0;
  if (hash < 4) for (let at = start; at < end; at++) last = (last << 8) | (bytes[at] as number);
  else {
    for (let at = start; at < end - 4; at += 4) hash = mix(view.getInt32(at), hash);
    last = view.getInt32(end - 4);
  }
  return (mix(last >>> 3, hash) << 3) | (last & 7);
}

/** The entry of a key, or the free one where it belongs. */
function findEntry({ index, arena, starts }: KeyTable, { bytes, start, end }: Field, hash: number): number {
  const mask = index.length - ENTRY;
  for (let entry = (ENTRY * hash) & mask; ; entry = (entry + ENTRY) & mask) {
    const key = (index[entry + NUMBER] as number) - 1;
    if (key < 0) return entry;
    if (index[entry] !== hash) continue;
    const from = starts[key] as number;
    if ((starts[key + 1] as number) - from !== end - start) continue;
    let at = start;
    while (at < end && bytes[at] === arena[at - start + from]) at++;
    if (at === end) return entry;
  }
}
