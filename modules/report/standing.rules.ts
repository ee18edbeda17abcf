/** How many cases stand where, as boards show it. */
export interface Standing {
  readonly cases: number;
  readonly uncalled: number;
  readonly considering: number;
  readonly unreachable: number;
  readonly withdrawing: number;
  readonly confirmed: number;
  readonly escalated: number;
  readonly admitted: number;
  readonly withdrawn: number;
  readonly otherFinal: number;
}

export interface CaseCount {
  readonly state: string;
  readonly disposition: string;
  readonly result: string;
  readonly cases: number;
}

type Place = Exclude<keyof Standing, 'cases'>;
const OPEN: ReadonlySet<string> = new Set<Place>([
  'uncalled',
  'considering',
  'unreachable',
  'withdrawing',
  'confirmed',
]);

/** Every case has one place: its result when final, else escalated, else what the candidate last said. */
export function placeOf({ state, disposition, result }: CaseCount): Place {
  if (state === 'final') return result === 'admitted' || result === 'withdrawn' ? result : 'otherFinal';
  if (state === 'escalated') return 'escalated';
  return OPEN.has(disposition) ? (disposition as Place) : 'uncalled';
}

export function standingOf(counts: readonly CaseCount[]): Standing {
  const standing: Record<keyof Standing, number> = {
    ...{ cases: 0, uncalled: 0, considering: 0, unreachable: 0, withdrawing: 0, confirmed: 0 },
    ...{ escalated: 0, admitted: 0, withdrawn: 0, otherFinal: 0 },
  };
  for (const count of counts) {
    standing.cases += count.cases;
    standing[placeOf(count)] += count.cases;
  }
  return standing;
}

export interface PhaseCount extends CaseCount {
  readonly phase: string;
}

/** What stands in one phase. A candidate has a case in each phase that has come, and would be counted in every one. */
export const inPhase = <T extends PhaseCount>(counts: readonly T[], phase: string): T[] =>
  counts.filter((count) => count.phase === phase);

/** Candidates behind cases of several phases: each has one case a phase, so the phase with most cases counts them. */
export function peopleOf(counts: readonly PhaseCount[]): number {
  const phases = Map.groupBy(counts, ({ phase }) => phase).values();
  return Math.max(0, ...[...phases].map((rows) => rows.reduce((sum, { cases }) => sum + cases, 0)));
}

/** Adds up any number of sums of the same columns. */
export function addUp<T extends object>(rows: readonly T[], zero: T): T {
  const total: Record<string, number> = { ...(zero as Record<string, number>) };
  for (const row of rows) {
    for (const name of Object.keys(zero))
      total[name] = (total[name] ?? 0) + Number((row as Record<string, unknown>)[name] ?? 0);
  }
  return total as T;
}

/** Groups rows by a key. */
export function byKey<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(rows, keyOf);
}
