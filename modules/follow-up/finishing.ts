import type { FinishInput } from './contract.ts';
import type { CaseFile } from './file.ts';
import type { LeaseRow } from './lease.store.ts';
import type { Me } from './me.ts';
import type { Outcome } from './outcome.rules.ts';

/** What finishing a call works with. */
export interface Finishing {
  readonly me: Me;
  readonly lease: LeaseRow;
  readonly file: CaseFile;
  readonly input: FinishInput;
  readonly outcome: Outcome;
}
