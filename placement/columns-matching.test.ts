import { expect, test, vi } from 'vitest';
import type { Columns, ColumnsOutcome } from './columns.ts';
import { placeMatching } from './columns-matching.ts';
import { verifyColumnsMatching } from './columns-verify-matching.ts';
import type { Instance } from './model.ts';
import { place } from './place.ts';
import { crowdedColumns, randomColumns, toInstance } from './testing/columns.ts';
import { seeded } from './testing/random.ts';
import { allStable } from './testing/stable.ts';

const SEEDS = Math.min(5000, Number(process.env.PLACEMENT_SEEDS ?? 300));
vi.setConfig({ testTimeout: 60_000 + 10 * SEEDS });

function withMerit(columns: Columns, seed: number): Columns {
  const { below } = seeded(seed + 5);
  return { ...columns, merit: Uint16Array.from(columns.prefs, () => below(6)) };
}

/** Rankings from merits: best merit first, equal merits by row; the first occurrence in a list counts. */
function toMatching(columns: Columns): Instance {
  const { k, merit } = columns;
  const instance = toInstance(columns);
  const programs = instance.programs.map((program) => {
    const applicants = instance.candidates.flatMap(({ id, prefs }, row) => {
      const at = prefs.indexOf(program.code);
      const own = at < 0 ? 0 : (merit?.[row * k + at] ?? 0);
      return own === 0 ? [] : [{ id, own, row }];
    });
    applicants.sort((a, b) => b.own - a.own || a.row - b.row);
    return { ...program, ranking: applicants.map(({ id }) => id) };
  });
  return { ...instance, mode: 'da', programs };
}

const codes = ({ n, m }: Columns, { program }: ColumnsOutcome): (string | null)[] =>
  Array.from({ length: n }, (_, row) => ((program[row] ?? 0) < m ? String(program[row]) : null));

test('columns and exchange format agree, and both verifiers with them', () => {
  const names = ['PLACED', 'NO_PREFS', 'PLAN_ZERO', 'BELOW_LINE', 'FULL', 'UNKNOWN_CODE', 'INELIGIBLE'];
  for (let seed = 0; seed < SEEDS; seed++) {
    const columns = withMerit(randomColumns(seed), seed);
    const instance = toMatching(columns);
    const outcome = placeMatching(columns);
    const byId = new Map(place(instance).assign.map((assignment) => [assignment.id, assignment]));
    const expected = instance.candidates.map(({ id }) => byId.get(id)?.code ?? null);
    expect(codes(columns, outcome), `seed ${seed}`).toEqual(expected);
    const reasons = instance.candidates.map(({ id, prefs }) =>
      prefs.every((code) => code === '') ? 'NO_PREFS' : byId.get(id)?.reason,
    );
    expect(
      [...outcome.reason].map((reason) => names[reason]),
      `seed ${seed}`,
    ).toEqual(reasons);
    expect(verifyColumnsMatching(columns, outcome), `seed ${seed}`).toEqual([]);
  }
});

test('lists longer than a slip holds are read on where they were left', () => {
  for (let seed = 0; seed < SEEDS / 10; seed++) {
    const columns = withMerit(crowdedColumns(seed), seed);
    const outcome = placeMatching(columns);
    const far = outcome.preference.some((position) => position > 7 && position < columns.k);
    expect(far, `seed ${seed}`).toBe(true);
    const places = new Map(place(toMatching(columns)).assign.map(({ id, code }) => [id, code]));
    const expected = Array.from({ length: columns.n }, (_, row) => places.get(`row ${row}`) ?? null);
    expect(codes(columns, outcome), `seed ${seed}`).toEqual(expected);
    expect(verifyColumnsMatching(columns, outcome), `seed ${seed}`).toEqual([]);
  }
});

test('a stable outcome that is not the best for the candidates is refused: somebody could trade', () => {
  let traded = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const { below, shuffle } = seeded(seed);
    const [n, m] = [3 + below(3), 3];
    const k = m;
    const prefs = Uint16Array.from(Array.from({ length: n }, () => shuffle([0, 1, 2])).flat());
    const score = new Uint16Array(n).fill(500);
    const columns: Columns = {
      ...{ n, m, k, score, prefs },
      tiehi: new Uint32Array(n).fill(500 * 0x2_0000),
      tielo: new Uint32Array(n),
      cap: Uint32Array.from({ length: m }, () => 1 + below(2)),
      line: new Uint16Array(m),
      merit: Uint16Array.from(prefs, () => 1 + below(9)),
    };
    const instance = toMatching(columns);
    const best = JSON.stringify(codes(columns, placeMatching(columns)));
    for (const matching of allStable(instance)) {
      const held = instance.candidates.map(({ id }) => matching.get(id) ?? null);
      const program = Uint16Array.from(held, (code) => (code === null ? 0xffff : Number(code)));
      const preference = Uint8Array.from(held, (code, row) =>
        code === null ? 255 : prefs.subarray(row * k, row * k + k).indexOf(Number(code)),
      );
      const filed = Uint32Array.from(
        { length: m },
        (_, each) => held.filter((code) => code === String(each)).length,
      );
      const reason = Uint8Array.from(held, (code) => (code === null ? 4 : 0));
      const rules = verifyColumnsMatching(columns, { program, preference, reason, filed }).map(
        ({ rule }) => rule,
      );
      const isBest = JSON.stringify(held) === best;
      traded += Number(!isBest);
      expect(rules, `seed ${seed}`).toEqual(isBest ? [] : ['OPTIMAL']);
    }
  }
  expect(traded).toBeGreaterThan(SEEDS / 50);
});

test('nobody is forgotten when somebody sent away takes a place in the last batch', () => {
  const n = 128;
  // Row 1 sends row 0 away from the one seat of program 0; everybody else fits into program 1.
  const columns: Columns = {
    ...{ n, m: 2, k: 1 },
    score: new Uint16Array(n).fill(500),
    tiehi: new Uint32Array(n).fill(500 * 0x2_0000),
    tielo: new Uint32Array(n),
    prefs: Uint16Array.from({ length: n }, (_, row) => (row < 2 ? 0 : 1)),
    merit: Uint16Array.from({ length: n }, (_, row) => 1 + row),
    cap: Uint32Array.of(1, n),
    line: new Uint16Array(2),
  };
  const outcome = placeMatching(columns);
  expect([...outcome.filed]).toEqual([1, n - 2]);
  expect(verifyColumnsMatching(columns, outcome)).toEqual([]);
});
