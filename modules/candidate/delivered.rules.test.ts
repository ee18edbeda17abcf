import { expect, test } from 'vitest';
import { deliveredFacts } from './delivered.rules.ts';

const file = {
  codes: {
    planNature: { code: '0', name: '非定向' },
    planKind: { code: '3', name: null },
    subjectGroup: { code: '5', name: '理工', raw: '理科' },
    unit: '5131',
    qualifyingScore: '5.0',
  },
  raw: { ZYCJTFPW: '17', LQFS: '2', LQXH: '' },
  examState: '5',
  decidedMajorCode: '07',
};
const namesOf = (table: string, code: string): string | undefined =>
  table === 'LQFSDM' && code === '2' ? '平行志愿' : undefined;
const shown = (scores: boolean) =>
  Object.fromEntries(
    deliveredFacts(file, { XKKM: '物理,化学,生物', 宿舍: '四人间' }, { namesOf, scores }).map(
      ({ label, value }) => [label, value],
    ),
  );

test('what a delivery says of a filing, in words: codes by name, words as they came, tables asked for what stayed raw', () => {
  expect(shown(true)).toEqual({
    科类原文: '理工（原文：理科）',
    计划性质: '非定向',
    计划类别: '代码 3',
    投档单位: '5131',
    选考科目: '物理,化学,生物',
    资格分: '5.0',
    同分排位: '17',
    录取方式: '平行志愿',
    录取专业代号: '07',
    考生状态: '录取结束',
  });
});

test('scores and the place among equals are left out for those who may not see scores', () => {
  const without = shown(false);
  expect(without).not.toHaveProperty('资格分');
  expect(without).not.toHaveProperty('同分排位');
  expect(without).toHaveProperty('计划性质');
});
