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
  const { n, tiehi } = keys;
  let highest = 0;
  for (let row = 0; row < n; row++) highest = Math.max(highest, tiehi[row] as number);
  const shift = Math.max(8, 32 - Math.clz32(highest) - BUCKET_BITS);
  const top = highest >>> shift;
  const starts = new Uint32Array(top + 2);
  for (let row = 0; row < n; row++) {
    const bucket = top - ((tiehi[row] as number) >>> shift) + 1;
    starts[bucket] = (starts[bucket] as number) + 1;
  }
  for (let bucket = 1; bucket < starts.length; bucket++) {
    starts[bucket] = (starts[bucket] as number) + (starts[bucket - 1] as number);
  }
  deal(keys, { order, carry: scratch, starts, shift, top });
  // Dealing moved every start to the end of its bucket.
  let from = 0;
  for (let bucket = 0; bucket <= top; bucket++) {
    const to = starts[bucket] as number;
    if (to - from > INSERTION_MAX) sortLarge(keys, order.subarray(from, to), scratch.subarray(from, to));
    else if (to - from > 1) sortSmall(keys.tielo, { order, carry: scratch, from, to });
    from = to;
  }
}

interface Deal {
  readonly order: Uint32Array;
  readonly carry: Uint32Array;
  readonly starts: Uint32Array;
  readonly shift: number;
  readonly top: number;
}

function deal({ n, tiehi, tielo }: Keys, { order, carry, starts, shift, top }: Deal): void {
  for (let row = 0; row < n; row++) {
    const high = tiehi[row] as number;
    const bucket = top - (high >>> shift);
    const slot = starts[bucket] as number;
    starts[bucket] = slot + 1;
    order[slot] = row;
    carry[slot] = (high << (32 - shift)) | ((tielo[row] as number) >>> shift);
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
