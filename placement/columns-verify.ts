import {
  type Columns,
  type ColumnsOutcome,
  isWide,
  type Keys,
  LISTS_ROWS,
  type Lists,
  NO_PREFERENCE,
  REASON,
  unfilled,
} from './columns.ts';
import type { TiePolicy } from './model.ts';
import type { ViolatedRule } from './violation.ts';

export interface ColumnViolation {
  readonly rule: ViolatedRule;
  readonly row?: number;
  readonly program?: number;
  readonly message: string;
}

/** A broken outcome is described by its first violations; millions of them help nobody. */
const VIOLATIONS_MAX = 100;

/**
 * Checks a large outcome without sorting or walking. The worst row filed at a full program is its cut-off. In one pass
 * over the rows as they lie in memory, every preference before the one filed (all of them, for the unplaced) must be
 * closed to its row: no such program, no plan, below the line, or full with a better cut-off. With one common order
 * that leaves exactly one outcome. Lists are read once, from the first row to the last.
 */
export function verifyColumns(
  keys: Keys,
  lists: Lists,
  outcome: ColumnsOutcome,
  tiePolicy: TiePolicy = 'strict',
): ColumnViolation[] {
  const found: ColumnViolation[] = [];
  const seats = takeSeats(keys, outcome, found);
  if (found.length > 0) return found;
  verifyCaps(keys, seats, { outcome, tiePolicy, found });
  const check = { keys, outcome, seats, expand: tiePolicy === 'expand' };
  const bars = barsOf(check);
  for (let first = 0; first < keys.n && found.length < VIOLATIONS_MAX; first += LISTS_ROWS) {
    const last = Math.min(keys.n, first + LISTS_ROWS);
    const part = { first, last, prefs: lists(first, last - first) };
    for (let row = first; row < last; ) row = nextSuspect(check, bars, { part, row, found });
  }
  return found;
}

/** The lists of rows `first` to `last - 1`. */
interface Part {
  readonly first: number;
  readonly last: number;
  readonly prefs: Columns['prefs'];
}

/**
 * Who holds the seats, by what the outcome says: number and worst row by program, and how many share the worst row's
 * full key. Whether a place stands in the own list is seen in the next pass, which reads the lists anyway.
 */
interface Seats {
  readonly filed: Uint32Array;
  readonly worst: Uint32Array;
  readonly tied: Uint32Array;
}

function takeSeats(columns: Keys, outcome: ColumnsOutcome, found: ColumnViolation[]): Seats {
  const { n, m, k, score, line } = columns;
  const seats = { filed: new Uint32Array(m), worst: new Uint32Array(m), tied: new Uint32Array(m) };
  const none = unfilled(columns);
  for (let row = 0; row < n; row++) {
    const program = outcome.program[row] as number;
    const at = outcome.preference[row] as number;
    if (program === none) {
      if (at !== NO_PREFERENCE) report(found, { rule: 'OWN_LIST', row, message: '未投档却写有志愿位次' });
      continue;
    }
    if (program >= m || at >= k) {
      report(found, { rule: 'OWN_LIST', row, program, message: '没有这个专业或这个位次' });
    } else if ((score[row] as number) < (line[program] as number)) {
      report(found, { rule: 'ELIGIBLE', row, program, message: '未达到分数线' });
    } else if (outcome.reason[row] !== REASON.PLACED) {
      report(found, { rule: 'REASON', row, program, message: '已投档而原因不为 0' });
    } else seat(columns, seats, row, program);
  }
  return seats;
}

function seat({ tiehi, tielo }: Keys, { filed, worst, tied }: Seats, row: number, program: number): void {
  const held = filed[program] as number;
  filed[program] = held + 1;
  const last = worst[program] as number;
  const difference =
    (tiehi[row] as number) - (tiehi[last] as number) || (tielo[row] as number) - (tielo[last] as number);
  if (held > 0 && difference > 0) return;
  tied[program] = held > 0 && difference === 0 ? (tied[program] as number) + 1 : 1;
  worst[program] = row;
}

interface Caps {
  readonly outcome: ColumnsOutcome;
  readonly tiePolicy: TiePolicy;
  readonly found: ColumnViolation[];
}

function verifyCaps(
  { m, cap }: Keys,
  { filed, worst, tied }: Seats,
  { outcome, tiePolicy, found }: Caps,
): void {
  for (let program = 0; program < m; program++) {
    const held = filed[program] as number;
    const limit = cap[program] as number;
    const row = worst[program] as number;
    const over =
      tiePolicy === 'expand' ? held > 0 && held - (tied[program] as number) >= limit : held > limit;
    if (over) report(found, { rule: 'CAP', row, program, message: `投出 ${held} 人，计划 ${limit} 人` });
    if (outcome.filed[program] !== held) {
      const message = `公布投出 ${outcome.filed[program]} 人，实为 ${held} 人`;
      report(found, { rule: 'COUNTS', program, message });
    }
  }
}

interface Check {
  readonly keys: Keys;
  readonly outcome: ColumnsOutcome;
  readonly seats: Seats;
  readonly expand: boolean;
}

/** Per code, the tiehi below which the program is closed for certain; from there on `mayTake` looks closely. */
function barsOf({ keys, seats }: Check): Uint32Array {
  const { m, cap, line, tiehi } = keys;
  const bars = new Uint32Array(isWide(keys) ? m : 0x1_0000).fill(0xffff_ffff);
  for (let program = 0; program < m; program++) {
    const limit = cap[program] as number;
    if (limit === 0) continue;
    const full = (seats.filed[program] as number) >= limit;
    const worst = full ? (tiehi[seats.worst[program] as number] as number) : 0;
    bars[program] = Math.min(0xffff_ffff, Math.max(worst, (line[program] as number) * 0x2_0000));
  }
  return bars;
}

interface Looking {
  readonly part: Part;
  /** Where to go on. */
  readonly row: number;
  readonly found: ColumnViolation[];
}

/** Runs over rows that are certainly right; looks closely at the first that may not be, and returns the row after. */
function nextSuspect(check: Check, bars: Uint32Array, { part, row: from, found }: Looking): number {
  const { k, tiehi } = check.keys;
  const { first, last, prefs } = part;
  const { program, preference, reason } = check.outcome;
  for (let row = from; row < last; row++) {
    const own = tiehi[row] as number;
    const start = (row - first) * k;
    const filed = preference[row] as number;
    const end = start + (filed === NO_PREFERENCE ? k : filed);
    let at = start;
    // A wide code beyond the table reads as undefined: the comparison is false, and the code is closed.
    while (at < end && !(own >= (bars[prefs[at] as number] as number))) at++;
    const isRight =
      filed === NO_PREFERENCE
        ? reason[row] === reasonFor(check.keys, part, row)
        : prefs[end] === program[row];
    if (at === end && isRight) continue;
    inspect(check, part, row, found);
    return row + 1;
  }
  return last;
}

function inspect(check: Check, part: Part, row: number, found: ColumnViolation[]): void {
  const { k } = check.keys;
  const own = part.prefs.subarray((row - part.first) * k, (row - part.first + 1) * k);
  const filed = check.outcome.preference[row] as number;
  const taken = check.outcome.program[row] as number;
  if (filed !== NO_PREFERENCE && own[filed] !== taken) {
    report(found, { rule: 'OWN_LIST', row, program: taken, message: '所投专业不在该位次的志愿上' });
  }
  own.subarray(0, filed === NO_PREFERENCE ? k : filed).forEach((program, at) => {
    if (filed !== NO_PREFERENCE && program === taken) {
      report(found, { rule: 'OWN_LIST', row, program, message: '位次不是该专业在志愿中的首次出现' });
    } else if (mayTake(check, row, program)) {
      report(found, {
        rule: 'PASSED_OVER',
        row,
        program,
        message: `第 ${at + 1} 志愿有空额，或投出了排在其后的考生`,
      });
    }
  });
  if (filed !== NO_PREFERENCE) return;
  const stated = check.outcome.reason[row] as number;
  const expected = reasonFor(check.keys, part, row);
  if (stated === expected) return;
  report(found, { rule: 'REASON', row, message: `未投档原因记为 ${stated}，应为 ${expected}` });
}

/** Would the program take this row if asked: it exists, has a plan, the line is met, and it is not full of better ones. */
function mayTake({ keys, seats, expand }: Check, row: number, program: number): boolean {
  const { m, cap, line, score, tiehi, tielo } = keys;
  if (program >= m || cap[program] === 0 || (score[row] as number) < (line[program] as number)) return false;
  if ((seats.filed[program] as number) < (cap[program] as number)) return true;
  const last = seats.worst[program] as number;
  const difference =
    (tiehi[row] as number) - (tiehi[last] as number) || (tielo[row] as number) - (tielo[last] as number);
  return difference > 0 || (difference === 0 && (expand || row < last));
}

/** The number published for the furthest of these stages: 4 full, 3 below the line, 2 no plan, 5 no such code, 1 empty. */
function reasonFor({ m, k, cap, line, score }: Keys, { first, prefs }: Part, row: number): number {
  const none = unfilled({ m });
  let [known, planned, listed] = [false, false, false];
  const start = (row - first) * k;
  for (let at = start; at < start + k; at++) {
    const program = prefs[at] as number;
    if (program < m && cap[program] !== 0 && (score[row] as number) >= (line[program] as number))
      return REASON.FULL;
    known ||= program < m;
    planned ||= program < m && cap[program] !== 0;
    listed ||= program !== none;
  }
  if (planned) return REASON.BELOW_LINE;
  if (known) return REASON.PLAN_ZERO;
  return listed ? REASON.UNKNOWN_CODE : REASON.NO_PREFS;
}

function report(found: ColumnViolation[], violation: ColumnViolation): void {
  if (found.length >= VIOLATIONS_MAX) return;
  const where = [
    ...(violation.row === undefined ? [] : [`第 ${violation.row} 行考生`]),
    ...(violation.program === undefined ? [] : [`专业 ${violation.program}`]),
  ];
  found.push({ ...violation, message: `${where.join('，')}：${violation.message}。` });
}
