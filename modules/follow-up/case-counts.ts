import type { CaseRow } from './case.store.ts';
import type { AttemptRow } from './ledger.store.ts';
import { type Outcome, ruleOf } from './outcome.rules.ts';
import { type CaseCounts, type Counted, caseCountsOf, changeOf } from './tally.rules.ts';

/** Every counter of the case moves by what a correction changes: a call set right to a line fault was no try. */
export function countsAfter({
  row,
  attempt: { channel, direction },
  before,
  outcome,
  talkSeconds,
}: {
  readonly row: CaseRow;
  readonly attempt: AttemptRow;
  readonly before: Pick<Counted, 'outcome' | 'contact' | 'talkSeconds'>;
  readonly outcome: Outcome;
  readonly talkSeconds: number;
}): CaseCounts {
  const { contact } = ruleOf(outcome);
  const counted = caseCountsOf({ ...before, channel, direction });
  const change = changeOf(counted, caseCountsOf({ outcome, contact, talkSeconds, channel, direction }));
  return Object.fromEntries(
    Object.entries(change).map(([column, by]) => [column, row[column as keyof CaseCounts] + by]),
  ) as unknown as CaseCounts;
}
