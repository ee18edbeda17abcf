import { type Columns, REASON, unfilled } from './columns.ts';

/** The reason of somebody for whom nothing was open: the furthest stage over the list, found at the first FULL. */
export function reasonOf(columns: Columns, row: number): number {
  const { m, k, prefs, cap, line, score } = columns;
  const none = unfilled(columns);
  const own = score[row] as number;
  let furthest: number = REASON.NO_PREFS;
  for (let at = row * k; at < (row + 1) * k; at++) {
    const program = prefs[at] as number;
    if (program === none) continue;
    if (program >= m) {
      if (furthest === REASON.NO_PREFS) furthest = REASON.UNKNOWN_CODE;
    } else if (cap[program] === 0) {
      if (furthest !== REASON.BELOW_LINE) furthest = REASON.PLAN_ZERO;
    } else if (own < (line[program] as number)) {
      furthest = REASON.BELOW_LINE;
    } else {
      return REASON.FULL;
    }
  }
  return furthest;
}

/** The first occurrence of a program in a list counts; later ones are as if unfilled. */
export function isRepeated({ prefs, k }: Columns, row: number, at: number): boolean {
  const program = prefs[at];
  for (let before = row * k; before < at; before++) if (prefs[before] === program) return true;
  return false;
}

/** Stages of a preference in `da`, from the first hurdle to the last. */
const STAGES: readonly number[] = [
  REASON.NO_PREFS,
  REASON.UNKNOWN_CODE,
  REASON.PLAN_ZERO,
  REASON.INELIGIBLE,
  REASON.BELOW_LINE,
  REASON.FULL,
];

/** The reason of somebody whom nobody holds in `da`: the furthest stage over the list. */
export function matchingReason(columns: Columns, row: number): number {
  const { k, m, prefs, merit, cap, score, line } = columns;
  const none = unfilled(columns);
  const own = score[row] as number;
  let furthest = 0;
  for (let at = row * k; at < (row + 1) * k && furthest < 5; at++) {
    const program = prefs[at] as number;
    if (program === none) continue;
    let stage = 5;
    if (program >= m) stage = 1;
    else if (cap[program] === 0) stage = 2;
    else if (merit?.[at] === 0) stage = 3;
    else if (own < (line[program] as number)) stage = 4;
    if (stage > furthest && !isRepeated(columns, row, at)) furthest = stage;
  }
  return STAGES[furthest] as number;
}

export interface LineClosing {
  /** Number of candidates with a score on or above the line: the first rank below it. */
  readonly rank: number;
  readonly programs: readonly number[];
}

/** When each line closes its programs, counted once from the scores: highest line first. */
export function lineClosings({ score, line }: Pick<Columns, 'score' | 'line'>): LineClosing[] {
  const atLeast = new Uint32Array(0x1_0001);
  for (let row = 0; row < score.length; row++) {
    const value = score[row] as number;
    atLeast[value] = (atLeast[value] as number) + 1;
  }
  for (let value = 0xffff; value >= 0; value--) {
    atLeast[value] = (atLeast[value] as number) + (atLeast[value + 1] as number);
  }
  const byLine = new Map<number, number[]>();
  line.forEach((value, program) => {
    const programs = byLine.get(value);
    if (programs) programs.push(program);
    else byLine.set(value, [program]);
  });
  return [...byLine]
    .sort(([a], [b]) => b - a)
    .map(([value, programs]) => ({ rank: atLeast[value] as number, programs }));
}
