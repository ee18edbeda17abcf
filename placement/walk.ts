import type { Round } from './round.ts';
import type { Turns } from './turns.ts';

/** Who is where, by rank: the program, -1 for nobody's, and the index of the preference, -1 for an adjustment. */
export interface Placed {
  readonly program: Int32Array;
  readonly at: Int32Array;
}

/** Seats taken so far, per node of the cap tree. */
export interface Filing {
  readonly filed: Int32Array;
  /** The turn in which somebody was last filed under a node; -1 while it is empty. */
  readonly lastTurn: Int32Array;
  readonly placed: Placed;
}

export function nobodyPlaced({ ranked }: Round): Placed {
  return {
    program: new Int32Array(ranked.length).fill(-1),
    at: new Int32Array(ranked.length).fill(-1),
  };
}

export function emptyFiling(round: Round): Filing {
  return {
    filed: new Int32Array(round.cap.length),
    lastTurn: new Int32Array(round.cap.length).fill(-1),
    placed: nobodyPlaced(round),
  };
}

/**
 * The walk. Choices come best first, so when one is looked at, everybody who goes before it has been filed for good.
 * Invariant: a node of the cap tree that is full here is full because of better choices only, and stays full. Taking
 * the choice if its candidate is still free and there is room all the way up the tree is therefore final.
 */
export function walk(round: Round, { choices, order, turn }: Turns, filing: Filing): void {
  const { placed, filed, lastTurn } = filing;
  for (let i = 0; i < order.length; i++) {
    const choice = order[i] as number;
    const rank = choices.rank[choice] as number;
    const program = choices.program[choice] as number;
    if (placed.program[rank] !== -1) continue;
    if (!hasRoom(round, filing, program, turn[i] as number)) continue;
    placed.program[rank] = program;
    placed.at[rank] = choices.at[choice] as number;
    for (let node = program; node >= 0; node = round.parent[node] ?? -1) {
      filed[node] = (filed[node] ?? 0) + 1;
      lastTurn[node] = turn[i] as number;
    }
  }
}

/** `expand`: a node that was filled by the very tie that is asking has room for the rest of that tie. */
function hasRoom(round: Round, { filed, lastTurn }: Filing, program: number, turn: number): boolean {
  const expand = round.instance.tiePolicy === 'expand';
  for (let node = program; node >= 0; node = round.parent[node] ?? -1) {
    const full = (filed[node] ?? 0) >= (round.cap[node] ?? 0);
    if (full && !(expand && lastTurn[node] === turn)) return false;
  }
  return true;
}
