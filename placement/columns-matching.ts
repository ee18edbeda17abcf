import { type Columns, type ColumnsOutcome, isWide, NO_PREFERENCE, REASON, unfilled } from './columns.ts';
import { emptyOutcome } from './columns-place.ts';
import { isRepeated, matchingReason } from './columns-reason.ts';
import { LINE_ELEMENTS } from './columns-walk.ts';

/** Applicants whose lists are fetched together, so that memory works on many of them at once. */
const BATCH = 64;
/** A key orders applicants of a program: merit, then the smaller row. Rows fit 25 bits, so a key is an exact number. */
const ROW_SPAN = 0x200_0000;
const CLOSED = 0xffff;
/** Keys in a cache line, and how many of a desk are worth fetching early: the upper levels of its heap. */
const LINE_KEYS = 8;
const KEYS_TOUCHED = 64;

/** Whom each program holds, and the bar that rises as it sees better ones. */
interface Desks {
  /** By program a span of `cap` keys: in no order while seats are left, then a heap with the worst on top. */
  readonly keys: Float64Array;
  readonly start: Uint32Array;
  readonly size: Uint32Array;
  /** A merit has to be above it to be worth a look: 0 while seats are left, then just below the worst held. */
  readonly bar: Uint16Array;
}

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
  const outcome = emptyOutcome(columns, allocate);
  outcome.program.fill(unfilled(columns));
  outcome.preference.fill(NO_PREFERENCE);
  const order = new Uint32Array(allocate(4 * n));
  dealByScore(columns, order);
  const taken = new Int32Array(allocate(4));
  const locks = taken.buffer instanceof SharedArrayBuffer ? new Int32Array(allocate(4 * m)) : null;
  return { ...columns, merit, outcome, desks: openDesks(columns, allocate), order, taken, locks };
}

export function closeMatching({ outcome, desks }: Matching): ColumnsOutcome {
  outcome.filed.set(desks.size);
  return outcome;
}

/** Takes rows from the order, and again whoever is sent away for them, until nobody is left to propose. */
export function proposeAll(matching: Matching): void {
  const { n, order, taken } = matching;
  const batch = new Uint32Array(BATCH);
  const aims = new Uint32Array(BATCH);
  let next = 0;
  let end = 0;
  let count = 0;
  do {
    if (next === end && count < BATCH) {
      next = Math.min(n, Atomics.add(taken, 0, BATCH));
      end = Math.min(n, next + BATCH);
    }
    while (count < BATCH && next < end) batch[count++] = order[next++] as number;
    if (touch(matching, batch, count) + aim(matching, batch, count, aims) < 0)
      throw new Error('columns hold no negative numbers');
    // Whoever one batch sends away applies again in the next, beside those who come for the first time.
    let sentAway = 0;
    for (let i = 0; i < count; i++) {
      const row = propose(matching, batch[i] as number, aims[i] as number);
      if (row >= 0) batch[sentAway++] = row;
    }
    count = sentAway;
  } while (count > 0 || next < end || end < n);
}

/** Highest score first, dealt by counting. */
function dealByScore({ n, score }: Columns, order: Uint32Array): void {
  const slot = new Uint32Array(0x1_0001);
  for (let row = 0; row < n; row++) {
    const next = 0x1_0000 - (score[row] as number);
    slot[next] = (slot[next] as number) + 1;
  }
  for (let i = 1; i < slot.length; i++) slot[i] = (slot[i] as number) + (slot[i - 1] as number);
  for (let row = 0; row < n; row++) {
    const own = 0xffff - (score[row] as number);
    order[slot[own] as number] = row;
    slot[own] = (slot[own] as number) + 1;
  }
}

type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer;

function openDesks(columns: Columns, allocate: Allocate): Desks {
  const { n, m, cap } = columns;
  const start = new Uint32Array(allocate(4 * (m + 1)));
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

/** Where a row goes on: after the preference that held it, or at the top of its list. */
function nextOf({ k, outcome: { preference } }: Matching, row: number): number {
  const held = preference[row] as number;
  return row * k + (held === NO_PREFERENCE ? 0 : held + 1);
}

/**
 * Reads what the batch may look at, to the end of each list: these reads do not wait for each other, as those of
 * proposing do. The sum is looked at so that the reads are not dropped as useless.
 */
function touch(matching: Matching, batch: Uint32Array, count: number): number {
  const { k, prefs, merit, score } = matching;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const row = batch[i] as number;
    const end = row * k + k;
    sum += score[row] as number;
    for (let at = nextOf(matching, row); at < end; at += LINE_ELEMENTS)
      sum += (prefs[at] as number) + (merit[at] as number);
  }
  return sum;
}

/**
 * Where each of the batch will propose by the bars of now: as they only rise, nothing before that has to be looked at
 * again. Reads the desks there, for the same reason as the lists.
 */
function aim(matching: Matching, batch: Uint32Array, count: number, aims: Uint32Array): number {
  const { k, prefs, merit } = matching;
  const { bar, keys, start, size } = matching.desks;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const row = batch[i] as number;
    const end = row * k + k;
    let at = nextOf(matching, row);
    // A wide code beyond the table reads as undefined: the comparison is false, and nobody is asked.
    while (at < end && !((merit[at] as number) > (bar[prefs[at] as number] as number))) at++;
    aims[i] = at;
    if (at === end) continue;
    const program = prefs[at] as number;
    const last = Math.min(start[program + 1] as number, (start[program] as number) + KEYS_TOUCHED);
    sum += size[program] as number;
    for (let key = start[program] as number; key < last; key += LINE_KEYS) sum += keys[key] as number;
  }
  return sum;
}

/**
 * One candidate proposes until somebody holds it, or to the end of the list. Invariant: bars only rise, so a program
 * that was below the bar once never has to be asked again, and a bar that another thread has raised meanwhile only
 * means asking in vain. Returns who was sent away for it, or -1.
 */
function propose(matching: Matching, row: number, from: number): number {
  const { k, prefs, merit, score, line, outcome } = matching;
  const { bar } = matching.desks;
  const end = row * k + k;
  for (let at = from; at < end; at++) {
    const program = prefs[at] as number;
    const own = merit[at] as number;
    if (!(own > (bar[program] as number))) continue;
    if ((score[row] as number) < (line[program] as number) || isRepeated(matching, row, at)) continue;
    const away = apply(matching, row, at, own * ROW_SPAN + (ROW_SPAN - 1 - row));
    if (away !== row) return away;
  }
  outcome.program[row] = unfilled(matching);
  outcome.preference[row] = NO_PREFERENCE;
  outcome.reason[row] = matchingReason(matching, row);
  return -1;
}

const meritOf = (key: number): number => Math.trunc(key / ROW_SPAN);
const rowOf = (key: number): number => ROW_SPAN - 1 - (key - meritOf(key) * ROW_SPAN);

/**
 * Asks one program with its desk locked. What is written of the applicant is written before the lock opens: from then
 * on another thread may send it away.
 */
function apply(matching: Matching, row: number, at: number, key: number): number {
  const { prefs, k, outcome, locks } = matching;
  const program = prefs[at] as number;
  if (locks) while (Atomics.compareExchange(locks, program, 0, 1) !== 0);
  const away = hold(matching, program, key);
  if (away !== row) {
    outcome.program[row] = program;
    outcome.preference[row] = at - row * k;
    outcome.reason[row] = REASON.PLACED;
  }
  if (locks) Atomics.store(locks, program, 0);
  return away;
}

/** Takes the applicant; returns who does not fit any more (perhaps the applicant), or -1 while there are seats. */
function hold({ cap, desks: { keys, start, size, bar } }: Matching, program: number, key: number): number {
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
