import { type Columns, type ColumnsOutcome, isWide, NO_PREFERENCE, REASON, unfilled } from './columns.ts';
import { emptyOutcome } from './columns-place.ts';
import { rankRows } from './columns-sort.ts';
import { touch } from './columns-walk.ts';

const BATCH = 32;
/** A key orders applicants of a program: merit, then the smaller row. Rows fit 25 bits, so a key is an exact number. */
const ROW_SPAN = 0x200_0000;
const CLOSED = 0x1_0000;

/** Who a program holds: a heap with the worst key on top, all heaps in one array. */
interface Held {
  readonly keys: Float64Array;
  readonly start: Uint32Array;
  readonly size: Uint32Array;
  /** Least merit still worth a look: 1 while there are seats, then the worst merit held; CLOSED without seats. */
  readonly floor: Uint32Array;
}

/**
 * `da` on columns: `merit` says how much each program of a list thinks of the candidate, 0 for not at all. Candidates
 * apply in score order, which is close to what the programs want, so few are ever sent away again.
 */
export function placeMatching(columns: Columns): ColumnsOutcome {
  const { n } = columns;
  const order = new Uint32Array(n);
  const outcome = emptyOutcome(columns);
  rankRows(columns, order, new Uint32Array(outcome.program.buffer, 0, n));
  outcome.program.fill(unfilled(columns));
  outcome.preference.fill(NO_PREFERENCE);
  const held = emptyHeaps(columns);
  const merits = { prefs: columns.merit ?? new Uint16Array(0), k: columns.k };
  for (let first = 0; first < n; first += BATCH) {
    const last = Math.min(first + BATCH, n);
    if (touch(columns, order, first, last) + touch(merits, order, first, last) < 0) {
      throw new Error('columns hold no negative numbers');
    }
    for (let rank = first; rank < last; rank++) {
      let row = order[rank] as number;
      let at = 0;
      // Whoever is sent away goes on at once, from the preference after the one that held.
      while (row >= 0) {
        row = apply(columns, { held, outcome }, row, at);
        at = row < 0 ? 0 : (outcome.preference[row] as number) + 1;
      }
    }
  }
  outcome.filed.set(held.size);
  return outcome;
}

function emptyHeaps({ n, m, cap, ...columns }: Columns): Held {
  const start = new Uint32Array(m + 1);
  const floor = new Uint32Array(isWide({ m }) ? m : 0x1_0000).fill(CLOSED);
  const applicants = countApplicants(m, columns.prefs);
  for (let program = 0; program < m; program++) {
    const seats = cap[program] as number;
    start[program + 1] = (start[program] as number) + Math.min(seats, n, applicants[program] as number);
    if (seats > 0) floor[program] = 1;
  }
  return { keys: new Float64Array(start[m] as number), start, size: new Uint32Array(m), floor };
}

function countApplicants(m: number, prefs: Columns['prefs']): Uint32Array {
  const applicants = new Uint32Array(m);
  for (let at = 0; at < prefs.length; at++) {
    const program = prefs[at] as number;
    if (program < m) applicants[program] = (applicants[program] as number) + 1;
  }
  return applicants;
}

interface Matching {
  readonly held: Held;
  readonly outcome: ColumnsOutcome;
}

/** One candidate applies from `from` on, until held or at the end of the list; returns who was sent away, or -1. */
function apply(columns: Columns, { held, outcome }: Matching, row: number, from: number): number {
  const { k, prefs, merit, score, line } = columns;
  if (merit === undefined) throw new Error('da needs the column merit');
  const { floor } = held;
  const end = row * k + k;
  for (let at = row * k + from; at < end; at++) {
    const program = prefs[at] as number;
    const own = merit[at] as number;
    if (!(own >= (floor[program] as number))) continue;
    if ((score[row] as number) < (line[program] as number) || isRepeated(columns, row, at)) continue;
    const away = hold(held, columns.cap, program, own * ROW_SPAN + (ROW_SPAN - 1 - row));
    if (away === row) continue;
    outcome.program[row] = program;
    outcome.preference[row] = at - row * k;
    outcome.reason[row] = REASON.PLACED;
    return away;
  }
  outcome.program[row] = unfilled(columns);
  outcome.preference[row] = NO_PREFERENCE;
  outcome.reason[row] = matchingReason(columns, row);
  return -1;
}

function isRepeated({ prefs, k }: Columns, row: number, at: number): boolean {
  const program = prefs[at];
  for (let before = row * k; before < at; before++) if (prefs[before] === program) return true;
  return false;
}

const rowOfKey = (key: number): number => ROW_SPAN - 1 - (key % ROW_SPAN);

/** Takes the applicant; returns who does not fit any more (perhaps the applicant), or -1 while there are seats. */
function hold({ keys, start, size, floor }: Held, cap: Uint32Array, program: number, key: number): number {
  const base = start[program] as number;
  const count = size[program] as number;
  if (count < (cap[program] as number)) {
    siftUp(keys, base, count, key);
    size[program] = count + 1;
    if (count + 1 === cap[program]) floor[program] = Math.floor((keys[base] as number) / ROW_SPAN);
    return -1;
  }
  const worst = keys[base] as number;
  if (key < worst) return rowOfKey(key);
  siftDown(keys, base, count, key);
  floor[program] = Math.floor((keys[base] as number) / ROW_SPAN);
  return rowOfKey(worst);
}

function siftUp(keys: Float64Array, base: number, count: number, key: number): void {
  let index = count;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const other = keys[base + parent] as number;
    if (other <= key) break;
    keys[base + index] = other;
    index = parent;
  }
  keys[base + index] = key;
}

function siftDown(keys: Float64Array, base: number, count: number, key: number): void {
  let index = 0;
  for (let child = 1; child < count; child = 2 * index + 1) {
    if (child + 1 < count && (keys[base + child + 1] as number) < (keys[base + child] as number)) child += 1;
    const other = keys[base + child] as number;
    if (other >= key) break;
    keys[base + index] = other;
    index = child;
  }
  keys[base + index] = key;
}

const STAGES: readonly number[] = [
  REASON.NO_PREFS,
  REASON.UNKNOWN_CODE,
  REASON.PLAN_ZERO,
  REASON.INELIGIBLE,
  REASON.BELOW_LINE,
  REASON.FULL,
];

function matchingReason(columns: Columns, row: number): number {
  const { k, m, prefs, merit, cap, score, line } = columns;
  let furthest = 0;
  for (let at = row * k; at < (row + 1) * k && furthest < 5; at++) {
    const program = prefs[at] as number;
    if (program === unfilled(columns) || isRepeated(columns, row, at)) continue;
    let stage = 5;
    if (program >= m) stage = 1;
    else if (cap[program] === 0) stage = 2;
    else if (merit?.[at] === 0) stage = 3;
    else if ((score[row] as number) < (line[program] as number)) stage = 4;
    furthest = Math.max(furthest, stage);
  }
  return STAGES[furthest] as number;
}
