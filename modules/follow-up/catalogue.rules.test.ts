import { expect, test } from 'vitest';
import { decideNext } from './decide.rules.ts';
import type { NumberFacts } from './number.rules.ts';
import { OUTCOMES, type Outcome, ruleOf } from './outcome.rules.ts';
import { at, both, facts, HOUR, MINUTE, NOW, settings } from './testing/facts.ts';

/**
 * The catalogue of docs/architecture.md ("The follow-up case"), a row a code: what the first of its kind leads to on a Wednesday at ten, with two numbers. Columns: AAPOR, whether it is an
 * attempt and a contact, the state afterwards, when, and to whom.
 */

type Row = [
  code: Outcome,
  aapor: string,
  counts: 'none' | 'attempt' | 'contact',
  state: string,
  due: number | null,
  tier: string | null,
];
const EVENING = at('2026-07-22T19:00');
const NEXT_EVENING = at('2026-07-23T19:00');
const NEXT_MORNING = at('2026-07-23T09:00');

const CATALOGUE: readonly Row[] = [
  ['L1', '4.31', 'attempt', 'ready', NOW, null],
  ['L2', '4.33', 'attempt', 'ready', NOW, null],
  ['L3', '2.20', 'attempt', 'ready', NOW + 2 * HOUR, null],
  ['L4', '3.16', 'attempt', 'ready', NOW + HOUR, null],
  ['L5', '2.20', 'attempt', 'ready', NOW + 30 * MINUTE, null],
  ['L6', '3.12', 'attempt', 'ready', NOW + 10 * MINUTE, null],
  ['L7', '3.10', 'attempt', 'ready', NOW + 4 * HOUR, null],
  ['L8', '2.22', 'attempt', 'ready', NOW + 3 * HOUR, null],
  ['L9', '—', 'none', 'ready', NOW + 30 * MINUTE, null],
  ['L10', '—', 'none', 'ready', NEXT_MORNING, null],
  ['L11', '—', 'none', 'ready', NOW, null],
  ['L12', '—', 'none', 'escalated', null, 'escalation_team'],
  ['A1', '4.10', 'attempt', 'ready', NOW, null],
  ['A2', '3.13', 'attempt', 'ready', NOW + 30 * MINUTE, null],
  ['A3', '2.21', 'contact', 'scheduled', NOW + 2 * HOUR, null],
  ['A4', '2.21', 'contact', 'scheduled', NOW + 2 * HOUR, null],
  ['A5', '2.21', 'contact', 'scheduled', NEXT_EVENING, null],
  ['A6', '1.2', 'contact', 'ready', EVENING, null],
  ['A7', '2.13', 'contact', 'scheduled', NOW + HOUR, null],
  ['A8', '2.12', 'contact', 'scheduled', NEXT_EVENING, null],
  ['A9', '2.33', 'contact', 'ready', NOW + HOUR, null],
  ['A10', '2.35', 'contact', 'ready', NOW + 2 * MINUTE, null],
  ['R1', '1.1', 'contact', 'final', null, null],
  ['R2', '1.1', 'contact', 'scheduled', NOW + 4 * HOUR, null],
  ['R3', '2.12', 'contact', 'ready', EVENING, null],
  ['R4', '2.11', 'contact', 'ready', NOW + 24 * HOUR, null],
  ['R5', '2.11', 'contact', 'blocked', null, null],
  ['R6', '2.34', 'contact', 'escalated', null, 'supervisor'],
  ['R7', '2.11', 'contact', 'ready', NEXT_EVENING, null],
  ['R8', '4.10', 'contact', 'escalated', null, 'office'],
  ['R9', '2.31', 'contact', 'escalated', null, 'leader'],
  ['R10', '2.20', 'none', 'escalated', null, 'leader'],
  ['R11', '2.20', 'attempt', 'escalated', null, 'office'],
];

const said = (
  outcome: Outcome,
  tried = 0,
  given: Parameters<typeof facts>[0] = {},
  numbers: NumberFacts[] = both,
) =>
  decideNext(
    facts({ tried: { [outcome]: tried }, ...given }),
    numbers,
    { outcome, phoneId: 'self', callback: null },
    { now: NOW, settings },
  );

test('every code has its row', () => {
  expect(CATALOGUE.map(([code]) => code)).toEqual(Object.keys(OUTCOMES));
});

test.each(CATALOGUE)('%s', (...row) => {
  const [code, aapor, counts, state, dueAt, tier] = row;
  const { attempt, contact, aapor: standard } = ruleOf(code);
  expect(standard).toBe(aapor);
  expect(contact ? 'contact' : attempt ? 'attempt' : 'none').toBe(counts);
  const decision = said(code);
  expect(decision).toMatchObject({ state, dueAt });
  expect(decision.escalation?.tier ?? null).toBe(tier);
});

test.each<[rule: string, code: Outcome, before: number, tier: string]>([
  ['停机 a third time', 'L2', 2, 'leader'],
  ['拒接 a third time', 'L7', 2, 'escalation_team'],
  ['邻居 a fourth time', 'A4', 3, 'leader'],
  ['考虑 a third time', 'R3', 2, 'leader'],
  ['态度冷淡 a second time, by the other caller', 'R4', 1, 'escalation_team'],
  ['他校 / 复读 a third time', 'R7', 2, 'leader'],
])('%s is handed over, one time less is not', (_rule, code, before, tier) => {
  expect(said(code, before).escalation).toEqual({ tier, cause: code });
  expect(said(code, before - 1).escalation).toBeNull();
});

test('关机 on a third day is the leader’s, however often it was on two', () => {
  expect(said('L3', 9, { switchedOffDays: 2 }).escalation).toEqual({ tier: 'leader', cause: 'L3' });
  expect(said('L3', 9, { switchedOffDays: 1 }).escalation).toBeNull();
});

test.each<[rule: string, code: Outcome, before: number, messages: string[]]>([
  ['无人接听: a text', 'L5', 0, ['sms']],
  ['无人接听 a second time: WeChat as well', 'L5', 1, ['sms', 'wechat']],
  ['关机: a text at once', 'L3', 0, ['sms']],
  ['拒接: a text that says who calls', 'L7', 0, ['sms']],
  ['占线: nothing', 'L6', 1, []],
  ['占线 a third time may be a rejection', 'L6', 2, ['sms']],
  ['停机: WeChat by the number', 'L2', 0, ['wechat']],
])('%s', (_rule, code, before, messages) => expect(said(code, before).messages).toEqual(messages));

test('断线 is redialled once within two minutes, then as 无人接听', () => {
  expect(said('A10', 0).dueAt).toBe(NOW + 2 * MINUTE);
  expect(said('A10', 1).dueAt).toBeGreaterThanOrEqual(NOW + 2 * HOUR);
});

test('A6 counts as considering, and never as a withdrawal', () => {
  expect(said('A6').disposition).toBe('considering');
});
