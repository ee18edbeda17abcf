import { describe, expect, test } from 'vitest';
import {
  evidenceGap,
  firstTier,
  giveBackGap,
  handOverWords,
  lateness,
  mayAccept,
  mayPassOn,
} from './escalation.rules.ts';

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
    expect(mayAccept({ tier: 'leader', leaderId: null }, office)).toBe(true);
    expect(mayAccept({ tier: 'leader', leaderId: 'l' }, office)).toBe(false);
  });
  test('the leader takes those of the group, whatever other roles they have; each other tier is its role’s', () => {
    const leads = { userId: 'l', roles: ['group_leader', 'admissions_office'], ledGroupIds: [] };
    expect(mayAccept({ tier: 'leader', leaderId: 'l' }, leads)).toBe(true);
    expect(mayAccept({ tier: 'office', leaderId: null }, leads)).toBe(true);
    expect(mayAccept({ tier: 'escalation_team', leaderId: 'l' }, leads)).toBe(false);
  });
  test.each([
    ['a caller owns it', { ownerId: 'c' }, true],
    ['nobody owns it', { ownerId: null }, false],
    ['the member owns it', { ownerId: 'm' }, false],
    ['nobody owns it, numbers in the open', { ownerId: null, phoneShielded: false }, true],
    ['nobody owns it, art school exam', { ownerId: null, artSchoolExam: true }, true],
  ])('back from a shielded province: %s', (_case, given, may) => {
    const shielded = { withdrawable: true, phoneShielded: true, artSchoolExam: false, ownerId: null };
    expect(giveBackGap({ ...shielded, ...given }, 'm') === null).toBe(may);
  });
  test.each([
    [{ attempts: 1, steps: 0, numbers: 2 }, true],
    [{ attempts: 0, steps: 0, numbers: 0 }, true],
    [{ attempts: 0, steps: 3, numbers: 1 }, false],
  ])('evidence %o is enough: %s', (given, enough) => expect(evidenceGap(given) === null).toBe(enough));
  test.each([
    [['拒接'], '拒接'],
    [['考虑 / 犹豫', null, '关心住宿'], '考虑 / 犹豫：关心住宿'],
    [[null, '请组长沟通。', '父亲接的'], '请组长沟通。父亲接的'],
    [[null, '已联系 3 次。父亲接的', '父亲接的 '], '已联系 3 次。父亲接的'],
    [[null, undefined, ''], ''],
  ])('%o are said as %s', (parts, words) => expect(handOverWords(parts)).toBe(words));
  test.each([
    [['caller'], 'leader'],
    [['caller', 'group_leader'], 'escalation_team'],
    [['escalation_member'], 'escalation_team'],
  ])('%o hand over to %s first', (roles, tier) => expect(firstTier(roles)).toBe(tier));
  test.each([
    ['open', 100, null],
    ['open', 101, 'accept'],
    ['accepted', 200, null],
    ['accepted', 201, 'resolve'],
    ['done', 999, null],
  ] as const)('%s at %d: %s', (at, now, late) =>
    expect(lateness({ state: at, acceptBy: 100, resolveBy: 200 }, now)).toBe(late),
  );
  test('an accepted one without a date is never late', () => {
    expect(lateness({ state: 'accepted', acceptBy: 100, resolveBy: null }, 999)).toBeNull();
  });
  test('what was looked for without a call is named', () => {
    expect(evidenceGap({ attempts: 0, steps: 3, numbers: 1 })).toContain('只有 3 条查找记录');
    expect(evidenceGap({ attempts: 0, steps: 0, numbers: 1 })).not.toContain('查找记录');
  });
});
