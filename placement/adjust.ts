import type { Round } from './round.ts';
import { gateOf, standing } from './standing.ts';
import type { Turns } from './turns.ts';
import type { Filing } from './walk.ts';

/**
 * 服从调剂: after every preference was walked, those still free who obey, in rank order, into the first program by
 * code that takes them and has room. The same walk does it; only the list of choices differs.
 */
export function adjustmentTurns(round: Round, filing: Filing): Turns {
  const after = filing.lastTurn.reduce((latest, turn) => Math.max(latest, turn), -1) + 1;
  const roomy = round.programs
    .map((program, index) => ({ program, index, gate: gateOf(program) }))
    .filter(
      ({ program, index }) => !program.noAdjust && (filing.filed[index] ?? 0) < (round.cap[index] ?? 0),
    );
  const [ranks, programs, turns]: [number[], number[], number[]] = [[], [], []];
  round.ranked.forEach((candidate, rank) => {
    if (!candidate.obey || filing.placed.program[rank] !== -1) return;
    for (const { index, gate } of roomy) {
      if (standing(candidate, gate) !== 'ADMISSIBLE') continue;
      ranks.push(rank);
      programs.push(index);
      turns.push(after + (round.keyOf[rank] ?? 0));
    }
  });
  const count = ranks.length;
  const at = new Int32Array(count).fill(-1);
  return {
    choices: { count, rank: Int32Array.from(ranks), program: Int32Array.from(programs), at },
    order: Uint32Array.from(ranks, (_, index) => index),
    turn: Int32Array.from(turns),
  };
}
