import type { Columns, ColumnsOutcome } from './columns.ts';
import { emptyOutcome } from './columns-place.ts';
import { rankRows } from './columns-sort.ts';
import { startWalk, walkRows } from './columns-walk.ts';

/** Ranks by program, ascending: `ranks.subarray(start[p], start[p + 1])`. */
export interface RankLists {
  readonly start: Uint32Array;
  readonly ranks: Uint32Array;
}

/** A placed round with what is needed to ask "what if" without placing it again. */
export interface Session {
  readonly columns: Columns;
  readonly order: Uint32Array;
  readonly rankOf: Uint32Array;
  readonly outcome: ColumnsOutcome;
  /** Who was filed. */
  readonly filed: RankLists;
  /** Who listed the program before the place they got: the only ones it could still attract. */
  readonly missed: RankLists;
}

/** Places the round (`strict`) and indexes it. Costs about two runs and 4 bytes for every preference that failed. */
export function openSession(columns: Columns): Session {
  const order = new Uint32Array(columns.n);
  const rankOf = new Uint32Array(columns.n);
  const outcome = emptyOutcome(columns);
  rankRows(columns, order, rankOf);
  walkRows(startWalk(columns, order, outcome), 'strict');
  order.forEach((row, rank) => {
    rankOf[row] = rank;
  });
  const round = { columns, order, outcome };
  return { ...round, rankOf, filed: indexRanks(round, visitFiled), missed: indexRanks(round, visitMissed) };
}

type Round = Pick<Session, 'columns' | 'order' | 'outcome'>;
type Visit = (round: Round, row: number, each: (program: number) => void) => void;

const visitFiled: Visit = ({ columns, outcome }, row, each) => {
  const program = outcome.program[row] as number;
  if (program < columns.m) each(program);
};

const visitMissed: Visit = ({ columns: { m, k, prefs }, outcome }, row, each) => {
  const end = row * k + Math.min(k, outcome.preference[row] as number);
  for (let at = row * k; at < end; at++) {
    const program = prefs[at] as number;
    if (program < m) each(program);
  }
};

/** Count, then deal in rank order, so that every list comes out ascending. */
function indexRanks(round: Round, visit: Visit): RankLists {
  const { m, n } = round.columns;
  const start = new Uint32Array(m + 2);
  for (let row = 0; row < n; row++) {
    visit(round, row, (program) => {
      start[program + 2] = (start[program + 2] as number) + 1;
    });
  }
  for (let program = 1; program < m + 2; program++) {
    start[program] = (start[program] as number) + (start[program - 1] as number);
  }
  const ranks = new Uint32Array(start[m + 1] as number);
  for (let rank = 0; rank < n; rank++) {
    visit(round, round.order[rank] as number, (program) => {
      const slot = start[program + 1] as number;
      ranks[slot] = rank;
      start[program + 1] = slot + 1;
    });
  }
  return { start: start.subarray(0, m + 1), ranks };
}
