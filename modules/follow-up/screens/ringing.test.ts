import { expect, test } from 'vitest';
import { ownRinging, ringing } from './ringing.ts';

const NOW = Date.parse('2026-07-22T15:00:00+08:00');
const callback = (caseId: string, dueInSeconds: number, mine = true) => ({
  ...{ callbackId: `promise of ${caseId}`, caseId, candidateName: caseId, note: null, mine },
  dueAt: NOW + dueInSeconds * 1000,
});

test.each([
  ['rings a minute ahead', [callback('a', 60)], ['a']],
  ['is quiet before', [callback('a', 61)], []],
  ['rings on when it is late', [callback('a', -900)], ['a']],
  ['is quiet while its candidate is in hand', [callback('held', 0), callback('a', 0)], ['a']],
])('a call-back %s', (_rule, callbacks, names) => {
  expect(ringing(callbacks, { now: NOW, inHand: 'held' }).map(({ caseId }) => caseId)).toEqual(names);
});

test.each([
  ['my own first, the earliest', [callback('group', -60, false), callback('a', 10), callback('b', 20)], 'a'],
  ['none for the group: the queue gives those in its own order', [callback('group', -60, false)], undefined],
  ['none that is still to come', [callback('a', 61)], undefined],
])('the next key takes %s', (_rule, callbacks, caseId) => {
  expect(ownRinging(callbacks, NOW)).toBe(caseId);
});
