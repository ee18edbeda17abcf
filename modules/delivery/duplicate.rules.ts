/**
 * The same candidate twice in one delivery: equal rows merge, others conflict. A million candidates take 54 MB: open addressing over
 * typed arrays, the 14-digit number as an exact double, a hash and the length of the content.
 */
export type Sighting = 'new' | 'equal' | 'conflict';

/** What is known of a candidate; bits. */
export const candidateMarks = { person: 1, filing: 2, phone: 4, filingRepeated: 8 } as const;

export interface CandidateIndex {
  /**
   * Registers a row; `place` addresses the candidate in the other calls, `first` is the row in which this kind was seen first. Two
   * kinds of rows have two hashes.
   */
  see(
    candidateNo: string,
    mark: 1 | 2,
    cells: readonly string[],
    row?: number,
  ): { sighting: Sighting; place: number; first: number };
  /** 0 when unknown. */
  find(candidateNo: string): number;
  mark(place: number, mark: number): void;
  marksOf(place: number): number;
  /** The candidate's place among those with a row of persons, from 1; 0 when there is none yet. */
  numberOf(place: number): number;
  readonly size: number;
  /** Marks and first row of persons of every candidate, once. */
  marks(): Generator<{ candidateNo: string; marks: number; row: number }>;
}

const FULL = 0.6;

/** Numbers, each with its place in the order in which they came, from 1. */
interface NumberTable {
  readonly size: number;
  /** 0 when it is not there. */
  find(key: number): number;
  /** Its place, the next one when it is new. */
  add(key: number): number;
  entries(): Generator<[key: number, place: number]>;
}

function numberTable(expected: number): NumberTable {
  let keys = new Float64Array(powerOfTwo(expected / FULL)).fill(-1);
  let places = new Int32Array(keys.length);
  let size = 0;
  const slotOf = (key: number): number => {
    const mask = keys.length - 1;
    let slot = scatter(key) & mask;
    while (keys[slot] !== -1 && keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  };
  const put = (key: number, place: number): void => {
    const slot = slotOf(key);
    keys[slot] = key;
    places[slot] = place;
  };
  const grow = (): void => {
    const [oldKeys, oldPlaces] = [keys, places];
    keys = new Float64Array(oldKeys.length * 2).fill(-1);
    places = new Int32Array(keys.length);
    oldKeys.forEach((key, slot) => {
      if (key !== -1) put(key, oldPlaces[slot] ?? 0);
    });
  };
  const find = (key: number): number => places[slotOf(key)] ?? 0;
  return {
    get size() {
      return size;
    },
    find,
    add: (key) => {
      const known = find(key);
      if (known !== 0) return known;
      if (size >= keys.length * FULL) grow();
      size += 1;
      put(key, size);
      return size;
    },
    *entries() {
      for (let slot = 0; slot < keys.length; slot += 1) {
        const key = keys[slot] ?? -1;
        if (key !== -1) yield [key, places[slot] ?? 0];
      }
    },
  };
}

/** What is known of the candidates, in the order in which they came, from place 1. */
interface Known {
  /** Two words for the person row, two for the filing row. */
  hashes: Uint32Array;
  /** First row of persons, first row of filings. */
  rows: Int32Array;
  marks: Uint8Array;
  numbers: Int32Array;
}

/** Room for `count` candidates, with what is known of earlier ones. */
function knownOf(count: number, earlier?: Known): Known {
  const room = {
    hashes: new Uint32Array(count * 4),
    rows: new Int32Array(count * 2),
    marks: new Uint8Array(count),
    numbers: new Int32Array(count),
  };
  if (earlier)
    for (const part of ['hashes', 'rows', 'marks', 'numbers'] as const) room[part].set(earlier[part]);
  return room;
}

/** An empty index that grows by doubling; `expected` candidates fit without. */
export function candidateIndex(expected = 1024): CandidateIndex {
  const numbers = numberTable(expected);
  let known = knownOf(Math.max(expected, 1024) + 1);
  let persons = 0;
  return {
    get size() {
      return numbers.size;
    },
    see(candidateNo, mark, cells, row = 0) {
      const place = numbers.add(Number(candidateNo));
      if (place >= known.marks.length) known = knownOf(known.marks.length * 2, known);
      const [low, high] = hashOf(cells);
      const at = place * 4 + (mark === 1 ? 0 : 2);
      const rowAt = place * 2 + (mark === 1 ? 0 : 1);
      if (((known.marks[place] ?? 0) & mark) !== 0) {
        const equal = known.hashes[at] === low && known.hashes[at + 1] === high;
        return { sighting: equal ? 'equal' : 'conflict', place, first: known.rows[rowAt] ?? 0 };
      }
      known.marks[place] = (known.marks[place] ?? 0) | mark;
      known.hashes[at] = low;
      known.hashes[at + 1] = high;
      known.rows[rowAt] = row;
      if (mark === candidateMarks.person) {
        persons += 1;
        known.numbers[place] = persons;
      }
      return { sighting: 'new', place, first: row };
    },
    find: (candidateNo) => numbers.find(Number(candidateNo)),
    mark(place, mark) {
      known.marks[place] = (known.marks[place] ?? 0) | mark;
    },
    marksOf: (place) => known.marks[place] ?? 0,
    numberOf: (place) => known.numbers[place] ?? 0,
    *marks() {
      for (const [key, place] of numbers.entries()) {
        const [marks, row] = [known.marks[place] ?? 0, known.rows[place * 2] ?? 0];
        yield { candidateNo: String(key).padStart(14, '0'), marks, row };
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
