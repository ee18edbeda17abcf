import { OUTCOMES, type Outcome, ruleOf } from './outcome.rules.ts';

/**
 * What one attempt counts in the reports, and the sum of many. AAPOR classes; a message without an answer is an attempt and no contact.
 */
export interface Tally {
  readonly attempts: number;
  readonly dials: number;
  readonly contacts: number;
  readonly refusals: number;
  readonly unreached: number;
  readonly unknownEligibility: number;
  readonly confirmed: number;
  readonly considering: number;
  readonly withdrawing: number;
  readonly talkSeconds: number;
}

export const NO_TALLY: Tally = {
  attempts: 0,
  dials: 0,
  contacts: 0,
  refusals: 0,
  unreached: 0,
  unknownEligibility: 0,
  confirmed: 0,
  considering: 0,
  withdrawing: 0,
  talkSeconds: 0,
};

const one = (claim: boolean): number => (claim ? 1 : 0);
const isOutcome = (code: string): code is Outcome => code in OUTCOMES;

/** `outcome`: a code of the catalogue, a message outcome, or `incomplete`. */
export function tallyOf(given: {
  channel: string;
  outcome: string;
  contact: boolean;
  talkSeconds: number;
}): Tally {
  const dialled = given.channel === 'phone';
  if (!isOutcome(given.outcome)) {
    const dials = one(dialled);
    return { ...NO_TALLY, attempts: 1, dials, contacts: one(given.contact), talkSeconds: given.talkSeconds };
  }
  const rule = ruleOf(given.outcome);
  return {
    attempts: one(rule.attempt),
    dials: one(dialled && rule.attempt),
    contacts: one(rule.contact),
    refusals: one(rule.refusal),
    unreached: one(rule.attempt && !rule.contact),
    unknownEligibility: one(rule.class === 'UH'),
    confirmed: one(given.outcome === 'R1'),
    considering: one(rule.disposition === 'considering'),
    withdrawing: one(given.outcome === 'R2'),
    talkSeconds: given.talkSeconds,
  };
}

/** What to add so that `before` becomes `after`. */
export const tallyChange = (before: Tally, after: Tally): Tally =>
  Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - before[name as keyof Tally]]),
  ) as unknown as Tally;
