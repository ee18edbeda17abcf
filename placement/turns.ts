import { endsWithPosition } from './order.ts';
import type { Choice, Round } from './round.ts';

/** A choice with its place in the walk. Choices of one turn are a full tie: `expand` never separates them. */
export interface Turn {
  readonly choice: Choice;
  readonly turn: number;
}

interface Placed {
  readonly choice: Choice;
  readonly window: number;
  /** Order of the preference inside its window. */
  readonly place: number;
  readonly effective: number;
  readonly key: number;
}

/** `rounds`: which window looks at a preference, and in which place; the first window that lists it counts. */
export function windowOf({
  mode,
  windows,
}: Round['instance']): (at: number) => { window: number; place: number } {
  if (mode !== 'rounds') return (at) => ({ window: 0, place: at });
  if (windows === undefined) return (at) => ({ window: at, place: 0 });
  const where = new Map<number, { window: number; place: number }>();
  windows.forEach((indexes, window) => {
    indexes.forEach((at, place) => {
      if (!where.has(at)) where.set(at, { window, place });
    });
  });
  return (at) => where.get(at) ?? { window: 0, place: at };
}

/** `gaps`: score less the deduction of the preference, in millionths so that decimals compare exactly. */
function effectiveOf({ instance, ranked }: Round): (choice: Choice) => number {
  if (instance.mode !== 'gaps') return () => 0;
  const gaps = instance.gaps ?? [];
  return ({ rank, at }) => {
    const gap = gaps[Math.min(at, gaps.length - 1)] ?? 0;
    return Math.round(((ranked[rank]?.score ?? 0) - gap) * 1_000_000);
  };
}

/**
 * The one order of `parallel`, `rounds` and `gaps`:
 *
 *   window, effective score, full key, [position of the preference], rank, place in the list
 *
 * `parallel` has one window and no deduction, so it is candidate by candidate, preference by preference; `rounds`
 * puts the window first; `gaps` lowers the score by the deduction of the preference; a ladder that ends with the
 * position asks for it before registration order.
 */
export function turnsInOrder(round: Round): Turn[] {
  const locate = windowOf(round.instance);
  const effective = effectiveOf(round);
  const byPosition = endsWithPosition(round.instance);
  const placed = round.choices.map(
    (choice): Placed => ({
      choice,
      ...locate(choice.at),
      effective: effective(choice),
      key: round.keyOf[choice.rank] ?? 0,
    }),
  );
  const tie = (a: Placed, b: Placed): number =>
    a.window - b.window ||
    b.effective - a.effective ||
    a.key - b.key ||
    (byPosition ? a.choice.at - b.choice.at : 0);
  placed.sort((a, b) => tie(a, b) || a.choice.rank - b.choice.rank || a.place - b.place);
  return numberTurns(placed, tie);
}

function numberTurns(placed: readonly Placed[], tie: (a: Placed, b: Placed) => number): Turn[] {
  let turn = 0;
  return placed.map((current, index) => {
    const before = placed[index - 1];
    if (before !== undefined && tie(before, current) !== 0) turn += 1;
    return { choice: current.choice, turn };
  });
}
