import type { Field } from './place-csv.ts';

/**
 * Exact lookup of byte strings: open addressing, five words an entry: the last eight bytes (two words), length, value,
 * and where the bytes before the last eight are kept. A lookup touches one entry and, for long keys, a few bytes.
 */
export interface KeyTable {
  words: Int32Array;
  mask: number;
  /** The bytes of all keys, one after the other. */
  arena: Uint8Array;
  used: number;
  readonly ends: number[];
}

const ENTRY = 5;
const EMPTY = -1;

/** Grows as needed; to start with about the right size saves time. */
export function makeKeyTable(expected: number): KeyTable {
  let slots = 1024;
  while (slots < 2 * expected) slots *= 2;
  const arena = new Uint8Array(2 ** 14 + 16 * expected);
  return { words: emptyWords(slots), mask: slots - 1, arena, used: 0, ends: [] };
}

function emptyWords(slots: number): Int32Array {
  const words = new Int32Array(ENTRY * slots);
  for (let slot = 0; slot < slots; slot++) words[ENTRY * slot + 2] = EMPTY;
  return words;
}

/** The value of a key, -1 if there is none. */
export function lookUp(table: KeyTable, field: Field): number {
  const entry = findEntry(table, field);
  return table.words[entry + 2] === EMPTY ? -1 : (table.words[entry + 3] as number);
}

/** Adds a key with the next number as its value; returns false if it was there already. */
export function addKey(table: KeyTable, field: Field): boolean {
  const entry = findEntry(table, field);
  const { words, ends } = table;
  if (words[entry + 2] !== EMPTY) return false;
  const length = field.end - field.start;
  words[entry] = field.low;
  words[entry + 1] = field.high;
  words[entry + 2] = length;
  words[entry + 3] = ends.length;
  words[entry + 4] = table.used;
  if (table.used + length > table.arena.length) {
    const larger = new Uint8Array(2 * (table.used + length));
    larger.set(table.arena);
    table.arena = larger;
  }
  const { arena } = table;
  for (let from = field.start; from < field.end; from++) arena[table.used++] = field.bytes[from] as number;
  ends.push(table.used);
  if (2 * ends.length > table.mask) grow(table);
  return true;
}

function grow(table: KeyTable): void {
  const { words: old, arena } = table;
  const field = { bytes: arena, start: 0, end: 0, low: 0, high: 0 };
  table.mask = 4 * table.mask + 3;
  table.words = emptyWords(table.mask + 1);
  for (let entry = 0; entry < old.length; entry += ENTRY) {
    if (old[entry + 2] === EMPTY) continue;
    field.low = old[entry] as number;
    field.high = old[entry + 1] as number;
    field.start = old[entry + 4] as number;
    field.end = field.start + (old[entry + 2] as number);
    const target = findEntry(table, field);
    for (let i = 0; i < ENTRY; i++) table.words[target + i] = old[entry + i] as number;
  }
}

/** Gives every key another value: `values[old]`. */
export function relabel({ words }: KeyTable, values: ArrayLike<number>): void {
  for (let entry = 0; entry < words.length; entry += ENTRY) {
    if (words[entry + 2] !== EMPTY) words[entry + 3] = values[words[entry + 3] as number] as number;
  }
}

export function keyText({ arena, ends }: KeyTable, key: number): string {
  const text = Buffer.from(arena.buffer, arena.byteOffset, arena.length);
  return text.toString('utf8', key === 0 ? 0 : ends[key - 1], ends[key]);
}

/** The bytes of a key by its number: keys are numbered in the order in which they were added. */
export function keyBytes({ arena, ends }: KeyTable, key: number): Uint8Array {
  return arena.subarray(key === 0 ? 0 : ends[key - 1], ends[key]);
}

function hash(low: number, high: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}

function findEntry({ words, mask, arena }: KeyTable, field: Field): number {
  const { bytes, start, end, low, high } = field;
  const length = end - start;
  let head = length;
  for (let i = start; i < end - 8; i++) head = Math.imul(head, 31) + (bytes[i] as number);
  for (let slot = hash(low ^ head, high) & mask; ; slot = (slot + 1) & mask) {
    const entry = ENTRY * slot;
    const known = words[entry + 2] as number;
    if (known === EMPTY) return entry;
    if (known !== length || words[entry] !== low || words[entry + 1] !== high) continue;
    if (length <= 8 || sameHead(arena, words[entry + 4] as number, field)) return entry;
  }
}

/** The last eight bytes are known to be the same. */
function sameHead(arena: Uint8Array, offset: number, { bytes, start, end }: Field): boolean {
  for (let i = start; i < end - 8; i++) if (bytes[i] !== arena[offset + i - start]) return false;
  return true;
}

/**
 * Keys of one length from 4 to 12 bytes, all ASCII (so the same in every encoding), compared as three words that overlap where the key is shorter. Slots and keys
 * stand apart and are small, so that both stay in the cache: a slot holds a value, keys come in the order of values.
 */
export interface FixedTable {
  /** Beyond any file if the keys have no common length of that size: then nothing is looked up here. */
  readonly length: number;
  /** Where the second word starts; the first starts at 0, the last ends with the key. */
  readonly second: number;
  readonly slots: Uint16Array | Uint32Array;
  /** What stands in a slot without a key. */
  readonly free: number;
  readonly mask: number;
  /** Three words a key. */
  readonly words: Int32Array;
}

export function fixedTable({ ends, arena, used, words: entries }: KeyTable): FixedTable {
  const length = ends[0] ?? 0;
  const isUniform = ends.every((end, index) => end === length * (index + 1));
  const isAscii = arena.subarray(0, used).every((byte) => byte < 0x80);
  if (!isUniform || !isAscii || length < 4 || length > 12) {
    const none = { slots: new Uint16Array(1), free: 0, mask: 0, words: new Int32Array(0) };
    return { length: Number.MAX_SAFE_INTEGER, second: 0, ...none };
  }
  let size = 16;
  while (size < 2 * ends.length) size *= 2;
  const free = ends.length < 0xffff ? 0xffff : 0xffff_ffff;
  const slots = (free === 0xffff ? new Uint16Array(size) : new Uint32Array(size)).fill(free);
  const words = new Int32Array(3 * ends.length);
  const table = { length, second: Math.min(4, length - 4), slots, free, mask: size - 1, words };
  const view = new DataView(arena.buffer, arena.byteOffset, arena.length);
  for (let entry = 0; entry < entries.length; entry += ENTRY) {
    if (entries[entry + 2] !== EMPTY)
      addFixed(table, view, entries[entry + 4] as number, entries[entry + 3] as number);
  }
  return table;
}

function addFixed(table: FixedTable, view: DataView, offset: number, value: number): void {
  const { second, length, slots, free, mask, words } = table;
  const parts = [0, second, length - 4].map((at) => view.getInt32(offset + at, true));
  const [first = 0, middle = 0, last = 0] = parts;
  words.set(parts, 3 * value);
  let slot = hash(first ^ Math.imul(middle, 31), last) & mask;
  while (slots[slot] !== free) slot = (slot + 1) & mask;
  slots[slot] = value;
}

/** The value of the key that stands at `offset`, -1 if there is none. */
export function lookUpFixed(
  { length, second, slots, free, mask, words }: FixedTable,
  view: DataView,
  offset: number,
): number {
  const first = view.getInt32(offset, true);
  const middle = view.getInt32(offset + second, true);
  const last = view.getInt32(offset + length - 4, true);
  for (let slot = hash(first ^ Math.imul(middle, 31), last) & mask; ; slot = (slot + 1) & mask) {
    const value = slots[slot] as number;
    if (value === free) return -1;
    const at = 3 * value;
    if (words[at] === first && words[at + 1] === middle && words[at + 2] === last) return value;
  }
}
