import { describe, expect, test } from 'vitest';
import type { Tally } from '#follow-up/rules';
import { againstTarget, compareRates, conservationGap, fairVolume, filesOf, ratesOf } from './rules.ts';
import { inPhase, peopleOf, placeOf, standingOf } from './standing.rules.ts';

const sums: Tally = {
  attempts: 100,
  dials: 90,
  contacts: 60,
  refusals: 20,
  unreached: 32,
  unknownEligibility: 10,
  notEligible: 9,
  confirmed: 30,
  considering: 10,
  withdrawing: 5,
  talkSeconds: 7200,
  discarded: 3,
};

describe('rates name both numbers', () => {
  test.each([
    // Of 60 who answered one was of another batch: not eligible, on neither side.
    ['contact', { part: 59, whole: 91 }],
    ['response', { part: 35, whole: 81 }],
    ['refusal', { part: 20, whole: 81 }],
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

describe('files beside the cases', () => {
  const files = { imported: 100, merged: 3, left: 5, released: 60 };
  test.each([
    ['merged files and those who left are no candidates of the phase', files, 92, 32],
    ['who left after this release has a case here', { ...files, released: 97 }, 97, 0],
    ['of the rest only who is not released can have left', { ...files, released: 95 }, 95, 0],
    ['an import that is gone leaves nothing to take from', { ...files, imported: 0, merged: 0 }, 0, 0],
  ])('%s', (_rule, given, candidates, unreleased) => {
    expect(filesOf(given)).toEqual({ candidates, unreleased });
  });
});

test('a candidate with a case in each phase is one person, and stands in the current phase once', () => {
  const at = (phase: string, cases: number) => ({
    ...{ phase, cases, state: 'ready', disposition: 'uncalled', result: '' },
  });
  const counts = [at('filing', 12), at('filing', 8), at('admitted', 15)];
  expect(peopleOf(counts)).toBe(20);
  expect(peopleOf([])).toBe(0);
  expect(inPhase(counts, 'admitted')).toEqual([at('admitted', 15)]);
});

test.each([
  [[], 0],
  [[10], 5],
  [[1, 2, 100], 1],
  [[20, 30, 40, 50], 20],
])('fair volume of %o is %i', (volumes, expected) => {
  expect(fairVolume(volumes)).toBe(expected);
});

test.each([
  [{ state: 'final', disposition: 'confirmed', result: 'admitted' }, 'admitted'],
  [{ state: 'final', disposition: 'withdrawing', result: 'withdrawn' }, 'withdrawn'],
  [{ state: 'final', disposition: 'confirmed', result: 'round_closed' }, 'otherFinal'],
  [{ state: 'escalated', disposition: 'unreachable', result: '' }, 'escalated'],
  [{ state: 'blocked', disposition: 'considering', result: '' }, 'considering'],
  [{ state: 'ready', disposition: 'withdrawn', result: '' }, 'uncalled'],
])('a case has one place: %o stands under %s', (count, place) => {
  expect(placeOf({ ...count, cases: 1 })).toBe(place);
  expect(standingOf([{ ...count, cases: 3 }])).toMatchObject({ cases: 3, [place]: 3 });
});
