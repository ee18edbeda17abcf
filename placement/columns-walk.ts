import { type Columns, type ColumnsOutcome, isWide, NO_PREFERENCE, unfilled } from './columns.ts';
import { lineClosings, reasonOf } from './columns-reason.ts';
import type { TiePolicy } from './model.ts';

/** The state of a walk. `open[p]` is 1 while program p takes candidates; once 0 it stays 0. */
export interface Walk {
  readonly columns: Columns;
  /** Rows best first. */
  readonly order: Uint32Array;
  readonly outcome: ColumnsOutcome;
  readonly open: Uint8Array;
  /** Seats left. */
  readonly room: Uint32Array;
}

/** Rows whose lists are fetched together: enough to keep memory busy, few enough to stay in the cache. */
const BATCH = 32;
/** Numbers of 16 bits in a cache line. */
export const LINE_ELEMENTS = 32;

export function startWalk(columns: Columns, order: Uint32Array, outcome: ColumnsOutcome): Walk {
  // Narrow codes index a full table, so unfilled (65535) and unknown codes read as closed without a comparison.
  const open = new Uint8Array(isWide(columns) ? columns.m : 0x1_0000);
  for (let program = 0; program < columns.m; program++) open[program] = Number(columns.cap[program] !== 0);
  outcome.program.fill(unfilled(columns));
  outcome.preference.fill(NO_PREFERENCE);
  return { columns, order, outcome, open, room: columns.cap.slice() };
}

/** Every row once, best first. A line closes its programs at the first rank below it. */
export function walkRows(walk: Walk, tiePolicy: TiePolicy): void {
  const walkSegment = tiePolicy === 'expand' ? walkExpanding : walkStrict;
  let from = 0;
  for (const { rank, programs } of lineClosings(walk.columns)) {
    walkSegment(walk, from, rank);
    for (const program of programs) walk.open[program] = 0;
    from = rank;
  }
  walkSegment(walk, from, walk.columns.n);
  const { filed } = walk.outcome;
  for (let program = 0; program < filed.length; program++) {
    filed[program] = (walk.columns.cap[program] as number) - (walk.room[program] as number);
  }
}

/**
 * The hot loop. Invariant: when a row is looked at, all better rows have been filed for good, and `open` says which
 * programs still have a seat for it. Its first open preference is therefore its place, whatever comes later.
 */
export function walkStrict({ columns, order, outcome, open, room }: Walk, from: number, to: number): void {
  const { prefs, k } = columns;
  const { program, preference, reason } = outcome;
  for (let first = from; first < to; first += BATCH) {
    const last = Math.min(first + BATCH, to);
    if (touch(columns, order, first, last) < 0) throw new Error('program numbers are not negative');
    for (let rank = first; rank < last; rank++) {
      const row = order[rank] as number;
      const start = row * k;
      const end = start + k;
      let at = start;
      while (at < end && open[prefs[at] as number] !== 1) at++;
      if (at === end) {
        reason[row] = reasonOf(columns, row);
        continue;
      }
      const code = prefs[at] as number;
      program[row] = code;
      preference[row] = at - start;
      reason[row] = 0;
      const left = (room[code] as number) - 1;
      room[code] = left;
      if (left === 0) open[code] = 0;
    }
  }
}

/**
 * Reads one element of every cache line of the lists in a batch. The rows lie scattered over memory, and these reads do
 * not wait for each other, as those of the walk do. The sum is looked at so that the reads are not dropped as useless.
 */
export function touch(
  { prefs, k }: Pick<Columns, 'prefs' | 'k'>,
  order: Uint32Array,
  first: number,
  last: number,
): number {
  let sum = 0;
  for (let rank = first; rank < last; rank++) {
    const start = (order[rank] as number) * k;
    for (let at = start; at < start + k; at += LINE_ELEMENTS) sum += prefs[at] as number;
  }
  return sum;
}

/** `expand`: a program that fills up closes only when the full key changes. */
function walkExpanding({ columns, order, outcome, open, room }: Walk, from: number, to: number): void {
  const { prefs, k, tiehi, tielo } = columns;
  const closing: number[] = [];
  for (let rank = from; rank < to; rank++) {
    const row = order[rank] as number;
    const before = order[rank - 1] as number;
    if (closing.length > 0 && (tiehi[row] !== tiehi[before] || tielo[row] !== tielo[before])) {
      for (const code of closing.splice(0)) open[code] = 0;
    }
    const start = row * k;
    let at = start;
    while (at < start + k && open[prefs[at] as number] !== 1) at++;
    if (at === start + k) {
      outcome.reason[row] = reasonOf(columns, row);
      continue;
    }
    const code = prefs[at] as number;
    outcome.program[row] = code;
    outcome.preference[row] = at - start;
    outcome.reason[row] = 0;
    room[code] = (room[code] as number) - 1;
    if (room[code] === 0) closing.push(code);
  }
  for (const code of closing) open[code] = 0;
}
