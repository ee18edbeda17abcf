import { describe, expect, test } from 'vitest';
import type { Tally } from '#follow-up/rules';
import { againstTarget, compareRates, conservationGap, fairVolume, ratesOf } from './rules.ts';

const sums: Tally = {
  attempts: 100,
  dials: 90,
  contacts: 60,
  refusals: 20,
  unreached: 40,
  unknownEligibility: 10,
  confirmed: 30,
  considering: 10,
  withdrawing: 5,
  talkSeconds: 7200,
};

describe('rates name both numbers', () => {
  test.each([
    ['contact', { part: 60, whole: 100 }],
    ['response', { part: 45, whole: 90 }],
    ['refusal', { part: 20, whole: 90 }],
    ['talk_per_contact', { part: 7200, whole: 60 }],
    ['contacts_per_case', { part: 60, whole: 25 }],
  ] as const)('%s', (code, rate) => {
    expect(ratesOf(sums, 25)[code]).toEqual(rate);
  });
});

describe('a rate against its bounds', () => {
  const bounds = { basicPerMille: 980, targetPerMille: 985 };
  test.each([
    [979, 'below'],
    [980, 'basic'],
    [984, 'basic'],
    [985, 'target'],
  ] as const)('%i of 1000 is %s', (part, state) => {
    expect(againstTarget({ part, whole: 1000 }, bounds)).toBe(state);
  });
  test('one candidate in ten thousand decides', () => {
    expect(againstTarget({ part: 9849, whole: 10_000 }, bounds)).toBe('basic');
    expect(againstTarget({ part: 9850, whole: 10_000 }, bounds)).toBe('target');
  });
  test('nothing yet is below', () => {
    expect(againstTarget({ part: 0, whole: 0 }, bounds)).toBe('below');
  });
});

test('rates are compared exactly, highest first, empty ones last', () => {
  const rates = [
    { part: 0, whole: 0 },
    { part: 1, whole: 3 },
    { part: 333_333, whole: 1_000_000 },
    { part: 2, whole: 3 },
  ];
  expect(rates.sort(compareRates)).toEqual([
    { part: 2, whole: 3 },
    { part: 1, whole: 3 },
    { part: 333_333, whole: 1_000_000 },
    { part: 0, whole: 0 },
  ]);
});

test('the conservation line closes only when everybody stands somewhere', () => {
  const line = {
    candidates: 10,
    unreleased: 3,
    ready: 2,
    leased: 1,
    scheduled: 1,
    blocked: 0,
    escalated: 1,
    final: 2,
  };
  expect(conservationGap(line)).toBe(0);
  expect(conservationGap({ ...line, final: 1 })).toBe(1);
});

test.each([
  [[], 0],
  [[10], 5],
  [[1, 2, 100], 1],
  [[20, 30, 40, 50], 20],
])('fair volume of %o is %i', (volumes, expected) => {
  expect(fairVolume(volumes)).toBe(expected);
});
