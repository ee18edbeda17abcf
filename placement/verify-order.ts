import type { Assignment, Candidate, Instance, Program } from './model.ts';
import { placesInOrder } from './verify-places.ts';
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
  const pairsOf = keyMaker(instance);
  const byKey = comparison(instance);
  const desks = openDesks(instance);
  closeCaps({ claims, desks, pairsOf, byKey });
  const isClosed = ({ caps }: Desk, pair: Pair): boolean =>
    caps.some(({ seats, last }) => seats === 0 || (last !== undefined && byKey(last, pair) < 0));
  const missedBy = overlookedChoice(instance, desks, isClosed);
  return claims.flatMap((claim) => {
    const { candidate, assignment } = claim;
    const pairOf = pairsOf(candidate);
    const desk = desks.get(assignment.code ?? '');
    if (assignment.code !== null && desk && isClosed(desk, pairOf(assignment.code, assignment.at)))
      return [overCap(candidate, assignment.code)];
    const missed = missedBy(claim, pairOf);
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

/** The pairs of one candidate. */
type PairOf = (code: string, at: number) => Pair;
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

function keyMaker(instance: Instance): (candidate: Candidate) => PairOf {
  const { mode, windows, gaps = [], ladder = [] } = instance;
  const places = placesInOrder(instance);
  const byPosition = ladder.at(-1) === 'position';
  const isPlain = mode !== 'rounds' && mode !== 'gaps' && !byPosition;
  const codes = new Map(
    instance.programs
      .map(({ code }) => code)
      .sort()
      .map((code, place) => [code, place]),
  );
  const windowOf = (at: number): number => {
    if (mode !== 'rounds') return 0;
    return windows ? windows.findIndex((list) => list.includes(at)) : at;
  };
  return ({ id, score }) => {
    const { key = 0, rank = 0 } = places.get(id) ?? {};
    if (isPlain) {
      // One window, no deductions: only the place in the list differs between the choices of one candidate.
      return (_, at) => ({ adjusting: 0, window: 0, effective: 0, key, position: 0, rank, place: at });
    }
    return (code, at) => {
      const adjusting = Number(at < 0);
      const window = windowOf(at);
      const gap = gaps[at] ?? gaps.at(-1) ?? 0;
      const effective = mode === 'gaps' && at >= 0 ? -Math.round((score - gap) * 1e6) : 0;
      const position = byPosition && at >= 0 ? at : 0;
      const listed = mode === 'rounds' ? (windows?.[window]?.indexOf(at) ?? 0) : at;
      const place = at < 0 ? (codes.get(code) ?? 0) : listed;
      return { adjusting, window, effective, key, position, rank, place };
    };
  };
}

interface Cap {
  readonly seats: number;
  /** The claim on the last seat, once that is taken. */
  last?: Pair;
}

/** A program with every cap around it. */
interface Desk {
  readonly program: Program;
  readonly caps: Cap[];
}

type Desks = ReadonlyMap<string, Desk>;

function openDesks({ programs, groups = [] }: Instance): Desks {
  const desks = new Map(
    programs.map((program): [string, Desk] => [
      program.code,
      { program, caps: [{ seats: seatsOf(program) }] },
    ]),
  );
  for (const { cap, members } of groups) {
    const shared = { seats: cap };
    for (const member of new Set(members)) desks.get(member)?.caps.push(shared);
  }
  return desks;
}

interface Closing {
  readonly claims: readonly Claim[];
  readonly desks: Desks;
  readonly pairsOf: (candidate: Candidate) => PairOf;
  readonly byKey: ByKey;
}

/** Notes the claim on the last seat of every full cap. */
function closeCaps({ claims, desks, pairsOf, byKey }: Closing): void {
  const under = new Map<Cap, Pair[]>();
  for (const { candidate, assignment } of claims) {
    if (assignment.code === null) continue;
    const pair = pairsOf(candidate)(assignment.code, assignment.at);
    for (const cap of desks.get(assignment.code)?.caps ?? []) {
      const list = under.get(cap);
      if (list) list.push(pair);
      else under.set(cap, [pair]);
    }
  }
  for (const [cap, pairs] of under) {
    const last = pairs.sort(byKey)[cap.seats - 1];
    if (last !== undefined) cap.last = last;
  }
}

/**
 * Finds a choice the candidate was entitled to before the one filed, on the list or by adjustment, that was not closed.
 * Eligibility is asked last: nearly everything better is simply closed.
 */
function overlookedChoice(
  { mode, windows }: Instance,
  desks: Desks,
  isClosed: (desk: Desk, pair: Pair) => boolean,
): (claim: Claim, pairOf: PairOf) => string | undefined {
  const order = comparison({ tiePolicy: 'strict' });
  // Where one candidate's choices come in the order of the list, nothing after the one filed is better.
  const isInListOrder = mode !== 'rounds' && mode !== 'gaps';
  const looksAt = windows && mode === 'rounds' ? new Set(windows.flat()) : null;
  const adjustable = mode === 'gaps' ? [...desks.values()].filter(({ program }) => !program.noAdjust) : [];
  return ({ candidate, assignment }, pairOf) => {
    const own = assignment.code === null ? null : pairOf(assignment.code, assignment.at);
    const isMissed = (code: string, at: number): boolean => {
      const desk = desks.get(code);
      if (desk === undefined) return false;
      const pair = pairOf(code, at);
      if ((own !== null && order(pair, own) >= 0) || isClosed(desk, pair)) return false;
      return hindrance(candidate, desk.program, mode) === null;
    };
    const better = isInListOrder && own !== null ? candidate.prefs.slice(0, assignment.at) : candidate.prefs;
    const listed = better.find((code, at) => {
      if (looksAt && !looksAt.has(at)) return false;
      return isMissed(code, at) && candidate.prefs.indexOf(code) === at;
    });
    // Adjustment comes after every preference: whoever was filed to one has nothing better there.
    if (listed !== undefined || !candidate.obey || own?.adjusting === 0) return listed;
    return adjustable.find(({ program }) => isMissed(program.code, -1))?.program.code;
  };
}
