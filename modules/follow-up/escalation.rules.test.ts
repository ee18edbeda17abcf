import { describe, expect, test } from 'vitest';
import { evidenceGap, lateness, mayAccept, mayPassOn } from './escalation.rules.ts';

describe('hand-overs', () => {
  test.each([
    ['leader', 'escalation_team', true],
    ['leader', 'leader', false],
    ['escalation_team', 'leader', false],
    ['escalation_team', 'office', true],
    ['office', 'supervisor', false],
  ] as const)('%s to %s: %s', (from, to, may) => expect(mayPassOn(from, to)).toBe(may));
  test('a group without a leader is the office’s', () => {
    const office = { userId: 'o', roles: ['admissions_office'], ledGroupIds: [] };
    expect(mayAccept({ tier: 'leader', toUserId: null, groupId: 'g' }, office)).toBe(true);
    expect(mayAccept({ tier: 'leader', toUserId: 'l', groupId: 'g' }, office)).toBe(false);
  });
  test.each([
    [{ attempts: 1, steps: 0, numbers: 2 }, true],
    [{ attempts: 0, steps: 0, numbers: 0 }, true],
    [{ attempts: 0, steps: 3, numbers: 1 }, false],
  ])('evidence %o is enough: %s', (given, enough) => expect(evidenceGap(given) === null).toBe(enough));
  test.each([
    ['open', 100, null],
    ['open', 101, 'accept'],
    ['accepted', 200, null],
    ['accepted', 201, 'resolve'],
    ['done', 999, null],
  ] as const)('%s at %d: %s', (at, now, late) =>
    expect(lateness({ state: at, acceptBy: 100, resolveBy: 200 }, now)).toBe(late),
  );
});
