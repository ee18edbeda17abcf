import { expect, test } from 'vitest';
import { mappableFields, matchHeadings } from './heading.rules.ts';

test('a clerk chooses among the fields of person, filing and numbers, each once and in words', () => {
  const fields = mappableFields();
  const labels = new Map(fields.map(({ column, label }) => [column, label]));
  expect([labels.get('KSH'), labels.get('LXSJ'), labels.get('TDDW')]).toEqual([
    '考生号',
    expect.stringMatching(/手机|电话/),
    expect.stringMatching(/\p{Script=Han}/u),
  ]);
  expect(labels.size).toBe(fields.length);
});

test('a heading is matched exactly before it is matched by likeness, and no field is given twice', () => {
  expect(matchHeadings(['学生 姓名（必填）', '姓名', '备注'])).toMatchObject([
    { column: null, certainty: 'none' },
    { column: 'XM', certainty: 'exact' },
    { heading: '备注' },
  ]);
});
