import { expect, test } from 'vitest';
import { type CheckCode, checksOf, type PlaceFacts } from './check.rules.ts';

const NOW = 1_000_000;
const ready: PlaceFacts = {
  waiting: 40,
  missing: [],
  withdrawable: true,
  batchEndsAt: NOW + 1,
  hasScript: true,
  unnamed: 0,
  noPhone: 0,
  pastLines: 1,
};

test.each<[rule: string, facts: PlaceFacts, codes: CheckCode[], blocks: boolean]>([
  ['a complete place lacks nothing', ready, [], false],
  ['a missing fact of the policy blocks', { ...ready, missing: ['还没有填写计划数'] }, ['policy'], true],
  ['a batch that ends now is over', { ...ready, batchEndsAt: NOW }, ['deadline_past'], false],
  ["an unknown end is the policy's affair", { ...ready, batchEndsAt: null }, [], false],
  ['no approved script is said', { ...ready, hasScript: false }, ['script'], false],
  ['one unnamed major is said', { ...ready, unnamed: 1 }, ['major'], false],
  ['one without a number is said', { ...ready, noPhone: 1 }, ['phone'], false],
  ['no past line is said', { ...ready, pastLines: 0 }, ['line'], false],
  [
    'what blocks stands first',
    { ...ready, pastLines: 0, missing: ['还没有填写计划数'] },
    ['policy', 'line'],
    true,
  ],
])('%s', (_rule, facts, codes, blocks) => {
  const checks = checksOf(facts, NOW);
  expect(checks.map(({ code }) => code)).toEqual(codes);
  expect(checks.some((check) => check.blocks)).toBe(blocks);
});

test.each([
  [true, /^可退档考生/],
  [false, /^不可退档考生/],
  [null, /^考生/],
])('the sentence names the kind of script that is missing: %s', (withdrawable, words) => {
  const [check] = checksOf({ ...ready, hasScript: false, withdrawable }, NOW);
  expect(check?.text).toMatch(words);
});
