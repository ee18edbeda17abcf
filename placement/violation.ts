/** A rule of the round that the outcome breaks, with the candidate and the program it was found at. */
export interface Violation {
  readonly rule: ViolatedRule;
  readonly candidate?: string;
  readonly program?: string;
  readonly message: string;
}

export type ViolatedRule =
  | 'EVERYONE_ONCE'
  | 'OWN_LIST'
  | 'ELIGIBLE'
  | 'CAP'
  | 'PASSED_OVER'
  | 'REASON'
  | 'COUNTS'
  | 'OPTIMAL';
