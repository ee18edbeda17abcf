import { expect, test, vi } from 'vitest';
import { type Columns, type ColumnsOutcome, checkColumns, listsIn, REASON } from './columns.ts';
import { placeColumns } from './columns-place.ts';
import { rankRows } from './columns-sort.ts';
import { verifyColumns } from './columns-verify.ts';
import type { Instance, Outcome, TiePolicy } from './model.ts';
import { place } from './place.ts';
import { randomColumns, toInstance } from './testing/columns.ts';
import { seeded } from './testing/random.ts';

const SEEDS = Math.min(5000, Number(process.env.PLACEMENT_SEEDS ?? 300));
vi.setConfig({ testTimeout: 60_000 + 10 * SEEDS });
const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);
const policies: readonly TiePolicy[] = ['strict', 'expand'];

/** The columns' answer in the terms of the exchange format. */
function answers({ n, m }: Columns, { program, preference, reason }: ColumnsOutcome): string[] {
  const names = Object.fromEntries(Object.entries(REASON).map(([name, code]) => [code, name]));
  return Array.from({ length: n }, (_, row) =>
    (program[row] ?? 0) < m ? `${program[row]}@${preference[row]}` : (names[reason[row] ?? 0] ?? ''),
  );
}

function expected(instance: Instance, outcome: Outcome): string[] {
  const byId = new Map(
    outcome.assign.map(({ id, code, at, reason }) => [id, code === null ? reason : `${code}@${at}`]),
  );
  // Unfilled preferences are empty codes here; a list of nothing else is an empty list.
  return instance.candidates.map(({ id, prefs }) =>
    prefs.every((code) => code === '') ? 'NO_PREFS' : (byId.get(id) ?? ''),
  );
}

test.each(policies)('%s: columns and exchange format agree, and both verifiers with them', (tiePolicy) => {
  for (const seed of seeds) {
    const columns = randomColumns(seed);
    expect(checkColumns(columns)).toEqual([]);
    const outcome = placeColumns(columns, tiePolicy);
    const instance = { ...toInstance(columns), tiePolicy };
    expect(answers(columns, outcome), `seed ${seed}`).toEqual(expected(instance, place(instance)));
    expect(verifyColumns(columns, listsIn(columns), outcome, tiePolicy), `seed ${seed}`).toEqual([]);
  }
});

test('wide program numbers give the same outcome as narrow ones', () => {
  for (const seed of seeds.slice(0, 200)) {
    const columns = randomColumns(seed);
    const m = 70_000;
    const cap = new Uint32Array(m);
    const line = new Uint16Array(m);
    cap.set(columns.cap);
    line.set(columns.line);
    const prefs = Uint32Array.from(columns.prefs, (code) => {
      if (code === 0xffff) return 0xffff_ffff;
      return code < columns.m ? code : m + code;
    });
    const wide = { ...columns, m, cap, line, prefs };
    const outcome = placeColumns(wide);
    expect(answers(wide, outcome)).toEqual(answers(columns, placeColumns(columns)));
    expect(verifyColumns(wide, listsIn(wide), outcome)).toEqual([]);
  }
});

test('the sort is the order of the rules: tiehi and tielo descending, row ascending', () => {
  for (const [seed, n, span] of [
    [1, 5000, 3],
    [2, 5000, 2000],
    [3, 3000, 0x1_0000_0000],
    [4, 400, 1],
  ] as const) {
    const { below } = seeded(seed);
    const tiehi = Uint32Array.from({ length: n }, () => below(span));
    const tielo = Uint32Array.from({ length: n }, () => below(span === 1 ? 0x1_0000_0000 : span));
    const order = new Uint32Array(n);
    rankRows({ n, tiehi, tielo }, order, new Uint32Array(n));
    const rows = Array.from({ length: n }, (_, row) => row);
    const key = (column: Uint32Array, row: number): number => column[row] ?? 0;
    rows.sort((a, b) => key(tiehi, b) - key(tiehi, a) || key(tielo, b) - key(tielo, a) || a - b);
    expect([...order]).toEqual(rows);
  }
});

test('every damaged outcome is refused', () => {
  let damaged = 0;
  for (const seed of seeds) {
    const columns = randomColumns(seed);
    if (columns.n === 0) continue;
    const outcome = placeColumns(columns);
    const { below, pick } = seeded(seed + 99);
    const before = JSON.stringify(answers(columns, outcome));
    const row = below(columns.n);
    const kind = pick(['program', 'reason', 'swap'] as const);
    const other = below(columns.n);
    if (kind === 'reason') outcome.reason[row] = ((outcome.reason[row] ?? 0) + 1 + below(5)) % 7;
    if (kind === 'program') {
      const at = below(columns.k);
      outcome.filed[outcome.program[row] ?? 0] = (outcome.filed[outcome.program[row] ?? 0] ?? 0) - 1;
      const program = columns.prefs[row * columns.k + at] ?? 0;
      outcome.program[row] = program;
      outcome.preference[row] = at;
      outcome.reason[row] = 0;
      outcome.filed[program] = (outcome.filed[program] ?? 0) + 1;
    }
    if (kind === 'swap') {
      for (const column of [outcome.program, outcome.preference, outcome.reason]) {
        [column[row], column[other]] = [column[other] ?? 0, column[row] ?? 0];
      }
    }
    const after = JSON.stringify(answers(columns, outcome));
    if (before === after && kind !== 'reason') continue;
    damaged += 1;
    expect(verifyColumns(columns, listsIn(columns), outcome).length, `seed ${seed} ${kind}`).toBeGreaterThan(
      0,
    );
  }
  expect(damaged).toBeGreaterThan(SEEDS / 3);
});

test('score and tiehi that disagree are found, with the number of rows', () => {
  const columns = randomColumns(5);
  columns.score[0] = (columns.score[0] ?? 0) + 1;
  expect(checkColumns(columns)).toMatchObject([
    { code: 'BAD_SCORE', message: expect.stringContaining('1 行') },
  ]);
});
