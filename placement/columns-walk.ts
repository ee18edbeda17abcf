import { type Columns, type ColumnsOutcome, isWide, type Keys, NO_PREFERENCE, unfilled } from './columns.ts';
import { type LineClosing, lineClosings, reasonOf } from './columns-reason.ts';
import type { TiePolicy } from './model.ts';

/** The state of a walk. `open[p]` is 1 while program p takes candidates; once 0 it stays 0. */
export interface Walk {
  readonly outcome: ColumnsOutcome;
  readonly open: Uint8Array;
  /** Seats left. */
  readonly room: Uint32Array;
  /** Lines that have not closed their programs yet, the next one first. */
  readonly closings: LineClosing[];
  /** `expand`: programs that filled up with somebody of this full key; they close when the key changes. */
  readonly tie: { tiehi: number; tielo: number; readonly full: number[] };
}

/** A stretch of ranks, from `rank` on. */
export interface Stretch {
  readonly rank: number;
  /** The lists and keys of the stretch, or of all rows. */
  readonly columns: Columns;
  /** Rank after rank, where in `columns` the candidate stands. */
  readonly places: Uint32Array;
  /** Rank after rank, the candidate's row in the outcome. */
  readonly rows: Uint32Array;
}

/** Rows whose lists are fetched together: enough to keep memory busy, few enough to stay in the cache. */
const BATCH = 32;
/** Numbers of 16 bits in a cache line. */
export const LINE_ELEMENTS = 32;

export function startWalk(keys: Keys, outcome: ColumnsOutcome): Walk {
  // Narrow codes index a full table, so unfilled (65535) and unknown codes read as closed without a comparison.
  const open = new Uint8Array(isWide(keys) ? keys.m : 0x1_0000);
  for (let program = 0; program < keys.m; program++) open[program] = Number(keys.cap[program] !== 0);
  outcome.program.fill(unfilled(keys));
  outcome.preference.fill(NO_PREFERENCE);
  const tie = { tiehi: 0, tielo: 0, full: [] };
  return { outcome, open, room: keys.cap.slice(), closings: lineClosings(keys), tie };
}

/** Every rank of the stretch once, best first; stretches come in their order. A line closes its programs at the first rank below it. */
export function walkStretch(walk: Walk, stretch: Stretch, tiePolicy: TiePolicy): void {
  const walkRanks = tiePolicy === 'expand' ? walkExpanding : walkStrict;
  const count = stretch.rows.length;
  let from = 0;
  for (let next = walk.closings[0]; next && next.rank < stretch.rank + count; next = walk.closings[0]) {
    walkRanks(walk, stretch, from, next.rank - stretch.rank);
    for (const program of next.programs) walk.open[program] = 0;
    from = next.rank - stretch.rank;
    walk.closings.shift();
  }
  walkRanks(walk, stretch, from, count);
}

/** Publishes how many each program has taken. */
export function endWalk({ cap, m }: Keys, { outcome: { filed }, room }: Walk): void {
  for (let program = 0; program < m; program++) {
    filed[program] = (cap[program] as number) - (room[program] as number);
  }
}

/**
 * The hot loop. Invariant: when a row is looked at, all better rows have been filed for good, and `open` says which
 * programs still have a seat for it. Its first open preference is therefore its place, whatever comes later.
 */
function walkStrict({ outcome, open, room }: Walk, stretch: Stretch, from: number, to: number): void {
  const { columns, places, rows } = stretch;
  const { prefs, k } = columns;
  const { program, preference, reason } = outcome;
  for (let first = from; first < to; first += BATCH) {
    const last = Math.min(first + BATCH, to);
    if (touch(columns, places, first, last) < 0) throw new Error('program numbers are not negative');
    for (let i = first; i < last; i++) {
      const place = places[i] as number;
      const row = rows[i] as number;
      const start = place * k;
      const end = start + k;
      let at = start;
      while (at < end && open[prefs[at] as number] !== 1) at++;
      if (at === end) {
        reason[row] = reasonOf(columns, place);
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
  places: Uint32Array,
  first: number,
  last: number,
): number {
  let sum = 0;
  for (let i = first; i < last; i++) {
    const start = (places[i] as number) * k;
    for (let at = start; at < start + k; at += LINE_ELEMENTS) sum += prefs[at] as number;
  }
  return sum;
}

/** `expand`: a program that fills up closes only when the full key changes. */
function walkExpanding(walk: Walk, { columns, places, rows }: Stretch, from: number, to: number): void {
  const { prefs, k, tiehi, tielo } = columns;
  const { outcome, open, room, tie } = walk;
  for (let i = from; i < to; i++) {
    const place = places[i] as number;
    const row = rows[i] as number;
    if (tie.full.length > 0 && (tiehi[place] !== tie.tiehi || tielo[place] !== tie.tielo)) {
      for (const code of tie.full.splice(0)) open[code] = 0;
    }
    const start = place * k;
    let at = start;
    while (at < start + k && open[prefs[at] as number] !== 1) at++;
    if (at === start + k) {
      outcome.reason[row] = reasonOf(columns, place);
      continue;
    }
    const code = prefs[at] as number;
    outcome.program[row] = code;
    outcome.preference[row] = at - start;
    outcome.reason[row] = 0;
    room[code] = (room[code] as number) - 1;
    if (room[code] !== 0) continue;
    tie.tiehi = tiehi[place] as number;
    tie.tielo = tielo[place] as number;
    tie.full.push(code);
  }
}
