import { expect, test } from 'vitest';
import { type Columns, LISTS_ROWS, type Lists, listsIn } from './columns.ts';
import { placeColumns } from './columns-place.ts';
import { placeSliced } from './columns-slices.ts';
import type { TiePolicy } from './model.ts';
import { crowdedColumns, randomColumns, repeated } from './testing/columns.ts';

const policies: readonly TiePolicy[] = ['strict', 'expand'];
const columnsOf = ['program', 'preference', 'reason', 'filed'] as const;

function expectSame(columns: Columns, tiePolicy: TiePolicy, slices: number, name: string): void {
  const whole = placeColumns(columns, tiePolicy);
  const sliced = placeSliced(columns, listsIn(columns), tiePolicy, slices);
  for (const column of columnsOf) expect(sliced[column], `${name} ${column}`).toEqual(whole[column]);
}

test.each(policies)('%s: any number of slices gives the bytes of the whole', (tiePolicy) => {
  for (let seed = 0; seed < 200; seed++) {
    // More slices than candidates, and a full tie that reaches over several slices, among them.
    for (const slices of [1, 2, 3, 7, 50])
      expectSame(randomColumns(seed), tiePolicy, slices, `seed ${seed} in ${slices}`);
  }
  expectSame(repeated(crowdedColumns(1), 60), tiePolicy, 4, 'many parts');
});

test('wide program numbers are sliced too', () => {
  const columns = randomColumns(7);
  const m = 70_000;
  const cap = new Uint32Array(m);
  cap.set(columns.cap);
  const line = new Uint16Array(m);
  line.set(columns.line);
  const prefs = Uint32Array.from(columns.prefs, (code) => (code === 0xffff ? 0xffff_ffff : code));
  expectSame({ ...columns, m, cap, line, prefs }, 'strict', 3, 'wide');
});

/** How many rows were asked for. */
function counted(lists: Lists): { lists: Lists; rows: () => number } {
  let rows = 0;
  const read: Lists = (first, count) => {
    rows += count;
    return lists(first, count);
  };
  return { lists: read, rows: () => rows };
}

test('rows in rank order are read once, but for the parts on the border of two slices', () => {
  const columns = repeated(crowdedColumns(2), 60);
  const order = Uint32Array.from({ length: columns.n }, (_, row) => row);
  const key = (row: number): number => (columns.tiehi[row] ?? 0) * 0x1_0000_0000 + (columns.tielo[row] ?? 0);
  order.sort((a, b) => key(b) - key(a) || a - b);
  const { k } = columns;
  const ranked: Columns = {
    ...columns,
    score: Uint16Array.from(order, (row) => columns.score[row] ?? 0),
    tiehi: Uint32Array.from(order, (row) => columns.tiehi[row] ?? 0),
    tielo: Uint32Array.from(order, (row) => columns.tielo[row] ?? 0),
    prefs: Uint16Array.from([...order].flatMap((row) => [...columns.prefs.subarray(row * k, row * k + k)])),
  };
  const { lists, rows } = counted(listsIn(ranked));
  placeSliced(ranked, lists, 'strict', 4);
  expect(rows()).toBeLessThanOrEqual(ranked.n + 3 * LISTS_ROWS);
  expect(rows()).toBeGreaterThanOrEqual(ranked.n);
});
