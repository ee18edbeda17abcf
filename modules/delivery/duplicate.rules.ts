/**
 * The same candidate twice in one delivery: equal rows merge, others conflict. A million candidates fit in 50 MB:
 * open addressing over typed arrays, the 14-digit number as an exact double, a hash and the length of the content.
 */
export type Sighting = 'new' | 'equal' | 'conflict';

/** What is known of a candidate; bits. */
export const candidateMarks = { person: 1, filing: 2, phone: 4, filingRepeated: 8 } as const;

export interface CandidateIndex {
  /**
   * Registers a row; `slot` addresses the candidate in the other calls, `first` is the row in which this kind was seen first. Two kinds
   * of rows have two hashes.
   */
  see(
    candidateNo: string,
    mark: 1 | 2,
    cells: readonly string[],
    row?: number,
  ): { sighting: Sighting; slot: number; first: number };
  /** -1 when unknown. */
  find(candidateNo: string): number;
  mark(slot: number, mark: number): void;
  marksOf(slot: number): number;
  /** The candidate's place among those with a row of persons, from 1; 0 when there is none yet. */
  numberOf(slot: number): number;
  readonly size: number;
  /** Marks of every candidate, once. */
  marks(): Generator<{ candidateNo: string; marks: number }>;
}

const FULL = 0.6;

function carryOver(old: Slots, from: number, slots: Slots, to: number): void {
  slots.keys[to] = old.keys[from] ?? -1;
  slots.marks[to] = old.marks[from] ?? 0;
  slots.numbers[to] = old.numbers[from] ?? 0;
  for (let word = 0; word < 4; word += 1) slots.hashes[to * 4 + word] = old.hashes[from * 4 + word] ?? 0;
  for (let kind = 0; kind < 2; kind += 1) slots.rows[to * 2 + kind] = old.rows[from * 2 + kind] ?? 0;
}

interface Slots {
  keys: Float64Array;
  /** Two words for the person row, two for the filing row. */
  hashes: Uint32Array;
  /** First row of persons, first row of filings. */
  rows: Int32Array;
  marks: Uint8Array;
  numbers: Int32Array;
}

const slotsOf = (capacity: number): Slots => ({
  keys: new Float64Array(capacity).fill(-1),
  hashes: new Uint32Array(capacity * 4),
  rows: new Int32Array(capacity * 2),
  marks: new Uint8Array(capacity),
  numbers: new Int32Array(capacity),
});

/** An empty index that grows by doubling; `expected` candidates fit without. */
export function candidateIndex(expected = 1024): CandidateIndex {
  let slots = slotsOf(powerOfTwo(expected / FULL));
  let size = 0;
  let persons = 0;

  const place = (table: Slots, key: number): number => {
    const mask = table.keys.length - 1;
    let slot = scatter(key) & mask;
    while (table.keys[slot] !== -1 && table.keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  };
  const grow = (): void => {
    const old = slots;
    slots = slotsOf(old.keys.length * 2);
    old.keys.forEach((key, from) => {
      if (key === -1) return;
      const to = place(slots, key);
      carryOver(old, from, slots, to);
    });
  };
  return {
    get size() {
      return size;
    },
    see(candidateNo, mark, cells, row = 0) {
      if (size >= slots.keys.length * FULL) grow();
      const key = Number(candidateNo);
      const slot = place(slots, key);
      if (slots.keys[slot] === -1) {
        slots.keys[slot] = key;
        size += 1;
      }
      const [low, high] = hashOf(cells);
      const at = slot * 4 + (mark === 1 ? 0 : 2);
      const rowAt = slot * 2 + (mark === 1 ? 0 : 1);
      if (((slots.marks[slot] ?? 0) & mark) === 0) {
        slots.marks[slot] = (slots.marks[slot] ?? 0) | mark;
        slots.hashes[at] = low;
        slots.hashes[at + 1] = high;
        slots.rows[rowAt] = row;
        if (mark === candidateMarks.person) {
          persons += 1;
          slots.numbers[slot] = persons;
        }
        return { sighting: 'new', slot, first: row };
      }
      const equal = slots.hashes[at] === low && slots.hashes[at + 1] === high;
      return { sighting: equal ? 'equal' : 'conflict', slot, first: slots.rows[rowAt] ?? 0 };
    },
    find(candidateNo) {
      const slot = place(slots, Number(candidateNo));
      return slots.keys[slot] === -1 ? -1 : slot;
    },
    mark(slot, mark) {
      slots.marks[slot] = (slots.marks[slot] ?? 0) | mark;
    },
    marksOf: (slot) => slots.marks[slot] ?? 0,
    numberOf: (slot) => slots.numbers[slot] ?? 0,
    *marks() {
      for (let slot = 0; slot < slots.keys.length; slot += 1) {
        const key = slots.keys[slot] ?? -1;
        if (key !== -1) yield { candidateNo: String(key).padStart(14, '0'), marks: slots.marks[slot] ?? 0 };
      }
    },
  };
}

function powerOfTwo(least: number): number {
  let power = 1024;
  while (power < least) power *= 2;
  return power;
}

/** Spreads the numbers of one province and year, which differ in their last digits only, over all slots. */
function scatter(key: number): number {
  const low = (key % 4_294_967_296) | 0;
  const high = Math.trunc(key / 4_294_967_296);
  const mixed = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** FNV-1a over UTF-16 units, and the length; a separator keeps ["ab",""] from ["a","b"]. Only rows of one candidate meet. */
function hashOf(cells: readonly string[]): [number, number] {
  let hash = 0x811c9dc5;
  let length = 0;
  for (const cell of cells) {
    for (let at = 0; at < cell.length; at += 1) hash = Math.imul(hash ^ cell.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ 0x1_0001, 0x01000193);
    length += cell.length;
  }
  return [hash >>> 0, length];
}
