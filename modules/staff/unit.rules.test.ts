import { expect, test } from 'vitest';
import { unitKindOf, unitQuota } from './unit.rules.ts';

test.each([
  ['school', 5, 3, null],
  ['school', 4, 3, '应选派 5 人，还差 1 人。'],
  ['school', 5, 2, '应有 3 人参加过回访，还差 1 人。'],
  ['school', 0, 0, '应选派 5 人，还差 5 人；应有 3 人参加过回访，还差 3 人。'],
  ['school', 9, 9, null],
  ['department', 2, 1, null],
  ['department', 1, 1, '应选派 2 人，还差 1 人。'],
  ['department', 2, 0, '应有 1 人参加过回访，还差 1 人。'],
] as const)('a %s that sends %i people, %i of them experienced', (kind, people, experienced, owed) => {
  expect(unitQuota({ kind, people, experienced })).toBe(owed);
});

test.each([
  ['计算机学院', 'school'],
  ['数学系', 'school'],
  ['紫荆书院', 'school'],
  ['教务处', 'department'],
  ['学院办公室', 'department'],
])('%s is a %s', (name, kind) => expect(unitKindOf(name)).toBe(kind));
