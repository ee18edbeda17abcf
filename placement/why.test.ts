import { expect, test, vi } from 'vitest';
import type { Instance, Mode } from './model.ts';
import { place } from './place.ts';
import { randomInstance } from './testing/instances.ts';
import { explain } from './why.ts';
import type { Answer } from './why-facts.ts';

vi.setConfig({ testTimeout: 30_000 });

const instance: Instance = {
  candidates: [
    { id: '甲', score: 610, prefs: ['A'] },
    { id: '乙', score: 600, tie: [120], prefs: ['A', 'B'], subjects: ['化学'], marks: { 外语: 101 } },
    {
      id: '丙',
      score: 600,
      tie: [118],
      prefs: ['A', 'B', 'C', 'A', 'Z', 'D', 'E'],
      marks: { 外语: 90 },
      bars: ['色盲'],
    },
    { id: '丁', score: 599, prefs: ['E', 'A'] },
  ],
  programs: [
    { code: 'A', plan: 2 },
    { code: 'B', plan: 1, require: ['化学'], minSubject: { 外语: 100 }, bar: ['色盲'] },
    { code: 'C', plan: 0 },
    { code: 'D', plan: 1, line: 601 },
    { code: 'E', plan: 1 },
  ],
};

function answers(round: Instance, id: string): { answer: Answer; sentence: string }[] {
  return (
    explain(round, place(round), id)?.preferences.map(({ answer, sentence }) => ({ answer, sentence })) ?? []
  );
}

test('every preference has its answer with the figures compared', () => {
  expect(
    answers(instance, '丙').map(({ answer, sentence }) => [answer, sentence.split('：').slice(1).join('：')]),
  ).toEqual([
    ['FULL', '计划投出 2 人，已满；考生与最后一名投出者同为 600 分，同分比较低于对方。'],
    [
      'INELIGIBLE',
      '不符合报考条件：选考科目要求化学，考生未选；外语要求不低于 100 分，考生 90 分；体检受限（色盲）。',
    ],
    ['PLAN_ZERO', '本轮计划为 0，不投档。'],
    ['REPEATED', '与前面的志愿重复，只按第一次填报计。'],
    ['UNKNOWN_CODE', '本轮没有这个专业代码。'],
    ['BELOW_LINE', '考生 600 分，未达到分数线 601 分。'],
    ['FILED', '投档到此。'],
  ]);
});

test('what comes after the place filed was not reached; what was full before it says the lowest score filed', () => {
  expect(answers(instance, '乙').map(({ answer }) => answer)).toEqual(['FILED', 'NOT_REACHED']);
  const [, second] = answers(instance, '丁');
  expect(second?.sentence).toBe('第 2 志愿 A：计划投出 2 人，已满；考生 599 分，低于投出的最低分 600 分。');
});

test('a group cap, a window, a deduction, a position and a ranking are named as what decided', () => {
  const two = (extra: Partial<Instance>, prefs: string[][] = [['A'], ['A']]): Instance => ({
    candidates: prefs.map((list, i) => ({ id: `${i}`, score: 600, prefs: list })),
    programs: ['A', 'B'].map((code) => ({ code, plan: 1 })),
    ...extra,
  });
  const decided = (round: Instance, id: string, at: number): unknown =>
    explain(round, place(round), id)?.preferences[at]?.cutoff;
  const groups = [{ code: '脱产', cap: 1, members: ['A', 'B'] }];
  expect(decided(two({ groups }, [['A'], ['B']]), '1', 0)).toMatchObject({
    group: '脱产',
    decidedBy: 'registration',
  });
  const rounds = two({ mode: 'rounds' }, [['B', 'A'], ['A'], ['B', 'A']]);
  expect(decided(rounds, '2', 1)).toMatchObject({ decidedBy: 'window', own: 2, other: 1 });
  const gaps = two({ mode: 'gaps', gaps: [0, 3] }, [['B'], ['A'], ['B', 'A']]);
  expect(decided(gaps, '2', 1)).toMatchObject({ decidedBy: 'effective', own: 597, other: 600 });
  const byPosition = two({ ladder: ['score', 'tie', 'position'] }, [['B'], ['B', 'A'], ['A']]);
  expect(decided(byPosition, '1', 1)).toMatchObject({ decidedBy: 'position', own: 2, other: 1 });
  const da = two({ mode: 'da', programs: [{ code: 'A', plan: 1, ranking: ['1', '0'] }] });
  expect(decided(da, '0', 0)).toMatchObject({ decidedBy: 'ranking', own: 2, other: 1 });
});

test('nobody of that id', () => {
  expect(explain(instance, place(instance), '庚')).toBeNull();
});

test.each<Mode>(['parallel', 'rounds', 'gaps', 'da'])(
  '%s: answers agree with the outcome on random rounds',
  (mode) => {
    for (let seed = 0; seed < 60; seed++) {
      const round = randomInstance(seed, mode);
      const outcome = place(round);
      for (const { id, code, at, reason, adjusted } of outcome.assign) {
        const list = explain(round, outcome, id)?.preferences ?? [];
        const filed = list.filter(({ answer }) => answer === 'FILED' || answer === 'ADJUSTED');
        expect(filed.map((each) => [each.code, each.at])).toEqual(code === null ? [] : [[code, at]]);
        if (adjusted) expect(list.at(-1)?.answer).toBe('ADJUSTED');
        if (code === null && reason !== 'NO_PREFS')
          expect(list.map(({ answer }) => answer)).toContain(reason);
        for (const each of list) {
          if (each.answer === 'FULL') expect(each.cutoff, `seed ${seed} ${id} ${each.code}`).toBeDefined();
        }
      }
    }
  },
);
