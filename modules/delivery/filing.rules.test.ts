import { expect, test } from 'vitest';
import { buildCodes } from './code.rules.ts';
import { type FilingRecord, filingReader } from './filing.rules.ts';

/** One row of T_TDD with these cells beside its candidate number. */
function read(cells: Readonly<Record<string, string>>): { record: Partial<FilingRecord>; codes: string[] } {
  const row = { KSH: '26510000000001', ...cells };
  const context = { file: 'T_TDD.DBF', columns: Object.keys(row), codes: buildCodes([]), expected: {} };
  const { record, findings } = filingReader(context)({ number: 1, cells: Object.values(row) });
  return { record: record ?? {}, codes: findings.map(({ code }) => code) };
}

test.each([
  ['1', true],
  ['是', true],
  ['服从', true],
  ['T', true],
  ['Y', true],
  ['0', false],
  ['否', false],
  ['不服从', false],
  ['F', false],
  ['N', false],
  ['', null],
  ['未填', null],
])('服从调剂 written as “%s” is %s', (text, obeys) =>
  expect(read({ ZYTJFC: text }).record.adjust).toBe(obeys),
);

test.each([
  ['2', 2, []],
  ['2.00', 2, []],
  ['2.5', null, ['number_bad']],
  ['-1', null, ['number_bad']],
  ['', null, []],
])('投档志愿 written as “%s” is %s', (text, rank, codes) => {
  expect(read({ TDZY: text })).toMatchObject({ record: { preferenceRank: rank }, codes });
});

test.each([
  ['560.5', '560.5', []],
  ['-0.5', '-0.5', []],
  ['560,5', null, ['number_bad']],
  ['', null, []],
])('投档成绩 written as “%s” is %s', (text, score, codes) => {
  expect(read({ TDCJ: text })).toMatchObject({ record: { filingScore: score }, codes });
});

test.each([
  ['3', true],
  ['5', true],
  ['4', false],
  ['', false],
])('a file in state “%s” is locked: %s', (state, locked) =>
  expect(read({ KSZT: state }).record.locked).toBe(locked),
);

test('a slot of the wide form without its own unit belongs to the unit of the row; an empty one is none', () => {
  const slots = {
    TDDW: '5131',
    TDDWDM1: '',
    ZYDH1: '07',
    TDDWDM2: '',
    ZYDH2: '',
    TDDWDM10: '5132',
    ZYDH10: '',
  };
  expect(read(slots).record.preferences).toEqual([
    { rank: 1, unit: '5131', major: '07' },
    { rank: 10, unit: '5132', major: '' },
  ]);
});
