import type { Policy } from './rules.ts';

/** The part of a policy that the office enters and changes. */
export type PolicyFactFields = Pick<
  Policy,
  | 'withdrawable'
  | 'phoneShielded'
  | 'newExam'
  | 'artSchoolExam'
  | 'seats'
  | 'batchStartsAt'
  | 'batchEndsAt'
  | 'withdrawalDeadlineAt'
  | 'callingFrom'
  | 'callingUntil'
>;

const FIELDS = [
  'withdrawable',
  'phoneShielded',
  'newExam',
  'artSchoolExam',
  'seats',
  'batchStartsAt',
  'batchEndsAt',
  'withdrawalDeadlineAt',
  'callingFrom',
  'callingUntil',
] as const satisfies readonly (keyof PolicyFactFields)[];

export interface FactChange {
  readonly field: keyof PolicyFactFields;
  readonly before: unknown;
  readonly after: unknown;
}

export const factsOf = (policy: PolicyFactFields): PolicyFactFields =>
  Object.fromEntries(FIELDS.map((field) => [field, policy[field]])) as unknown as PolicyFactFields;

export const factChanges = (before: PolicyFactFields, after: PolicyFactFields): FactChange[] =>
  FIELDS.filter((field) => before[field] !== after[field]).map((field) => ({
    field,
    before: before[field],
    after: after[field],
  }));

/** Filling in what was unknown explains itself; changing what callers already rely on needs a reason. */
export const needsReason = (changes: readonly FactChange[]): boolean =>
  changes.some(({ before }) => before !== null);

/** Facts that stay the same from year to year; dates and seats do not. */
const LASTING = ['withdrawable', 'phoneShielded', 'newExam'] as const;
const OF_THIS_YEAR = ['batchStartsAt', 'batchEndsAt', 'withdrawalDeadlineAt'] as const;

/** `target` with its unknown facts taken from `source`; what is entered stays. Dates only inside the same season. */
export function fillFrom(
  target: PolicyFactFields,
  source: PolicyFactFields,
  sameSeason: boolean,
): PolicyFactFields {
  const fields = sameSeason ? [...LASTING, ...OF_THIS_YEAR] : LASTING;
  const filled = Object.fromEntries(fields.map((field) => [field, target[field] ?? source[field]]));
  const merged = { ...target, ...filled };
  return merged.withdrawable === false ? { ...merged, withdrawalDeadlineAt: null } : merged;
}
