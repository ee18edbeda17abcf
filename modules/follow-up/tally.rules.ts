import { OUTCOMES, type Outcome, ruleOf } from './outcome.rules.ts';

/**
 * What one attempt counts in the reports, and the sum of many. AAPOR classes; a message without an answer is an attempt and no contact.
 */
export interface Tally {
  readonly attempts: number;
  readonly dials: number;
  readonly contacts: number;
  readonly refusals: number;
  /** Tried, and nobody answered; numbers that cannot be the candidate's are counted in `notEligible` instead. */
  readonly unreached: number;
  /** AAPOR 3.x: whether anybody is there cannot be told (busy, declined, out of reach). */
  readonly unknownEligibility: number;
  /** AAPOR 4.x: vacant, suspended or wrong numbers, candidates outside this batch. Below no line. */
  readonly notEligible: number;
  readonly confirmed: number;
  readonly considering: number;
  readonly withdrawing: number;
  readonly talkSeconds: number;
  /** Records that stay in the ledger and count nowhere else: line faults, barred hours, undone at once. */
  readonly discarded: number;
}

export const NO_TALLY: Tally = {
  attempts: 0,
  dials: 0,
  contacts: 0,
  refusals: 0,
  unreached: 0,
  unknownEligibility: 0,
  notEligible: 0,
  confirmed: 0,
  considering: 0,
  withdrawing: 0,
  talkSeconds: 0,
  discarded: 0,
};

/** What remains of an attempt that was undone within seconds. */
export const UNDONE_TALLY: Tally = { ...NO_TALLY, discarded: 1 };

const one = (claim: boolean): number => (claim ? 1 : 0);
const isOutcome = (code: string): code is Outcome => code in OUTCOMES;

/** An attempt as far as it is counted. */
export interface Counted {
  readonly channel: string;
  readonly direction: 'out' | 'in';
  /** A code of the catalogue, a message outcome, or `incomplete`. */
  readonly outcome: string;
  readonly contact: boolean;
  readonly talkSeconds: number;
}

export function tallyOf(given: Counted): Tally {
  const dialled = given.channel === 'phone' && given.direction === 'out';
  const { contact, talkSeconds } = given;
  if (!isOutcome(given.outcome)) {
    const dials = one(dialled);
    return { ...NO_TALLY, attempts: 1, dials, contacts: one(contact), unreached: one(!contact), talkSeconds };
  }
  const rule = ruleOf(given.outcome);
  return {
    attempts: one(rule.attempt),
    dials: one(dialled && rule.attempt),
    contacts: one(rule.contact),
    refusals: one(rule.refusal),
    unreached: one(rule.attempt && !rule.contact && rule.class !== 'NE'),
    unknownEligibility: one(rule.class === 'UH'),
    notEligible: one(rule.class === 'NE'),
    confirmed: one(given.outcome === 'R1'),
    considering: one(rule.disposition === 'considering'),
    withdrawing: one(given.outcome === 'R2'),
    talkSeconds,
    discarded: one(!rule.attempt),
  };
}

/** What one attempt adds to the counters of its case; the rules that count tries look at the ledger itself. */
export interface CaseCounts {
  readonly attempts: number;
  readonly dials: number;
  readonly contacts: number;
  readonly talk_seconds: number;
  readonly refusals: number;
  readonly unanswered: number;
  readonly considered: number;
}

export function caseCountsOf(given: Counted): CaseCounts {
  const { attempts, dials, contacts, refusals, considering, talkSeconds } = tallyOf(given);
  return {
    ...{ attempts, dials, contacts, refusals, considered: considering, talk_seconds: talkSeconds },
    unanswered: one(isOutcome(given.outcome) && attempts > 0 && contacts === 0),
  };
}

/** What to add so that `before` becomes `after`. */
export const tallyChange = (before: Tally, after: Tally): Tally => changeOf(before, after);

/** Column by column. */
export const changeOf = <T extends object>(before: T, after: T): T =>
  Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - Number(before[name as keyof T])]),
  ) as T;
