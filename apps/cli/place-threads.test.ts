import { expect, test, vi } from 'vitest';
import type { Columns } from '#placement/columns';
import { placeMatching } from '#placement/columns-matching';
import { placeColumns } from '#placement/columns-place';
import { crowdedColumns, randomColumns } from '#placement/testing/columns';
import { seeded } from '#placement/testing/random';
import { matchWithHelpers, placeWithHelpers } from './place-threads.ts';

vi.setConfig({ testTimeout: 60_000 });

/** A round of many blocks: the small round many times over, one copy after the other in score. */
function repeated(columns: Columns, times: number): Columns {
  const { n, k } = columns;
  const rows = Array.from({ length: n * times }, (_, row) => row % n);
  const lists = rows.flatMap((row) => [...columns.prefs.subarray(row * k, row * k + k)]);
  const score = Uint16Array.from(rows, (row, i) => (columns.score[row] ?? 0) - Math.floor(i / n));
  return {
    ...columns,
    n: n * times,
    score,
    tiehi: Uint32Array.from(
      score,
      (value, i) => value * 0x2_0000 + ((columns.tiehi[rows[i] ?? 0] ?? 0) & 0x1_ffff),
    ),
    tielo: Uint32Array.from(rows, (row) => columns.tielo[row] ?? 0),
    prefs: Uint16Array.from(lists),
    cap: columns.cap.map((seats) => seats * Math.floor(times / 3)),
    line: columns.line.map((line) => (line === 0 ? 0 : line - Math.floor(times / 2))),
  };
}

test.each([1, 2, 3])('%i threads give the bytes of one', async (threads) => {
  for (const seed of [1, 2, 3, 4]) {
    for (const columns of [repeated(crowdedColumns(seed), 60), randomColumns(seed)]) {
      const alone = placeColumns(columns);
      const together = await placeWithHelpers(columns, threads, 0);
      for (const column of ['program', 'preference', 'reason', 'filed'] as const) {
        expect(together[column], `seed ${seed} ${column}`).toEqual(alone[column]);
      }
    }
  }
});

/** Merits at odds with the scores, so that many are sent away again. */
function withMerit(columns: Columns, seed: number): Columns {
  const { below } = seeded(seed);
  return { ...columns, merit: Uint16Array.from(columns.prefs, () => below(50)) };
}

function shared(columns: Columns): Columns {
  const copy = <T extends Uint16Array | Uint32Array>(column: T): T => {
    const buffer = new SharedArrayBuffer(column.byteLength);
    const same = column instanceof Uint16Array ? new Uint16Array(buffer) : new Uint32Array(buffer);
    same.set(column);
    return same as T;
  };
  const { score, prefs, cap, line, merit = new Uint16Array(0) } = columns;
  return {
    ...columns,
    score: copy(score),
    prefs: copy(prefs),
    cap: copy(cap),
    line: copy(line),
    merit: copy(merit),
  };
}

test.each([2, 3])('programs that rank for themselves: %i threads give the bytes of one', async (threads) => {
  for (const seed of [1, 2, 3]) {
    const columns = shared(withMerit(repeated(crowdedColumns(seed), 60), seed));
    const alone = placeMatching(columns);
    const together = await matchWithHelpers(columns, threads, 0);
    for (const column of ['program', 'preference', 'reason', 'filed'] as const) {
      expect(together[column], `seed ${seed} ${column}`).toEqual(alone[column]);
    }
  }
});
