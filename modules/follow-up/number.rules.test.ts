import { describe, expect, test } from 'vitest';
import {
  dialBarred,
  dialString,
  earliestDial,
  inDialOrder,
  isUsableBy,
  type NumberFacts,
} from './number.rules.ts';
import { at, MINUTE, NOW, number, settings, window } from './testing/facts.ts';

const until = (text: string): Partial<NumberFacts> => ({ state: 'do_not_call', retestAfter: at(text) });

describe('numbers', () => {
  const barred = (
    given: Partial<NumberFacts>,
    more: { now?: number; dialledToday?: number; promised?: boolean; doNotCall?: boolean } = {},
  ) =>
    dialBarred(number(given), {
      now: more.now ?? NOW,
      window,
      settings,
      dialledToday: more.dialledToday ?? 0,
      promised: more.promised ?? false,
      doNotCall: more.doNotCall ?? false,
    });
  test.each<[rule: string, sentence: string | null, free: boolean]>([
    ['never dialled', barred({}), true],
    ['dialled 30 minutes ago', barred({ lastDialledAt: NOW - 30 * MINUTE }), true],
    ['dialled 29 minutes ago', barred({ lastDialledAt: NOW - 29 * MINUTE }), false],
    ['busy a minute ago: nobody was rung', barred({ lastDialledAt: NOW - MINUTE, lastOutcome: 'L6' }), true],
    ['twice today', barred({ dialledToday: 2 }), true],
    ['three times today', barred({ dialledToday: 3 }), false],
    ['three times today, but promised', barred({ dialledToday: 3 }, { promised: true }), true],
    ['the candidate five times', barred({}, { dialledToday: 5 }), true],
    ['the candidate six times', barred({}, { dialledToday: 6 }), false],
    ['勿拨, even when promised', barred({ state: 'do_not_call' }, { promised: true }), false],
    [
      'the person asked not to be called, even when promised',
      barred({}, { promised: true, doNotCall: true }),
      false,
    ],
    ['勿拨 until a later minute', barred({ state: 'do_not_call', retestAfter: NOW + MINUTE }), false],
    ['勿拨 until now', barred({ state: 'do_not_call', retestAfter: NOW }), true],
    ['dead', barred({ state: 'dead' }), false],
    ['resting for a complaint, even when promised', barred({ frozen: true }, { promised: true }), false],
    ['at nine', barred({}, { now: at('2026-07-22T09:00') }), true],
    ['a minute before nine', barred({}, { now: at('2026-07-22T08:59') }), false],
    ['at nine in the evening', barred({}, { now: at('2026-07-22T21:00') }), false],
  ])('%s', (_rule, sentence, free) => expect(sentence === null).toBe(free));
  test.each<[rule: string, digits: string, expected: string]>([
    [
      'a mobile of elsewhere gets 0',
      dialString('15400000001', { kind: 'mobile', areaCode: '0851', homeAreaCode: '028' }).digits,
      '015400000001',
    ],
    [
      'a local mobile as it is',
      dialString('15400000001', { kind: 'mobile', areaCode: '028', homeAreaCode: '028' }).digits,
      '15400000001',
    ],
    [
      'a mobile of unknown area gets 0',
      dialString('15400000001', { kind: 'mobile', areaCode: null, homeAreaCode: '028' }).digits,
      '015400000001',
    ],
    [
      'a landline of elsewhere with its code',
      dialString('085100012345', { kind: 'landline', areaCode: '0851', homeAreaCode: '028' }).digits,
      '085100012345',
    ],
    [
      'a local landline without',
      dialString('02800012345', { kind: 'landline', areaCode: '028', homeAreaCode: '028' }).digits,
      '00012345',
    ],
  ])('%s', (_rule, digits, expected) => expect(digits).toBe(expected));
  test.each<[rule: string, number: Partial<NumberFacts>, due: number | null]>([
    ['barred for good is never dialled', { state: 'do_not_call' }, null],
    ['barred until a night: the next morning', until('2026-07-25T00:00'), at('2026-07-25T09:00')],
    ['barred until an afternoon: then', until('2026-07-23T15:00'), at('2026-07-23T15:00')],
  ])('%s', (_rule, given, due) =>
    expect(earliestDial(number(given), { after: NOW, now: NOW, window, settings })).toBe(due),
  );
  test('a number barred until the deadline or longer is none that is left to try', () => {
    const resting = number(until('2026-07-25T00:00'));
    expect(isUsableBy(resting, null)).toBe(true);
    expect(isUsableBy(resting, at('2026-07-25T00:00'))).toBe(true);
    expect(isUsableBy(resting, at('2026-07-24T23:59'))).toBe(false);
    expect(isUsableBy(number(), at('2026-07-24T00:00'))).toBe(true);
    expect(isUsableBy(number({ state: 'do_not_call' }), null)).toBe(false);
  });
  test('live before doubtful, then least tried, then by relation', () => {
    const list = [
      number({ phoneId: 'dead', state: 'dead' }),
      number({ phoneId: 'school', relation: 'school' }),
      number({ phoneId: 'tried', dialsOfCase: 1 }),
      number({ phoneId: 'mother', relation: 'mother' }),
    ];
    expect(inDialOrder(list).map(({ phoneId }) => phoneId)).toEqual(['mother', 'school', 'tried', 'dead']);
  });
});
