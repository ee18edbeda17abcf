import { isPlain, type KeyTable, mix } from './place-keys.ts';

/**
 * Codes of one length from 4 to 12 bytes, compared as three words that overlap where the code is shorter. As they are
 * plain, bytes that are equal to one hold no separator. Slots and codes stand apart and are small, so that both stay in
 * the cache: a slot holds a label, codes come in the order of labels.
 */
export interface CodeTable {
  /** Beyond any file if the codes have no common length of that size: then nothing is looked up here. */
  readonly length: number;
  /** Where the second word starts; the first starts at 0, the last ends with the code. */
  readonly second: number;
  readonly slots: Uint16Array | Uint32Array;
  /** What stands in a slot without a code. */
  readonly free: number;
  readonly mask: number;
  /** Three words a code. */
  readonly words: Int32Array;
}

export function codeTable(keys: KeyTable): CodeTable {
  const { starts, count, view, labels } = keys;
  const length = count === 0 ? 0 : (starts[1] as number);
  const isUniform = starts.subarray(0, count + 1).every((start, key) => start === length * key);
  if (!isUniform || length < 4 || length > 12 || !isPlain(keys)) {
    const none = { slots: new Uint16Array(1), free: 0, mask: 0, words: new Int32Array(0) };
    return { length: Number.MAX_SAFE_INTEGER, second: 0, ...none };
  }
  let size = 16;
  while (size < 4 * count) size *= 2;
  const free = count < 0xffff ? 0xffff : 0xffff_ffff;
  const slots = (free === 0xffff ? new Uint16Array(size) : new Uint32Array(size)).fill(free);
  const words = new Int32Array(3 * count);
  const table = { length, second: Math.min(4, length - 4), slots, free, mask: size - 1, words };
  for (let key = 0; key < count; key++) addCode(table, view, length * key, labels[key] as number);
  return table;
}

function addCode(table: CodeTable, view: DataView, offset: number, value: number): void {
  const { second, length, slots, free, mask, words } = table;
  const parts = [0, second, length - 4].map((at) => view.getInt32(offset + at, true));
  const [first = 0, middle = 0, last = 0] = parts;
  words.set(parts, 3 * value);
  let slot = mix(first ^ Math.imul(middle, 31), last) & mask;
  while (slots[slot] !== free) slot = (slot + 1) & mask;
  slots[slot] = value;
}

/** The label of the code that stands at `offset`, -1 if there is none. */
export function lookUpCode(
  { length, second, slots, free, mask, words }: CodeTable,
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
