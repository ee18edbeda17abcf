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

export function makeKeyTable(): KeyTable {
  return { words: emptyWords(1024), mask: 1023, arena: new Uint8Array(2 ** 14), used: 0, ends: [] };
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
  words.set([field.low, field.high, length, ends.length, table.used], entry);
  if (table.used + length > table.arena.length) {
    const larger = new Uint8Array(2 * (table.used + length));
    larger.set(table.arena);
    table.arena = larger;
  }
  table.arena.set(field.bytes.subarray(field.start, field.end), table.used);
  table.used += length;
  ends.push(table.used);
  if (2 * ends.length > table.mask) grow(table);
  return true;
}

function grow(table: KeyTable): void {
  const old = table.words;
  table.mask = 2 * table.mask + 1;
  table.words = emptyWords(table.mask + 1);
  for (let entry = 0; entry < old.length; entry += ENTRY) {
    if (old[entry + 2] === EMPTY) continue;
    let slot = hash(old[entry] as number, old[entry + 1] as number) & table.mask;
    while (table.words[ENTRY * slot + 2] !== EMPTY) slot = (slot + 1) & table.mask;
    table.words.set(old.subarray(entry, entry + ENTRY), ENTRY * slot);
  }
}

/** Gives every key another value: `values[old]`. */
export function relabel({ words }: KeyTable, values: ArrayLike<number>): void {
  for (let entry = 0; entry < words.length; entry += ENTRY) {
    if (words[entry + 2] !== EMPTY) words[entry + 3] = values[words[entry + 3] as number] as number;
  }
}

/** Keys as text, in the order in which they were added. */
export function keyTexts({ arena, ends }: KeyTable): string[] {
  const decoder = new TextDecoder();
  return ends.map((end, index) => decoder.decode(arena.subarray(index === 0 ? 0 : ends[index - 1], end)));
}

function hash(low: number, high: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}

function findEntry({ words, mask, arena }: KeyTable, field: Field): number {
  const { low, high } = field;
  const length = field.end - field.start;
  for (let slot = hash(low, high) & mask; ; slot = (slot + 1) & mask) {
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
 * Keys of one length from 4 to 16 bytes, compared as four words that overlap where the key is shorter. Slots and keys
 * stand apart, so that both stay in the cache: a slot holds an index into the keys, keys come in the order of values.
 */
export interface FixedTable {
  /** Beyond any file if the keys have no common length of that size: then nothing is looked up here. */
  readonly length: number;
  /** Where the second and third word start; the first starts at 0, the last ends with the key. */
  readonly second: number;
  readonly third: number;
  readonly slots: Int32Array;
  readonly mask: number;
  /** Four words a key. */
  readonly words: Int32Array;
}

export function fixedTable({ ends, arena, words: entries }: KeyTable): FixedTable {
  const length = ends[0] ?? 0;
  const isUniform = ends.every((end, index) => end === length * (index + 1));
  if (!isUniform || length < 4 || length > 16) {
    const none = { slots: new Int32Array(1).fill(EMPTY), mask: 0, words: new Int32Array(4) };
    return { length: Number.MAX_SAFE_INTEGER, second: 0, third: 0, ...none };
  }
  let slots = 16;
  while (slots < 2 * ends.length) slots *= 2;
  const shape = { length, second: Math.min(4, length - 4), third: Math.min(8, length - 4) };
  const words = new Int32Array(4 * ends.length);
  const table = { ...shape, slots: new Int32Array(slots).fill(EMPTY), mask: slots - 1, words };
  const view = new DataView(arena.buffer, arena.byteOffset, arena.length);
  for (let entry = 0; entry < entries.length; entry += ENTRY) {
    if (entries[entry + 2] !== EMPTY)
      addFixed(table, view, entries[entry + 4] as number, entries[entry + 3] as number);
  }
  return table;
}

function addFixed(table: FixedTable, view: DataView, offset: number, value: number): void {
  const { second, third, length, slots, mask, words } = table;
  const parts = [0, second, third, length - 4].map((at) => view.getInt32(offset + at, true));
  const [first = 0, middle = 0, later = 0, last = 0] = parts;
  words.set(parts, 4 * value);
  let slot = hash(first ^ Math.imul(middle, 31), last ^ Math.imul(later, 17)) & mask;
  while (slots[slot] !== EMPTY) slot = (slot + 1) & mask;
  slots[slot] = value;
}

/** The value of the key that stands at `offset`, -1 if there is none. */
export function lookUpFixed(
  { length, second, third, slots, mask, words }: FixedTable,
  view: DataView,
  offset: number,
): number {
  const w0 = view.getInt32(offset, true);
  const w1 = view.getInt32(offset + second, true);
  const w2 = view.getInt32(offset + third, true);
  const w3 = view.getInt32(offset + length - 4, true);
  for (let slot = hash(w0 ^ Math.imul(w1, 31), w3 ^ Math.imul(w2, 17)) & mask; ; slot = (slot + 1) & mask) {
    const value = slots[slot] as number;
    if (value === EMPTY) return -1;
    const at = 4 * value;
    if (words[at] === w0 && words[at + 1] === w1 && words[at + 2] === w2 && words[at + 3] === w3)
      return value;
  }
}
