import { expect, test } from 'vitest';
import { shanghaiDay, shanghaiTime, startOfDay } from './shanghai.ts';

test.each([
  ['2026-07-22T15:59:59.999Z', '2026-07-22'],
  ['2026-07-22T16:00:00.000Z', '2026-07-23'],
  ['2026-12-31T16:00:00.000Z', '2027-01-01'],
])('%s is %s in Shanghai', (at, day) => expect(shanghaiDay(Date.parse(at))).toBe(day));

test('a day begins at midnight there, and the moment before belongs to the day before', () => {
  const start = startOfDay('2026-07-23');
  expect(new Date(start).toISOString()).toBe('2026-07-22T16:00:00.000Z');
  expect([shanghaiDay(start), shanghaiDay(start - 1)]).toEqual(['2026-07-23', '2026-07-22']);
});

test('a moment is written by the clock there, wherever the server stands', () =>
  expect(shanghaiTime(Date.parse('2026-07-22T16:05:09Z'))).toBe('2026-07-23 00:05:09'));
