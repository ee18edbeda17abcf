import { expect, test, vi } from 'vitest';
import { type Columns, unfilled } from './columns.ts';
import { placeColumns } from './columns-place.ts';
import { openSession } from './columns-session.ts';
import { type ColumnChange, whatIfColumns } from './columns-whatif.ts';
import { crowdedColumns, randomColumns } from './testing/columns.ts';
import { seeded } from './testing/random.ts';

const SEEDS = Math.min(5000, Number(process.env.PLACEMENT_SEEDS ?? 300));
vi.setConfig({ testTimeout: 60_000 + 20 * SEEDS });

/** The changed round as columns of its own. */
function changed(columns: Columns, changes: readonly ColumnChange[]): Columns {
  const { k } = columns;
  const [cap, line, prefs] = [columns.cap.slice(), columns.line.slice(), columns.prefs.slice()];
  for (const { kind, index, value = 0 } of changes) {
    if (kind === 'cap') cap[index] = value;
    if (kind === 'line') line[index] = value;
    if (kind === 'withdraw') prefs.fill(unfilled(columns), index * k, (index + 1) * k);
  }
  return { ...columns, cap, line, prefs };
}

function randomChanges(columns: Columns, seed: number): ColumnChange[] {
  const { below, pick } = seeded(seed + 1000);
  return Array.from({ length: 1 + below(3) }, (): ColumnChange => {
    const kind = columns.n === 0 ? 'cap' : pick(['cap', 'line', 'withdraw'] as const);
    if (kind === 'withdraw') return { kind, index: below(columns.n) };
    return { kind, index: below(columns.m), value: kind === 'cap' ? below(9) : 498 + below(8) };
  });
}

test.each([
  ['small rounds', randomColumns],
  ['crowded rounds with long chains', crowdedColumns],
] as const)(
  '%s: the answer has the bytes of a full run, and the moves are the differences',
  (_name, make) => {
    let longest = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const columns = make(seed);
      const session = openSession(columns);
      // What was asked before leaves no trace.
      whatIfColumns(session, randomChanges(columns, seed + 1));
      const changes = randomChanges(columns, seed);
      const { outcome, moves } = whatIfColumns(session, changes);
      const full = placeColumns(changed(columns, changes));
      expect(outcome.program, `seed ${seed}`).toEqual(full.program);
      expect(outcome.preference, `seed ${seed}`).toEqual(full.preference);
      expect(outcome.reason, `seed ${seed}`).toEqual(full.reason);
      expect(outcome.filed, `seed ${seed}`).toEqual(full.filed);
      const differing = [...full.program.keys()].filter(
        (row) => full.program[row] !== session.outcome.program[row],
      );
      expect(
        moves
          .filter(({ from, to }) => from !== to)
          .map(({ row }) => row)
          .sort((a, b) => a - b),
      ).toEqual(differing);
      longest = Math.max(longest, moves.length);
    }
    expect(longest).toBeGreaterThan(5);
  },
);
