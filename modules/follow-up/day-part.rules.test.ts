import { describe, expect, test } from 'vitest';
import { dayPartOf, intoWindow, leastUsedSlot, sayTime, windowOf } from './day-part.rules.ts';
import { at, NOW, window } from './testing/facts.ts';

describe('day parts and calling hours', () => {
  test.each([
    ['2026-07-22T11:59', 'morning'],
    ['2026-07-22T12:00', 'afternoon'],
    ['2026-07-22T17:59', 'afternoon'],
    ['2026-07-22T18:00', 'evening'],
    ['2026-07-25T10:00', 'weekend'],
    ['2026-07-26T23:59', 'weekend'],
    ['2026-07-27T00:00', 'morning'],
  ])('%s is %s', (when, part) => expect(dayPartOf(at(when))).toBe(part));
  test('later hours in Xinjiang', () => {
    const late = windowOf('11:00', '23:00');
    expect(intoWindow(at('2026-07-22T10:59'), late)).toBe(at('2026-07-22T11:00'));
    expect(intoWindow(at('2026-07-22T22:59'), late)).toBe(at('2026-07-22T22:59'));
    expect(intoWindow(at('2026-07-22T23:00'), late)).toBe(at('2026-07-23T11:00'));
  });
  test('the least-used part wins over the earlier one', () => {
    const query = { after: NOW, window, avoid: null, days: 2 };
    expect(leastUsedSlot({ ...query, used: { morning: 1, afternoon: 1 } })).toBe(at('2026-07-22T18:00'));
    expect(leastUsedSlot({ ...query, used: {} })).toBe(NOW);
  });
  test('times are said as a colleague would', () => {
    expect([
      sayTime(at('2026-07-22T15:20'), NOW),
      sayTime(at('2026-07-23T09:00'), NOW),
      sayTime(at('2026-07-28T09:05'), NOW),
    ]).toEqual(['15:20', '明天 09:00', '7月28日 09:05']);
  });
});
