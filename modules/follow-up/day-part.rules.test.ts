import { describe, expect, test } from 'vitest';
import {
  clockHoursApart,
  dayPartOf,
  eveningOf,
  intoWindow,
  intoWorkingHours,
  leastUsedSlot,
  nextWorkingMorning,
  sayTime,
  windowOf,
} from './day-part.rules.ts';
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
  test.each([
    [
      'a part that begins too near the time to avoid is entered later',
      '2026-07-21T09:30',
      3,
      '2026-07-22T12:30',
    ],
    ['exactly so far away is far enough', '2026-07-21T07:00', 3, '2026-07-22T10:00'],
    ['a part that ends before is left out', '2026-07-21T12:00', 6, '2026-07-22T18:00'],
    ['a distance is counted around midnight', '2026-07-21T23:00', 11, '2026-07-22T10:00'],
  ])('%s', (_rule, avoided, hours, then) => {
    const query = { after: NOW, window, used: {}, days: 1 };
    expect(leastUsedSlot({ ...query, avoid: { at: at(avoided), hours } })).toBe(at(then));
  });
  test('a day part outside the calling hours is no part of the day', () => {
    const short = windowOf('13:30', '17:00');
    const query = { window: short, used: {}, avoid: null, days: 1 };
    expect(leastUsedSlot({ ...query, after: NOW })).toBe(at('2026-07-22T13:30'));
    expect(leastUsedSlot({ ...query, after: at('2026-07-22T17:00') })).toBe(at('2026-07-23T13:30'));
    const tomorrow = { after: at('2026-07-22T19:00'), window, used: { evening: 1 }, avoid: null, days: 2 };
    expect(leastUsedSlot(tomorrow)).toBe(at('2026-07-23T09:00'));
  });
  test('an evening call begins at seven, or an hour before the calling hours end', () => {
    expect(eveningOf(NOW, 0, window)).toBe(at('2026-07-22T19:00'));
    expect(eveningOf(NOW, 2, window)).toBe(at('2026-07-24T19:00'));
    expect(eveningOf(NOW, 0, windowOf('09:00', '19:30'))).toBe(at('2026-07-22T18:30'));
    expect(eveningOf(NOW, 0, windowOf('20:15', '23:00'))).toBe(at('2026-07-22T20:15'));
  });
  test.each([
    ['Wednesday', '2026-07-22T10:00', '2026-07-23T09:00'],
    ['Friday', '2026-07-24T08:00', '2026-07-27T09:00'],
    ['Saturday', '2026-07-25T10:00', '2026-07-27T09:00'],
    ['Sunday', '2026-07-26T10:00', '2026-07-27T09:00'],
  ])('the working morning after a %s', (_day, from, then) => {
    expect(nextWorkingMorning(at(from), window)).toBe(at(then));
  });
  test.each([
    ['before nine: at nine', '2026-07-22T08:59', '2026-07-22T09:00'],
    ['in the day: at once', '2026-07-22T17:29', '2026-07-22T17:29'],
    ['from half past five on: the next morning', '2026-07-22T17:30', '2026-07-23T09:00'],
    ['Friday evening: Monday', '2026-07-24T17:30', '2026-07-27T09:00'],
    ['Saturday morning: Monday', '2026-07-25T10:00', '2026-07-27T09:00'],
  ])('a school is called in its working hours: %s', (_rule, from, then) => {
    expect(intoWorkingHours(at(from), window)).toBe(at(then));
  });
  test('in Xinjiang a school is called in the calling hours too', () => {
    const late = windowOf('11:00', '23:00');
    expect(nextWorkingMorning(NOW, late)).toBe(at('2026-07-23T11:00'));
    expect(intoWorkingHours(NOW, late)).toBe(at('2026-07-22T11:00'));
  });
  test.each([
    ['2026-07-22T09:30', '2026-07-20T12:00', 2.5],
    ['2026-07-22T23:00', '2026-07-23T01:00', 2],
    ['2026-07-22T06:00', '2026-07-22T18:00', 12],
  ])('%s and %s are %d hours apart on the clock', (one, other, hours) => {
    expect(clockHoursApart(at(one), at(other))).toBe(hours);
  });
  test('times are said as a colleague would', () => {
    expect([
      sayTime(at('2026-07-22T15:20'), NOW),
      sayTime(at('2026-07-23T09:00'), NOW),
      sayTime(at('2026-07-28T09:05'), NOW),
    ]).toEqual(['15:20', '明天 09:00', '7月28日 09:05']);
  });
});
