import { type Columns, type ColumnsOutcome, isWide, NO_PREFERENCE, unfilled } from './columns.ts';
import { type Allocate, type Desks, hold, keyOf, openDesks, touchDesk } from './columns-desks.ts';
import { emptyOutcome } from './columns-place.ts';
import { matchingReason } from './columns-reason.ts';
import { LINE_ELEMENTS } from './columns-walk.ts';

/** Applicants whose lists are fetched together, so that memory works on many of them at once. */
const BATCH = 64;
/** Candidates come in score order, this many points at a time (a power of two) as they lie in memory, which is near. */
const BAND_BITS = 3;

/**
 * A candidate's slip: eight bytes, so that whoever is sent away need not read the whole list again. First how many of
 * its entries have been asked; then up to six preferences, counted from 1, that were possible when the list was read.
 * After them stands END where the list has no more, else UNREAD: the list has to be read on from the last entry.
 */
const SLIP = 8;
const ENTRIES = 6;
const UNREAD = 0;
const END = 255;

/**
 * `da` on columns: `merit` says how much each program of a list thinks of the candidate, 0 for not at all. Candidates
 * propose down their lists, programs keep the best they have seen. Who proposes when does not change the outcome; in
 * score order, which is close to what programs want, few are sent away again.
 */
export function placeMatching(columns: Columns): ColumnsOutcome {
  const matching = openMatching(columns, (bytes) => new ArrayBuffer(bytes));
  proposeAll(matching);
  return closeMatching(matching);
}

/** Everything two threads need to see when they work on one matching; one thread alone needs no locks. */
export interface Matching extends Columns {
  readonly merit: Uint16Array;
  readonly outcome: ColumnsOutcome;
  readonly desks: Desks;
  /** By row; see `SLIP`. All zero: nothing read, nothing asked. */
  readonly slips: Uint8Array;
  /** Rows in the order of proposing. */
  readonly order: Uint32Array;
  /** How many of the order have been taken. */
  readonly taken: Int32Array;
  /** By program 1 while a thread is at its desk; null for one thread. */
  readonly locks: Int32Array | null;
}

/** Memory for a matching; shared memory makes it one for several threads. */
export function openMatching(columns: Columns, allocate: Allocate): Matching {
  const { n, m, merit } = columns;
  if (merit === undefined) throw new Error('da needs the column merit');
  const order = new Uint32Array(allocate(4 * n));
  dealByScore(columns, order);
  const taken = new Int32Array(allocate(4));
  const locks = taken.buffer instanceof SharedArrayBuffer ? new Int32Array(allocate(4 * m)) : null;
  const outcome = emptyOutcome(columns, allocate);
  const slips = new Uint8Array(allocate(SLIP * n));
  return { ...columns, merit, outcome, desks: openDesks(columns, allocate), slips, order, taken, locks };
}

/** Writes down where everybody is held: at the last entry asked. */
export function closeMatching({ n, m, k, prefs, slips, outcome, desks }: Matching): ColumnsOutcome {
  const { program, preference } = outcome;
  const none = unfilled({ m });
  for (let row = 0; row < n; row++) {
    const asked = slips[row * SLIP] as number;
    const position = asked === 0 ? NO_PREFERENCE : (slips[row * SLIP + asked] as number) - 1;
    preference[row] = position;
    program[row] = asked === 0 ? none : (prefs[row * k + position] as number);
  }
  outcome.filed.set(desks.size);
  return outcome;
}

/** Takes rows from the order, and again whoever is sent away for them, until nobody is left to propose. */
export function proposeAll(matching: Matching): void {
  const { n, m, order, taken } = matching;
  const batch = new Uint32Array(BATCH);
  const seen = new Int32Array(isWide({ m }) ? m : 0x1_0000).fill(-1);
  let next = 0;
  let end = 0;
  let count = 0;
  do {
    if (next === end && count < BATCH) {
      next = Math.min(n, Atomics.add(taken, 0, BATCH));
      end = Math.min(n, next + BATCH);
    }
    while (count < BATCH && next < end) batch[count++] = order[next++] as number;
    // Each reads what the next one needs. The sums are looked at so that the reads are not dropped as useless.
    const sum = touchSlips(matching, batch, count) + touchLists(matching, batch, count);
    if (sum + touchDesks(matching, batch, count, seen) < 0)
      throw new Error('columns hold no negative numbers');
    // Whoever one batch sends away applies again in the next, beside those who come for the first time.
    let sentAway = 0;
    for (let i = 0; i < count; i++) {
      const row = propose(matching, batch[i] as number, seen);
      if (row >= 0) batch[sentAway++] = row;
    }
    count = sentAway;
  } while (count > 0 || next < end || end < n);
}

/** Best band of scores first, dealt by counting. */
function dealByScore({ n, score }: Columns, order: Uint32Array): void {
  const slot = new Uint32Array(0x1_0001);
  for (let row = 0; row < n; row++) {
    const next = 0x1_0000 - ((score[row] as number) >> BAND_BITS);
    slot[next] = (slot[next] as number) + 1;
  }
  for (let i = 1; i < slot.length; i++) slot[i] = (slot[i] as number) + (slot[i - 1] as number);
  for (let row = 0; row < n; row++) {
    const own = 0xffff - ((score[row] as number) >> BAND_BITS);
    order[slot[own] as number] = row;
    slot[own] = (slot[own] as number) + 1;
  }
}

function touchSlips({ slips, score }: Matching, batch: Uint32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const row = batch[i] as number;
    sum += (slips[row * SLIP] as number) + (score[row] as number);
  }
  return sum;
}

/** Of each list the next entry, or all that is still to be read. */
function touchLists({ k, prefs, merit, slips }: Matching, batch: Uint32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const row = batch[i] as number;
    const asked = row * SLIP + (slips[row * SLIP] as number);
    const entry = slips[asked + 1] as number;
    const isUnread = entry === UNREAD;
    const start = row * k + (isUnread ? (slips[asked] as number) : Math.min(entry, k) - 1);
    const end = isUnread ? row * k + k : start + 1;
    for (let at = start; at < end; at += LINE_ELEMENTS) sum += (prefs[at] as number) + (merit[at] as number);
  }
  return sum;
}

function touchDesks(matching: Matching, batch: Uint32Array, count: number, seen: Int32Array): number {
  const { k, prefs, desks } = matching;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const row = batch[i] as number;
    const entry = nextEntry(matching, row, seen);
    if (entry !== END) sum += touchDesk(desks, prefs[row * k + entry - 1] as number);
  }
  return sum;
}

/** The preference to ask next, counted from 1, or END. */
function nextEntry(matching: Matching, row: number, seen: Int32Array): number {
  const { slips } = matching;
  const asked = row * SLIP + (slips[row * SLIP] as number);
  const entry = slips[asked + 1] as number;
  if (entry !== UNREAD) return entry;
  // With nothing asked this is the zero of the count itself: from the top.
  readOn(matching, row, slips[asked] as number, seen);
  return slips[row * SLIP + 1] as number;
}

/**
 * Notes the next possible preferences on the slip: above the bar of now, the line met, the first of its program in the
 * list (`seen[p]` is the last row whose list named p). Bars only rise, so what is left out here never becomes possible.
 */
function readOn(matching: Matching, row: number, from: number, seen: Int32Array): void {
  const { k, prefs, merit, score, line, slips } = matching;
  const { bar } = matching.desks;
  const own = score[row] as number;
  const last = row * SLIP + ENTRIES;
  let entry = row * SLIP;
  slips[entry] = 0;
  for (let at = row * k; at < row * k + from; at++) seen[prefs[at] as number] = row;
  for (let at = row * k + from; at < row * k + k && entry < last; at++) {
    const program = prefs[at] as number;
    // A wide code beyond the table reads as undefined: the comparison is false, and nobody is asked.
    const isAbove = (merit[at] as number) > (bar[program] as number);
    if (isAbove && own >= (line[program] as number) && seen[program] !== row) {
      entry += 1;
      slips[entry] = at - row * k + 1;
    }
    seen[program] = row;
  }
  slips[entry + 1] = entry < last ? END : UNREAD;
}

/**
 * One candidate proposes until somebody holds it, or to the end of the list. Invariant: bars only rise, so a program
 * that was below the bar once never has to be asked again, and a bar that another thread has raised meanwhile only
 * means asking in vain. Returns who was sent away for it, or -1.
 */
function propose(matching: Matching, row: number, seen: Int32Array): number {
  const { k, prefs, merit, slips, outcome } = matching;
  const { bar } = matching.desks;
  for (let entry = nextEntry(matching, row, seen); entry !== END; entry = nextEntry(matching, row, seen)) {
    const at = row * k + entry - 1;
    const program = prefs[at] as number;
    // Written before the program is asked: once it holds the row, another thread may send it away and read the slip.
    slips[row * SLIP] = (slips[row * SLIP] as number) + 1;
    if ((merit[at] as number) <= (bar[program] as number)) continue;
    const away = ask(matching, program, keyOf(merit[at] as number, row));
    if (away !== row) return away;
  }
  slips[row * SLIP] = 0;
  outcome.reason[row] = matchingReason(matching, row);
  return -1;
}

/** One program with its desk locked. */
function ask(matching: Matching, program: number, key: number): number {
  const { desks, locks } = matching;
  if (locks) while (Atomics.compareExchange(locks, program, 0, 1) !== 0);
  const away = hold(desks, matching, program, key);
  if (locks) Atomics.store(locks, program, 0);
  return away;
}
