import type { Assignment, Candidate, Instance } from './model.ts';
import { hindrance, seatsOf } from './verify-rules.ts';
import type { Violation } from './violation.ts';

export interface Claim {
  readonly candidate: Candidate;
  readonly assignment: Assignment;
}

/** What decides between two claims to a seat, as numbers; smaller goes first. */
interface Pair {
  readonly adjusting: number;
  readonly window: number;
  readonly effective: number;
  /** Place of the candidate's full key: the same for full ties. */
  readonly key: number;
  readonly position: number;
  /** From here on `expand` sees a tie: place of the candidate, then of the choice among the candidate's own. */
  readonly rank: number;
  readonly place: number;
}

/**
 * Serial placement, checked by cut-offs instead of by walking. Sort the claims filed under a cap; the claim that took
 * the last seat is the cap's closing claim. Whoever is filed must not come after a closing claim, and whoever was
 * refused a better choice must come after one. Two outcomes with this property would have to differ first at some
 * choice in the order, where both saw the same seats taken: there is only one.
 */
export function verifyOrder(instance: Instance, claims: readonly Claim[]): Violation[] {
  const pairOf = keyMaker(instance);
  const byKey = comparison(instance);
  const caps = capsAround(instance);
  const closing = closingClaims({ claims, caps, pairOf, byKey });
  const isClosed = (code: string, pair: Pair): boolean =>
    (caps.get(code) ?? []).some(({ name }) => {
      const last = closing.get(name);
      return last === 'NO_SEATS' || (last !== undefined && byKey(last, pair) < 0);
    });
  const missedBy = overlookedChoice(instance, pairOf, isClosed);
  return claims.flatMap((claim) => {
    const { candidate, assignment } = claim;
    if (assignment.code !== null) {
      const own = pairOf(candidate, assignment.code, assignment.at);
      if (isClosed(assignment.code, own)) return [overCap(candidate, assignment.code)];
    }
    const missed = missedBy(claim);
    return missed === undefined ? [] : [passedOver(candidate, missed)];
  });
}

function overCap({ id }: Candidate, program: string): Violation {
  const message = `考生 ${id} 投到 ${program} 时，计划或分组上限已被排在前面的考生用完。`;
  return { rule: 'CAP', candidate: id, program, message };
}

function passedOver({ id }: Candidate, program: string): Violation {
  const message = `考生 ${id} 应先投到 ${program}：该专业尚有空额，或投出了排在其后的考生。`;
  return { rule: 'PASSED_OVER', candidate: id, program, message };
}

type PairOf = (candidate: Candidate, code: string, at: number) => Pair;
type ByKey = (a: Pair, b: Pair) => number;

function comparison({ tiePolicy }: Pick<Instance, 'tiePolicy'>): ByKey {
  return (a, b) =>
    a.adjusting - b.adjusting ||
    a.window - b.window ||
    a.effective - b.effective ||
    a.key - b.key ||
    a.position - b.position ||
    (tiePolicy === 'expand' ? 0 : a.rank - b.rank || a.place - b.place);
}

function keyMaker(instance: Instance): PairOf {
  const { mode, windows, gaps = [], ladder = [] } = instance;
  const standing = placesInOrder(instance);
  const byPosition = ladder.at(-1) === 'position';
  const codes = new Map(
    instance.programs
      .map(({ code }) => code)
      .sort()
      .map((code, place) => [code, place]),
  );
  return (candidate, code, at) => {
    const { key = 0, rank = 0 } = standing.get(candidate.id) ?? {};
    const adjusting = at < 0;
    const window = mode !== 'rounds' ? 0 : windows ? windows.findIndex((list) => list.includes(at)) : at;
    const gap = gaps[at] ?? gaps.at(-1) ?? 0;
    const effective = mode === 'gaps' && !adjusting ? -Math.round((candidate.score - gap) * 1e6) : 0;
    const position = byPosition && !adjusting ? at : 0;
    const listed = mode === 'rounds' ? (windows?.[window]?.indexOf(at) ?? 0) : at;
    const place = adjusting ? (codes.get(code) ?? 0) : listed;
    return { adjusting: Number(adjusting), window, effective, key, position, rank, place };
  };
}

interface Place {
  readonly key: number;
  readonly rank: number;
}

/** Everybody's place by the ladder without the position, then by registration order and id. */
function placesInOrder({ candidates, ladder = ['score', 'tie'] }: Instance): Map<string, Place> {
  const width = candidates.reduce((most, { tie }) => Math.max(most, tie?.length ?? 0), 0);
  const step = (name: string, { score, tie, marks }: Candidate): number[] => {
    if (name === 'position') return [];
    if (name === 'score') return [score];
    if (name === 'tie') return Array.from({ length: width }, (_, i) => tie?.[i] ?? 0);
    if (name.startsWith('tie.')) return [tie?.[Number(name.slice(4))] ?? 0];
    return [marks?.[name.slice('marks.'.length)] ?? 0];
  };
  const keyed = candidates.map((candidate) => {
    return { candidate, figures: ladder.flatMap((name) => step(name, candidate)) };
  });
  const compare = (a: (typeof keyed)[number], b: (typeof keyed)[number]): number => {
    const at = a.figures.findIndex((figure, i) => figure !== b.figures[i]);
    return at < 0 ? 0 : (b.figures[at] ?? 0) - (a.figures[at] ?? 0);
  };
  keyed.sort((a, b) => {
    const difference = compare(a, b) || (a.candidate.seq ?? 0) - (b.candidate.seq ?? 0);
    return difference || (a.candidate.id < b.candidate.id ? -1 : 1);
  });
  let key = 0;
  return new Map(
    keyed.map((current, rank) => {
      const before = keyed[rank - 1];
      if (before !== undefined && compare(before, current) !== 0) key += 1;
      return [current.candidate.id, { key, rank }] as const;
    }),
  );
}

interface Cap {
  readonly name: string;
  readonly seats: number;
}

function capsAround({ programs, groups = [] }: Instance): Map<string, Cap[]> {
  const around = new Map(
    programs.map((program) => [program.code, [{ name: `program ${program.code}`, seats: seatsOf(program) }]]),
  );
  for (const { code, cap, members } of groups) {
    for (const member of new Set(members)) around.get(member)?.push({ name: `group ${code}`, seats: cap });
  }
  return around;
}

interface Closing {
  readonly claims: readonly Claim[];
  readonly caps: ReadonlyMap<string, readonly Cap[]>;
  readonly pairOf: PairOf;
  readonly byKey: ByKey;
}

/** The claim on the last seat of every full cap; a cap without seats closes before anybody comes. */
function closingClaims({ claims, caps, pairOf, byKey }: Closing): Map<string, Pair | 'NO_SEATS'> {
  const under = new Map<string, Pair[]>();
  for (const { candidate, assignment } of claims) {
    if (assignment.code === null) continue;
    const pair = pairOf(candidate, assignment.code, assignment.at);
    for (const { name } of caps.get(assignment.code) ?? []) {
      const list = under.get(name);
      if (list) list.push(pair);
      else under.set(name, [pair]);
    }
  }
  const closing = new Map<string, Pair | 'NO_SEATS'>();
  for (const { name, seats } of [...caps.values()].flat()) {
    if (closing.has(name)) continue;
    const last = seats === 0 ? 'NO_SEATS' : under.get(name)?.sort(byKey)[seats - 1];
    if (last !== undefined) closing.set(name, last);
  }
  return closing;
}

/**
 * Finds a choice the candidate was entitled to before the one filed, on the list or by adjustment, that was not closed.
 * Eligibility is asked last: nearly everything better is simply closed.
 */
function overlookedChoice(
  instance: Instance,
  pairOf: PairOf,
  isClosed: (code: string, pair: Pair) => boolean,
): (claim: Claim) => string | undefined {
  const { mode, windows, programs } = instance;
  const order = comparison({ tiePolicy: 'strict' });
  const known = new Map(programs.map((program) => [program.code, program]));
  const looksAt = windows && mode === 'rounds' ? new Set(windows.flat()) : null;
  const adjustable = mode === 'gaps' ? programs.filter(({ noAdjust }) => !noAdjust) : [];
  return ({ candidate, assignment }) => {
    const own = assignment.code === null ? null : pairOf(candidate, assignment.code, assignment.at);
    const isMissed = (code: string, at: number): boolean => {
      const program = known.get(code);
      if (program === undefined) return false;
      const pair = pairOf(candidate, code, at);
      if ((own !== null && order(pair, own) >= 0) || isClosed(code, pair)) return false;
      return hindrance(candidate, program, mode) === null;
    };
    const listed = candidate.prefs.find((code, at) => {
      if (looksAt && !looksAt.has(at)) return false;
      return isMissed(code, at) && candidate.prefs.indexOf(code) === at;
    });
    return listed ?? (candidate.obey ? adjustable.find(({ code }) => isMissed(code, -1))?.code : undefined);
  };
}
