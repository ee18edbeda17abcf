/** The proof obligations of the follow-up, one code each (docs/architecture.md, "The follow-up case"). In the order shown. */
export const OBLIGATIONS = [
  'tally',
  'contacts',
  'files',
  'journal_count',
  'replay',
  'chain',
  'double_lease',
  'overlap',
  'attempt_without_lease',
  'lease_case',
  'silent_end',
  'missed_without_successor',
  'no_next_step',
] as const;
export type FaultCode = (typeof OBLIGATIONS)[number];

/** A run names at most so many subjects of each obligation. */
export const FAULTS_MAX = 100;

/** How many subjects break each obligation; one that none breaks counts 0. */
export function countFaults(faults: readonly { readonly what: string }[]): ReadonlyMap<FaultCode, number> {
  const counts = new Map<FaultCode, number>(OBLIGATIONS.map((code) => [code, 0]));
  for (const { what } of faults) {
    const code = OBLIGATIONS.find((known) => known === what);
    if (code) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return counts;
}
