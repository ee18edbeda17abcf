import { expect, test } from 'vitest';
import type { ScriptBody } from '#script/rules';
import { back, findObjections, follow, mark, stepInView } from './script-walk.ts';

const step = (id: string, ...to: string[]) => ({
  id,
  title: id,
  say: '',
  ask: '',
  branches: to.map((one) => ({ label: one, to: one })),
});
const body: ScriptBody = {
  steps: [step('open', 'check', 'later'), step('check', 'end'), step('later')],
  objections: [
    { id: 'fee', title: '学费', keyword: '太贵', say: '学费以公布为准，可办助学贷款。', source: '章程' },
    { id: 'far', title: '偏远', keyword: '太远', say: '有接站。', source: '新生指南' },
  ],
};
const start = { trail: [], branch: 0 };
const at = (walk: { trail: string[]; branch: number }) => stepInView(body, walk)?.id;

test('a script begins with its first step and follows the marked branch', () => {
  expect(at(start)).toBe('open');
  expect(at(follow(body, start))).toBe('check');
  expect(at(follow(body, mark(body, start, 1)))).toBe('later');
  expect(at(follow(body, start, 1))).toBe('later');
});

test('the mark stays inside the branches', () => {
  expect(mark(body, start, -1).branch).toBe(0);
  expect(mark(body, mark(body, mark(body, start, 1), 1), 1).branch).toBe(1);
});

test('at the end nothing moves, and one can go back', () => {
  const checked = follow(body, start);
  expect(follow(body, checked)).toEqual(checked);
  expect(at(back(checked))).toBe('open');
});

test('objections are found by title, usual words and answer', () => {
  const found = (text: string) => findObjections(body.objections, text).map(({ id }) => id);
  expect(found('')).toEqual(['fee', 'far']);
  expect(found('贷款')).toEqual(['fee']);
  expect(found('太远 接站')).toEqual(['far']);
  expect(found('复读')).toEqual([]);
});
