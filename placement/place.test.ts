import { describe, expect, test, vi } from 'vitest';
import { checkInstance } from './check.ts';
import type { Instance, Mode, Outcome } from './model.ts';
import { place } from './place.ts';
import { randomInstance, tinyMatching } from './testing/instances.ts';
import { seeded } from './testing/random.ts';
import { reference } from './testing/reference.ts';
import { allStable } from './testing/stable.ts';
import { verify } from './verify.ts';

/** `PLACEMENT_SEEDS=100000 vitest run placement` looks further. */
const SEEDS = Number(process.env.PLACEMENT_SEEDS ?? 1500);
vi.setConfig({ testTimeout: 30_000 + 10 * SEEDS });
const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);

const answers = ({ assign }: Outcome): Map<string, string> =>
  new Map(assign.map(({ id, code, at, reason }) => [id, code === null ? reason : `${code}@${at}`]));

const sorted = (map: ReadonlyMap<string, string>): [string, string][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

function shuffled(instance: Instance, seed: number): Instance {
  const { shuffle } = seeded(seed);
  const groups = instance.groups ? { groups: shuffle(instance.groups) } : {};
  return {
    ...instance,
    candidates: shuffle(instance.candidates),
    programs: shuffle(instance.programs),
    ...groups,
  };
}

describe.each<Mode>(['parallel', 'rounds', 'gaps'])('%s, thousands of seeds', (mode) => {
  test('agrees with the naive reference, and the verifier agrees with both', () => {
    for (const seed of seeds) {
      const instance = randomInstance(seed, mode);
      expect(checkInstance(instance), `seed ${seed}`).toEqual([]);
      const outcome = place(instance);
      expect(sorted(answers(outcome)), `seed ${seed}`).toEqual(sorted(reference(instance)));
      expect(verify(instance, outcome), `seed ${seed}`).toEqual([]);
    }
  });
});

describe.each<Mode>(['parallel', 'rounds', 'gaps', 'da'])('%s', (mode) => {
  test('gives the same bytes whatever the order of the rows', () => {
    for (const seed of seeds.slice(0, 500)) {
      const instance = randomInstance(seed, mode);
      expect(JSON.stringify(place(shuffled(instance, seed + 7))), `seed ${seed}`).toBe(
        JSON.stringify(place(instance)),
      );
    }
  });
});

describe('da', () => {
  test('is the stable outcome every candidate likes best, among all of them', () => {
    let severalStable = 0;
    for (const seed of seeds.slice(0, SEEDS / 4)) {
      const instance = tinyMatching(seed);
      const outcome = place(instance);
      expect(verify(instance, outcome), `seed ${seed}`).toEqual([]);
      const stable = allStable(instance);
      severalStable += Number(stable.length > 1);
      for (const { id, code, at } of outcome.assign) {
        const prefs = instance.candidates.find((each) => each.id === id)?.prefs ?? [];
        const places = stable
          .map((matching) => prefs.indexOf(matching.get(id) ?? ''))
          .filter((index) => index >= 0);
        expect(code === null ? Number.POSITIVE_INFINITY : at, `seed ${seed}`).toBe(Math.min(...places));
      }
    }
    expect(severalStable).toBeGreaterThan(SEEDS / 80);
  });

  test('larger rounds pass the verifier', () => {
    for (const seed of seeds) {
      const instance = randomInstance(seed, 'da');
      expect(checkInstance(instance), `seed ${seed}`).toEqual([]);
      expect(verify(instance, place(instance)), `seed ${seed}`).toEqual([]);
    }
  });

  test('with the common order on both sides it is the parallel outcome', () => {
    for (const seed of seeds.slice(0, 500)) {
      const { groups: _, ...parallel } = randomInstance(seed, 'parallel');
      const instance: Instance = { ...parallel, ladder: ['score', 'tie'], tiePolicy: 'strict' };
      expect(place({ ...instance, mode: 'da' }), `seed ${seed}`).toEqual(place(instance));
    }
  });
});

test('a subject that is called like a property of every object is still a subject nobody has a mark in', () => {
  const instance: Instance = {
    ladder: ['score', 'marks.constructor'],
    candidates: [
      { id: '甲', score: 600, prefs: ['A'], marks: { 外语: 90 } },
      { id: '乙', score: 600, prefs: ['B'], marks: {} },
    ],
    programs: [
      { code: 'A', plan: 1, minSubject: { constructor: 1 } },
      { code: 'B', plan: 1, minSubject: { toString: 0 } },
    ],
  };
  const outcome = place(instance);
  expect(outcome.assign.map(({ reason }) => reason)).toEqual(['INELIGIBLE', 'INELIGIBLE']);
  expect(verify(instance, outcome)).toEqual([]);
});

test('an unknown code counts where it first stands, even if that place is not looked at', () => {
  const instance: Instance = {
    mode: 'rounds',
    windows: [[1]],
    candidates: [
      { id: '甲', score: 600, prefs: ['Q', 'Q'] },
      { id: '乙', score: 600, prefs: ['A', 'Q'] },
    ],
    programs: [{ code: 'A', plan: 1 }],
  };
  const outcome = place(instance);
  expect(sorted(answers(outcome))).toEqual([
    ['乙', 'UNKNOWN_CODE'],
    ['甲', 'NO_PREFS'],
  ]);
  expect(verify(instance, outcome)).toEqual([]);
});
