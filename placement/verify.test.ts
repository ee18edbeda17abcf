import { describe, expect, test, vi } from 'vitest';
import type { Assignment, Instance, Mode, Outcome } from './model.ts';
import { place } from './place.ts';
import { randomInstance } from './testing/instances.ts';
import { type Random, seeded } from './testing/random.ts';
import { verify } from './verify.ts';

const SEEDS = Number(process.env.PLACEMENT_SEEDS ?? 700);
vi.setConfig({ testTimeout: 30_000 + 10 * SEEDS });

const instance: Instance = {
  candidates: [
    { id: '甲', score: 610, prefs: ['A', 'B'] },
    { id: '乙', score: 605, prefs: ['A', 'B'] },
    { id: '丙', score: 600, prefs: ['A', 'B', 'C'] },
    { id: '丁', score: 400, prefs: ['C'] },
    { id: '戊', score: 300, prefs: [] },
  ],
  programs: [
    { code: 'A', plan: 1 },
    { code: 'B', plan: 1 },
    { code: 'C', plan: 2, line: 450 },
  ],
};
const right = place(instance);

function changed(id: string, edit: Partial<Assignment>): Outcome {
  return { ...right, assign: right.assign.map((each) => (each.id === id ? { ...each, ...edit } : each)) };
}

test('the right outcome has nothing to complain about', () => {
  expect(verify(instance, right)).toEqual([]);
});

test.each<[damage: string, outcome: Outcome, where: (string | undefined)[]]>([
  ['somebody is missing', { ...right, assign: right.assign.slice(1) }, ['EVERYONE_ONCE', '丁', undefined]],
  [
    'somebody is there twice',
    { ...right, assign: [...right.assign, ...right.assign.slice(0, 1)] },
    ['EVERYONE_ONCE', '丁', undefined],
  ],
  ['a stranger', changed('甲', { id: '庚' }), ['EVERYONE_ONCE', '庚', undefined]],
  ['a program that was not listed', changed('乙', { code: 'C', at: 2 }), ['OWN_LIST', '乙', 'C']],
  ['the wrong place in the list', changed('乙', { at: 0 }), ['OWN_LIST', '乙', 'B']],
  ['below the line', changed('丁', { code: 'C', at: 0, reason: 'PLACED' }), ['ELIGIBLE', '丁', 'C']],
  ['a reason that is not true', changed('丁', { reason: 'FULL' }), ['REASON', '丁', undefined]],
  ['placed without saying so', changed('甲', { reason: 'FULL' }), ['REASON', '甲', 'A']],
])('%s is refused with the rule, the candidate and the program', (_damage, outcome, where) => {
  const found = verify(instance, outcome)[0];
  expect([found?.rule, found?.candidate, found?.program]).toEqual(where);
  expect(found?.message).toMatch(/\p{Script=Han}/u);
});

test('two people who changed places are both found', () => {
  const swapped = changed('甲', { code: 'B', at: 1 });
  const outcome = {
    assign: swapped.assign.map((each) => (each.id === '乙' ? { ...each, code: 'A', at: 0 } : each)),
    programs: [
      { code: 'A', filed: 1, cutoff: 605 },
      { code: 'B', filed: 1, cutoff: 610 },
      { code: 'C', filed: 1, cutoff: 600 },
    ],
  };
  expect(verify(instance, outcome)).toMatchObject([{ rule: 'PASSED_OVER', candidate: '甲', program: 'A' }]);
});

test('a seat too many is found at the one who came after it', () => {
  const crowded = changed('乙', { code: 'A', at: 0 });
  const programs = [
    { code: 'A', filed: 2, cutoff: 605 },
    { code: 'B', filed: 0, cutoff: null },
    { code: 'C', filed: 1, cutoff: 600 },
  ];
  const rules = verify(instance, { ...crowded, programs }).map(({ rule, candidate, program }) => [
    rule,
    candidate,
    program,
  ]);
  expect(rules).toContainEqual(['CAP', '乙', 'A']);
  expect(rules).toContainEqual(['PASSED_OVER', '丙', 'B']);
});

test('a published figure that is wrong is found', () => {
  const programs = right.programs.map((each) => (each.code === 'A' ? { ...each, cutoff: 605 } : each));
  expect(verify(instance, { ...right, programs })).toMatchObject([{ rule: 'COUNTS', program: 'A' }]);
});

/** Moves somebody to another preference or to nothing, with figures to match: only the rules can tell. */
function damage(round: Instance, outcome: Outcome, random: Random): Outcome {
  const victim = random.pick(outcome.assign);
  const { prefs = [] } = round.candidates.find(({ id }) => id === victim.id) ?? {};
  const known = prefs.filter((code) => round.programs.some((program) => program.code === code));
  const code = known.length > 0 && random.chance(0.7) ? random.pick(known) : null;
  const reason = code === null ? random.pick(['FULL', 'BELOW_LINE', 'NO_PREFS'] as const) : 'PLACED';
  const moved: Assignment = { id: victim.id, code, at: code === null ? -1 : prefs.indexOf(code), reason };
  const assign = outcome.assign.map((each) => (each === victim ? moved : each));
  const scores = new Map(round.candidates.map(({ id, score }) => [id, score]));
  const programs = outcome.programs.map((program) => {
    const filed = assign.filter((each) => each.code === program.code).map(({ id }) => scores.get(id) ?? 0);
    return {
      code: program.code,
      filed: filed.length,
      cutoff: filed.length === 0 ? null : Math.min(...filed),
    };
  });
  return { assign, programs };
}

describe.each<Mode>(['parallel', 'rounds', 'gaps', 'da'])('%s', (mode) => {
  test('no single change survives the verifier', () => {
    let damaged = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const round = randomInstance(seed, mode);
      if (round.candidates.length === 0) continue;
      const outcome = place(round);
      const other = damage(round, outcome, seeded(seed + 31));
      if (JSON.stringify(other) === JSON.stringify(outcome)) continue;
      damaged += 1;
      expect(verify(round, other).length, `seed ${seed}`).toBeGreaterThan(0);
    }
    expect(damaged).toBeGreaterThan(SEEDS / 4);
  });
});
