import { type ColumnsOutcome, NO_PREFERENCE, REASON, unfilled } from './columns.ts';
import { reasonOf } from './columns-reason.ts';
import type { Session } from './columns-session.ts';
import { makeAgenda } from './rank-agenda.ts';

export interface ColumnChange {
  readonly kind: 'cap' | 'line' | 'withdraw';
  /** Program number; for `withdraw` the row. */
  readonly index: number;
  /** The new cap or line. */
  readonly value?: number;
}

export interface ColumnMove {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

export interface ColumnDifference {
  /** The same bytes a full run of the changed round would give; a withdrawn row has an empty list. Good until the session is asked again. */
  readonly outcome: ColumnsOutcome;
  readonly moves: readonly ColumnMove[];
}

/** The round under change: new caps and lines, and lists of holders for the programs touched so far. */
interface Changing {
  readonly session: Session;
  readonly cap: Uint32Array;
  readonly line: Uint16Array;
  readonly withdrawn: ReadonlySet<number>;
  readonly holders: Map<number, number[]>;
  /** Rank -> index in the list, or NO_PREFERENCE, of everybody who moved. */
  readonly moved: Map<number, number>;
}

/**
 * Only people whose answer can change are asked again, best rank first: whoever holds a seat that is gone, and whoever
 * missed a program that has a seat again. When a rank is asked, all better ranks are final, so its answer is final too;
 * its coming and going puts the next rank of both programs on the agenda. Asking somebody in vain does no harm.
 */
export function whatIfColumns(session: Session, changes: readonly ColumnChange[]): ColumnDifference {
  const round = startChanging(session, changes);
  const agenda = makeAgenda();
  for (const { kind, index } of changes) {
    if (kind === 'withdraw') agenda.add(session.rankOf[index] as number, session.columns.m);
    else summon(round, agenda.add, index, -1);
  }
  for (let rank = agenda.first(); rank !== undefined; rank = agenda.first()) {
    const programs = agenda.take(rank);
    for (const program of ask(round, rank)) programs.add(program);
    for (const program of programs) summon(round, agenda.add, program, rank);
  }
  return difference(round, changes);
}

function startChanging(session: Session, changes: readonly ColumnChange[]): Changing {
  const cap = session.columns.cap.slice();
  const line = session.columns.line.slice();
  for (const { kind, index, value = 0 } of changes) {
    if (kind === 'cap') cap[index] = value;
    if (kind === 'line') line[index] = value;
  }
  const withdrawn = new Set(changes.filter(({ kind }) => kind === 'withdraw').map(({ index }) => index));
  return { session, cap, line, withdrawn, holders: new Map(), moved: new Map() };
}

function holdersOf({ session: { filed }, holders }: Changing, program: number): number[] {
  const known = holders.get(program);
  if (known) return known;
  const list = [...filed.ranks.subarray(filed.start[program], filed.start[program + 1])];
  holders.set(program, list);
  return list;
}

/** First index whose value is at least `value`, in an ascending list. */
function lowerBound(list: ArrayLike<number>, value: number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts the next rank after `rank` on the agenda whose answer about this program may be another than before. */
function summon(
  round: Changing,
  add: (rank: number, program: number) => void,
  program: number,
  rank: number,
): void {
  const { columns, missed, order } = round.session;
  if (program >= columns.m) return;
  const list = holdersOf(round, program);
  const cap = round.cap[program] as number;
  const line = round.line[program] as number;
  const meetsLine = (each: number): boolean => (columns.score[order[each] as number] as number) >= line;
  let seats = Math.min(cap, list.length);
  while (seats > 0 && !meetsLine(list[seats - 1] as number)) seats -= 1;
  const evicted = list[seats];
  if (evicted !== undefined) add(evicted, program);
  if (list.length >= cap) return;
  const end = missed.start[program + 1] as number;
  const next = lowerBound(missed.ranks, rank + 1, missed.start[program] as number, end);
  const candidate = missed.ranks[next] as number;
  if (next < end && meetsLine(candidate)) add(candidate, program);
}

/** Asks one rank again; returns the programs it left and joined. */
function ask(round: Changing, rank: number): number[] {
  const { columns, order, outcome } = round.session;
  const row = order[rank] as number;
  const before = outcome.preference[row] as number;
  const after = round.withdrawn.has(row) ? NO_PREFERENCE : firstOpen(round, rank);
  if (before === after) return [];
  round.moved.set(rank, after);
  const programs: number[] = [];
  for (const at of [before, after]) {
    if (at === NO_PREFERENCE) continue;
    const program = columns.prefs[row * columns.k + at] as number;
    const list = holdersOf(round, program);
    const place = lowerBound(list, rank, 0, list.length);
    if (at === before) list.splice(place, 1);
    else list.splice(place, 0, rank);
    programs.push(program);
  }
  return programs;
}

function firstOpen(round: Changing, rank: number): number {
  const { m, k, prefs, score } = round.session.columns;
  const row = round.session.order[rank] as number;
  for (let at = 0; at < k; at++) {
    const program = prefs[row * k + at] as number;
    if (program >= m || (score[row] as number) < (round.line[program] as number)) continue;
    if (hasSeat(round, program, rank)) return at;
  }
  return NO_PREFERENCE;
}

/** A seat is left for a rank unless the last one went to a better rank. */
function hasSeat({ session: { filed }, cap, holders }: Changing, program: number, rank: number): boolean {
  const seats = cap[program] as number;
  if (seats === 0) return false;
  const known = holders.get(program);
  if (known) return !((known[seats - 1] ?? rank) < rank);
  const last = (filed.start[program] as number) + seats - 1;
  return last >= (filed.start[program + 1] as number) || (filed.ranks[last] as number) >= rank;
}

function difference(round: Changing, changes: readonly ColumnChange[]): ColumnDifference {
  const { session, cap, line, withdrawn } = round;
  const { columns, order, outcome } = session;
  const none = unfilled(columns);
  const next = session.answer;
  for (const column of ['program', 'preference', 'reason', 'filed'] as const)
    next[column].set(outcome[column]);
  const changed = { ...columns, cap, line };
  const reasonNow = (row: number): number => (withdrawn.has(row) ? REASON.NO_PREFS : reasonOf(changed, row));
  const moves = [...round.moved].map(([rank, at]): ColumnMove => {
    const row = order[rank] as number;
    const to = at === NO_PREFERENCE ? none : (columns.prefs[row * columns.k + at] as number);
    next.program[row] = to;
    next.preference[row] = at;
    next.reason[row] = at === NO_PREFERENCE ? reasonNow(row) : REASON.PLACED;
    return { row, from: outcome.program[row] as number, to };
  });
  for (const [program, list] of round.holders) next.filed[program] = list.length;
  for (const row of withdrawn) if (next.preference[row] === NO_PREFERENCE) next.reason[row] = REASON.NO_PREFS;
  for (const { kind, index } of changes) {
    if (kind === 'withdraw' || !changesReasons(round, index)) continue;
    // Whoever is still not placed may be so for another reason: no plan instead of full, or below the new line.
    const { start, ranks } = session.missed;
    for (const rank of ranks.subarray(start[index], start[index + 1])) {
      const row = order[rank] as number;
      if (next.preference[row] === NO_PREFERENCE) next.reason[row] = reasonNow(row);
    }
  }
  return { outcome: next, moves };
}

/** One seat more or less leaves "full" what it is; a line, or a plan that comes or goes, does not. */
function changesReasons({ session: { columns }, cap, line }: Changing, program: number): boolean {
  return line[program] !== columns.line[program] || (cap[program] === 0) !== (columns.cap[program] === 0);
}
