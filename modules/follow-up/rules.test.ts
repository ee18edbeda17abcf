import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#season/rules';
import { checkOutcome, type Saying } from './check.rules.ts';
import { dayPartOf, intoWindow, leastUsedSlot, sayTime, windowOf } from './day-part.rules.ts';
import { decideNext } from './decide.rules.ts';
import { resultKeys } from './key.rules.ts';
import { dialBarred, dialString, inDialOrder, type NumberFacts } from './number.rules.ts';
import { OUTCOMES, type Outcome, outcomeOf, ruleOf } from './outcome.rules.ts';
import type { CaseFacts } from './retry.rules.ts';
import { tallyOf } from './tally.rules.ts';

const at = (text: string): number => Date.parse(`${text}:00+08:00`);
const NOW = at('2026-07-22T10:00');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const settings = DEFAULT_SETTINGS;
const window = windowOf('09:00', '21:00');

const number = (given: Partial<NumberFacts> = {}): NumberFacts => ({
  phoneId: 'self',
  kind: 'mobile',
  relation: 'self',
  state: 'live',
  stateAt: null,
  vacantHits: 0,
  retests: 0,
  retestAfter: null,
  dialledToday: 0,
  lastDialledAt: null,
  lastOutcome: null,
  dialsOfCase: 0,
  ...given,
});
const both = [number(), number({ phoneId: 'father', relation: 'father' })];
const facts = (given: Partial<CaseFacts> = {}): CaseFacts => ({
  disposition: 'uncalled',
  withdrawable: true,
  withdrawalDeadlineAt: at('2026-07-28T17:00'),
  deadlineAt: null,
  window,
  dialledToday: 0,
  tried: {},
  triedToday: {},
  switchedOffDays: 0,
  dayParts: {},
  lastUnansweredAt: null,
  messages: { sms: 0, wechat: 0 },
  contacts: 0,
  smsPhones: ['self'],
  smsAfter: ['no_answer', 'switched_off', 'declined'],
  underEscalation: false,
  hasOwner: true,
  hasGroup: true,
  ...given,
});
const decide = (
  outcome: Outcome,
  given: { facts?: Partial<CaseFacts>; numbers?: NumberFacts[]; callback?: number; now?: number } = {},
) =>
  decideNext(
    facts(given.facts),
    given.numbers ?? both,
    {
      outcome,
      phoneId: 'self',
      callback: given.callback === undefined ? null : { at: given.callback, scope: 'owner', note: '' },
    },
    { now: given.now ?? NOW, settings },
  );

describe('the catalogue', () => {
  test('is complete: L1–L12, A1–A10, R1–R11', () => {
    expect(Object.keys(OUTCOMES)).toHaveLength(33);
  });
  test.each<[rule: string, said: Parameters<typeof outcomeOf>[0], code: Outcome | null]>([
    ['what is wanted decides', { line: null, answerer: 'A6', result: 'R3' }, 'R3'],
    ['then who answered', { line: null, answerer: 'A6', result: null }, 'A6'],
    ['then the line', { line: 'L5', answerer: null, result: null }, 'L5'],
    ['nothing said is nothing', { line: null, answerer: null, result: null }, null],
  ])('%s', (_rule, said, code) => expect(outcomeOf(said)).toBe(code));
  test('no state shows more than nine results, and nobody is offered 联系不上', () => {
    for (const stage of ['ringing', 'talking', 'informant'] as const) {
      for (const withdrawable of [true, false]) {
        const { keys, more } = resultKeys({ stage, withdrawable, escalationTeam: true });
        expect(keys.length).toBeLessThanOrEqual(9);
        expect([...keys, ...more]).not.toContain('R10');
        if (!withdrawable) expect([...keys, ...more]).not.toContain('R2');
      }
    }
  });
  test('a line fault is no attempt, a message without an answer no contact', () => {
    const silent = { contact: false, talkSeconds: 0 };
    expect(tallyOf({ ...silent, channel: 'phone', outcome: 'L11' })).toMatchObject({ attempts: 0, dials: 0 });
    expect(tallyOf({ ...silent, channel: 'sms', outcome: 'sent' })).toMatchObject({
      attempts: 1,
      dials: 0,
      contacts: 0,
    });
    expect(ruleOf('R5').refusal).toBe(true);
  });
});

describe('what follows from an outcome', () => {
  test.each<
    [rule: string, code: Outcome, given: Parameters<typeof decide>[1], state: string, due: number | null]
  >([
    ['关机 +2 h', 'L3', {}, 'ready', NOW + 2 * HOUR],
    ['无人接听 +30 min once', 'L5', {}, 'ready', NOW + 30 * MINUTE],
    [
      '无人接听 again: the least-used day part, away from the hour',
      'L5',
      { facts: { tried: { L5: 1 } } },
      'ready',
      at('2026-07-22T12:00'),
    ],
    ['占线 +10 min', 'L6', {}, 'ready', NOW + 10 * MINUTE],
    ['占线 a second time +10 min', 'L6', { facts: { tried: { L6: 1 } } }, 'ready', NOW + 10 * MINUTE],
    ['不在服务区 +1 h', 'L4', {}, 'ready', NOW + HOUR],
    ['拒接: another number may be tried after 4 h', 'L7', {}, 'ready', NOW + 4 * HOUR],
    ['拒接 a third time: the escalation team', 'L7', { facts: { tried: { L7: 2 } } }, 'escalated', null],
    ['拒接 twice: not yet', 'L7', { facts: { tried: { L7: 1 } } }, 'ready', NOW + 4 * HOUR],
    ['空号: the next number at once', 'L1', {}, 'ready', NOW],
    ['错号 of the only number: nobody left to call', 'A1', { numbers: [number()] }, 'escalated', null],
    ['线路故障: back to the head', 'L11', {}, 'ready', NOW],
    ['时段受限: the next window', 'L10', {}, 'ready', at('2026-07-23T09:00')],
    ['学校无人: the next working morning', 'A2', {}, 'ready', at('2026-07-23T09:00')],
    ['一会儿回电: we call after an hour', 'A7', {}, 'scheduled', NOW + HOUR],
    ['约定时间: exactly', 'A8', { callback: NOW + 7 * MINUTE }, 'scheduled', NOW + 7 * MINUTE],
    ['确认录取 ends the stage', 'R1', {}, 'final', null],
    ['考虑: this evening', 'R3', {}, 'ready', at('2026-07-22T19:00')],
    [
      '考虑 at 15:00: four hours are enough',
      'R3',
      { now: at('2026-07-22T15:00') },
      'ready',
      at('2026-07-22T19:00'),
    ],
    ['考虑 at 15:01: after a day', 'R3', { now: at('2026-07-22T15:01') }, 'ready', at('2026-07-23T15:01')],
    [
      '考虑 at 19:00: the next evening',
      'R3',
      { now: at('2026-07-22T19:00') },
      'ready',
      at('2026-07-23T19:00'),
    ],
    [
      '考虑 in the last day: every 4 h',
      'R3',
      { facts: { deadlineAt: NOW + 20 * HOUR } },
      'ready',
      NOW + 4 * HOUR,
    ],
    ['考虑 a third time: the leader', 'R3', { facts: { tried: { R3: 2 } } }, 'escalated', null],
    ['申请退档: papers after 4 h', 'R2', {}, 'scheduled', NOW + 4 * HOUR],
    ['申请退档 again: after 24 h', 'R2', { facts: { tried: { R2: 1 } } }, 'scheduled', NOW + 24 * HOUR],
    [
      '申请退档 a third time: 6 h before the deadline',
      'R2',
      { facts: { tried: { R2: 2 } }, numbers: both },
      'scheduled',
      at('2026-07-28T11:00'),
    ],
    [
      '申请退档 in the last hours: one reminder that still helps',
      'R2',
      { facts: { withdrawalDeadlineAt: NOW + 5 * HOUR, deadlineAt: NOW + 5 * HOUR } },
      'scheduled',
      NOW + 4 * HOUR,
    ],
    [
      '申请退档 a third time in the last hours: no more calls, the leader',
      'R2',
      { facts: { tried: { R2: 2 }, withdrawalDeadlineAt: NOW + 5 * HOUR, deadlineAt: NOW + 5 * HOUR } },
      'escalated',
      null,
    ],
    ['勿再来电 stops', 'R5', {}, 'blocked', null],
    ['投诉 goes to the supervisor at once', 'R6', {}, 'escalated', null],
    ['信息不符 goes to the office', 'R8', {}, 'escalated', null],
  ])('%s', (...[, code, given, state, due]) => {
    expect(decide(code, given)).toMatchObject({ state, dueAt: due });
  });

  test('态度冷淡 is tried once more by another caller, open to the group at that time', () => {
    expect(decide('R4')).toMatchObject({
      anotherCaller: true,
      dueAt: NOW + 24 * HOUR,
      groupDueAt: NOW + 24 * HOUR,
    });
  });
  test('a call-back is the owner’s for 15 minutes, then the group’s, then anyone’s', () => {
    const due = NOW + HOUR;
    expect(decide('A8', { callback: due })).toMatchObject({
      groupDueAt: due + 15 * MINUTE,
      poolDueAt: due + 30 * MINUTE,
    });
  });
  test('the sixth dial of a candidate moves the next one to tomorrow, the fifth does not', () => {
    expect(decide('L4', { facts: { dialledToday: 4 } }).dueAt).toBe(NOW + HOUR);
    expect(decide('L4', { facts: { dialledToday: 5 } }).dueAt).toBe(at('2026-07-23T09:00'));
  });
  test('the third dial of the only number moves the next one to tomorrow', () => {
    const once = (dialledToday: number) => decide('L4', { numbers: [number({ dialledToday })] }).dueAt;
    expect(once(1)).toBe(NOW + HOUR);
    expect(once(2)).toBe(at('2026-07-23T09:00'));
  });
  test('says what will happen before it is saved', () => {
    expect(decide('L3', { facts: { dialledToday: 1 } }).consequence).toBe(
      '关机 → 短信已排，12:00 再拨，今日第 2 次',
    );
  });
  test('a case under escalation stays there with its next time', () => {
    expect(decide('L5', { facts: { underEscalation: true } })).toMatchObject({
      state: 'escalated',
      escalation: null,
      dueAt: NOW + 30 * MINUTE,
    });
  });
});

describe('联系不上', () => {
  const tired = (dialsOfCase: number) =>
    both.map((one) => ({ ...one, dialsOfCase: one.phoneId === 'self' ? dialsOfCase - 1 : dialsOfCase }));
  const worn: Partial<CaseFacts> = {
    dayParts: { afternoon: 4, evening: 4 },
    messages: { sms: 1, wechat: 1 },
    tried: { L5: 3 },
  };

  test.each<[rule: string, numbers: NumberFacts[], given: Partial<CaseFacts>, said: boolean]>([
    ['six dials of each, three day parts, both messages', tired(6), worn, true],
    ['five dials of each are not enough', tired(5), worn, false],
    ['two day parts are not enough', tired(6), { ...worn, dayParts: { morning: 5, evening: 3 } }, false],
    ['without WeChat it is not said', tired(6), { ...worn, messages: { sms: 1, wechat: 0 } }, false],
    ['whoever was reached once is not unreachable', tired(6), { ...worn, contacts: 1 }, false],
    ['in the last day three dials are enough', tired(3), { ...worn, deadlineAt: NOW + 23 * HOUR }, true],
  ])('%s', (_rule, numbers, given, said) => {
    const decision = decide('L5', { facts: given, numbers });
    expect(decision.escalation?.cause === 'R10').toBe(said);
    expect(decision.disposition === 'unreachable').toBe(said);
  });
});

describe('what is refused', () => {
  const saying = (given: Partial<Saying>): Saying => ({
    line: null,
    answerer: null,
    result: null,
    callback: null,
    checked: { major: true, identity: true },
    ...given,
  });
  const ask = (
    given: Partial<Saying>,
    more: {
      facts?: Partial<CaseFacts>;
      numbers?: NumberFacts[];
      now?: number;
      escalationTeam?: boolean;
    } = {},
  ) => {
    const result = checkOutcome(saying(given), {
      facts: facts(more.facts),
      numbers: more.numbers ?? both,
      now: more.now ?? NOW,
      escalationTeam: more.escalationTeam ?? false,
      numbersBeforeConfirmed: settings.numbersBeforeConfirmed,
    });
    return result.ok ? result.value : result.error.code;
  };
  const deadline = at('2026-07-28T17:00');
  test.each<[rule: string, said: string, expected: string]>([
    ['nothing', ask({}), 'no_outcome'],
    ['a line result with a talk', ask({ line: 'L3', result: 'R1' }), 'outcome_not_allowed'],
    ['联系不上 by hand', ask({ result: 'R10' }), 'outcome_not_allowed'],
    [
      '联系不上 by hand of the escalation team',
      ask({ result: 'R10' }, { escalationTeam: true }),
      'outcome_not_allowed',
    ],
    ['R11 of a caller', ask({ result: 'R11' }), 'outcome_not_allowed'],
    ['R11 of the escalation team is taken', ask({ result: 'R11' }, { escalationTeam: true }), 'R11'],
    ['确认录取 with one number', ask({ result: 'R1' }, { numbers: [number()] }), 'two_numbers_needed'],
    [
      '确认录取 with a dead second number',
      ask({ result: 'R1' }, { numbers: [number(), number({ state: 'dead' })] }),
      'two_numbers_needed',
    ],
    ['确认录取 unchecked', ask({ result: 'R1', checked: { major: true, identity: false } }), 'check_needed'],
    ['确认录取 with two numbers is taken', ask({ result: 'R1' }), 'R1'],
    [
      '退档 in a binding province',
      ask({ result: 'R2' }, { facts: { withdrawable: false } }),
      'binding_province',
    ],
    ['退档 at the deadline', ask({ result: 'R2' }, { now: deadline }), 'past_deadline'],
    ['退档 a moment before is taken', ask({ result: 'R2' }, { now: deadline - 1 }), 'R2'],
    ['约定时间 without a time', ask({ answerer: 'A8' }), 'callback_invalid'],
    [
      'a call-back in the past',
      ask({ answerer: 'A8', callback: { at: NOW, scope: 'owner' } }),
      'callback_invalid',
    ],
    [
      'a call-back after 关机',
      ask({ line: 'L3', callback: { at: NOW + HOUR, scope: 'owner' } }),
      'callback_invalid',
    ],
    [
      'a call-back a moment ahead is taken',
      ask({ answerer: 'A8', callback: { at: NOW + 1, scope: 'owner' } }),
      'A8',
    ],
  ])('%s', (_rule, said, expected) => expect(said).toBe(expected));
});

describe('numbers', () => {
  const barred = (
    given: Partial<NumberFacts>,
    more: { now?: number; dialledToday?: number; promised?: boolean } = {},
  ) =>
    dialBarred(number(given), {
      now: more.now ?? NOW,
      window,
      settings,
      dialledToday: more.dialledToday ?? 0,
      promised: more.promised ?? false,
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
    ['dead', barred({ state: 'dead' }), false],
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
