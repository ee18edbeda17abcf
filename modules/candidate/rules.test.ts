import { expect, test } from 'vitest';
import { keysOfFirst, nameKeys } from '#platform/pinyin';
import { shanghaiDay } from '#platform/shanghai';
import { preferenceList, subjectScores } from './file.rules.ts';
import { sortFault } from './list.rules.ts';
import { isSamePerson, type MergeSide, mergeFault } from './merge.rules.ts';
import {
  areaCodeOf,
  COOLING_MS,
  isMinor,
  maskAddress,
  maskIdNumber,
  maskName,
  maskPhone,
  nationalNumber,
  type PhoneCondition,
  type PhoneEffect,
  phoneAfter,
  RETESTS_MAX,
  VACANT_AGAIN_HOURS,
} from './rules.ts';
import { after, namesOnePerson, readSearch } from './search.rules.ts';
import { DEFAULT_SIGNALS, forbiddenWord } from './signal.rules.ts';

test.each([
  ['张明', '张*'],
  ['张小明', '张*明'],
  ['欧阳修文', '欧**文'],
  ['阿卜杜拉·买买提', '阿***提'],
  ['李', '*'],
  ['', ''],
])('name %s is shown as %s', (name, masked) => expect(maskName(name)).toBe(masked));

test.each([
  ['+8615400001234', '154****1234', null, '15400001234'],
  ['+867310001234', '0731****1234', '0731', '07310001234'],
  ['+862800012345', '028****2345', '028', '02800012345'],
  ['+861000012345', '010****2345', '010', '01000012345'],
])('number %s is shown as %s', (number, masked, area, national) => {
  expect(maskPhone(number)).toBe(masked);
  expect(areaCodeOf(number)).toBe(area);
  expect(nationalNumber(number)).toBe(national);
});

test('an ID number keeps its first three and its last, an address its county', () => {
  expect(maskIdNumber('11010519491231002X')).toBe('110**************X');
  expect(maskIdNumber('12345')).toBe('*****');
  expect(maskAddress('四川省成都市金堂县赵镇某街 1 号')).toBe('四川省成都市金堂县****');
  expect(maskIdNumber('123456')).toBe('123**6');
  expect(maskAddress('某地')).toBe('某地****');
  expect(maskAddress('某某大学城东路 1 号')).toBe('某某大****');
});

test.each([
  ['单明', 'shan ming 单明', 'sm'],
  ['曾长沙', 'zeng chang sha 曾长沙', 'zcs'],
  ['欧阳修文', 'ou yang xiu wen 欧阳修文', 'oyxw'],
  ['万俟雪', 'mo qi xue 万俟雪', 'mqx'],
  ['吕绿', 'lv lv 吕绿', 'll'],
  ['阿卜杜拉·买买提', 'a bu du la mai mai ti 阿卜杜拉·买买提', 'abdlmmt'],
  ['李?', 'li 李?', 'l'],
])('%s is sorted as %s and found by %s', (name, key, initials) => {
  expect(nameKeys(name)).toEqual({ key, initials });
});

test.each(['单小明', '张明', '仇英', '长孙无忌', '曾国'])(
  'the key of %s lies in the stretch of its first character',
  (name) => {
    const { from, until } = keysOfFirst(name.slice(0, 1));
    const { key } = nameKeys(name);
    expect(key >= from && key < until).toBe(true);
  },
);

const fresh: PhoneCondition = { state: 'live', stateAt: null, vacantHits: 0, retests: 0, retestAfter: null };
const VACANT_AGAIN_MS = VACANT_AGAIN_HOURS * 3_600_000;
const suspect: PhoneCondition = { ...fresh, state: 'suspect', stateAt: 1000, vacantHits: 1 };
const suspended: PhoneCondition = { ...fresh, state: 'suspended', stateAt: 1000, retests: RETESTS_MAX - 2 };
const blocked: PhoneCondition = { ...fresh, state: 'do_not_call', stateAt: 1000 };

test.each<[rule: string, given: [PhoneCondition, PhoneEffect, at: number], state: string]>([
  ['L1: the first 空号 makes a number suspect', [fresh, 'vacant', 1000], 'suspect'],
  [
    'L1: again a moment before four hours changes nothing',
    [suspect, 'vacant', 1000 + VACANT_AGAIN_MS - 1],
    'suspect',
  ],
  ['L1: again after four hours it is dead', [suspect, 'vacant', 1000 + VACANT_AGAIN_MS], 'dead'],
  ['L1: a leader checked', [suspect, 'checked_dead', 1001], 'dead'],
  ['L2: 停机', [fresh, 'suspended', 1000], 'suspended'],
  ['L7: 拒接 rests', [fresh, 'rejected', 1000], 'cooling'],
  ['an answer brings it back', [suspect, 'alive', 2000], 'live'],
  ['勿拨 is not lifted by an answer', [blocked, 'alive', 2000], 'do_not_call'],
  ['勿拨 until a day stands before it', [{ ...blocked, retestAfter: 3000 }, 'alive', 2999], 'do_not_call'],
  ['and has ended on it', [{ ...blocked, retestAfter: 3000 }, 'alive', 3000], 'live'],
  ['勿拨 is lifted by lifting', [blocked, 'lifted', 2000], 'live'],
])('%s', (_rule, given, state) => expect(phoneAfter(...given).state).toBe(state));

const NOW = Date.parse('2026-07-22T10:00:00+08:00');
const HOURS = 3_600_000;
const worn: PhoneCondition = {
  ...fresh,
  state: 'suspended',
  stateAt: NOW,
  vacantHits: 1,
  retests: 2,
  retestAfter: NOW,
};

test.each<[rule: string, given: [PhoneCondition, PhoneEffect], after: PhoneCondition]>([
  [
    '空号 is looked at again after four hours',
    [fresh, 'vacant'],
    { ...fresh, state: 'suspect', stateAt: NOW, vacantHits: 1, retestAfter: NOW + 4 * HOURS },
  ],
  [
    'a second 空号 counts both',
    [{ ...suspect, stateAt: NOW - 4 * HOURS }, 'vacant'],
    { ...suspect, state: 'dead', stateAt: NOW, vacantHits: 2, retestAfter: null },
  ],
  [
    '空号 after an answer is the first again',
    [{ ...fresh, stateAt: NOW - 9 * HOURS }, 'vacant'],
    { ...fresh, state: 'suspect', stateAt: NOW, vacantHits: 1, retestAfter: NOW + 4 * HOURS },
  ],
  [
    '停机 is tested again the next day',
    [{ ...fresh, retests: 2 }, 'suspended'],
    { ...fresh, state: 'suspended', stateAt: NOW, retests: 0, retestAfter: NOW + 24 * HOURS },
  ],
  [
    '停机 a fourth time ends the tests',
    [worn, 'suspended'],
    { ...worn, stateAt: NOW, retests: 3, retestAfter: null },
  ],
  [
    '拒接 rests four hours',
    [fresh, 'rejected'],
    { ...fresh, state: 'cooling', stateAt: NOW, retestAfter: NOW + 4 * HOURS },
  ],
  [
    '勿拨 holds for ever',
    [worn, 'do_not_call'],
    { ...worn, state: 'do_not_call', stateAt: NOW, retestAfter: null },
  ],
  ['an answer forgets what was', [worn, 'alive'], { ...fresh, stateAt: NOW }],
])('%s', (_rule, [phone, effect], after) => expect(phoneAfter(phone, effect, NOW)).toEqual(after));

test('the season says after how many hours a second 空号 counts', () => {
  const HOUR = 3_600_000;
  expect(phoneAfter(fresh, 'vacant', 0, 12).retestAfter).toBe(12 * HOUR);
  expect(phoneAfter(suspect, 'vacant', 1000 + 12 * HOUR - 1, 12).state).toBe('suspect');
  expect(phoneAfter(suspect, 'vacant', 1000 + 12 * HOUR, 12).state).toBe('dead');
});

test('a suspended number is tested again three times, a rejected one rests four hours', () => {
  const second = phoneAfter(suspended, 'suspended', 1000);
  expect(second.retestAfter).not.toBeNull();
  expect(phoneAfter(second, 'suspended', 2000)).toMatchObject({ retests: RETESTS_MAX, retestAfter: null });
  expect(phoneAfter(fresh, 'rejected', 1000).retestAfter).toBe(1000 + COOLING_MS);
});

test('a minor is one until the day before the eighteenth birthday, by the day in China', () => {
  expect(isMinor('2026-07-18', '2026-07-17')).toBe(true);
  expect(isMinor('2026-07-18', '2026-07-18')).toBe(false);
  expect(isMinor(null, '2026-07-18')).toBe(false);
  expect(shanghaiDay(Date.parse('2026-07-17T15:59:59Z'))).toBe('2026-07-17');
  expect(shanghaiDay(Date.parse('2026-07-17T16:00:00Z'))).toBe('2026-07-18');
});

test.each([
  ['26510000000001', 'candidate_no'],
  ['2651', 'tail'],
  ['26510', 'no_prefix'],
  ['154 0000 1234', 'phone'],
  ['+8615400001234', 'phone'],
  ['0731-0001234', 'phone'],
  ['11010519491231002x', 'id_number'],
  ['张', 'name'],
  ['zm', 'sound'],
  ['ＺＭ', 'sound'],
  ['265', 'nothing'],
  ['265100000000012', 'nothing'],
  ['%', 'nothing'],
])('%s is searched as %s', (text, kind) => expect(readSearch(text).kind).toBe(kind));

test('by number everybody finds everyone, by name only their own', () => {
  for (const whole of ['26510000000001', '154 0000 1234', '11010519491231002X'])
    expect(namesOnePerson(readSearch(whole))).toBe(true);
  expect(namesOnePerson(readSearch('2651'))).toBe(true);
  expect(namesOnePerson(readSearch('张明'))).toBe(false);
  expect(namesOnePerson(readSearch('26510'))).toBe(false);
});

test.each([
  ['12', '至少输入 4 位（号码后四位或考生号开头），现为 2 位'],
  ['265', '至少输入 4 位（号码后四位或考生号开头），现为 3 位'],
  ['265100000000012', '考生号为 14 位，现为 15 位'],
])('%s is refused with what is missing', (text, hint) => {
  expect(readSearch(text)).toMatchObject({ kind: 'nothing', hint: expect.stringContaining(hint) });
});

test.each([
  ['2651000000000', { kind: 'no_prefix', from: '2651000000000', until: '2651000000001' }],
  ['0731-0001234', { kind: 'phone', number: '+867310001234' }],
  ['zhan', { kind: 'sound', whole: false }],
  ['zhang', { kind: 'sound', whole: true }],
  ['z  m', { kind: 'sound', from: 'z m', whole: true }],
])('%s is read as %o', (text, term) => expect(readSearch(text)).toMatchObject(term));

test('the end of a prefix lies after all texts that begin with it', () => {
  expect(after('张')).toBe('弡');
  expect(after('269')).toBe('26:');
  expect(after('\ud7ff')).toBe('\ue000');
  expect('张明明' < after('张') && '李' > after('张')).toBe(true);
});

test.each<[sort: Parameters<typeof sortFault>[0], byProvince: boolean, byCase: boolean, refused: boolean]>([
  ['name', false, true, false],
  ['due', false, true, false],
  ['score', true, false, true],
  ['number', false, false, false],
  ['number', false, true, true],
  ['number', true, true, false],
])('a long list by %s (province %s, cases %s) is refused: %s', (sort, byProvince, byCase, refused) => {
  expect(sortFault(sort, { byProvince, byCase }) !== null).toBe(refused);
});

const side: MergeSide = {
  candidateNo: '26510000000001',
  seasonId: 'a',
  mergedInto: null,
  examState: null,
  contacts: 0,
  openCases: 0,
};
const other: MergeSide = { ...side, candidateNo: '26510000000002' };

test.each<[rule: string, kept: MergeSide, merged: MergeSide, code: string | undefined]>([
  ['two untouched files merge', side, other, undefined],
  ['the kept one may have contacts', { ...side, contacts: 3, openCases: 1 }, other, undefined],
  ['the other may have contacts when all is final', side, { ...other, contacts: 3 }, undefined],
  ['not when both have', { ...side, contacts: 1 }, { ...other, contacts: 1 }, 'both_contacted'],
  ['not with open work on the other', side, { ...other, openCases: 1 }, 'case_open'],
  ['not with itself', side, side, 'same_file'],
  ['not across seasons', side, { ...other, seasonId: 'b' }, 'other_season'],
  ['not twice', side, { ...other, mergedInto: 'x' }, 'already_merged'],
])('%s', (_rule, kept, merged, code) => expect(mergeFault(kept, merged)?.code).toBe(code));

test('a name alone makes nobody the same person', () => {
  expect(isSamePerson({ sameId: false, sameName: true, samePhone: false })).toBe(false);
  expect(isSamePerson({ sameId: false, sameName: false, samePhone: true })).toBe(false);
  expect(isSamePerson({ sameId: false, sameName: true, samePhone: true })).toBe(true);
  expect(isSamePerson({ sameId: true, sameName: false, samePhone: false })).toBe(true);
});

test('the catalogue has fourteen neutral signals, each leading to help', () => {
  expect(DEFAULT_SIGNALS).toHaveLength(14);
  for (const { name, help } of DEFAULT_SIGNALS) {
    expect(forbiddenWord(name + help)).toBeNull();
    expect(help.length).toBeGreaterThan(10);
  }
  expect(forbiddenWord('家庭贫困')).toBe('贫困');
});

test('scores and preferences are read in both shapes', () => {
  expect(subjectScores({ 语文: 101 })).toEqual([{ name: '语文', score: 101 }]);
  expect(subjectScores([{ code: '01', name: '数学', value: '99.5' }])).toEqual([
    { name: '数学', score: 99.5 },
  ]);
  expect(subjectScores(null)).toEqual([]);
  const rows = [
    { rank: 2, unit: '5101', major: '02' },
    { rank: 1, unit: '5100', major: '01' },
    { rank: 2, unit: '5101', major: '03' },
  ];
  expect(preferenceList(rows, 2)).toEqual([
    { rank: 1, college: '5100', majors: ['01'], filed: false },
    { rank: 2, college: '5101', majors: ['02', '03'], filed: true },
  ]);
});
