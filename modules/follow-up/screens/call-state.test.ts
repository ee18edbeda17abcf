import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#season/rules';
import {
  answerOf,
  callPhase,
  chosenNumber,
  type DraftState,
  draftAfterUndo,
  draftText,
  emptyDraft,
  finishBody,
  preview,
  readDraft,
  savesAtOnce,
  talkSeconds,
} from './call-state.ts';
import { heldLease, phone } from './lease.example.ts';

const now = Date.parse('2026-07-22T10:00:00+08:00');
const draft = (part: Partial<DraftState> = {}): DraftState => ({ ...emptyDraft, ...part });

test('a call is idle, rings, is talked in, has ended', () => {
  const lease = heldLease({ now });
  const dialled = { ...lease, dialStartedAt: now };
  expect(callPhase(lease, draft())).toBe('idle');
  expect(callPhase(dialled, draft())).toBe('ringing');
  expect(callPhase(dialled, draft({ answeredAt: now }))).toBe('talking');
  expect(callPhase(dialled, draft({ answeredAt: now, endedAt: now }))).toBe('ended');
});

test('an inbound call is live from the moment it is taken over', () => {
  const lease = { ...heldLease({ now }), how: 'takeover' as const };
  expect(callPhase(lease, draft())).toBe('talking');
  expect(talkSeconds(lease, draft({ endedAt: now + 61_000 }), now + 90_000)).toBe(61);
  const body = finishBody({ lease, draft: draft(), outcome: 'R3', now, clientKey: 'k', next: true });
  expect(body).toMatchObject({ direction: 'in', startedAt: now, result: 'R3', line: null });
});

test('drafts come back as they were; nonsense counts as nothing', () => {
  const typed = draft({ note: '母亲接的', answeredAt: now, trail: ['a', 'b'], outcome: 'R3' });
  expect(readDraft(draftText(typed))).toEqual(typed);
  expect(readDraft(null)).toEqual(emptyDraft);
  expect(readDraft('{')).toEqual(emptyDraft);
  expect(readDraft('{"note":7}')).toEqual(emptyDraft);
});

test('after an undo the call is still dialled and the result is open', () => {
  const before = { ...heldLease({ now }), dialStartedAt: now, phoneId: phone('2').phoneId };
  const kept = draftAfterUndo(draft({ note: '忙', outcome: 'L5' }), before);
  expect(kept).toMatchObject({ note: '忙', outcome: null, dialledAt: now, phoneId: phone('2').phoneId });
  expect(callPhase(heldLease({ now }), kept)).toBe('ringing');
});

test('the number in use: dialled before chosen before the first that may be dialled', () => {
  const lease = heldLease({ now, numbers: [phone('1', { barred: '今天已拨满' }), phone('2'), phone('3')] });
  expect(chosenNumber(lease, draft())?.phoneId).toBe(phone('2').phoneId);
  expect(chosenNumber(lease, draft({ phoneId: phone('3').phoneId }))?.phoneId).toBe(phone('3').phoneId);
  const dialled = { ...lease, dialStartedAt: now, phoneId: phone('1').phoneId };
  expect(chosenNumber(dialled, draft({ phoneId: phone('3').phoneId }))?.phoneId).toBe(phone('1').phoneId);
});

test.each([
  ['the line saves at once', 'L5', 'ringing', null, true],
  ['a result while talking is only chosen', 'R3', 'talking', null, false],
  ['pressed again it is saved', 'R3', 'talking', 'R3', true],
  ['after hanging up it saves at once', 'R3', 'ended', null, true],
  ['勿再来电 never saves with one key', 'R5', 'ended', null, false],
  ['错号 while talking is only chosen', 'A1', 'talking', null, false],
] as const)('%s', (_rule, ...[outcome, phase, chosen, saves]) => {
  expect(savesAtOnce(outcome, phase, chosen)).toBe(saves);
});

test('the three answers hold the one code in its place', () => {
  expect(answerOf('L3')).toEqual({ line: 'L3', answerer: null, result: null });
  expect(answerOf('A5')).toEqual({ line: null, answerer: 'A5', result: null });
  expect(answerOf('R1')).toEqual({ line: null, answerer: null, result: 'R1' });
});

test('the consequence is shown before saving, or why it cannot be saved', () => {
  const lease = heldLease({ now, numbers: [phone('1'), phone('2')] });
  const query = { lease, draft: draft(), settings: DEFAULT_SETTINGS, now, escalationTeam: false };
  expect(preview('L6', query)).toEqual({ ok: true, text: '10:10 再拨，今日第 1 次' });
  expect(preview('R1', query)).toMatchObject({ ok: false, code: 'check_needed' });
  const read = { ...query, draft: draft({ checked: { major: true, identity: true } }) };
  expect(preview('R1', read)).toEqual({ ok: true, text: '本阶段办结' });
  const alone = { ...read, lease: heldLease({ now, numbers: [phone('1')] }) };
  expect(preview('R1', alone)).toMatchObject({ ok: false, code: 'two_numbers_needed' });
  expect(preview('A8', query)).toMatchObject({ ok: false, code: 'callback_invalid' });
});

test('under escalation the last number may be found vacant: the case stays with whoever took it over', () => {
  const lease = heldLease({ now, numbers: [phone('1')] });
  const escalated = { ...lease, facts: { ...lease.facts, underEscalation: true } };
  const query = { lease: escalated, draft: draft(), settings: DEFAULT_SETTINGS, now, escalationTeam: true };
  expect(preview('A1', query)).toEqual({
    ok: true,
    text: '该号码不再用于这名考生，没有可再拨的号码，由接手的人决定下一步',
  });
});
