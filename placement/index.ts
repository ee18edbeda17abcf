/** The placement engine's front door: exchange format in, outcome, certificate, reasons and differences out. */
export {
  canonicalText,
  certify,
  countReasons,
  declaredRules,
  type Manifest,
  outcomeText,
} from './certificate.ts';
export { checkInstance, parseInstance } from './check.ts';
export type {
  Assignment,
  Candidate,
  Finding,
  Group,
  Instance,
  Mode,
  Outcome,
  Program,
  ProgramResult,
  Reason,
  Reserve,
  RuleSet,
  TiePolicy,
} from './model.ts';
export { parseOutcome } from './outcome-check.ts';
export { place } from './place.ts';
export { verify } from './verify.ts';
export type { ViolatedRule, Violation } from './violation.ts';
export { applyChanges, type Change, type Difference, whatIf } from './whatif.ts';
export { explain, type PreferenceAnswer, type Why } from './why.ts';
export type { Answer } from './why-facts.ts';
