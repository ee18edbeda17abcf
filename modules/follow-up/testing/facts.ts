import { DEFAULT_SETTINGS } from '#season/rules';
import { windowOf } from '../day-part.rules.ts';
import type { NumberFacts } from '../number.rules.ts';
import type { CaseFacts } from '../retry.rules.ts';

/** What the rules of a call are asked about: a case never tried, its two numbers, a Wednesday morning. */

export const at = (text: string): number => Date.parse(`${text}:00+08:00`);
export const NOW = at('2026-07-22T10:00');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const settings = DEFAULT_SETTINGS;
export const window = windowOf('09:00', '21:00');

export const number = (given: Partial<NumberFacts> = {}): NumberFacts => ({
  phoneId: 'self',
  kind: 'mobile',
  relation: 'self',
  state: 'live',
  stateAt: null,
  vacantHits: 0,
  retests: 0,
  retestAfter: null,
  dialledToday: 0,
  lastDialledAt: null,
  lastOutcome: null,
  dialsOfCase: 0,
  frozen: false,
  ...given,
});
export const both = [number(), number({ phoneId: 'father', relation: 'father' })];
export const facts = (given: Partial<CaseFacts> = {}): CaseFacts => ({
  disposition: 'uncalled',
  withdrawable: true,
  withdrawalDeadlineAt: at('2026-07-28T17:00'),
  deadlineAt: null,
  window,
  dialledToday: 0,
  tried: {},
  triedToday: {},
  switchedOffDays: 0,
  dayParts: {},
  lastUnansweredAt: null,
  messages: { sms: 0, wechat: 0 },
  contacts: 0,
  smsPhones: ['self'],
  smsAfter: ['no_answer', 'switched_off', 'declined'],
  underEscalation: false,
  doNotCall: false,
  hasOwner: true,
  hasGroup: true,
  ...given,
});
