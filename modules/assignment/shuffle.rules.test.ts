import { expect, test } from 'vitest';
import { shuffled } from './shuffle.rules.ts';

const LETTERS = [...'abcdefgh'];
const order = (letters: readonly string[], seed: string) =>
  shuffled(letters, (letter) => letter, seed).join('');

test('a run is repeated from its seed in any later version: these orders never change', () => {
  expect([order(LETTERS, '2026'), order(LETTERS, '2027'), order(LETTERS, '')]).toEqual([
    'abfhdgce',
    'cgbedahf',
    'dhcgfaeb',
  ]);
});

test('what else is drawn, and in which order it stands, changes nothing', () => {
  const whole = order(LETTERS, '2026');
  expect(order(LETTERS.toReversed(), '2026')).toBe(whole);
  expect(order([...'aceg'], '2026')).toBe([...whole].filter((letter) => 'aceg'.includes(letter)).join(''));
});
