import { expect, test } from 'vitest';
import { columnsOf, headerLine, mappableFields, matchHeadings } from './heading.rules.ts';

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

test('what a clerk chose is kept, and nobody else gets that field', () => {
  expect(matchHeadings(['姓名', '称呼', '备注'], { 称呼: 'XM', 备注: null })).toMatchObject([
    { column: null, certainty: 'none' },
    { column: 'XM', certainty: 'given' },
    { column: null, certainty: 'given' },
  ]);
});

test('the header is the line that knows most headings, the first of equals, and names a candidate number', () => {
  const title = ['四川省 2026 年名册'];
  const head = ['考生号', '姓名', '', '备注'];
  expect(headerLine([title, ['考生号', '说明'], head, head])).toBe(2);
  expect(
    headerLine([
      ['考生号', '其他一', '其他二', '其他三'],
      ['考生号', '姓名'],
    ]),
  ).toBe(1);
  expect(headerLine([title, ['姓名']])).toBe(-1);
  expect(columnsOf(matchHeadings(head))).toEqual(['KSH', 'XM', '第3列', expect.any(String)]);
});

test('a heading is matched exactly before it is matched by likeness, and no field is given twice', () => {
  expect(matchHeadings(['学生 姓名（必填）', '姓名', '备注'])).toMatchObject([
    { column: null, certainty: 'none' },
    { column: 'XM', certainty: 'exact' },
    { heading: '备注' },
  ]);
});
