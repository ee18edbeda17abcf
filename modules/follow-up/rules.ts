/** Rules of the follow-up that other modules read; those of the call itself stand in the topic files beside it. */

export { TIER_LABELS } from './consequence.rules.ts';
export {
  DAY_PART_LABELS,
  DAY_PARTS,
  type DayPart,
  dayPartOf,
  isCallingTime,
  windowOf,
} from './day-part.rules.ts';
export { dialString } from './number.rules.ts';
export { DISPOSITIONS, type Disposition, OUTCOMES, type Outcome, ruleOf } from './outcome.rules.ts';

/** States of a case: each has its next step. follow-up.md, data rule 2. */
export const CASE_STATES = ['ready', 'leased', 'scheduled', 'blocked', 'escalated', 'final'] as const;
export type CaseState = (typeof CASE_STATES)[number];
