import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#season/rules';
import { windowOf } from './day-part.rules.ts';
import { decideNext } from './decide.rules.ts';
import type { NumberFacts } from './number.rules.ts';
import type { Outcome } from './outcome.rules.ts';
import type { CaseFacts } from './retry.rules.ts';

const at = (text: string): number => Date.parse(`${text}:00+08:00`);
const NOW = at('2026-07-22T10:00');
const TOMORROW = at('2026-07-23T09:00');

const number = (phoneId: string): NumberFacts => ({
  phoneId,
  kind: 'mobile',
  relation: 'self',
  ...{ state: 'live', stateAt: null, vacantHits: 0, retests: 0, retestAfter: null },
  ...{ dialledToday: 0, lastDialledAt: null, lastOutcome: null, dialsOfCase: 0, frozen: false },
});
const NOTHING: CaseFacts = {
  disposition: 'uncalled',
  withdrawable: true,
  withdrawalDeadlineAt: null,
  deadlineAt: null,
  window: windowOf('09:00', '21:00'),
  ...{ dialledToday: 0, tried: {}, triedToday: {}, switchedOffDays: 0, dayParts: {}, contacts: 0 },
  ...{ lastUnansweredAt: null, messages: { sms: 0, wechat: 0 }, smsPhones: [], smsAfter: [] },
  ...{ underEscalation: false, doNotCall: false, hasOwner: true, hasGroup: true },
};
/** Told `earlier` times before, `today` of them today. */
const dueAfter = (outcome: Outcome, earlier: number, today: number): number | null =>
  decideNext(
    { ...NOTHING, tried: { [outcome]: earlier }, triedToday: { [outcome]: today } },
    [number('self'), number('other')],
    { outcome, phoneId: 'self', callback: null },
    { now: NOW, settings: DEFAULT_SETTINGS },
  ).dueAt;

test.each<[rule: string, outcome: Outcome, told: [earlier: number, today: number], waits: boolean]>([
  ['拒接 once today: again in four hours', 'L7', [0, 0], false],
  ['拒接 twice today: not before tomorrow', 'L7', [1, 1], true],
  ['拒接 yesterday and once today: again in four hours', 'L7', [1, 0], false],
  ['无法接通 twice today: again today', 'L4', [1, 1], false],
  ['无法接通 three times today: not before tomorrow', 'L4', [2, 2], true],
  ['邻居 once today: again today', 'A4', [0, 0], false],
  ['邻居 twice today: not before tomorrow', 'A4', [1, 1], true],
  ['占线 has no limit of its own', 'L6', [1, 1], false],
])('%s', (_rule, outcome, told, waits) => {
  const due = dueAfter(outcome, ...told) ?? 0;
  expect(due).toBeGreaterThan(NOW);
  expect(due >= TOMORROW).toBe(waits);
});

test('a number found vacant waits as many hours as the season says', () => {
  const only = (hours: number) =>
    decideNext(
      NOTHING,
      [number('self')],
      { outcome: 'L1', phoneId: 'self', callback: null },
      {
        now: NOW,
        settings: { ...DEFAULT_SETTINGS, vacantConfirmHours: hours },
      },
    ).dueAt;
  expect([only(4), only(6)]).toEqual([at('2026-07-22T14:00'), at('2026-07-22T16:00')]);
});
