import { expect, test } from 'vitest';
import {
  checkCandidateNo,
  isIdNumber,
  maskIdText,
  maskNameText,
  maskNoText,
  readCandidateNo,
  readDate,
  readIdNumber,
  readName,
  readSex,
} from './identity.rules.ts';
import { idNumber } from './testing/people.ts';

test.each<[rule: string, id: string, valid: boolean]>([
  ['published vector with X', '11010519491231002X', true],
  ['published vector', '440524188001010014', true],
  ['check digit off by one', '440524188001010015', false],
  ['17 digits', '44052418800101001', false],
  ['30 February', '110105194902300025', false],
  ['residence permit of Hong Kong', '810000199408230021', true],
  ['residence permit of Taiwan', '830000199201300022', true],
  ['no province 99 with a wrong check digit', '990105194912310021', false],
])('%s', (_rule, id, valid) => {
  expect(isIdNumber(id)).toBe(valid);
});

test('a right check digit makes no province, month or year out of one that does not exist', () => {
  expect(isIdNumber(idNumber('510105', '19491231', '002'))).toBe(true);
  expect(isIdNumber(idNumber('100105', '19491231', '002'))).toBe(false);
  expect(isIdNumber(idNumber('510105', '19491301', '002'))).toBe(false);
  expect(isIdNumber(idNumber('510105', '18791231', '002'))).toBe(false);
});

test.each([
  [['1', '01', '男', '男性'], 'male'],
  [['2', '02', '女', '女性'], 'female'],
  [['', '0', '9', '未说明'], null],
] as const)('sex written as %o is %s', (texts, sex) => {
  expect(texts.map(readSex)).toEqual(texts.map(() => sex));
});

test('of what a finding quotes enough stays to find it, and no more', () => {
  expect([maskIdText('123456'), maskIdText('1234567')]).toEqual(['******', '1234********67']);
  expect([maskNoText('123456789'), maskNoText('1234567890')]).toEqual(['123456789', '123456****7890']);
  expect([maskNameText(' 余子和'), maskNameText('余?'), maskNameText(' ')]).toEqual(['余*', '余?', '']);
});

test('exactly one of eleven check characters passes for a permanent residence card (first digit 9)', () => {
  const passing = [...'0123456789X'].filter((check) => isIdNumber(`91112419900101001${check}`));
  expect(passing).toHaveLength(1);
});

test('a small x and blanks are put right; birth date and sex are read', () => {
  expect(readIdNumber(' 110105 19491231 002x')).toEqual({
    idNumber: '11010519491231002X',
    valid: true,
    birthDate: '1949-12-31',
    sex: 'female',
  });
});

test.each<[text: string, candidateNo: string | null]>([
  ['23510815100494', '23510815100494'],
  ['２３５１０８１５１００４９４', '23510815100494'],
  ["'23510815100494", '23510815100494'],
  ['2351081510049', null],
  ['235108151004940', null],
  ['2.35108E+13', null],
  ['', null],
])('candidate number %s', (text, candidateNo) => {
  expect(readCandidateNo(text)).toBe(candidateNo);
});

test('year and province only warn', () => {
  expect(checkCandidateNo('23510815100494', { year: 2023, province: '51' })).toEqual([]);
  expect(checkCandidateNo('23510815100494', { year: 2024, province: '41' })).toEqual([
    'candidate_no_year',
    'candidate_no_province',
  ]);
});

test.each<[text: string, name: string, lost: boolean, blanks: boolean]>([
  ['余子和', '余子和', false, false],
  [' 毛  杰语', '毛杰语', false, true],
  ['田\u3000冬', '田冬', false, true],
  ['熊??', '熊??', true, false],
  ['熊\ufffd', '熊\ufffd', true, false],
  ['龙㛃', '龙㛃', false, false],
  ['高𠮷', '高𠮷', false, false],
  ['阿依古丽•买买提', '阿依古丽·买买提', false, false],
  ['John  Smith', 'John Smith', false, true],
])('name %s', (text, name, lost, blanks) => {
  expect(readName(text)).toEqual({ name, lost, blanks: blanks && /\s/.test(text.trim()) });
});

test.each<[text: string, date: string | null]>([
  ['20050303', '2005-03-03'],
  ['200401', '2004-01'],
  ['20040100', '2004-01'],
  ['20040015', null],
  ['2004', '2004'],
  ['2005年3月1日', '2005-03-01'],
  ['2005/3/1', '2005-03-01'],
  ['2005-13-01', null],
  ['20040229', '2004-02-29'],
  ['20050229', null],
  ['20000229', '2000-02-29'],
  ['19000229', null],
  ['18800101', '1880-01-01'],
  ['18791231', null],
  ['20991231', '2099-12-31'],
  ['21000101', null],
  ['38353', '2005-01-01'],
  ['20000', '1954-10-03'],
  ['19999', null],
  ['60000', '2064-04-08'],
  ['60001', null],
  ['不详', null],
  ['', null],
])('date %s', (text, date) => {
  expect(readDate(text).date).toBe(date);
});
