import type { Candidate, Instance, Program, Refusal } from './model.ts';
import { byFullKey, byText, inRankOrder } from './order.ts';
import { gateOf, quotaOf, STAGES, standing } from './standing.ts';

/** A round in numbers: candidates by rank, programs by code, caps as a tree, and the choices that may succeed. */
export interface Round {
  readonly instance: Instance;
  /** Best first; a candidate's `rank` is its index here. */
  readonly ranked: readonly Candidate[];
  /** Candidates with the same full key share a number; numbers grow as keys get worse. */
  readonly keyOf: Int32Array;
  readonly programs: readonly Program[];
  /** Nodes 0 … m-1 are the programs, then come the groups. */
  readonly cap: Float64Array;
  /** The group around a node, -1 at the root. */
  readonly parent: Int32Array;
  readonly choices: Choices;
  /** Why a rank is not placed if it is not placed. */
  readonly refusal: readonly Refusal[];
}

/** One admissible preference: it can only fail because the program, or a group around it, is full. */
export interface Choice {
  readonly rank: number;
  readonly program: number;
  /** Index of the first occurrence in `prefs`; -1 for an adjustment. */
  readonly at: number;
}

/** Choices in columns, as there are millions: the i-th is { rank[i], program[i], at[i] }. */
export interface Choices {
  readonly count: number;
  readonly rank: Int32Array;
  readonly program: Int32Array;
  readonly at: Int32Array;
}

export function buildRound(instance: Instance): Round {
  const ranked = inRankOrder(instance);
  const programs = instance.programs.toSorted((a, b) => byText(a.code, b.code));
  const { choices, refusal } = listChoices(instance, ranked, programs);
  return {
    instance,
    ranked,
    keyOf: numberKeys(instance, ranked),
    programs,
    ...capTree(instance, programs),
    choices,
    refusal,
  };
}

function numberKeys(instance: Instance, ranked: readonly Candidate[]): Int32Array {
  const fullKey = byFullKey(instance);
  const keyOf = new Int32Array(ranked.length);
  ranked.forEach((candidate, rank) => {
    const before = ranked[rank - 1];
    if (before === undefined) return;
    const previous = keyOf[rank - 1] ?? 0;
    keyOf[rank] = fullKey(before, candidate) === 0 ? previous : previous + 1;
  });
  return keyOf;
}

/** Larger groups first, so that each group finds its parent already standing around its members. */
function capTree(instance: Instance, programs: readonly Program[]): Pick<Round, 'cap' | 'parent'> {
  const groups = (instance.groups ?? [])
    .map((group) => ({ cap: group.cap, members: new Set(group.members) }))
    .sort((a, b) => b.members.size - a.members.size);
  const indexOf = new Map(programs.map(({ code }, index) => [code, index]));
  const parent = new Int32Array(programs.length + groups.length).fill(-1);
  groups.forEach(({ members }, index) => {
    const node = programs.length + index;
    for (const code of members) {
      const program = indexOf.get(code) ?? 0;
      parent[node] = parent[program] ?? -1;
      parent[program] = node;
    }
  });
  return { cap: Float64Array.from([...programs.map(quotaOf), ...groups.map(({ cap }) => cap)]), parent };
}

const FULL = STAGES.indexOf('FULL');

/** `rounds`: a preference outside every window is never looked at. */
function reachable({ mode, windows }: Instance): (at: number) => boolean {
  if (mode !== 'rounds' || windows === undefined) return () => true;
  const listed = new Set(windows.flat());
  return (at) => listed.has(at);
}

/** By rank, then by place in the list: the walk of `parallel` takes them as they stand. */
function listChoices(
  instance: Instance,
  ranked: readonly Candidate[],
  programs: readonly Program[],
): Pick<Round, 'choices' | 'refusal'> {
  const indexOf = new Map(programs.map(({ code }, index) => [code, index]));
  const acceptable = programs.map(({ ranking }) =>
    instance.mode === 'da' && ranking ? new Set(ranking) : null,
  );
  const gates = programs.map(gateOf);
  const inWindow = reachable(instance);
  const listed = ranked.reduce((sum, { prefs }) => sum + prefs.length, 0);
  const [rankOf, programOf, atOf] = [new Int32Array(listed), new Int32Array(listed), new Int32Array(listed)];
  /** Who last listed each program: a second time in one list does not count, even where the first was not looked at. */
  const lister = new Int32Array(programs.length).fill(-1);
  let count = 0;
  const refusal = ranked.map((candidate, rank) => {
    const { prefs } = candidate;
    let furthest = 0;
    for (let at = 0; at < prefs.length; at++) {
      const code = prefs[at] as string;
      const index = indexOf.get(code) ?? -1;
      const isRepeated = index < 0 ? prefs.indexOf(code) < at : lister[index] === rank;
      if (index >= 0) lister[index] = rank;
      if (isRepeated || !inWindow(at)) continue;
      let stage = standing(candidate, gates[index]);
      const ranking = acceptable[index];
      if (ranking && stage !== 'PLAN_ZERO' && !ranking.has(candidate.id)) stage = 'INELIGIBLE';
      furthest = Math.max(furthest, stage === 'ADMISSIBLE' ? FULL : STAGES.indexOf(stage));
      if (stage !== 'ADMISSIBLE') continue;
      rankOf[count] = rank;
      programOf[count] = index;
      atOf[count] = at;
      count += 1;
    }
    return STAGES[furthest] ?? 'NO_PREFS';
  });
  return { choices: { count, rank: rankOf, program: programOf, at: atOf }, refusal };
}

export function choiceAt({ rank, program, at }: Choices, index: number): Choice {
  return { rank: rank[index] ?? 0, program: program[index] ?? 0, at: at[index] ?? 0 };
}
