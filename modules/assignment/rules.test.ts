import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { goesToEscalationTeam } from '#season/rules';
import { type CallerSeat, type Crowd, crowdKey, type Dealt, deal, type RunLimits, takesIn } from './rules.ts';

const crowd = (count: number, given: Partial<Crowd> = {}): Crowd => ({
  provinceCode: '51',
  batchId: 'b1',
  requiredSkill: null,
  count,
  ...given,
});
const caller = (userId: string, given: Partial<CallerSeat> = {}): CallerSeat => ({
  userId,
  groupId: 'g1',
  skills: [],
  open: 0,
  cap: 1000,
  ...given,
});
const free: RunLimits = { groups: [], skills: [], newPerCaller: null, openWorkCap: null };
const NO_LEADS: ReadonlyMap<string, number> = new Map();
const share = (
  crowds: readonly Crowd[],
  callers: readonly CallerSeat[],
  { limits = free, leads = NO_LEADS, seed = 's' } = {},
) => deal({ crowds, leads }, callers, limits, seed);
const countsOf = (dealt: readonly Dealt[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const [userId, count] of dealt.flatMap(({ shares }) => shares))
    counts[userId] = (counts[userId] ?? 0) + count;
  return counts;
};

describe('the escalation team gets', () => {
  test.each([
    ['shielded and withdrawable', { withdrawable: true, phoneShielded: true, artSchoolExam: false }, true],
    [
      'shielded and withdrawable, but an art school exam',
      { withdrawable: true, phoneShielded: true, artSchoolExam: true },
      false,
    ],
    [
      'shielded in a binding province',
      { withdrawable: false, phoneShielded: true, artSchoolExam: false },
      false,
    ],
    ['withdrawable with numbers', { withdrawable: true, phoneShielded: false, artSchoolExam: false }, false],
  ])('%s: %o → %s', (_rule, policy, expected) => {
    expect(goesToEscalationTeam(policy)).toBe(expected);
  });
});

describe('the draw', () => {
  test('registered leads count as open work of their recruiter before anything is drawn', () => {
    const leads = new Map([['a', 4]]);
    expect(countsOf(share([crowd(6)], [caller('a'), caller('b')], { leads }))).toEqual({ a: 1, b: 5 });
  });
  test('a recruiter whose leads fill the cap is drawn nothing more', () => {
    const leads = new Map([['a', 3]]);
    expect(countsOf(share([crowd(2)], [caller('a', { cap: 3 }), caller('b')], { leads }))).toEqual({ b: 2 });
  });
  test('ten over three callers is 4, 3, 3', () => {
    const counts = countsOf(share([crowd(10)], [caller('a'), caller('b'), caller('c')]));
    expect(Object.values(counts).sort()).toEqual([3, 3, 4]);
  });
  test('who has open work already gets less: open work ends even', () => {
    const callers = [caller('a', { open: 6 }), caller('b'), caller('c', { open: 2 })];
    expect(countsOf(share([crowd(10)], callers))).toEqual({ b: 6, c: 4 });
  });
  test('a cap is never exceeded, and who is left is told why', () => {
    const dealt = share([crowd(10)], [caller('a', { cap: 3 }), caller('b', { cap: 4 })]);
    expect(countsOf(dealt)).toEqual({ a: 3, b: 4 });
    expect(dealt).toMatchObject([{ left: 3, cause: 'no_capacity' }]);
  });
  test('nobody left has no cause', () => {
    expect(share([crowd(7)], [caller('a', { cap: 7 })])).toMatchObject([{ left: 0, cause: null }]);
  });
  test('a cap of the run holds beside the cap of each', () => {
    const limits = { ...free, openWorkCap: 2 };
    expect(countsOf(share([crowd(9)], [caller('a'), caller('b', { cap: 1 })], { limits }))).toEqual({
      a: 2,
      b: 1,
    });
  });
  test('a limit of new cases per caller holds', () => {
    const limits = { ...free, newPerCaller: 2 };
    const dealt = share([crowd(5)], [caller('a'), caller('b')], { limits });
    expect(countsOf(dealt)).toEqual({ a: 2, b: 2 });
    expect(dealt[0]?.left).toBe(1);
  });
  test('what a skill brought counts when the rest is given out', () => {
    const crowds = [crowd(6), crowd(2, { requiredSkill: 'cantonese' })];
    expect(countsOf(share(crowds, [caller('a', { skills: ['cantonese'] }), caller('b')]))).toEqual({
      a: 4,
      b: 4,
    });
  });
  test('one full caller is no capacity; a skill that only others could use is a limit', () => {
    expect(share([crowd(3)], [caller('a', { cap: 1 })])).toMatchObject([{ left: 2, cause: 'no_capacity' }]);
    const limits = { ...free, groups: [{ groupId: 'g1', provinceCodes: [], batchIds: [] }] };
    const callers = [caller('a'), caller('b', { groupId: 'g2', skills: ['hakka'] })];
    expect(share([crowd(1, { requiredSkill: 'hakka' })], callers, { limits })).toMatchObject([
      { cause: 'no_caller_for_limits' },
    ]);
  });
  test('a required skill goes to who has it, before the others take their room', () => {
    const crowds = [crowd(6), crowd(2, { requiredSkill: 'cantonese' })];
    const callers = [caller('a', { skills: ['cantonese'], cap: 4 }), caller('b', { cap: 4 })];
    const dealt = share(crowds, callers);
    expect(countsOf(dealt)).toEqual({ a: 4, b: 4 });
    expect(dealt.find((one) => one.crowd.requiredSkill)?.shares).toEqual([['a', 2]]);
    expect(share([crowd(1, { requiredSkill: 'hakka' })], [caller('a')])).toMatchObject([
      { cause: 'no_caller_for_skill' },
    ]);
  });
  test('limits of groups hold', () => {
    const groups = [
      { groupId: 'g1', provinceCodes: ['51'], batchIds: [] },
      { groupId: 'g2', provinceCodes: [], batchIds: ['b1'] },
    ];
    const limits: RunLimits = { ...free, groups };
    const callers = [caller('a'), caller('b', { groupId: 'g2' }), caller('c', { groupId: 'g3' })];
    expect(countsOf(share([crowd(4, { provinceCode: '41' })], callers, { limits }))).toEqual({ b: 4 });
    const outside = share([crowd(1, { batchId: 'b9' })], [caller('c', { groupId: 'g3' })], { limits });
    expect(outside).toMatchObject([{ cause: 'no_caller_for_limits' }]);
  });
  test('the seed decides who gets the odd one', () => {
    const winners = Array.from({ length: 20 }, (_, n) => {
      const dealt = share([crowd(1)], [caller('a'), caller('b')], { seed: `seed ${n}` });
      return Object.keys(countsOf(dealt))[0];
    });
    expect(new Set(winners)).toEqual(new Set(['a', 'b']));
  });
});

test.each([
  ['no list takes in everything', { provinceCodes: [], batchIds: [] }, true],
  ['its province', { provinceCodes: ['51'], batchIds: [] }, true],
  ['another province', { provinceCodes: ['41'], batchIds: [] }, false],
  ['its province, another batch', { provinceCodes: ['51'], batchIds: ['b2'] }, false],
])('places: %s', (_rule, places, expected) => {
  expect(takesIn(places, { provinceCode: '51', batchId: 'b1' })).toBe(expected);
});

const seat = fc.record({
  open: fc.nat(20),
  cap: fc.nat(40),
  skills: fc.subarray(['x', 'y']),
  groupId: fc.constantFrom('g1', 'g2'),
});
const needs = fc.uniqueArray(
  fc.record({
    provinceCode: fc.constantFrom('51', '41', '31'),
    batchId: fc.constantFrom('b1', 'b2'),
    requiredSkill: fc.constantFrom(null, 'x', 'y'),
    count: fc.nat(30),
  }),
  { selector: crowdKey, maxLength: 8 },
);

test('whatever comes in: everyone once, no cap broken, the same for any order of rows', () => {
  fc.assert(
    fc.property(fc.array(seat, { maxLength: 8 }), needs, fc.string(), (seats, crowds, seed) => {
      const callers = seats.map((given, n) => caller(`u${n}`, given));
      const dealt = share(crowds, callers, { seed });
      for (const { crowd: one, shares, left } of dealt)
        expect(shares.reduce((sum, [, count]) => sum + count, left)).toBe(one.count);
      const counts = countsOf(dealt);
      for (const one of callers)
        expect(counts[one.userId] ?? 0).toBeLessThanOrEqual(Math.max(0, one.cap - one.open));
      expect(share(crowds.toReversed(), callers.toReversed(), { seed })).toEqual(dealt);
    }),
    { numRuns: 300 },
  );
});

test('callers who may take the same end at most one apart while none is full', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(30), { minLength: 2, maxLength: 12 }),
      fc.integer({ min: 0, max: 400 }),
      fc.string(),
      (opens, amount, seed) => {
        const callers = opens.map((open, n) => caller(`u${n}`, { open }));
        const counts = countsOf(share([crowd(amount)], callers, { seed }));
        const levels = callers.map(({ userId, open }) => open + (counts[userId] ?? 0));
        const lowest = Math.min(...levels);
        callers.forEach(({ userId }, n) => {
          if (counts[userId]) expect((levels[n] ?? 0) - lowest).toBeLessThanOrEqual(1);
        });
      },
    ),
    { numRuns: 300 },
  );
});
