import { adjustmentTurns } from './adjust.ts';
import { deferredAcceptance } from './matching.ts';
import type { Assignment, Instance, Outcome, ProgramResult } from './model.ts';
import { byText } from './order.ts';
import { buildRound, type Choice, type Round } from './round.ts';
import { turnsInOrder } from './turns.ts';
import { emptyFiling, walk } from './walk.ts';

/**
 * Places a round. The instance must have passed `checkInstance`. Pure: the same round gives the same outcome in
 * whatever order its candidates, programs and groups are listed.
 */
export function place(instance: Instance): Outcome {
  const round = buildRound(instance);
  const placed = instance.mode === 'da' ? deferredAcceptance(round) : walkAll(round);
  return { assign: assignments(round, placed), programs: results(round, placed) };
}

function walkAll(round: Round): readonly (Choice | undefined)[] {
  const filing = emptyFiling(round);
  walk(round, turnsInOrder(round), filing);
  if (round.instance.mode === 'gaps') walk(round, adjustmentTurns(round, filing), filing);
  return filing.placed;
}

function assignments(round: Round, placed: readonly (Choice | undefined)[]): Assignment[] {
  return round.ranked
    .map(({ id }, rank): Assignment => {
      const choice = placed[rank];
      if (choice === undefined) return { id, code: null, at: -1, reason: round.refusal[rank] ?? 'NO_PREFS' };
      const code = round.programs[choice.program]?.code ?? null;
      const filed = { id, code, at: choice.at, reason: 'PLACED' } as const;
      return choice.at < 0 ? { ...filed, adjusted: true } : filed;
    })
    .sort((a, b) => byText(a.id, b.id));
}

function results(round: Round, placed: readonly (Choice | undefined)[]): ProgramResult[] {
  const filed = new Int32Array(round.programs.length);
  const cutoff = round.programs.map((): number | null => null);
  placed.forEach((choice, rank) => {
    if (choice === undefined) return;
    const score = round.ranked[rank]?.score ?? 0;
    filed[choice.program] = (filed[choice.program] ?? 0) + 1;
    cutoff[choice.program] = Math.min(cutoff[choice.program] ?? score, score);
  });
  return round.programs.map(({ code }, index) => ({
    code,
    filed: filed[index] ?? 0,
    cutoff: cutoff[index] ?? null,
  }));
}
