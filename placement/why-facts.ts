import type { Bar } from './standing.ts';
import type { Cutoff } from './why-cutoff.ts';

export type Answer =
  | 'FILED'
  | 'ADJUSTED'
  | 'NOT_REACHED'
  | 'FULL'
  | 'BELOW_LINE'
  | 'INELIGIBLE'
  | 'PLAN_ZERO'
  | 'UNKNOWN_CODE'
  | 'REPEATED'
  | 'OUTSIDE_WINDOWS';

/** What became of one preference, with the figures compared. */
export interface PreferenceFacts {
  readonly at: number;
  readonly code: string;
  readonly answer: Answer;
  readonly score: number;
  readonly line?: number;
  readonly bars?: readonly Bar[];
  readonly cutoff?: Cutoff;
}
