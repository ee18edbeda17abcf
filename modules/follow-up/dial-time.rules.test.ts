import { expect, test } from 'vitest';
import { RELATIONS } from '#candidate/rules';
import { earliestDial, inDialOrder, type NumberFacts } from './number.rules.ts';
import { at, HOUR, NOW, number, settings, window } from './testing/facts.ts';

const tomorrow = at('2026-07-23T09:00');
const dialled = (lastOutcome: string): Partial<NumberFacts> => ({ lastDialledAt: NOW - HOUR, lastOutcome });

test.each<[rule: string, given: Partial<NumberFacts>, after: number, then: number | null]>([
  ['never dialled: at once', {}, NOW, NOW],
  ['dead: never', { state: 'dead' }, NOW, null],
  ['resting for a complaint: looked at tomorrow', { frozen: true }, NOW, tomorrow],
  ['a complaint, and a later time asked for: then', { frozen: true }, tomorrow + HOUR, tomorrow + HOUR],
  [
    '停机: in the evening of its day',
    { state: 'suspended', retestAfter: NOW + HOUR },
    NOW,
    at('2026-07-22T19:00'),
  ],
  ['停机, its day past: at once', { state: 'suspended', retestAfter: NOW - HOUR }, NOW, NOW],
  ['停机, tests used up: never', { state: 'suspended' }, NOW, null],
  ['拒接: when it has rested', { state: 'cooling', retestAfter: NOW + HOUR }, NOW, NOW + HOUR],
  ['live again: nothing is left of the rest', { retestAfter: NOW + HOUR }, NOW, NOW],
  ['a school where nobody was: the next working morning', dialled('A2'), NOW, tomorrow],
  ['no answer an hour ago: at once', dialled('L5'), NOW, NOW],
  ['used up today: tomorrow', { dialledToday: 3 }, NOW, tomorrow],
  ['used up today, asked for tomorrow: then', { dialledToday: 3 }, tomorrow + HOUR, tomorrow + HOUR],
])('%s', (_rule, given, after, then) => {
  expect(earliestDial(number(given), { after, now: NOW, window, settings })).toBe(then);
});

const order = (numbers: readonly NumberFacts[]): string[] =>
  inDialOrder(numbers).map(({ phoneId }) => phoneId);

test('the candidate first, then who lives with them, those outside the family last', () => {
  const everybody = RELATIONS.toReversed().map((relation) => number({ phoneId: relation, relation }));
  const parents = ['father', 'mother', 'guardian', 'unknown'];
  const found = order(everybody);
  expect(found[0]).toBe('self');
  expect(new Set(found.slice(1, 5))).toEqual(new Set(parents));
  expect(found.slice(5, 9)).toEqual(['grandparent', 'relative', 'other', 'teacher']);
  expect(new Set(found.slice(9, 11))).toEqual(new Set(['neighbour', 'village']));
  expect(found.slice(11)).toEqual(['school']);
});

test('a number of the candidate that is in doubt comes after a live one of the school, one under complaint last', () => {
  const numbers = [
    number({ phoneId: 'complaint', frozen: true }),
    number({ phoneId: 'barred', state: 'do_not_call' }),
    number({ phoneId: 'dead', state: 'dead' }),
    number({ phoneId: 'suspended', state: 'suspended' }),
    number({ phoneId: 'cooling', state: 'cooling' }),
    number({ phoneId: 'live', relation: 'school' }),
  ];
  expect(order(numbers)).toEqual(['live', 'cooling', 'suspended', 'dead', 'barred', 'complaint']);
});
