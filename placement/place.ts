import { adjustmentTurns } from './adjust.ts';
import { deferredAcceptance } from './matching.ts';
import type { Assignment, Candidate, Instance, Outcome, ProgramResult } from './model.ts';
import { byText } from './order.ts';
import { buildRound, type Round } from './round.ts';
import { turnsInOrder } from './turns.ts';
import { emptyFiling, type Placed, walk } from './walk.ts';

/**
 * Places a round. The instance must have passed `checkInstance`. Pure: the same round gives the same outcome in
 * whatever order its candidates, programs and groups are listed.
 */
export function place(instance: Instance): Outcome {
  const round = buildRound(instance);
  const placed = instance.mode === 'da' ? deferredAcceptance(round) : walkAll(round);
  return { assign: assignments(round, placed), programs: results(round, placed) };
}

function walkAll(round: Round): Placed {
  const filing = emptyFiling(round);
  walk(round, turnsInOrder(round), filing);
  if (round.instance.mode === 'gaps') walk(round, adjustmentTurns(round, filing), filing);
  return filing.placed;
}

function assignments(round: Round, placed: Placed): Assignment[] {
  const byCandidate = new Map<Candidate, Assignment>();
  round.ranked.forEach((candidate, rank) => {
    const { id } = candidate;
    const program = round.programs[placed.program[rank] ?? -1];
    const at = placed.at[rank] ?? -1;
    if (program === undefined) {
      const reason = round.refusal[rank] ?? 'NO_PREFS';
      byCandidate.set(candidate, { id, code: null, at: -1, reason });
    } else {
      const filed = { id, code: program.code, at, reason: 'PLACED' } as const;
      byCandidate.set(candidate, at < 0 ? { ...filed, adjusted: true } : filed);
    }
  });
  // Back in the order of the input, which mostly is that of ids already.
  return round.instance.candidates
    .map((candidate) => byCandidate.get(candidate) as Assignment)
    .sort((a, b) => byText(a.id, b.id));
}

function results(round: Round, placed: Placed): ProgramResult[] {
  const filed = new Int32Array(round.programs.length);
  const cutoff = round.programs.map((): number | null => null);
  placed.program.forEach((program, rank) => {
    if (program < 0) return;
    const score = round.ranked[rank]?.score ?? 0;
    filed[program] = (filed[program] ?? 0) + 1;
    cutoff[program] = Math.min(cutoff[program] ?? score, score);
  });
  return round.programs.map(({ code }, index) => ({
    code,
    filed: filed[index] ?? 0,
    cutoff: cutoff[index] ?? null,
  }));
}
