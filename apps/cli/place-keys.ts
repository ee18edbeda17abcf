import { type Field, viewOf } from './place-csv.ts';

/**
 * Exact lookup of byte strings: open addressing, four words an entry: the whole hash, value + 1 (0 in a free entry), and
 * where the bytes of the key are kept.
 */
export interface KeyTable {
  words: Int32Array;
  mask: number;
  /** The bytes of all keys, one after the other. */
  arena: Uint8Array;
  used: number;
  readonly ends: number[];
}

const ENTRY = 4;
const [HASH, VALUE, START, LENGTH] = [0, 1, 2, 3] as const;

/** Grows as needed; to start with about the right size saves time. */
export function makeKeyTable(expected: number): KeyTable {
  let slots = 1024;
  while (slots < 2 * expected) slots *= 2;
  const arena = new Uint8Array(2 ** 14 + 16 * expected);
  return { words: new Int32Array(ENTRY * slots), mask: slots - 1, arena, used: 0, ends: [] };
}

/** The value of a key, -1 if there is none. */
export function lookUp(table: KeyTable, field: Field): number {
  return (table.words[findEntry(table, field, hashOf(field)) + VALUE] as number) - 1;
}

/** Adds a key with the next number as its value; returns false if it was there already. */
export function addKey(table: KeyTable, field: Field): boolean {
  const { bytes, start, end } = field;
  const hash = hashOf(field);
  const entry = findEntry(table, field, hash);
  const { words, ends } = table;
  if (words[entry + VALUE] !== 0) return false;
  words[entry + HASH] = hash;
  words[entry + VALUE] = ends.length + 1;
  words[entry + START] = table.used;
  words[entry + LENGTH] = end - start;
  if (table.used + end - start > table.arena.length) {
    const larger = new Uint8Array(2 * (table.used + end - start));
    larger.set(table.arena);
    table.arena = larger;
  }
  const { arena } = table;
  for (let from = start; from < end; from++) arena[table.used++] = bytes[from] as number;
  ends.push(table.used);
  if (2 * ends.length > table.mask) grow(table);
  return true;
}

function grow(table: KeyTable): void {
  const { words: old } = table;
  table.mask = 4 * table.mask + 3;
  const words = new Int32Array(ENTRY * (table.mask + 1));
  table.words = words;
  for (let entry = 0; entry < old.length; entry += ENTRY) {
    if (old[entry + VALUE] === 0) continue;
    let target = ENTRY * ((old[entry + HASH] as number) & table.mask);
    while (words[target + VALUE] !== 0) target = (target + ENTRY) % words.length;
    for (let i = 0; i < ENTRY; i++) words[target + i] = old[entry + i] as number;
  }
}

/** Gives every key another value: `values[old]`. */
export function relabel({ words }: KeyTable, values: ArrayLike<number>): void {
  for (let entry = 0; entry < words.length; entry += ENTRY) {
    const key = (words[entry + VALUE] as number) - 1;
    if (key >= 0) words[entry + VALUE] = (values[key] as number) + 1;
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

function mix(low: number, high: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}

/**
 * Four bytes at a time. The last two bits of the last byte stay last: keys that follow each other, as ids in a file do,
 * share a line of memory.
 */
function hashOf({ bytes, view, start, end }: Field): number {
  let hash = end - start;
  let last = 0;
  if (hash < 4) for (let at = start; at < end; at++) last = (last << 8) | (bytes[at] as number);
  else {
    for (let at = start; at < end - 4; at += 4) hash = mix(view.getInt32(at), hash);
    last = view.getInt32(end - 4);
  }
  return (mix(last >>> 2, hash) << 2) | (last & 3);
}

/** The entry of a key, or the free one where it belongs. */
function findEntry({ words, mask, arena }: KeyTable, { bytes, start, end }: Field, hash: number): number {
  const length = end - start;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const entry = ENTRY * slot;
    if (words[entry + VALUE] === 0) return entry;
    if (words[entry + HASH] !== hash || words[entry + LENGTH] !== length) continue;
    const shift = (words[entry + START] as number) - start;
    let at = start;
    while (at < end && bytes[at] === arena[at + shift]) at++;
    if (at === end) return entry;
  }
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
  while (size < 4 * ends.length) size *= 2;
  const free = ends.length < 0xffff ? 0xffff : 0xffff_ffff;
  const slots = (free === 0xffff ? new Uint16Array(size) : new Uint32Array(size)).fill(free);
  const words = new Int32Array(3 * ends.length);
  const table = { length, second: Math.min(4, length - 4), slots, free, mask: size - 1, words };
  const view = viewOf(arena);
  for (let entry = 0; entry < entries.length; entry += ENTRY) {
    const value = (entries[entry + VALUE] as number) - 1;
    if (value >= 0) addFixed(table, view, entries[entry + START] as number, value);
  }
  return table;
}

function addFixed(table: FixedTable, view: DataView, offset: number, value: number): void {
  const { second, length, slots, free, mask, words } = table;
  const parts = [0, second, length - 4].map((at) => view.getInt32(offset + at, true));
  const [first = 0, middle = 0, last = 0] = parts;
  words.set(parts, 3 * value);
  let slot = mix(first ^ Math.imul(middle, 31), last) & mask;
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
  for (let slot = mix(first ^ Math.imul(middle, 31), last) & mask; ; slot = (slot + 1) & mask) {
    const value = slots[slot] as number;
    if (value === free) return -1;
    const at = 3 * value;
    if (words[at] === first && words[at + 1] === middle && words[at + 2] === last) return value;
  }
}
