import type { Candidate, Instance, Program } from '#placement/model';

/**
 * The rules read aloud, for tests: lists and loops, everything recounted at every step, no order of choices, no tree.
 * Returns candidate id -> `code@at`, or the reason.
 */
export function reference(instance: Instance): Map<string, string> {
  const { mode = 'parallel', ladder = ['score', 'tie'] } = instance;
  const ranked = [...instance.candidates].sort(
    (a, b) => compare(instance, a, b) || (a.seq ?? 0) - (b.seq ?? 0) || (a.id < b.id ? -1 : 1),
  );
  const state: State = { instance, filed: [] };
  const byPosition = ladder.at(-1) === 'position';
  if (mode === 'gaps') gaps(state, ranked, byPosition);
  else
    for (const window of windowsOf(instance, ranked)) {
      for (const tied of tieGroups(instance, ranked)) {
        const steps = byPosition
          ? [...window].sort((a, b) => a - b).flatMap((at) => tied.map((candidate) => ({ candidate, at })))
          : tied.flatMap((candidate) => window.map((at) => ({ candidate, at })));
        const groups = byPosition && window.length > 0 ? groupBy(steps, ({ at }) => at) : [steps];
        for (const group of groups) turn(state, group);
      }
    }
  return report(state);
}

interface Filed {
  readonly candidate: Candidate;
  readonly code: string;
  readonly at: number;
  /** Which tie the seat was taken in. */
  readonly tie: object;
}
interface State {
  readonly instance: Instance;
  readonly filed: Filed[];
}
interface Step {
  readonly candidate: Candidate;
  readonly at: number;
  readonly code?: string;
}

/** Everybody in one full tie takes a turn; under `expand` they cannot close a program to each other. */
function turn(state: State, steps: readonly Step[]): void {
  const tie = {};
  for (const { candidate, at, code = candidate.prefs[at] } of steps) {
    if (code === undefined || (at >= 0 && candidate.prefs.indexOf(code) !== at)) continue;
    if (state.filed.some((each) => each.candidate === candidate)) continue;
    if (stage(state.instance, candidate, code) === 'FULL' && hasRoom(state, code, tie)) {
      state.filed.push({ candidate, code, at, tie });
    }
  }
}

function hasRoom({ instance, filed }: State, code: string, tie: object): boolean {
  const counted = (members: readonly string[]): number =>
    filed.filter(
      (each) => members.includes(each.code) && !(instance.tiePolicy === 'expand' && each.tie === tie),
    ).length;
  const groups = (instance.groups ?? []).filter(({ members }) => members.includes(code));
  const program = instance.programs.find((each) => each.code === code);
  return (
    program !== undefined &&
    counted([code]) < seats(program) &&
    groups.every(({ cap, members }) => counted(members) < cap)
  );
}

function gaps(state: State, ranked: readonly Candidate[], byPosition: boolean): void {
  const { instance } = state;
  const list = instance.gaps ?? [];
  const pairs = ranked.flatMap((candidate) =>
    candidate.prefs.map((_, at) => ({
      candidate,
      at,
      effective: round6(candidate.score - (list[at] ?? list.at(-1) ?? 0)),
    })),
  );
  const tied = (a: (typeof pairs)[number], b: (typeof pairs)[number]): number =>
    b.effective - a.effective ||
    compare(instance, a.candidate, b.candidate) ||
    (byPosition ? a.at - b.at : 0);
  pairs.sort(
    (a, b) => tied(a, b) || ranked.indexOf(a.candidate) - ranked.indexOf(b.candidate) || a.at - b.at,
  );
  for (const group of chunk(pairs, (a, b) => tied(a, b) === 0)) turn(state, group);
  const codes = instance.programs
    .filter(({ noAdjust }) => !noAdjust)
    .map(({ code }) => code)
    .sort();
  for (const group of tieGroups(instance, ranked)) {
    const obedient = group.filter(({ obey }) => obey);
    turn(
      state,
      obedient.flatMap((candidate) => codes.map((code) => ({ candidate, at: -1, code }))),
    );
  }
}

function windowsOf(
  { mode, windows }: Instance,
  ranked: readonly Candidate[],
): readonly (readonly number[])[] {
  const longest = Math.max(0, ...ranked.map(({ prefs }) => prefs.length));
  const all = Array.from({ length: longest }, (_, at) => at);
  return mode === 'rounds' ? (windows ?? all.map((at) => [at])) : [all];
}

function tieGroups(instance: Instance, ranked: readonly Candidate[]): Candidate[][] {
  return chunk(ranked, (a, b) => compare(instance, a, b) === 0);
}

function chunk<T>(list: readonly T[], same: (a: T, b: T) => boolean): T[][] {
  const groups: T[][] = [];
  for (const item of list) {
    const last = groups.at(-1);
    if (last?.[0] !== undefined && same(last[0], item)) last.push(item);
    else groups.push([item]);
  }
  return groups;
}

function groupBy<T>(list: readonly T[], key: (item: T) => number): T[][] {
  return [...Map.groupBy(list, key).values()];
}

function compare({ ladder = ['score', 'tie'] }: Instance, a: Candidate, b: Candidate): number {
  const value = (candidate: Candidate, name: string): number[] => {
    if (name === 'score') return [candidate.score];
    if (name === 'tie') return [0, 1, 2, 3].map((i) => candidate.tie?.[i] ?? 0);
    if (name === 'position') return [];
    const [kind, which] = name.split('.');
    return [(kind === 'tie' ? candidate.tie?.[Number(which)] : markOf(candidate, which ?? '')) ?? 0];
  };
  const [left, right] = [a, b].map((each) => ladder.flatMap((name) => value(each, name)));
  return right?.map((each, i) => each - (left?.[i] ?? 0)).find((each) => each !== 0) ?? 0;
}

const round6 = (value: number): number => Math.round(value * 1e6);

function seats({ plan, ratio = 1, rounding }: Program): number {
  const exact = Number((plan * ratio).toFixed(6));
  return rounding === 'ceil' ? Math.ceil(exact) : Math.floor(exact);
}

const markOf = ({ marks }: Candidate, subject: string): number | undefined =>
  new Map(Object.entries(marks ?? {})).get(subject);

const STAGES = ['NO_PREFS', 'UNKNOWN_CODE', 'PLAN_ZERO', 'INELIGIBLE', 'BELOW_LINE', 'FULL'];

export function stage(instance: Instance, candidate: Candidate, code: string): string {
  const program = instance.programs.find((each) => each.code === code);
  if (!program) return 'UNKNOWN_CODE';
  if (seats(program) === 0) return 'PLAN_ZERO';
  if (program.level !== undefined && program.level !== candidate.level) return 'INELIGIBLE';
  if (program.require?.some((subject) => !candidate.subjects?.includes(subject))) return 'INELIGIBLE';
  if (
    Object.entries(program.minSubject ?? {}).some(([name, least]) => (markOf(candidate, name) ?? -1) < least)
  )
    return 'INELIGIBLE';
  if (program.bar?.some((bar) => candidate.bars?.includes(bar))) return 'INELIGIBLE';
  if (instance.mode === 'da' && program.ranking && !program.ranking.includes(candidate.id))
    return 'INELIGIBLE';
  return candidate.score < (program.line ?? 0) ? 'BELOW_LINE' : 'FULL';
}

function report({ instance, filed }: State): Map<string, string> {
  const listed = instance.mode === 'rounds' && instance.windows ? instance.windows.flat() : null;
  return new Map(
    instance.candidates.map((candidate) => {
      const own = filed.find((each) => each.candidate === candidate);
      if (own) return [candidate.id, `${own.code}@${own.at}`];
      const stages = candidate.prefs
        .filter((code, at) => candidate.prefs.indexOf(code) === at && (!listed || listed.includes(at)))
        .map((code) => STAGES.indexOf(stage(instance, candidate, code)));
      return [candidate.id, STAGES[Math.max(0, ...stages)] ?? ''];
    }),
  );
}
