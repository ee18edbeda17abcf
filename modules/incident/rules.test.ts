import { describe, expect, test } from 'vitest';
import {
  type Audience,
  closeFault,
  draftOf,
  dueAt,
  type IncidentFacts,
  isAlarming,
  missingFor,
} from './rules.ts';

/** 个人信息保护法 art. 57. */

const at = (text: string): number => Date.parse(`${text}:00+08:00`);
const facts = (given: Partial<IncidentFacts> = {}): IncidentFacts => ({
  kind: 'leak',
  title: '一台办公电脑失窃',
  foundAt: at('2026-07-22T09:05'),
  happenedAt: at('2026-07-21T23:00'),
  dataKinds: '考生号、姓名、电话',
  affected: 120,
  cause: '办公室门未锁',
  harm: '可能收到诈骗电话',
  measures: '已远程停用账号',
  selfHelp: '不要轻信以学校名义要求转账的电话',
  contact: '招办 0851-00012345',
  subjectsTold: true,
  ...given,
});

describe('the hours to the report', () => {
  const due = dueAt(at('2026-07-22T09:05'), 24);
  test('run from the discovery', () => expect(due).toBe(at('2026-07-23T09:05')));
  test.each([
    ['2026-07-23T05:04', false],
    ['2026-07-23T05:05', true],
    ['2026-07-24T00:00', true],
  ])('at %s the alarm rings: %s', (now, rings) => expect(isAlarming(due, at(now))).toBe(rings));
});

describe('a draft', () => {
  test('to the persons says kinds, cause, harm, what was done, what they can do and whom to ask', () => {
    const text = draftOf(facts(), 'subjects', '示例学院');
    for (const part of [
      ...['考生号、姓名、电话', '办公室门未锁', '可能收到诈骗电话', '已远程停用账号'],
      ...['不要轻信', '0851-00012345', '2026年7月22日 09:05', '2026年7月21日 23:00', '约 120 人'],
    ])
      expect(text).toContain(part);
  });
  test('to the authority gives no advice to persons', () => {
    const text = draftOf(facts(), 'authority', '示例学院');
    expect(text).toContain('关于示例学院发生个人信息安全事件的报告');
    expect(text).not.toContain('不要轻信');
  });
  test('says what is still open instead of leaving it out', () => {
    const text = draftOf(facts({ cause: ' ', affected: null, happenedAt: null }), 'authority', '示例学院');
    expect(text).toContain('三、原因：（待补充）');
    expect(text).toContain('人数正在核实');
    expect(text).not.toContain('发生于');
  });
});

test.each<[what: string, given: Partial<IncidentFacts>, audience: Audience, missing: string[]]>([
  ['whole', {}, 'subjects', []],
  ['without cause and contact', { cause: '', contact: ' ' }, 'authority', ['原因', '联系方式']],
  ['the authority needs no advice', { selfHelp: '' }, 'authority', []],
  ['the persons do', { selfHelp: '' }, 'subjects', ['个人可以采取的措施']],
])('a notice that is %s lacks what the law names', (_what, given, audience, missing) =>
  expect(missingFor(facts(given), audience)).toEqual(missing),
);

test.each<[subjectsTold: boolean, told: Audience[], code: string | null]>([
  [true, [], 'authority_not_told'],
  [true, ['subjects'], 'authority_not_told'],
  [true, ['authority'], 'subjects_not_told'],
  [true, ['authority', 'subjects'], null],
  [false, ['authority'], null],
  [false, [], 'authority_not_told'],
])('persons to be told: %s, told: %j, closing is refused with %s', (subjectsTold, told, code) =>
  expect(closeFault({ subjectsTold }, told)?.code ?? null).toBe(code),
);
