import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CaseFacts, evenOut, type Load, whyStays } from './change.rules.ts';

const one: CaseFacts = {
  state: 'ready',
  groupId: 'g1',
  requiredSkill: null,
  notCallerId: null,
  ownerId: 'a',
};
const target = { userId: 'b', skills: ['art'] };

describe('a case may change hands', () => {
  test.each<[string, Partial<CaseFacts>, readonly string[] | null, string | null]>([
    ['ready', {}, null, null],
    ['in the group of its leader', {}, ['g1'], null],
    ['of another group', {}, ['g2'], '不是本组的考生'],
    ['of no group, for a leader', { groupId: null }, ['g1'], '不是本组的考生'],
    ['promised', { state: 'scheduled' }, null, null],
    ['in a call', { state: 'leased' }, null, '正在通话中，请等登记结果后再调整'],
    ['at its end', { state: 'final' }, null, '本阶段已办结'],
    ['already of the target', { ownerId: 'b' }, null, '已经归此人'],
    ['that wants another caller', { notCallerId: 'b' }, null, '上次通话要求换人，不能再给同一位回访员'],
    ['that needs a skill the target has', { requiredSkill: 'art' }, null, null],
    ['that needs a skill the target lacks', { requiredSkill: 'hakka' }, null, '此人没有所需技能'],
  ])('%s', (_rule, given, reach, expected) => {
    expect(whyStays({ ...one, ...given }, target, reach)).toBe(expected);
  });
  test('taking back asks for no skill', () => {
    expect(whyStays({ ...one, requiredSkill: 'hakka' }, null, null)).toBeNull();
  });
});

const load = (userId: string, open: number, movable = open, cap = 100): Load => ({
  userId,
  open,
  movable,
  cap,
});

describe('evening out', () => {
  test.each<[string, Load[], Record<string, number>]>([
    ['10 and 0 meet at 5', [load('a', 10), load('b', 0)], { a: -5, b: 5 }],
    ['one apart is even', [load('a', 5), load('b', 4)], {}],
    ['two apart is not', [load('a', 6), load('b', 4)], { a: -1, b: 1 }],
    ['what was called already stays', [load('a', 10, 2), load('b', 0)], { a: -2, b: 2 }],
    ['a cap stops it', [load('a', 10), load('b', 0, 0, 3)], { a: -3, b: 3 }],
    ['nobody else', [load('a', 10)], {}],
    ['nothing may move', [load('a', 10, 0), load('b', 0)], {}],
    [
      'the fullest gives, the emptiest takes',
      [load('a', 3), load('b', 9), load('c', 4), load('d', 0)],
      { b: -5, d: 4, a: 1 },
    ],
    [
      'of two as full the first by name gives',
      [load('b', 3), load('c', 1, 0), load('a', 3)],
      { a: -1, c: 1 },
    ],
    ['of two as empty the first by name takes', [load('b', 0), load('c', 2), load('a', 0)], { c: -1, a: 1 }],
  ])('%s', (_rule, loads, expected) => {
    expect(Object.fromEntries(evenOut(loads))).toEqual(expected);
  });
  test('gives as much as it takes, never above a cap, never more than may move', () => {
    const loads = fc.array(fc.record({ open: fc.nat(40), movable: fc.nat(40), cap: fc.nat(60) }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(loads, (given) => {
        const all = given.map((each, n) => ({
          userId: `u${n}`,
          open: each.open,
          movable: Math.min(each.open, each.movable),
          cap: each.cap,
        }));
        const moves = evenOut(all);
        expect([...moves.values()].reduce((sum, count) => sum + count, 0)).toBe(0);
        for (const { userId, open, movable, cap } of all) {
          const moved = moves.get(userId) ?? 0;
          expect(-moved).toBeLessThanOrEqual(movable);
          if (moved > 0) expect(open + moved).toBeLessThanOrEqual(cap);
        }
      }),
    );
  });
});
