import { expect, test } from 'vitest';
import { decisionOf, markOf, needsApproval } from './rules.ts';

test.each([
  [500, 500, false],
  [501, 500, true],
  [0, 500, false],
])('%i rows under a limit of %i need a second person: %s', (rows, limit, expected) => {
  expect(needsApproval(rows, limit)).toBe(expected);
});

test.each([
  [300, 200, false],
  [300, 201, true],
  [501, 0, true],
])('%i rows after %i taken alone today need a second person: %s', (rows, taken, expected) => {
  expect(needsApproval(rows, 500, taken)).toBe(expected);
});

test('a mark is readable and differs with every byte', () => {
  const bytes = Uint8Array.from({ length: 12 }, (_, n) => n * 9);
  expect(markOf(bytes)).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$/);
  for (let at = 0; at < 12; at += 1) {
    const other = Uint8Array.from(bytes);
    other[at] = (other[at] ?? 0) + 1;
    expect(markOf(other)).not.toBe(markOf(bytes));
  }
});

test.each([
  ['admitted', 'admit'],
  ['withdrawn', 'return'],
  ['returned', 'return'],
  ['closed', null],
  [null, null],
])('a case ended as %s is reported as %s', (result, expected) => {
  expect(decisionOf(result)).toBe(expected);
});
