import type { Choice, Round } from './round.ts';
import type { Turn } from './turns.ts';

/** Seats taken so far: per node of the cap tree, and per candidate the choice that was filed. */
export interface Filing {
  readonly filed: Int32Array;
  /** The turn in which somebody was last filed under a node; -1 while it is empty. */
  readonly lastTurn: Int32Array;
  readonly placed: (Choice | undefined)[];
}

export function emptyFiling(round: Round): Filing {
  return {
    filed: new Int32Array(round.cap.length),
    lastTurn: new Int32Array(round.cap.length).fill(-1),
    placed: new Array<Choice | undefined>(round.ranked.length).fill(undefined),
  };
}

/**
 * The walk. Choices come best first, so when one is looked at, everybody who goes before it has been filed for good.
 * Invariant: a node of the cap tree that is full here is full because of better choices only, and stays full. Taking
 * the choice if its candidate is still free and there is room all the way up the tree is therefore final.
 */
export function walk(round: Round, turns: readonly Turn[], filing: Filing): void {
  for (const { choice, turn } of turns) {
    if (filing.placed[choice.rank] !== undefined) continue;
    if (!hasRoom(round, filing, choice.program, turn)) continue;
    filing.placed[choice.rank] = choice;
    for (let node = choice.program; node >= 0; node = round.parent[node] ?? -1) {
      filing.filed[node] = (filing.filed[node] ?? 0) + 1;
      filing.lastTurn[node] = turn;
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
