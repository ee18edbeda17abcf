import { endsWithPosition } from './order.ts';
import { type Choice, type Choices, choiceAt, type Round } from './round.ts';

/** Choices in the order of the walk. Those of one turn are a full tie: `expand` never separates them. */
export interface Turns {
  readonly choices: Choices;
  /** Indexes of the choices, best first. */
  readonly order: Uint32Array;
  /** By place in the order; grows. */
  readonly turn: Int32Array;
}

/** The walk written out, for explanations. */
export const listTurns = ({ choices, order }: Turns): Choice[] =>
  Array.from(order, (index) => choiceAt(choices, index));

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

/**
 * The one order of `parallel`, `rounds` and `gaps`:
 *
 *   window, effective score, full key, [position of the preference], rank, place in the list
 *
 * `parallel` has one window and no deduction, so it is candidate by candidate, preference by preference; `rounds`
 * puts the window first; `gaps` lowers the score by the deduction of the preference; a ladder that ends with the
 * position asks for it before registration order.
 */
export function turnsInOrder(round: Round): Turns {
  const { choices, keyOf } = round;
  const { count, rank, at } = choices;
  const byKey = (a: number, b: number): number =>
    (keyOf[rank[a] as number] as number) - (keyOf[rank[b] as number] as number);
  const order = new Uint32Array(count);
  for (let index = 0; index < count; index++) order[index] = index;
  // As they stand, choices are in the order of `parallel`, and tied where their candidates are.
  if (!isReordered(round.instance)) return { choices, order, turn: numberTurns(order, byKey) };
  const { window, place, effective } = figuresOf(round);
  const byPosition = endsWithPosition(round.instance);
  const by = (column: Int32Array | Float64Array, a: number, b: number): number =>
    (column[a] as number) - (column[b] as number);
  const tie = (a: number, b: number): number =>
    by(window, a, b) || by(effective, b, a) || byKey(a, b) || (byPosition ? by(at, a, b) : 0);
  order.sort((a, b) => tie(a, b) || by(rank, a, b) || by(place, a, b));
  return { choices, order, turn: numberTurns(order, tie) };
}

const isReordered = (instance: Round['instance']): boolean =>
  instance.mode === 'rounds' || instance.mode === 'gaps' || endsWithPosition(instance);

interface Figures {
  readonly window: Int32Array;
  /** Order of the preference inside its window. */
  readonly place: Int32Array;
  /** `gaps`: score less the deduction of the preference, in millionths so that decimals compare exactly. */
  readonly effective: Float64Array;
}

function figuresOf({ instance, ranked, choices: { count, rank, at } }: Round): Figures {
  const locate = windowOf(instance);
  const { mode, gaps = [] } = instance;
  const figures = {
    window: new Int32Array(count),
    place: new Int32Array(count),
    effective: new Float64Array(count),
  };
  for (let index = 0; index < count; index++) {
    const own = at[index] as number;
    const { window, place } = locate(own);
    figures.window[index] = window;
    figures.place[index] = place;
    if (mode !== 'gaps') continue;
    const gap = gaps[Math.min(own, gaps.length - 1)] ?? 0;
    figures.effective[index] = Math.round(((ranked[rank[index] as number]?.score ?? 0) - gap) * 1_000_000);
  }
  return figures;
}

function numberTurns(order: Uint32Array, tie: (a: number, b: number) => number): Int32Array {
  const turn = new Int32Array(order.length);
  for (let i = 1; i < order.length; i++) {
    const isTied = tie(order[i - 1] as number, order[i] as number) === 0;
    turn[i] = (turn[i - 1] as number) + Number(!isTied);
  }
  return turn;
}
