import { describe, expect, test } from 'vitest';
import { resultKeys } from './key.rules.ts';
import type { NumberFacts } from './number.rules.ts';
import { OUTCOMES, type Outcome, outcomeOf, ruleOf } from './outcome.rules.ts';
import type { CaseFacts } from './retry.rules.ts';
import { tallyOf } from './tally.rules.ts';
import { at, both, type Deciding, decide, HOUR, MINUTE, NOW, number } from './testing/facts.ts';

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
        expect(new Set([...keys, ...more]).size).toBe(keys.length + more.length);
        if (withdrawable && stage !== 'ringing') expect([...keys, ...more]).toContain('R2');
        if (!withdrawable) expect([...keys, ...more]).not.toContain('R2');
      }
    }
  });
  test('a line fault is no attempt, a message without an answer no contact', () => {
    const silent = { contact: false, talkSeconds: 0, direction: 'out' as const };
    expect(tallyOf({ ...silent, channel: 'phone', outcome: 'L11' })).toMatchObject({
      ...{ attempts: 0, dials: 0, discarded: 1 },
    });
    expect(tallyOf({ ...silent, channel: 'phone', outcome: 'L1' })).toMatchObject({
      ...{ attempts: 1, dials: 1, unreached: 0, notEligible: 1, unknownEligibility: 0 },
    });
    expect(tallyOf({ ...silent, direction: 'in', channel: 'phone', outcome: 'L7' })).toMatchObject({
      ...{ attempts: 1, dials: 0, unreached: 1, notEligible: 0, unknownEligibility: 1, refusals: 0 },
    });
    expect(tallyOf({ ...silent, channel: 'sms', outcome: 'sent' })).toMatchObject({
      attempts: 1,
      dials: 0,
      contacts: 0,
    });
    expect(ruleOf('R5').refusal).toBe(true);
  });
});

describe('what follows from an outcome', () => {
  test.each<[rule: string, code: Outcome, given: Deciding, state: string, due: number | null]>([
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
    ['占线 a third time: as 拒接, +4 h', 'L6', { facts: { tried: { L6: 2 } } }, 'ready', NOW + 4 * HOUR],
    ['不在服务区 +1 h', 'L4', {}, 'ready', NOW + HOUR],
    ['拒接: another number may be tried after 4 h', 'L7', {}, 'ready', NOW + 4 * HOUR],
    ['拒接 a third time: the escalation team', 'L7', { facts: { tried: { L7: 2 } } }, 'escalated', null],
    ['拒接 twice: not yet', 'L7', { facts: { tried: { L7: 1 } } }, 'ready', NOW + 4 * HOUR],
    ['空号: the next number at once', 'L1', {}, 'ready', NOW],
    [
      '空号 late in a minute: still at once, not in the next minute',
      'L1',
      { now: NOW + 47_000 },
      'ready',
      NOW + 47_000,
    ],
    ['停机 late in a minute: at once too', 'L2', { now: NOW + 31_000 }, 'ready', NOW + 31_000],
    ['错号 of the only number: nobody left to call', 'A1', { numbers: [number()] }, 'escalated', null],
    [
      'the only number rests for a complaint: looked at tomorrow',
      'L5',
      { numbers: [number({ frozen: true })] },
      'ready',
      at('2026-07-23T09:00'),
    ],
    ['线路故障: back to the head', 'L11', {}, 'ready', NOW],
    ['线路故障 is no dial of the number', 'L11', { numbers: [number({ dialledToday: 2 })] }, 'ready', NOW],
    ['时段受限: the next window', 'L10', {}, 'ready', at('2026-07-23T09:00')],
    ['学校无人: another number meanwhile', 'A2', {}, 'ready', NOW + 30 * MINUTE],
    [
      '学校无人, the only number: the next working morning',
      'A2',
      { numbers: [number()] },
      'ready',
      at('2026-07-23T09:00'),
    ],
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
    ['without a usable number it is another matter', [number({ state: 'dead' })], worn, false],
    ['in the last day three dials are enough', tired(3), { ...worn, deadlineAt: NOW + 23 * HOUR }, true],
  ])('%s', (_rule, numbers, given, said) => {
    const decision = decide('L5', { facts: given, numbers });
    expect(decision.escalation?.cause === 'R10').toBe(said);
    expect(decision.disposition === 'unreachable').toBe(said);
  });
  test('a fault of the line in a third part of the day is no try there', () => {
    const numbers = both.map((one) => ({ ...one, dialsOfCase: 6 }));
    expect(decide('L5', { facts: worn, numbers }).escalation?.cause).toBe('R10');
    expect(decide('L11', { facts: worn, numbers }).escalation).toBeNull();
  });
});
