/** States of a case: each has its next step, and the database refuses one without. The rules of the call stand in the topic files beside this. */
export const CASE_STATES = ['ready', 'leased', 'scheduled', 'blocked', 'escalated', 'final'] as const;
export type CaseState = (typeof CASE_STATES)[number];

export { NO_TALLY, type Tally } from './tally.rules.ts';
