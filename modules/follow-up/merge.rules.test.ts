import { expect, test } from 'vitest';
import { mergeValues } from './merge.rules.ts';
import { at, NOW } from './testing/facts.ts';

const facts = {
  ...{ callerName: '周宁', collegeName: '须园学院', year: 2026, now: NOW },
  candidate: {
    ...{ name: '余子和', provinceCode: '51', batchName: '本科批', majorName: '护理学' },
    ...{ majorTuitionFen: 1_680_050, preferenceRank: 2 },
  },
  withdrawalDeadlineAt: at('2026-07-28T17:00'),
};

test('every field is filled as it is said: yuan to the fen, the deadline as a day', () => {
  expect(mergeValues(facts)).toEqual({
    ...{ caller: '周宁', college: '须园学院', candidate: '余子和', year: '2026', province: '四川' },
    ...{ batch: '本科批', major: '护理学', preference: '2', tuition: '16,800.50 元/年' },
    deadline: '7月28日 17:00',
  });
});

test('what is not known is left out, so that the text can say so', () => {
  const unknown = { majorName: null, majorTuitionFen: null, preferenceRank: null };
  const values = mergeValues({
    ...facts,
    candidate: { ...facts.candidate, ...unknown },
    withdrawalDeadlineAt: null,
  });
  expect(Object.keys(values)).toEqual(['caller', 'college', 'candidate', 'year', 'province', 'batch']);
});
