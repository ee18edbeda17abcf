import { expect, test } from 'vitest';
import { namedMajor, preferenceList, subjectScores } from './file.rules.ts';

const own = { unit: '5131', names: new Map([['01', '汉语言文学']]) };

test.each([
  ['a code of ours with a name', '01', '5131', '汉语言文学（01）'],
  ['a code of ours without a name', '02', '5131', '02'],
  ['the same code of another college means nothing to us', '01', '5132', '01'],
])('%s', (_case, code, college, shown) => {
  expect(namedMajor(code, college, own)).toBe(shown);
});

test('what is no list is none; figures come as text or number', () => {
  expect([subjectScores('语文'), subjectScores(7), preferenceList('01', 1)]).toEqual([[], [], []]);
  expect(subjectScores({ 语文: '101.5', 数学: '', 外语: Number.NaN })).toEqual([
    { name: '语文', score: 101.5 },
    { name: '数学', score: null },
    { name: '外语', score: null },
  ]);
  expect(preferenceList([{ no: '2', college: 5131, major: 7, majors: ['08', ''] }], null)).toEqual([
    { rank: 2, college: '5131', majors: ['7', '08'], filed: false },
  ]);
  expect(preferenceList([{ unit: '5131', major: '01' }], null)).toMatchObject([{ rank: null, filed: false }]);
});

test('a subject has points, a grade, or nothing yet', () => {
  expect(subjectScores({ 语文: 101, 技术: 'A', 化学: null })).toEqual([
    { name: '语文', score: 101 },
    { name: '技术', score: 'A' },
    { name: '化学', score: null },
  ]);
});

test('rows of one rank and 计划性质 are one preference, in order, with the filed one marked', () => {
  const rows = [
    { rank: 2, unit: '5131', major: '01' },
    { rank: 1, unit: '5132', major: '07' },
    { rank: 2, unit: '5131', major: '02' },
  ];
  expect(preferenceList(rows, 2)).toEqual([
    { rank: 1, college: '5132', majors: ['07'], filed: false },
    { rank: 2, college: '5131', majors: ['01', '02'], filed: true },
  ]);
  expect(preferenceList([{ unit: '5133' }, ...rows], 2).map(({ rank }) => rank)).toEqual([1, 2, null]);
  const apart = rows.map((row) => ({ ...row, ...(row.major === '02' && { nature: '7' }) }));
  expect(preferenceList(apart, 2).slice(1)).toEqual([
    { rank: 2, college: '5131', majors: ['01'], filed: true },
    { rank: 2, college: '5131', majors: ['02'], filed: true, nature: '7' },
  ]);
});
