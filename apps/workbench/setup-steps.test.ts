import { expect, test } from 'vitest';
import { type SetupFacts, setupSteps } from './setup-steps.ts';

const empty: SetupFacts = {
  seasonName: null,
  batches: 0,
  majors: 0,
  policies: 0,
  policiesLacking: 0,
  scriptsInForce: 0,
  scriptsWaiting: 0,
  groups: 0,
  callers: 0,
  qualified: 0,
  candidates: 0,
  isFiling: false,
  releasable: 0,
};
const ready: SetupFacts = {
  ...empty,
  seasonName: '2026年招生季',
  batches: 2,
  majors: 8,
  policies: 3,
  scriptsInForce: 6,
  groups: 2,
  callers: 20,
  qualified: 18,
  candidates: 300,
  isFiling: true,
  releasable: 280,
};

const nextOf = (facts: SetupFacts) => setupSteps(facts).find(({ done }) => !done);

test.each<[rule: string, facts: SetupFacts, next: string]>([
  ['an empty system begins with its season', empty, '新建招生季'],
  ['batches come before majors', { ...ready, batches: 0, majors: 0 }, '录入批次'],
  ['a policy that lacks a fact is not ready', { ...ready, policiesLacking: 1 }, '填写各省政策'],
  ['without any policy nothing may be released', { ...ready, policies: 0 }, '填写各省政策'],
  [
    'a script that waits for approval is not in use',
    { ...ready, scriptsInForce: 0, scriptsWaiting: 4 },
    '准备话术',
  ],
  ['callers who passed no examination get nobody', { ...ready, qualified: 0 }, '资格审查'],
  ['filed candidates are called in the filing phase', { ...ready, isFiling: false }, '进入投档阶段'],
  ['with everything there, the release is left', ready, '分配与放出'],
])('%s', (_rule, facts, next) => {
  expect(nextOf(facts)?.title).toBe(next);
});

test('figures stand beside what is done and what is lacking', () => {
  const notes = setupSteps({ ...ready, policiesLacking: 1, qualified: 0 }).map(({ note }) => note);
  expect(notes).toContain('3 条，其中 1 条有缺项');
  expect(notes).toContain('20 名回访员和组长，0 名已通过；督查组由安全管理员授予');
  expect(notes).toContain('280 名可以放出');
});
