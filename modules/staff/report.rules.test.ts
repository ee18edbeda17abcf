import { expect, test } from 'vitest';
import { type AccountFacts, type Finding, findingsOn } from './report.rules.ts';

/** GB/T 22239-2019 8.1.4.2 b and c: what the report on accounts finds, boundary on both sides. */
const NOW = Date.parse('2026-07-22T10:00:00+08:00');
const DAY = 86_400_000;
const facts: AccountFacts = {
  roles: ['caller'],
  createdAt: NOW - 90 * DAY,
  lastSeenAt: NOW - DAY,
  expiresOn: null,
  factorEnrolled: false,
  addressesAtOnce: 1,
};

test.each<[rule: string, change: Partial<AccountFacts>, found: Finding[]]>([
  ['in use, nothing', {}, []],
  ['never used for 13 days', { lastSeenAt: null, createdAt: NOW - 14 * DAY + 1 }, []],
  ['never used for 14 days', { lastSeenAt: null, createdAt: NOW - 14 * DAY }, ['never_used']],
  ['not seen for 59 days', { lastSeenAt: NOW - 60 * DAY + 1 }, []],
  ['not seen for 60 days', { lastSeenAt: NOW - 60 * DAY }, ['stale']],
  ['ends in two weeks', { expiresOn: '2026-08-05' }, []],
  ['ends within two weeks', { expiresOn: '2026-08-04' }, ['ending']],
  ['ends today', { expiresOn: '2026-07-22' }, ['ending']],
  ['ended yesterday, roles left', { expiresOn: '2026-07-21' }, ['expired']],
  ['ended yesterday, no role left', { expiresOn: '2026-07-21', roles: [] }, []],
  ['at two addresses at once', { addressesAtOnce: 2 }, []],
  ['at three', { addressesAtOnce: 3 }, ['shared']],
  ['a deciding role without second factor', { roles: ['group_leader'] }, ['no_factor']],
  ['with one', { roles: ['group_leader'], factorEnrolled: true }, []],
])('%s', (_rule, change, found) => {
  const findings = findingsOn({ ...facts, ...change }, { now: NOW, today: '2026-07-22' });
  expect(findings.map(({ finding }) => finding)).toEqual(found);
  for (const { sentence } of findings) expect(sentence).toMatch(/。$/);
});
