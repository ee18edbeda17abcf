import { expect, test } from 'vitest';
import { callbackLabel, callbackTime, parseCallback } from './callback-time.ts';

const at = (text: string): number => Date.parse(`${text}+08:00`);
const now = at('2026-07-22T15:20:10');
const window = { fromMinute: 540, untilMinute: 1260 };

test.each([
  ['1530', '2026-07-22T15:30'],
  ['15:30', '2026-07-22T15:30'],
  ['15点30', '2026-07-22T15:30'],
  ['9点', '2026-07-23T09:00'],
  ['1520', '2026-07-23T15:20'],
  ['明天 9:30', '2026-07-23T09:30'],
  ['后天0930', '2026-07-24T09:30'],
  ['7-28 10:00', '2026-07-28T10:00'],
  ['7月28日 10:00', '2026-07-28T10:00'],
  ['1-2 10:00', '2027-01-02T10:00'],
  ['+30', '2026-07-22T15:50'],
  ['＋30', '2026-07-22T15:50'],
])('%s is %s', (typed, told) => {
  expect(parseCallback(typed, now)).toBe(at(`${told}:00`));
});

test.each(['', '下午', '25:00', '15:60', '昨天 9:00', '+'])('%s is not understood', (typed) => {
  expect(parseCallback(typed, now)).toBeNull();
});

test('the chips: an hour later, this evening, tomorrow at nine or when calling may begin', () => {
  expect(callbackTime('hour', now, window)).toBe(at('2026-07-22T16:20:00'));
  expect(callbackTime('tonight', now, window)).toBe(at('2026-07-22T19:00:00'));
  expect(callbackTime('tomorrow', now, window)).toBe(at('2026-07-23T09:00:00'));
  expect(callbackTime('tomorrow', now, { ...window, fromMinute: 660 })).toBe(at('2026-07-23T11:00:00'));
  expect(callbackTime('tomorrow', now, { ...window, fromMinute: 0 })).toBe(at('2026-07-23T09:00:00'));
});

test('an evening that has begun is no evening to come', () => {
  expect(callbackTime('tonight', at('2026-07-22T18:59:59'), window)).toBe(at('2026-07-22T19:00:00'));
  expect(callbackTime('tonight', at('2026-07-22T19:00:00'), window)).toBeNull();
  expect(callbackLabel('tonight', at('2026-07-22T19:00:00'), window)).toBe('今晚已过');
  expect(callbackLabel('tomorrow', now, window)).toBe('明早 09:00');
});
