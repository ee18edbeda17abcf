import type { Field } from './place-csv.ts';

/** Exact lookup of byte strings: open addressing, four words an entry (last eight bytes, length, value). */
export interface KeyTable {
  readonly words: Int32Array;
  readonly mask: number;
  /** Bytes of every key, by value, for keys of more than eight bytes. */
  readonly texts: Uint8Array[];
}

const EMPTY = -1;

export function makeKeyTable(capacity: number): KeyTable {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(16, capacity * 2)));
  const words = new Int32Array(4 * slots);
  for (let slot = 0; slot < slots; slot++) words[4 * slot + 2] = EMPTY;
  return { words, mask: slots - 1, texts: [] };
}

/** The value of a key, -1 if there is none. */
export function lookUp(table: KeyTable, field: Field): number {
  const slot = findSlot(table, field);
  return table.words[4 * slot + 2] === EMPTY ? -1 : (table.words[4 * slot + 3] as number);
}

/** Adds a key with the next value; returns false if it was there already. */
export function addKey(table: KeyTable, field: Field): boolean {
  const { words, texts } = table;
  const slot = findSlot(table, field);
  if (words[4 * slot + 2] !== EMPTY) return false;
  words[4 * slot] = field.low;
  words[4 * slot + 1] = field.high;
  words[4 * slot + 2] = field.end - field.start;
  words[4 * slot + 3] = texts.length;
  texts.push(field.bytes.slice(field.start, field.end));
  return true;
}

function findSlot({ words, mask, texts }: KeyTable, field: Field): number {
  const { low, high } = field;
  const length = field.end - field.start;
  let hash = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
  hash ^= hash >>> 15;
  let slot = hash & mask;
  for (;;) {
    const known = words[4 * slot + 2] as number;
    if (known === EMPTY) return slot;
    if (known === length && words[4 * slot] === low && words[4 * slot + 1] === high) {
      if (length <= 8 || sameBytes(texts[words[4 * slot + 3] as number], field)) return slot;
    }
    slot = (slot + 1) & mask;
  }
}

function sameBytes(text: Uint8Array | undefined, { bytes, start, end }: Field): boolean {
  if (text === undefined) return false;
  for (let i = start; i < end; i++) if (bytes[i] !== text[i - start]) return false;
  return true;
}
