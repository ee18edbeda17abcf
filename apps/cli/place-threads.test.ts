import { expect, test, vi } from 'vitest';
import type { Columns } from '#placement/columns';
import { placeMatching } from '#placement/columns-matching';
import { crowdedColumns, repeated } from '#placement/testing/columns';
import { seeded } from '#placement/testing/random';
import { matchWithHelpers } from './place-threads.ts';

vi.setConfig({ testTimeout: 60_000 });

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
