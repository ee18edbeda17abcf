import type { Candidate, Instance, Program } from './model.ts';
import type { Claim } from './verify-order.ts';
import { type Place, placesInOrder } from './verify-places.ts';
import { hindrance, placesIn, seatsOf } from './verify-rules.ts';
import type { Violation } from './violation.ts';

/**
 * Stability by its definition, then optimality. Stable: offered everybody who would rather come, each program would
 * choose exactly whom it holds. Optimal: all free candidates apply at once, programs choose, again and again; where
 * that comes to rest is the one outcome no candidate can improve on.
 */
export function verifyMatching(instance: Instance, claims: readonly Claim[]): Violation[] {
  const order = placesInOrder(instance);
  const desks = new Map(instance.programs.map((program) => [program.code, openDesk(program)]));
  for (const claim of claims) seat(instance, desks, claim);
  const unstable = [...desks.values()].flatMap((desk) => verifyStable(desk, order));
  if (unstable.length > 0) return unstable;
  const best = bestOutcome(instance, order);
  return claims.flatMap(({ candidate: { id }, assignment: { code } }) => {
    const expected = best.get(id) ?? null;
    if (expected === code) return [];
    const message = `考生 ${id} 在稳定的结果中最好可到 ${expected}，现为 ${code}。`;
    return [{ rule: 'OPTIMAL', candidate: id, program: expected ?? code ?? '', message } as const];
  });
}

/** A program with those it holds and those who would rather be there than where they are. */
interface Desk {
  readonly program: Program;
  readonly holds: Candidate[];
  readonly envious: Candidate[];
}

const openDesk = (program: Program): Desk => ({ program, holds: [], envious: [] });

function seat({ mode }: Instance, desks: ReadonlyMap<string, Desk>, { candidate, assignment }: Claim): void {
  const { code, at } = assignment;
  if (code !== null) desks.get(code)?.holds.push(candidate);
  const better = code === null ? candidate.prefs : candidate.prefs.slice(0, at);
  for (const each of new Set(better)) {
    const desk = desks.get(each);
    if (desk && hindrance(candidate, desk.program, mode) === null) desk.envious.push(candidate);
  }
}

type Order = ReadonlyMap<string, Place>;

function verifyStable({ program, holds, envious }: Desk, order: Order): Violation[] {
  const { code } = program;
  if (holds.length > seatsOf(program)) {
    const message = `专业 ${code} 投出 ${holds.length} 人，超过 ${seatsOf(program)} 人。`;
    return [{ rule: 'CAP', candidate: holds[0]?.id ?? '', program: code, message }];
  }
  const chosen = new Set(choose(program, [...holds, ...envious], order));
  const wronged = envious.find((candidate) => chosen.has(candidate));
  if (wronged === undefined) return [];
  const message = `考生 ${wronged.id} 更愿意去 ${code}，该专业也应当要他：有空额，或投出了名次在其后的考生。`;
  return [{ rule: 'PASSED_OVER', candidate: wronged.id, program: code, message }];
}

/** Reserved seats first, each for the best of its category; the rest of the seats for the best of all others. */
function choose(program: Program, applicants: readonly Candidate[], order: Order): Candidate[] {
  const { ranking, reserves = [] } = program;
  const place = ({ id }: Candidate): number =>
    (ranking ? placesIn(program).get(id) : order.get(id)?.rank) ?? Number.POSITIVE_INFINITY;
  const sorted = applicants
    .map((candidate) => ({ candidate, place: place(candidate) }))
    .sort((a, b) => a.place - b.place)
    .map(({ candidate }) => candidate);
  const reserved = new Set(
    reserves.flatMap(({ category, seats }) =>
      sorted.filter((candidate) => candidate.category === category).slice(0, seats),
    ),
  );
  const others = sorted.filter((candidate) => !reserved.has(candidate));
  return [...reserved, ...others.slice(0, Math.max(0, seatsOf(program) - reserved.size))];
}

/** Everybody applies at once; whoever a program does not choose goes on down the list; until nobody has to. */
function bestOutcome({ mode, candidates, programs }: Instance, order: Order): Map<string, string> {
  const known = new Map(programs.map((program) => [program.code, program]));
  const applicants = new Map(programs.map(({ code }) => [code, new Set<Candidate>()]));
  const next = new Map<Candidate, number>();
  const unsettled = new Set<string>();
  const applyNext = (candidate: Candidate): void => {
    let at = next.get(candidate) ?? 0;
    while (at < candidate.prefs.length && !isOpen(candidate, at)) at += 1;
    next.set(candidate, at + 1);
    const code = candidate.prefs[at];
    if (code === undefined) return;
    applicants.get(code)?.add(candidate);
    unsettled.add(code);
  };
  const isOpen = (candidate: Candidate, at: number): boolean => {
    const code = candidate.prefs[at] ?? '';
    const program = known.get(code);
    if (program === undefined || candidate.prefs.indexOf(code) !== at) return false;
    return hindrance(candidate, program, mode) === null;
  };
  candidates.forEach(applyNext);
  for (const code of unsettled) {
    // A set is walked in the order of adding: a program that is applied to again comes again.
    unsettled.delete(code);
    const all = applicants.get(code) ?? new Set();
    const program = known.get(code);
    const chosen = program ? new Set(choose(program, [...all], order)) : new Set<Candidate>();
    const rejected = [...all].filter((candidate) => !chosen.has(candidate));
    applicants.set(code, chosen);
    rejected.forEach(applyNext);
  }
  return new Map([...applicants].flatMap(([code, held]) => [...held].map(({ id }) => [id, code] as const)));
}
