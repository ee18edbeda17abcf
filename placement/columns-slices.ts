import { type Columns, type ColumnsOutcome, isWide, type Keys, LISTS_ROWS, type Lists } from './columns.ts';
import { emptyOutcome } from './columns-place.ts';
import { rankRows } from './columns-sort.ts';
import { endWalk, startWalk, walkStretch } from './columns-walk.ts';
import type { TiePolicy } from './model.ts';

/** More slices take less memory and more passes over the lists. */
const SLICES = 4;

/**
 * Places a large round whose lists stay in their file. The ranks are cut into slices; one pass over the lists gathers
 * those of a slice, and the walk goes on over them. Beyond the keys this takes 12 bytes a candidate and one slice.
 */
export function placeSliced(
  keys: Keys,
  lists: Lists,
  tiePolicy: TiePolicy = 'strict',
  count = SLICES,
): ColumnsOutcome {
  const { n } = keys;
  const order = new Uint32Array(n);
  const rankOf = new Uint32Array(n);
  rankRows(keys, order, rankOf);
  for (let rank = 0; rank < n; rank++) rankOf[order[rank] as number] = rank;
  const outcome = emptyOutcome(keys);
  const walk = startWalk(keys, outcome);
  const slice = emptySlice(keys, Math.ceil(n / count));
  const { columns, places } = slice;
  for (let rank = 0; rank < n; rank += places.length) {
    gather(slice, { keys, lists, rankOf }, rank);
    const rows = order.subarray(rank, rank + places.length);
    walkStretch(walk, { rank, columns, places, rows }, tiePolicy);
  }
  endWalk(keys, walk);
  return outcome;
}

interface Slice {
  /** Lists and keys of its candidates, as they were registered. */
  readonly columns: Columns;
  /** Rank after rank of the slice, where in `columns` the candidate stands. */
  readonly places: Uint32Array;
}

function emptySlice(keys: Keys, ranks: number): Slice {
  const columns = {
    ...keys,
    n: ranks,
    score: new Uint16Array(ranks),
    tiehi: new Uint32Array(ranks),
    tielo: new Uint32Array(ranks),
    prefs: new (isWide(keys) ? Uint32Array : Uint16Array)(ranks * keys.k),
  };
  return { columns, places: new Uint32Array(ranks) };
}

interface Source {
  readonly keys: Keys;
  readonly lists: Lists;
  readonly rankOf: Uint32Array;
}

/** Keeps the candidates from rank `lowest` on. Rows of which none is wanted are not read. */
function gather({ columns, places }: Slice, { keys, lists, rankOf }: Source, lowest: number): void {
  const { n, k } = keys;
  let place = 0;
  for (let first = 0; first < n; first += LISTS_ROWS) {
    const last = Math.min(n, first + LISTS_ROWS);
    let read: Columns['prefs'] | null = null;
    for (let row = first; row < last; row++) {
      const rank = (rankOf[row] as number) - lowest;
      if (rank < 0 || rank >= places.length) continue;
      read ??= lists(first, last - first);
      const from = (row - first) * k;
      columns.prefs.set(read.subarray(from, from + k), place * k);
      columns.score[place] = keys.score[row] as number;
      columns.tiehi[place] = keys.tiehi[row] as number;
      columns.tielo[place] = keys.tielo[row] as number;
      places[rank] = place;
      place += 1;
    }
  }
}
