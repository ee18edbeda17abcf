import type { Round } from './round.ts';
import { standing } from './standing.ts';
import type { Turn } from './turns.ts';
import type { Filing } from './walk.ts';

/**
 * 服从调剂: after every preference was walked, those still free who obey, in rank order, into the first program by
 * code that takes them and has room. The same walk does it; only the list of choices differs.
 */
export function adjustmentTurns(round: Round, filing: Filing): Turn[] {
  const after = filing.lastTurn.reduce((latest, turn) => Math.max(latest, turn), -1) + 1;
  const roomy = round.programs
    .map((program, index) => ({ program, index }))
    .filter(
      ({ program, index }) => !program.noAdjust && (filing.filed[index] ?? 0) < (round.cap[index] ?? 0),
    );
  return round.ranked.flatMap((candidate, rank) => {
    if (!candidate.obey || filing.placed[rank] !== undefined) return [];
    const turn = after + (round.keyOf[rank] ?? 0);
    return roomy
      .filter(({ program }) => standing(candidate, program) === 'ADMISSIBLE')
      .map(({ index }) => ({ choice: { rank, program: index, at: -1 }, turn }));
  });
}
