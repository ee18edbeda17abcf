import { rankRows } from '#placement/columns-sort';
import { LINE_FEED } from './place-bytes.ts';
import { type KeyTable, keyText, label, writeKey } from './place-keys.ts';

export interface CandidateTable {
  readonly n: number;
  /** Ids, labelled with the row. Rows are written best first, so that a placement reads them in order. */
  readonly keys: KeyTable;
  /** Row -> number of the key. */
  readonly order: Uint32Array;
  readonly score: Uint16Array;
  readonly tiehi: Uint32Array;
  readonly tielo: Uint32Array;
}

/**
 * By number of the id, with room for more: the two words of the full key, and the registration order, which is empty if
 * the file has none.
 */
export interface Figures {
  readonly tiehi: Uint32Array;
  readonly tielo: Uint32Array;
  readonly seq: Float64Array;
}

/** Best first; full ties by registration order, then by id. */
export function inOrder(keys: KeyTable, figures: Figures): CandidateTable {
  const n = keys.count;
  const { tiehi, tielo, seq } = figures;
  const order = new Uint32Array(n);
  rankRows({ n, tiehi, tielo }, order, new Uint32Array(n));
  const sorted = { score: new Uint16Array(n), tiehi: new Uint32Array(n), tielo: new Uint32Array(n) };
  for (let row = 0; row < n; row++) {
    const key = order[row] as number;
    const high = tiehi[key] as number;
    sorted.score[row] = high >>> 17;
    sorted.tiehi[row] = high;
    sorted.tielo[row] = tielo[key] as number;
  }
  const tied = (a: number, b: number): boolean =>
    sorted.tiehi[a] === sorted.tiehi[b] && sorted.tielo[a] === sorted.tielo[b];
  for (let from = 0, to = 1; from < n; from = to, to++) {
    while (to < n && tied(from, to)) to++;
    if (to - from > 1) settleTie(keys, seq, order.subarray(from, to));
  }
  const rowOf = new Uint32Array(n);
  for (let row = 0; row < n; row++) rowOf[order[row] as number] = row;
  label(keys, rowOf);
  return { n, keys, order, ...sorted };
}

function settleTie(keys: KeyTable, seqs: Float64Array, tie: Uint32Array): void {
  const tied = Array.from(tie, (key) => ({ key, seq: seqs[key] ?? 0, id: keyText(keys, key) }));
  tied.sort((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1));
  tied.forEach(({ key }, i) => {
    tie[i] = key;
  });
}

export const idOf = ({ keys, order }: CandidateTable, row: number): string => keyText(keys, order[row] ?? 0);

/** One id a line, in the order of rows. */
export function idLines({ n, keys, order }: CandidateTable): Uint8Array {
  const lines = new Uint8Array((keys.starts[n] as number) + n);
  let at = 0;
  for (let row = 0; row < n; row++) {
    at = writeKey(keys, order[row] as number, lines, at);
    lines[at++] = LINE_FEED;
  }
  return lines;
}
