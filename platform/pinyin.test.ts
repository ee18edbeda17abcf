import { expect, test } from 'vitest';
import { inNameOrder } from '#platform/pinyin';

test.each<[rule: string, names: string[], order: string[]]>([
  ['people by sound, not by code point', ['丁一', '安然', '曾巩', '丁二'], ['安然', '丁二', '丁一', '曾巩']],
  [
    'groups by their number',
    ['第十组', '第二组', '第一组', '第十一组', '第三组'],
    ['第一组', '第二组', '第三组', '第十组', '第十一组'],
  ],
  [
    'a bare number counts before 组 as well',
    ['三组', '二十组', '一组', '十二组'],
    ['一组', '三组', '十二组', '二十组'],
  ],
  ['figures by their size', ['回访10组', '回访9组', '回访1组'], ['回访1组', '回访9组', '回访10组']],
  ['units by sound', ['招生办公室', '护理学院', '信息工程学院'], ['护理学院', '信息工程学院', '招生办公室']],
  ['equal names as they come', ['李', '安', '李'], ['安', '李', '李']],
])('%s', (_rule, names, order) => {
  expect(inNameOrder(names, (name) => name)).toEqual(order);
});

test('rows keep what they carry, and equal names their order', () => {
  const rows = [
    { name: '李', no: 1 },
    { name: '安', no: 2 },
    { name: '李', no: 3 },
  ];
  expect(inNameOrder(rows, ({ name }) => name).map(({ no }) => no)).toEqual([2, 1, 3]);
});
