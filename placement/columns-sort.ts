import type { Columns } from './columns.ts';

type Keys = Pick<Columns, 'n' | 'tiehi' | 'tielo'>;

const INSERTION_MAX = 48;
const BUCKET_BITS = 19;

/**
 * Rows best first: tiehi descending, tielo descending, row ascending. Rows are dealt into buckets by the leading bits
 * of tiehi (score and sum of two subjects), each with the next 32 bits of its key beside it; buckets are then sorted
 * on their own. `scratch` needs n elements and may be reused afterwards.
 */
export function rankRows(keys: Keys, order: Uint32Array, scratch: Uint32Array): void {
  const buckets = planBuckets(keys);
  const dealt = { order, carry: scratch, buckets, ends: new Uint32Array(buckets.count + 1) };
  dealRows(keys, dealt);
  sortBuckets(keys, dealt, 0, buckets.count);
}

/** How rows fall into buckets: by tiehi without its last `shift` bits, highest first. */
export interface Buckets {
  readonly shift: number;
  readonly count: number;
}

export function planBuckets({ n, tiehi }: Keys): Buckets {
  let highest = 0;
  for (let row = 0; row < n; row++) highest = Math.max(highest, tiehi[row] as number);
  const shift = Math.max(8, 32 - Math.clz32(highest) - BUCKET_BITS);
  return { shift, count: (highest >>> shift) + 1 };
}

export interface Dealt {
  readonly order: Uint32Array;
  readonly carry: Uint32Array;
  readonly buckets: Buckets;
  /** Where each bucket ends in the order; one element more than buckets, zero before dealing. */
  readonly ends: Uint32Array;
}

/** Deals the rows, best bucket first, ascending within a bucket. */
export function dealRows({ n, tiehi, tielo }: Keys, { order, carry, buckets, ends }: Dealt): void {
  const { shift } = buckets;
  const top = buckets.count - 1;
  for (let row = 0; row < n; row++) {
    const next = top - ((tiehi[row] as number) >>> shift) + 1;
    ends[next] = (ends[next] as number) + 1;
  }
  for (let bucket = 1; bucket < ends.length; bucket++) {
    ends[bucket] = (ends[bucket] as number) + (ends[bucket - 1] as number);
  }
  // ends[b] is now where bucket b starts; dealing moves it to where it ends.
  for (let row = 0; row < n; row++) {
    const high = tiehi[row] as number;
    const bucket = top - (high >>> shift);
    const slot = ends[bucket] as number;
    ends[bucket] = slot + 1;
    order[slot] = row;
    carry[slot] = (high << (32 - shift)) | ((tielo[row] as number) >>> shift);
  }
}

export function sortBuckets(
  keys: Keys,
  { order, carry, ends }: Omit<Dealt, 'buckets'>,
  first: number,
  last: number,
): void {
  let from = first === 0 ? 0 : (ends[first - 1] as number);
  for (let bucket = first; bucket < last; bucket++) {
    const to = ends[bucket] as number;
    if (to - from > INSERTION_MAX) sortLarge(keys, order.subarray(from, to), carry.subarray(from, to));
    else if (to - from > 1) sortSmall(keys.tielo, { order, carry, from, to });
    from = to;
  }
}

interface Span {
  readonly order: Uint32Array;
  readonly carry: Uint32Array;
  readonly from: number;
  readonly to: number;
}

/** Insertion sort; rows arrive ascending and equal keys never pass each other, so ties stay in row order. */
function sortSmall(tielo: Uint32Array, { order, carry, from, to }: Span): void {
  for (let i = from + 1; i < to; i++) {
    const key = carry[i] as number;
    const row = order[i] as number;
    let j = i - 1;
    while (j >= from) {
      const other = carry[j] as number;
      if (other > key) break;
      if (other === key && (tielo[order[j] as number] as number) >= (tielo[row] as number)) break;
      carry[j + 1] = other;
      order[j + 1] = order[j] as number;
      j -= 1;
    }
    carry[j + 1] = key;
    order[j + 1] = row;
  }
}

/** Large buckets: the runtime's own sort of 64-bit words (key turned over, place), then runs of equal keys by tielo. */
function sortLarge({ tielo }: Keys, order: Uint32Array, carry: Uint32Array): void {
  sortBy(order, (i) => carry[i] as number, carry);
  let from = 0;
  for (let to = 1; to <= order.length; to++) {
    if (to < order.length && carry[to] === carry[from]) continue;
    if (to - from > 1) sortBy(order.subarray(from, to), (i) => tielo[order[from + i] as number] as number);
    from = to;
  }
}

/** Stable, descending by key; `keys`, where given, receives the sorted keys. */
function sortBy(order: Uint32Array, keyOf: (index: number) => number, keys?: Uint32Array): void {
  const words = new BigUint64Array(order.length);
  const halves = new Uint32Array(words.buffer);
  for (let i = 0; i < order.length; i++) {
    halves[2 * i] = i;
    halves[2 * i + 1] = ~keyOf(i);
  }
  words.sort();
  const rows = order.slice();
  for (let i = 0; i < order.length; i++) {
    order[i] = rows[halves[2 * i] as number] as number;
    if (keys) keys[i] = ~(halves[2 * i + 1] as number);
  }
}
