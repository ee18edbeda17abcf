import type { Columns, ColumnsOutcome } from './columns.ts';
import { emptyOutcome, walkWhole } from './columns-place.ts';
import { rankRows } from './columns-sort.ts';
import { touch } from './columns-walk.ts';

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
  /** Where every "what if" writes its outcome: to give out fresh memory may cost the system more than the answer. */
  readonly answer: ColumnsOutcome;
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
  walkWhole({ columns, order, outcome }, 'strict');
  order.forEach((row, rank) => {
    rankOf[row] = rank;
  });
  const filed = { programs: outcome.program, width: 1, counted: null };
  const missed = { programs: columns.prefs, width: columns.k, counted: outcome.preference };
  const round = { columns, order, outcome, rankOf };
  const answer = emptyOutcome(columns);
  answer.program.set(outcome.program);
  return { ...round, answer, filed: indexRanks(round, filed), missed: indexRanks(round, missed) };
}

/** Programs row by row, `width` to a row, of which the first `counted[row]` count, or all. */
interface Listed {
  readonly programs: Columns['prefs'];
  readonly width: number;
  readonly counted: Uint8Array | null;
}

/** Rows whose lists are fetched together, as in the walk. */
const BATCH = 32;

/** Count, then deal in rank order, so that every list comes out ascending. */
function indexRanks(
  { columns: { m, n }, order }: Pick<Session, 'columns' | 'order'>,
  listed: Listed,
): RankLists {
  const { programs, width, counted } = listed;
  const endOf = (row: number): number =>
    row * width + Math.min(width, counted ? (counted[row] as number) : width);
  const start = new Uint32Array(m + 2);
  for (let row = 0; row < n; row++) {
    const end = endOf(row);
    for (let at = row * width; at < end; at++) {
      const program = programs[at] as number;
      if (program < m) start[program + 2] = (start[program + 2] as number) + 1;
    }
  }
  for (let program = 1; program < m + 2; program++) {
    start[program] = (start[program] as number) + (start[program - 1] as number);
  }
  const ranks = new Uint32Array(start[m + 1] as number);
  for (let first = 0; first < n; first += BATCH) {
    const last = Math.min(first + BATCH, n);
    if (touch({ prefs: programs, k: width }, order, first, last) < 0)
      throw new Error('program numbers are not negative');
    for (let rank = first; rank < last; rank++) {
      const row = order[rank] as number;
      const end = endOf(row);
      for (let at = row * width; at < end; at++) {
        const program = programs[at] as number;
        if (program >= m) continue;
        const slot = start[program + 1] as number;
        ranks[slot] = rank;
        start[program + 1] = slot + 1;
      }
    }
  }
  return { start: start.subarray(0, m + 1), ranks };
}
