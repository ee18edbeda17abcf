import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallerSeat, distribute, goesToEscalation, type RunLimits, type Waiting } from './rules.ts';

const someone: Waiting = {
  candidateId: 'c0',
  provinceCode: '51',
  batchId: 'b1',
  requiredSkill: null,
  leadOwnerId: null,
  withdrawable: false,
  phoneShielded: false,
  artSchoolExam: false,
};
const people = (count: number, given: Partial<Waiting> = {}): Waiting[] =>
  Array.from({ length: count }, (_, n) => ({
    ...someone,
    candidateId: `${given.provinceCode ?? '51'}-${given.requiredSkill ?? ''}-${n}`,
    ...given,
  }));
const caller = (userId: string, given: Partial<CallerSeat> = {}): CallerSeat => ({
  userId,
  groupId: 'g1',
  skills: [],
  open: 0,
  cap: 1000,
  ...given,
});
const free: RunLimits = { groups: [], newPerCaller: null };
const countsOf = (result: ReturnType<typeof distribute>): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { userId } of result.shares) if (userId) counts[userId] = (counts[userId] ?? 0) + 1;
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
    expect(goesToEscalation(policy)).toBe(expected);
  });
});

describe('distribution', () => {
  test('a registered lead goes to who registered it, even above the cap', () => {
    const result = distribute(
      [{ ...someone, leadOwnerId: 'a' }],
      [caller('a', { cap: 0 }), caller('b')],
      free,
      's',
    );
    expect(result.shares).toEqual([{ candidateId: 'c0', userId: 'a', cause: 'lead' }]);
  });
  test('a lead of somebody who does not call is dealt like the others', () => {
    const result = distribute([{ ...someone, leadOwnerId: 'gone' }], [caller('a')], free, 's');
    expect(result.shares).toEqual([{ candidateId: 'c0', userId: 'a', cause: 'random' }]);
  });
  test('ten over three callers is 4, 3, 3', () => {
    const counts = countsOf(distribute(people(10), [caller('a'), caller('b'), caller('c')], free, 's'));
    expect(Object.values(counts).sort()).toEqual([3, 3, 4]);
  });
  test('who has open work already gets less: open work ends even', () => {
    const counts = countsOf(
      distribute(people(10), [caller('a', { open: 6 }), caller('b'), caller('c', { open: 2 })], free, 's'),
    );
    expect(counts).toEqual({ b: 6, c: 4 });
  });
  test('a cap is never exceeded, and who is left is told why', () => {
    const result = distribute(people(10), [caller('a', { cap: 3 }), caller('b', { cap: 4 })], free, 's');
    expect(countsOf(result)).toEqual({ a: 3, b: 4 });
    expect(result.left.map(({ cause }) => cause)).toEqual(['no_capacity', 'no_capacity', 'no_capacity']);
  });
  test('a required skill goes to who has it, before the others take their room', () => {
    const waiting = [...people(6), ...people(2, { requiredSkill: 'cantonese' })];
    const result = distribute(
      waiting,
      [caller('a', { skills: ['cantonese'], cap: 4 }), caller('b', { cap: 4 })],
      free,
      's',
    );
    expect(countsOf(result)).toEqual({ a: 4, b: 4 });
    expect(
      result.shares
        .filter(({ candidateId }) => candidateId.includes('cantonese'))
        .every(({ userId }) => userId === 'a'),
    ).toBe(true);
    expect(distribute(people(1, { requiredSkill: 'hakka' }), [caller('a')], free, 's').left).toMatchObject([
      { cause: 'no_caller_for_skill' },
    ]);
  });
  test('limits of groups hold', () => {
    const limits: RunLimits = {
      groups: [
        { groupId: 'g1', provinceCodes: ['51'], batchIds: [] },
        { groupId: 'g2', provinceCodes: [], batchIds: ['b1'] },
      ],
      newPerCaller: null,
    };
    const result = distribute(
      people(4, { provinceCode: '41' }),
      [caller('a'), caller('b', { groupId: 'g2' }), caller('c', { groupId: 'g3' })],
      limits,
      's',
    );
    expect(countsOf(result)).toEqual({ b: 4 });
    expect(
      distribute(people(1, { batchId: 'b9' }), [caller('c', { groupId: 'g3' })], limits, 's').left,
    ).toMatchObject([{ cause: 'no_caller_for_limits' }]);
  });
  test('a limit per caller holds', () => {
    const result = distribute(people(5), [caller('a'), caller('b')], { ...free, newPerCaller: 2 }, 's');
    expect(countsOf(result)).toEqual({ a: 2, b: 2 });
    expect(result.left).toHaveLength(1);
  });
  test('another seed draws another way', () => {
    const run = (seed: string) =>
      JSON.stringify(distribute(people(50), [caller('a'), caller('b')], free, seed).shares);
    expect(run('one')).toBe(run('one'));
    expect(run('one')).not.toBe(run('two'));
  });
});

const seat = fc.record({
  open: fc.nat(20),
  cap: fc.nat(40),
  skills: fc.subarray(['x', 'y']),
  groupId: fc.constantFrom('g1', 'g2'),
});
const need = fc.record({
  provinceCode: fc.constantFrom('51', '41'),
  requiredSkill: fc.constantFrom(null, null, 'x', 'y'),
  withdrawable: fc.boolean(),
  phoneShielded: fc.boolean(),
});

test('whatever comes in: everyone once, no cap broken, the same for any order of rows, and no caller two above another of the same kind', () => {
  fc.assert(
    fc.property(
      fc.array(seat, { maxLength: 8 }),
      fc.array(need, { maxLength: 60 }),
      fc.string(),
      (seats, needs, seed) => {
        const callers = seats.map((given, n) => caller(`u${n}`, given));
        const waiting = needs.map((given, n) => ({ ...someone, ...given, candidateId: `c${n}` }));
        const result = distribute(waiting, callers, free, seed);
        const all = [...result.shares, ...result.left].map(({ candidateId }) => candidateId);
        expect([...all].sort()).toEqual(waiting.map(({ candidateId }) => candidateId).sort());
        const counts = countsOf(result);
        for (const one of callers)
          expect(counts[one.userId] ?? 0).toBeLessThanOrEqual(Math.max(0, one.cap - one.open));
        const again = distribute([...waiting].reverse(), [...callers].reverse(), free, seed);
        const sorted = (shares: typeof result.shares) =>
          [...shares].sort((a, b) => (a.candidateId < b.candidateId ? -1 : 1));
        expect(sorted(again.shares)).toEqual(sorted(result.shares));
      },
    ),
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
        const counts = countsOf(distribute(people(amount), callers, free, seed));
        const raised = callers
          .filter(({ userId }) => counts[userId])
          .map(({ userId, open }) => open + (counts[userId] ?? 0));
        const lowest = Math.min(...callers.map(({ userId, open }) => open + (counts[userId] ?? 0)));
        for (const level of raised) expect(level - lowest).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 300 },
  );
});
