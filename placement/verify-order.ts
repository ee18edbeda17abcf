import type { Assignment, Candidate, Instance, Program } from './model.ts';
import { hindrance, seatsOf } from './verify-rules.ts';
import type { Violation } from './violation.ts';

export interface Claim {
  readonly candidate: Candidate;
  readonly assignment: Assignment;
}

/** What decides between two claims to a seat: first the parts of the full key, then the parts that only order it. */
export interface Pair {
  readonly full: readonly number[];
  readonly last: readonly (number | string)[];
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
  const betterChoices = choiceLister(instance, pairOf);
  const isClosed = (code: string, pair: Pair): boolean =>
    (caps.get(code) ?? []).some(({ name }) => {
      const last = closing.get(name);
      return last === 'NO_SEATS' || (last !== undefined && byKey(last, pair) < 0);
    });
  return claims.flatMap((claim) => {
    const { candidate, assignment } = claim;
    if (assignment.code !== null) {
      const own = pairOf(candidate, assignment.code, assignment.at);
      if (isClosed(assignment.code, own)) return [overCap(candidate, assignment.code)];
    }
    const missed = betterChoices(claim).find(({ code, pair }) => !isClosed(code, pair));
    return missed === undefined ? [] : [passedOver(candidate, missed.code)];
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

function comparison({ tiePolicy }: Instance): ByKey {
  return (a, b) => {
    for (let i = 0; i < Math.max(a.full.length, b.full.length); i++) {
      const difference = (a.full[i] ?? 0) - (b.full[i] ?? 0);
      if (difference !== 0) return difference;
    }
    if (tiePolicy === 'expand') return 0;
    for (let i = 0; i < a.last.length; i++) {
      const [left, right] = [a.last[i] ?? 0, b.last[i] ?? 0];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
}

/** Smaller numbers go first, so scores and marks enter with their sign turned. */
function keyMaker(instance: Instance): PairOf {
  const { mode, windows, gaps = [], ladder = ['score', 'tie'] } = instance;
  const ties = instance.candidates.reduce((most, { tie }) => Math.max(most, tie?.length ?? 0), 0);
  const step = (name: string, candidate: Candidate, at: number): number[] => {
    if (name === 'position') return [at];
    if (name === 'score') return [-candidate.score];
    if (name === 'tie') return Array.from({ length: ties }, (_, i) => -(candidate.tie?.[i] ?? 0));
    const [, kind, which = ''] = /^(tie|marks)\.(.+)$/su.exec(name) ?? [];
    return [-((kind === 'tie' ? candidate.tie?.[Number(which)] : candidate.marks?.[which]) ?? 0)];
  };
  return (candidate, code, at) => {
    const adjusting = at < 0;
    const window = mode !== 'rounds' ? 0 : windows ? windows.findIndex((list) => list.includes(at)) : at;
    const gap = adjusting || mode !== 'gaps' ? 0 : (gaps[at] ?? gaps.at(-1) ?? 0);
    const effective = mode === 'gaps' && !adjusting ? Math.round((candidate.score - gap) * 1e6) : 0;
    const names = adjusting ? ladder.filter((name) => name !== 'position') : ladder;
    const place = adjusting ? code : mode === 'rounds' ? (windows?.[window]?.indexOf(at) ?? 0) : at;
    return {
      full: [Number(adjusting), window, -effective, ...names.flatMap((name) => step(name, candidate, at))],
      last: [candidate.seq ?? 0, candidate.id, place],
    };
  };
}

interface Cap {
  readonly name: string;
  readonly seats: number;
}

function capsAround({ programs, groups = [] }: Instance): Map<string, Cap[]> {
  return new Map(
    programs.map((program) => [
      program.code,
      [
        { name: `program ${program.code}`, seats: seatsOf(program) },
        ...groups
          .filter(({ members }) => members.includes(program.code))
          .map(({ code, cap }) => ({ name: `group ${code}`, seats: cap })),
      ],
    ]),
  );
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

interface Better {
  readonly code: string;
  readonly pair: Pair;
}

/** Choices the candidate was entitled to before the one filed: on the list, then by adjustment. */
function choiceLister(instance: Instance, pairOf: PairOf): (claim: Claim) => Better[] {
  const { mode, windows, programs } = instance;
  const order = comparison({ ...instance, tiePolicy: 'strict' });
  const seated = programs.filter((program) => seatsOf(program) > 0);
  const known = new Map<string, Program>(seated.map((program) => [program.code, program]));
  const fits = (candidate: Candidate, code: string): boolean => {
    const program = known.get(code);
    return program !== undefined && hindrance(candidate, program, mode) === null;
  };
  const adjustable = mode === 'gaps' ? programs.filter(({ noAdjust }) => !noAdjust) : [];
  return ({ candidate, assignment }) => {
    const own = assignment.code === null ? null : pairOf(candidate, assignment.code, assignment.at);
    const listed = candidate.prefs
      .map((code, at) => ({ code, at }))
      .filter(({ code, at }) => candidate.prefs.indexOf(code) === at)
      .filter(
        ({ at }) => mode !== 'rounds' || windows === undefined || windows.some((list) => list.includes(at)),
      );
    const adjusted = candidate.obey ? adjustable.map(({ code }) => ({ code, at: -1 })) : [];
    return [...listed, ...adjusted]
      .filter(({ code }) => fits(candidate, code))
      .map(({ code, at }) => ({ code, pair: pairOf(candidate, code, at) }))
      .filter(({ pair }) => own === null || order(pair, own) < 0);
  };
}
