import { describe, expect, test } from 'vitest';
import { PRIORITY } from './decide.rules.ts';
import type { Decision } from './decision.rules.ts';
import type { NumberFacts } from './number.rules.ts';
import type { Outcome } from './outcome.rules.ts';
import type { CaseFacts } from './retry.rules.ts';
import { at, both, type Deciding, decide, HOUR, MINUTE, NOW, number } from './testing/facts.ts';

const DAY = 24 * HOUR;
const agreed = NOW + HOUR;
const dead = [number({ phoneId: 'old', state: 'dead' })];

describe('the place in the queue', () => {
  test.each<[rule: string, code: Outcome, given: Deciding, place: keyof typeof PRIORITY]>([
    ['another number of the same candidate comes first', 'L1', {}, 'head'],
    ['so does a call that a fault of ours ended', 'L11', {}, 'head'],
    ['a time agreed is a promise', 'A8', { callback: agreed }, 'promised'],
    ['also beside another result', 'R3', { callback: agreed }, 'promised'],
    ['so is a reminder of papers', 'R2', {}, 'promised'],
    ['and whoever said to call in a while', 'A7', {}, 'promised'],
    ['a deadline within 24 hours is urgent', 'L5', { facts: { deadlineAt: NOW + DAY - 1 } }, 'urgent'],
    ['one in 24 hours is not', 'L5', { facts: { deadlineAt: NOW + DAY } }, 'ordinary'],
    ['who considers comes before the others', 'R3', {}, 'considering'],
    ['also when nobody answers', 'L5', { facts: { disposition: 'considering' } }, 'considering'],
    ['everybody else in turn', 'L5', {}, 'ordinary'],
  ])('%s', (_rule, code, given, place) => {
    expect(decide(code, given).priority).toBe(PRIORITY[place]);
  });
  test('the places follow each other', () => {
    expect(Object.values(PRIORITY)).toEqual([0, 1, 2, 4, 5]);
  });
});

describe('who may pull it', () => {
  const said = (scope: 'owner' | 'group' | 'any'): Deciding => ({
    said: { callback: { at: agreed, scope, note: '' } },
  });
  const alone = { facts: { hasGroup: false } };
  test.each<[rule: string, code: Outcome, given: Deciding, opens: [group: number | null, pool: number]]>([
    ['the owner for a day, the group for another', 'L6', {}, [DAY + 10 * MINUTE, 2 * DAY + 10 * MINUTE]],
    [
      'the group at once without an owner',
      'L6',
      { facts: { hasOwner: false } },
      [10 * MINUTE, DAY + 10 * MINUTE],
    ],
    ['anyone after the owner, without a group', 'L6', alone, [null, DAY + 10 * MINUTE]],
    ['the group at once for another caller', 'R4', {}, [DAY, 2 * DAY]],
    ['a promise of the owner', 'A8', said('owner'), [HOUR + 15 * MINUTE, HOUR + 30 * MINUTE]],
    ['a promise of the group', 'A8', said('group'), [HOUR, HOUR + 15 * MINUTE]],
    ['a promise of anyone', 'A8', said('any'), [HOUR, HOUR]],
    ['a promise without a group', 'A8', { ...said('owner'), ...alone }, [null, HOUR + 30 * MINUTE]],
  ])('%s', (_rule, code, given, [group, pool]) => {
    expect(decide(code, given)).toMatchObject({
      groupDueAt: group === null ? null : NOW + group,
      poolDueAt: NOW + pool,
    });
  });
});

describe('the next day part', () => {
  const ELEVEN = at('2026-07-22T11:00');
  const again = { tried: { L5: 1 } };
  const friday = at('2026-07-24T10:00');
  const worn = { ...again, dayParts: { morning: 3, afternoon: 3, evening: 3 } };
  test.each<[rule: string, given: Deciding, due: number]>([
    [
      'keeps two hours away from the time nobody answered',
      { now: ELEVEN, facts: again },
      at('2026-07-22T13:00'),
    ],
    [
      'in the last day begins at once',
      { now: ELEVEN, facts: { ...again, deadlineAt: ELEVEN + 23 * HOUR } },
      at('2026-07-22T12:00'),
    ],
    ['may be of the next days', { now: friday, facts: worn }, at('2026-07-25T12:00')],
    [
      'in the last day is one of today',
      { now: friday, facts: { ...worn, deadlineAt: friday + 23 * HOUR } },
      at('2026-07-24T12:00'),
    ],
  ])('%s', (_rule, given, due) => expect(decide('L5', given).dueAt).toBe(due));
  test('papers are asked for a day later where no deadline is known', () => {
    const facts = { tried: { R2: 2 }, withdrawalDeadlineAt: null };
    expect(decide('R2', { facts }).dueAt).toBe(NOW + DAY);
  });
});

describe('the messages that follow', () => {
  test.each<[rule: string, code: Outcome, given: Deciding, messages: string[]]>([
    ['无人接听: a text message', 'L5', {}, ['sms']],
    ['无人接听 again: WeChat too', 'L5', { facts: { tried: { L5: 1 } } }, ['sms', 'wechat']],
    ['占线 twice: none', 'L6', { facts: { tried: { L6: 1 } } }, []],
    ['占线 a third time: a text message', 'L6', { facts: { tried: { L6: 2 } } }, ['sms']],
    ['考虑: none', 'R3', {}, []],
    ['none without an approved text', 'L3', { facts: { smsAfter: ['no_answer'] } }, []],
    ['none to a number that had its message today', 'L3', { facts: { smsPhones: ['father'] } }, []],
    ['none without a number', 'L3', { said: { phoneId: null } }, []],
  ])('%s', (_rule, code, given, messages) => expect(decide(code, given).messages).toEqual(messages));
});

describe('a hand-over', () => {
  const by = (tier: 'leader' | 'supervisor'): NonNullable<Deciding['said']> => ({
    escalation: { tier },
  });
  const leader = (cause: string) => ({ tier: 'leader', cause });
  const due = (deadlineAt: number): Deciding => ({ facts: { deadlineAt } });
  test.each<[rule: string, code: Outcome, given: Deciding, handed: object | null]>([
    [
      'by hand goes where the caller says',
      'R3',
      { said: by('supervisor') },
      { tier: 'supervisor', cause: 'by_hand' },
    ],
    [
      'by hand where a rule would too keeps the cause of the rule',
      'R3',
      { said: by('supervisor'), facts: { tried: { R3: 2 } } },
      { tier: 'supervisor', cause: 'R3' },
    ],
    [
      'a code with a tier of its own goes there',
      'R6',
      { said: by('leader') },
      { tier: 'supervisor', cause: 'R6' },
    ],
    [
      'it does under escalation too',
      'R8',
      { facts: { underEscalation: true } },
      { tier: 'office', cause: 'R8' },
    ],
    ['nobody left to call: somebody looks for a number', 'L5', { numbers: dead }, leader('no_number')],
    ['the third day switched off', 'L3', { facts: { switchedOffDays: 2 } }, leader('L3')],
    ['not the second, however often', 'L3', { facts: { switchedOffDays: 1, tried: { L3: 5 } } }, null],
    ['no try left before the deadline', 'L5', due(NOW + 30 * MINUTE), leader('deadline')],
    ['one moment is left', 'L5', due(NOW + 30 * MINUTE + 1), null],
    ['a deadline that is past hands nothing over', 'L5', due(NOW), null],
    [
      'a case that is handed over already stays',
      'R3',
      { facts: { underEscalation: true, tried: { R3: 2 } } },
      null,
    ],
    ['who has a time agreed is called', 'R3', { callback: agreed, facts: { tried: { R3: 2 } } }, null],
  ])('%s', (_rule, code, given, handed) => {
    expect(decide(code, given).escalation).toEqual(handed);
  });
  test('a promise is kept by the owner until somebody accepts, another next call is not', () => {
    expect(decide('R3', { callback: agreed, said: by('leader') })).toMatchObject({
      ...{ state: 'escalated', dueAt: agreed, groupDueAt: agreed + 15 * MINUTE },
      callback: { dueAt: agreed, scope: 'owner' },
    });
    expect(decide('R3', { said: by('leader') })).toMatchObject({
      ...{ state: 'escalated', dueAt: null, groupDueAt: null, poolDueAt: null, callback: null },
    });
  });
  test('under escalation a case without a number stays with whoever has it', () => {
    expect(decide('L5', { numbers: dead, facts: { underEscalation: true } })).toMatchObject({
      ...{ state: 'escalated', escalation: null, dueAt: null },
    });
  });
});

test('only 勿再来电 bars further calls', () => {
  expect([decide('R5'), decide('R4'), decide('L7')].map(({ doNotCall }) => doNotCall)).toEqual([
    true,
    false,
    false,
  ]);
});

test.each<[rule: string, given: Partial<CaseFacts>, said: Deciding['said'], expected: Partial<Decision>]>([
  ['is stopped', {}, {}, { state: 'blocked', blockedReason: 'do_not_call' }],
  ['stays with whoever has it', { underEscalation: true }, {}, { state: 'escalated', blockedReason: null }],
  [
    'may be handed over',
    {},
    { escalation: { tier: 'leader' } },
    { state: 'escalated', escalation: { tier: 'leader', cause: 'by_hand' } },
  ],
])('who asked for no more calls and calls us: the case %s', (_rule, given, said, expected) => {
  expect(decide('R3', { facts: { doNotCall: true, ...given }, ...(said && { said }) })).toMatchObject(
    expected,
  );
});

describe('联系不上 looks at the numbers that can be called', () => {
  const worn = { dayParts: { afternoon: 4, evening: 4 }, messages: { sms: 1, wechat: 1 } };
  const six = (given: Partial<NumberFacts>) => number({ ...given, dialsOfCase: 6 });
  const five = { dialsOfCase: 5 };
  const silent = { ...worn, messages: { sms: 0, wechat: 0 } };
  const landline = { kind: 'landline' as const };
  test.each<[rule: string, numbers: NumberFacts[], given: Partial<CaseFacts>, said: boolean]>([
    ['a dead one need not be dialled', [number(five), number({ phoneId: 'b', state: 'dead' })], worn, true],
    ['a second one must be', [number(five), number({ phoneId: 'b', ...five })], worn, false],
    ['landlines get no messages', [number({ ...five, ...landline })], silent, true],
    ['one mobile among them does', [number({ ...five, ...landline }), six({ phoneId: 'b' })], silent, false],
    [
      'without a text message it is not said',
      [number(five)],
      { ...worn, messages: { sms: 0, wechat: 1 } },
      false,
    ],
    [
      'a day part counts with one dial',
      [number(five)],
      { ...worn, dayParts: { afternoon: 0, evening: 8 } },
      false,
    ],
  ])('%s', (_rule, numbers, given, said) => {
    expect(decide('L4', { facts: given, numbers }).escalation?.cause === 'R10').toBe(said);
  });
  test('an answer in this very call makes nobody unreachable', () => {
    expect(decide('A5', { facts: worn, numbers: [number(five)] }).escalation).toBeNull();
  });
});

describe('what is said before saving', () => {
  const deadline = { withdrawalDeadlineAt: null };
  const escalated = { facts: { underEscalation: true } };
  test.each<[code: Outcome, given: Deciding, sentence: string]>([
    ['L5', {}, '无人接听 → 短信已排，10:30 再拨，今日第 1 次'],
    ['L5', { facts: { tried: { L5: 1 } } }, '无人接听 → 短信已排，请再试微信，12:00 再拨，今日第 1 次'],
    ['L1', {}, '空号 → 号码记为疑似空号，立即换下一个号码，今日第 1 次'],
    ['L1', { now: NOW + 31_000 }, '空号 → 号码记为疑似空号，立即换下一个号码，今日第 1 次'],
    ['L11', {}, '线路或坐席故障 → 放回队列最前，马上可以再拨'],
    ['A1', { numbers: both }, '错号 → 该号码不再用于这名考生，立即换下一个号码，今日第 1 次'],
    ['R1', {}, '确认录取 → 本阶段办结'],
    ['R3', {}, '考虑 / 犹豫 → 19:00 再拨'],
    ['R4', {}, '态度冷淡 → 明天 10:00 由另一位回访员再联系一次'],
    ['A8', { callback: agreed }, '约定时间 → 11:00 回电，超过 15 分钟放给本组'],
    ['R6', {}, '投诉 / 舆情 → 转督查组处理，接手前仍由您负责'],
    ['R9', {}, '去世 / 重病 → 什么都不要催，转组长处理，接手前仍由您负责'],
    ['L5', { numbers: dead }, '无人接听 → 短信已排，已没有可拨的号码，转组长查号'],
    ['L6', { facts: { deadlineAt: NOW + 1 } }, '占线 → 期限前已排不下再次拨打，转组长处理'],
    ['L6', { ...escalated, numbers: dead }, '占线 → 没有可再拨的号码，由接手的人决定下一步'],
    [
      'R2',
      { facts: deadline },
      '申请退档 → 14:00 提醒交材料（申请书、身份证、准考证同一张照片，本人和家长签名）',
    ],
  ])('%s: %o', (code, given, sentence) => expect(decide(code, given).consequence).toBe(sentence));

  test('a promise that goes along with a hand-over is named, and so is the deadline of a withdrawal', () => {
    const escalation = { tier: 'leader' as const };
    expect(decide('R3', { callback: agreed, said: { escalation } }).consequence).toBe(
      '考虑 / 犹豫 → 转组长处理，接手前仍由您负责，11:00 仍由您回电',
    );
    expect(decide('R2').consequence).toMatch(/，截止 7月28日 17:00$/);
    expect(decide('R5').consequence).toMatch(/^明确拒绝，勿再来电 → 不再拨打此人/);
    const worn = { dayParts: { afternoon: 4, evening: 4 }, messages: { sms: 1, wechat: 1 } };
    expect(decide('L4', { facts: worn, numbers: [number({ dialsOfCase: 5 })] }).consequence).toContain(
      '各号码均已拨满，系统判定联系不上，转组长',
    );
  });
});
