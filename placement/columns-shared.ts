import { type Columns, type ColumnsOutcome, NO_PREFERENCE } from './columns.ts';
import { lineClosings, reasonOf } from './columns-reason.ts';
import { type Buckets, dealRows, planBuckets, sortBuckets } from './columns-sort.ts';
import { touch } from './columns-walk.ts';

/**
 * A strict walk on several threads. Helpers look ahead: programs only ever close, so the first open preference found
 * with old flags is never too late in the list, at worst too early. One thread, the committer, takes the ranks in their
 * order, keeps what is still open and looks further where it is not. What it commits is what the walk alone would.
 */
export interface SharedRound {
  readonly columns: Columns;
  /** Rows best first. */
  readonly order: Uint32Array;
  /** Scratch of the sort, then the choice of every rank: program, preference and reason packed into one word. */
  readonly choice: Uint32Array;
  readonly buckets: Buckets;
  readonly ends: Uint32Array;
  readonly open: Uint8Array;
  readonly outcome: ColumnsOutcome;
  /** See `SLOT`; from `SLOT.BLOCKS` on one word a block: 1 once it has been looked at. */
  readonly control: Int32Array;
}

const SLOT = {
  PHASE: 0,
  BUCKETS: 1,
  COMMITTED: 2,
  SORTING: 3,
  SORTED: 4,
  LOOKING: 5,
  WRITING: 6,
  WRITTEN: 7,
  BLOCKS: 8,
};
const PHASE = { WAIT: 0, SORT: 1, LOOK: 2, WRITE: 3, END: 4 };
const BLOCK = 2048;
const BATCH = 32;
/** How far helpers may run ahead of the committer: further means older flags. */
const AHEAD_BLOCKS = 12;
const PARTS = 64;
const WAIT_MS = 1;
const NONE = 0xffff;

/** Memory that all threads see, for program numbers of 16 bits; the columns must be shared already. */
export function shareRound(columns: Columns): SharedRound {
  const { n, m } = columns;
  const buckets = planBuckets(columns);
  const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
  return {
    columns,
    order: new Uint32Array(shared(4 * n)),
    choice: new Uint32Array(shared(4 * n)),
    buckets,
    ends: new Uint32Array(shared(4 * (buckets.count + 1))),
    open: new Uint8Array(shared(0x1_0000)),
    outcome: {
      program: new Uint16Array(shared(2 * n)),
      preference: new Uint8Array(shared(n)),
      reason: new Uint8Array(shared(n)),
      filed: new Uint32Array(shared(4 * m)),
    },
    control: new Int32Array(shared(4 * (SLOT.BLOCKS + Math.ceil(n / BLOCK)))),
  };
}

/** The committer. Works on its own too: whatever no helper has taken, it does itself. */
export function placeShared(round: SharedRound): ColumnsOutcome {
  const { columns, open, order, choice, ends, buckets } = round;
  dealRows(columns, { order, carry: choice, buckets, ends });
  enter(round, PHASE.SORT);
  sortParts(round);
  waitFor(round, SLOT.SORTED, PARTS);
  for (let program = 0; program < columns.m; program++) open[program] = Number(columns.cap[program] !== 0);
  enter(round, PHASE.LOOK);
  commitBlocks(round);
  enter(round, PHASE.WRITE);
  writeParts(round);
  waitFor(round, SLOT.WRITTEN, PARTS);
  enter(round, PHASE.END);
  return round.outcome;
}

/** A helper: does its share of every phase until the round is placed. */
export function helpPlacing(round: SharedRound): void {
  const { control } = round;
  let phase = Atomics.load(control, SLOT.PHASE);
  while (phase !== PHASE.END) {
    if (phase === PHASE.SORT) sortParts(round);
    else if (phase === PHASE.LOOK) lookAhead(round);
    else if (phase === PHASE.WRITE) writeParts(round);
    Atomics.wait(control, SLOT.PHASE, phase);
    phase = Atomics.load(control, SLOT.PHASE);
  }
}

function enter({ control }: SharedRound, phase: number): void {
  Atomics.store(control, SLOT.PHASE, phase);
  Atomics.notify(control, SLOT.PHASE);
}

function waitFor({ control }: SharedRound, slot: number, parts: number): void {
  for (let done = Atomics.load(control, slot); done < parts; done = Atomics.load(control, slot)) {
    Atomics.wait(control, slot, done, WAIT_MS);
  }
}

function sortParts({ columns, control, order, choice, buckets, ends }: SharedRound): void {
  const edge = (part: number): number => Math.floor((buckets.count * part) / PARTS);
  for (
    let part = Atomics.add(control, SLOT.SORTING, 1);
    part < PARTS;
    part = Atomics.add(control, SLOT.SORTING, 1)
  ) {
    sortBuckets(columns, { order, carry: choice, ends }, edge(part), edge(part + 1));
    Atomics.add(control, SLOT.SORTED, 1);
    Atomics.notify(control, SLOT.SORTED);
  }
}

function blocksOf({ columns }: SharedRound): number {
  return Math.ceil(columns.n / BLOCK);
}

/** Takes the next block to look at, unless all are taken (-1) or that one is too far ahead (-2). */
function takeBlock(round: SharedRound): number {
  const { control } = round;
  for (;;) {
    const block = Atomics.load(control, SLOT.LOOKING);
    if (block >= blocksOf(round)) return -1;
    if (block > Atomics.load(control, SLOT.COMMITTED) + AHEAD_BLOCKS) return -2;
    if (Atomics.compareExchange(control, SLOT.LOOKING, block, block + 1) === block) return block;
  }
}

function lookAhead(round: SharedRound): void {
  const { control } = round;
  for (let block = takeBlock(round); block !== -1; block = takeBlock(round)) {
    if (block >= 0) look(round, block);
    else Atomics.wait(control, SLOT.COMMITTED, Atomics.load(control, SLOT.COMMITTED), WAIT_MS);
  }
}

/** The first preference of every rank of a block that is open by the flags of this moment. */
function look(round: SharedRound, block: number): void {
  const { columns, control, order, choice } = round;
  const to = Math.min((block + 1) * BLOCK, columns.n);
  for (let first = block * BLOCK; first < to; first += BATCH) {
    const last = Math.min(first + BATCH, to);
    if (touch(columns, order, first, last) < 0) throw new Error('program numbers are not negative');
    for (let rank = first; rank < last; rank++) choice[rank] = firstOpen(round, order[rank] as number, 0);
  }
  Atomics.store(control, SLOT.BLOCKS + block, 1);
  Atomics.notify(control, SLOT.BLOCKS + block);
}

/** Program in the low half, then preference, then reason. */
function firstOpen({ columns, open }: SharedRound, row: number, from: number): number {
  const { prefs, k } = columns;
  const start = row * k;
  const end = start + k;
  let at = start + from;
  while (at < end && open[prefs[at] as number] !== 1) at++;
  if (at < end) return (prefs[at] as number) | ((at - start) << 16);
  return NONE | (NO_PREFERENCE << 16) | (reasonOf(columns, row) << 24);
}

function commitBlocks(round: SharedRound): void {
  const { columns, control, open } = round;
  const room = columns.cap.slice();
  const closings = lineClosings(columns);
  let next = 0;
  for (let block = 0; block < blocksOf(round); block++) {
    lookUntilDone(round, block);
    const to = Math.min((block + 1) * BLOCK, columns.n);
    let rank = block * BLOCK;
    for (let closing = closings[next]; closing !== undefined && closing.rank < to; closing = closings[next]) {
      commit(round, room, rank, closing.rank);
      for (const program of closing.programs) open[program] = 0;
      rank = closing.rank;
      next += 1;
    }
    commit(round, room, rank, to);
    Atomics.store(control, SLOT.COMMITTED, block + 1);
    Atomics.notify(control, SLOT.COMMITTED);
  }
  const { filed } = round.outcome;
  for (let program = 0; program < filed.length; program++) {
    filed[program] = (columns.cap[program] as number) - (room[program] as number);
  }
}

/** While somebody else still looks at the block that is due, look at the next ones. */
function lookUntilDone(round: SharedRound, due: number): void {
  const { control } = round;
  while (Atomics.load(control, SLOT.BLOCKS + due) === 0) {
    const block = takeBlock(round);
    if (block >= 0) look(round, block);
    else Atomics.wait(control, SLOT.BLOCKS + due, 0, WAIT_MS);
  }
}

/** Invariant as in the walk: all better ranks are final. A choice that closed meanwhile is looked for again from there on. */
function commit(round: SharedRound, room: Uint32Array, from: number, to: number): void {
  const { order, choice, open } = round;
  for (let rank = from; rank < to; rank++) {
    let word = choice[rank] as number;
    if ((word & NONE) !== NONE && open[word & NONE] !== 1) {
      word = firstOpen(round, order[rank] as number, ((word >>> 16) & 0xff) + 1);
      choice[rank] = word;
    }
    const program = word & NONE;
    if (program === NONE) continue;
    const left = (room[program] as number) - 1;
    room[program] = left;
    if (left === 0) open[program] = 0;
  }
}

/** Spreads the choices over the rows. */
function writeParts({ columns, control, order, choice, outcome }: SharedRound): void {
  const { program, preference, reason } = outcome;
  const edge = (part: number): number => Math.floor((columns.n * part) / PARTS);
  for (
    let part = Atomics.add(control, SLOT.WRITING, 1);
    part < PARTS;
    part = Atomics.add(control, SLOT.WRITING, 1)
  ) {
    for (let rank = edge(part); rank < edge(part + 1); rank++) {
      const row = order[rank] as number;
      const word = choice[rank] as number;
      program[row] = word & NONE;
      preference[row] = (word >>> 16) & 0xff;
      reason[row] = word >>> 24;
    }
    Atomics.add(control, SLOT.WRITTEN, 1);
    Atomics.notify(control, SLOT.WRITTEN);
  }
}
