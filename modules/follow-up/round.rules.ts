import type { Disposition } from './outcome.rules.ts';
import type { CaseState } from './rules.ts';

/** First pass, focus, final: seed 000 part 二. A round ends no case; whoever is not finished goes on into the next one. */

export interface Left {
  total: number;
  final: number;
  uncalled: number;
  considering: number;
  unreachable: number;
  withdrawing: number;
  confirmed: number;
  escalated: number;
}

export interface Counted {
  readonly state: CaseState;
  readonly disposition: Disposition;
  readonly cases: number;
}

/** Every case once: final, else handed up, else by what the candidate last said. The columns add up to the total. */
export function leftOf(rows: readonly Counted[]): Left {
  const left: Left = {
    ...{
      total: 0,
      final: 0,
      uncalled: 0,
      considering: 0,
      unreachable: 0,
      withdrawing: 0,
      confirmed: 0,
      escalated: 0,
    },
  };
  for (const { state, disposition, cases } of rows) {
    left.total += cases;
    const place = state === 'final' || state === 'escalated' ? state : disposition;
    left[place] += cases;
  }
  return left;
}
