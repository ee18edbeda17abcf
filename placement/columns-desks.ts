import { type Columns, isWide } from './columns.ts';

/** A key orders applicants of a program: merit, then the smaller row. Rows fit 25 bits, so a key is an exact number. */
const ROW_SPAN = 0x200_0000;
const CLOSED = 0xffff;

/** Whom each program holds, and the bar that rises as it sees better ones. */
export interface Desks {
  /** By program a span of `cap` keys: in no order while seats are left, then a heap with the worst on top. */
  readonly keys: Float64Array;
  readonly start: Uint32Array;
  readonly size: Uint32Array;
  /** A merit has to be above it to be worth a look: 0 while seats are left, then just below the worst held. */
  readonly bar: Uint16Array;
}

export type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer;

export function openDesks(columns: Columns, allocate: Allocate): Desks {
  const { n, m, cap } = columns;
  const start = new Uint32Array(allocate(4 * (m + 1)));
  // Narrow codes index a full table, so unfilled and unknown codes read as closed without a comparison.
  const bar = new Uint16Array(allocate(2 * (isWide(columns) ? m : 0x1_0000))).fill(CLOSED);
  const offered = cap.reduce((sum, seats) => sum + Math.min(seats, n), 0);
  const applicants = offered > SPARE * n ? countApplicants(columns) : cap;
  for (let program = 0; program < m; program++) {
    const seats = cap[program] as number;
    start[program + 1] = (start[program] as number) + Math.min(seats, n, applicants[program] as number);
    if (seats > 0) bar[program] = 0;
  }
  const keys = new Float64Array(allocate(8 * (start[m] as number)));
  return { keys, start, size: new Uint32Array(allocate(4 * m)), bar };
}

/** With more seats than this for every candidate, only as many are kept as somebody asks for. */
const SPARE = 4;

function countApplicants({ m, prefs }: Columns): Uint32Array {
  const applicants = new Uint32Array(m);
  for (let at = 0; at < prefs.length; at++) {
    const program = prefs[at] as number;
    if (program < m) applicants[program] = (applicants[program] as number) + 1;
  }
  return applicants;
}

/** Merit and row in one number that sorts as they do. */
export const keyOf = (merit: number, row: number): number => merit * ROW_SPAN + (ROW_SPAN - 1 - row);
const meritOf = (key: number): number => Math.floor(key / ROW_SPAN);
const rowOf = (key: number): number => ROW_SPAN - 1 - (key - meritOf(key) * ROW_SPAN);

/** Takes the applicant; returns the row that does not fit any more (perhaps the applicant's), or -1 while there are seats. */
export function hold(
  { keys, start, size, bar }: Desks,
  { cap }: Pick<Columns, 'cap'>,
  program: number,
  key: number,
): number {
  const base = start[program] as number;
  const count = size[program] as number;
  const seats = cap[program] as number;
  if (count < seats) {
    keys[base + count] = key;
    size[program] = count + 1;
    if (count + 1 < seats) return -1;
    for (let index = (seats >> 1) - 1; index >= 0; index--) sink({ keys, base, seats }, index);
    bar[program] = meritOf(keys[base] as number) - 1;
    return -1;
  }
  const worst = keys[base] as number;
  if (key < worst) return rowOf(key);
  keys[base] = key;
  sink({ keys, base, seats }, 0);
  bar[program] = meritOf(keys[base] as number) - 1;
  return rowOf(worst);
}

interface Heap {
  readonly keys: Float64Array;
  readonly base: number;
  readonly seats: number;
}

/** Moves a key down until both below it are better: the worst comes to the top. */
function sink({ keys, base, seats }: Heap, from: number): void {
  const key = keys[base + from] as number;
  let index = from;
  for (let child = 2 * index + 1; child < seats; child = 2 * index + 1) {
    if (child + 1 < seats && (keys[base + child + 1] as number) < (keys[base + child] as number)) child += 1;
    const other = keys[base + child] as number;
    if (other >= key) break;
    keys[base + index] = other;
    index = child;
  }
  keys[base + index] = key;
}

/** Keys in a cache line, and how many of a desk are worth fetching early: the upper levels of its heap. */
const LINE_KEYS = 8;
const KEYS_TOUCHED = 64;

/** Reads a desk that is about to be asked, so that it is there in time; the sum is for the caller to look at. */
export function touchDesk({ keys, start, size }: Desks, program: number): number {
  const first = start[program] as number;
  const last = Math.min(start[program + 1] as number, first + KEYS_TOUCHED);
  let sum = size[program] as number;
  for (let key = first; key < last; key += LINE_KEYS) sum += keys[key] as number;
  return sum;
}
