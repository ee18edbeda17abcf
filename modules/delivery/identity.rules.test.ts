import { expect, test } from 'vitest';
import {
  checkCandidateNo,
  isIdNumber,
  readCandidateNo,
  readDate,
  readIdNumber,
  readName,
} from './identity.rules.ts';

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
  ['不详', null],
  ['', null],
])('date %s', (text, date) => {
  expect(readDate(text).date).toBe(date);
});
