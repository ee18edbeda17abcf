import { DEFAULT_SETTINGS } from '#season/rules';
import { windowOf } from '../day-part.rules.ts';
import { decideNext } from '../decide.rules.ts';
import type { Decision, Said } from '../decision.rules.ts';
import type { NumberFacts } from '../number.rules.ts';
import type { Outcome } from '../outcome.rules.ts';
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

export interface Deciding {
  readonly facts?: Partial<CaseFacts>;
  readonly numbers?: readonly NumberFacts[];
  /** A time agreed, the owner's unless `said` tells otherwise. */
  readonly callback?: number;
  readonly said?: Partial<Said>;
  readonly now?: number;
}

/** What follows from an outcome on the candidate's own number. */
export const decide = (outcome: Outcome, given: Deciding = {}): Decision => {
  const callback =
    given.callback === undefined ? null : { at: given.callback, scope: 'owner' as const, note: '' };
  const said = { outcome, phoneId: 'self', callback, ...given.said };
  const moment = { now: given.now ?? NOW, settings };
  return decideNext(facts(given.facts), given.numbers ?? both, said, moment);
};
