import type { Candidate, Instance, Program } from './model.ts';
import type { Claim } from './verify-order.ts';
import { hindrance, seatsOf } from './verify-rules.ts';
import type { Violation } from './violation.ts';

/**
 * Stability by its definition, then optimality. Stable: offered everybody who would rather come, each program would
 * choose exactly whom it holds. Optimal: all free candidates apply at once, programs choose, again and again; where
 * that comes to rest is the one outcome no candidate can improve on.
 */
export function verifyMatching(instance: Instance, claims: readonly Claim[]): Violation[] {
  const order = commonOrder(instance);
  const unstable = instance.programs.flatMap((program) => verifyStable(instance, program, { claims, order }));
  if (unstable.length > 0) return unstable;
  const best = bestOutcome(instance, order);
  return claims.flatMap(({ candidate: { id }, assignment: { code } }) => {
    const expected = best.get(id) ?? null;
    if (expected === code) return [];
    const message = `考生 ${id} 在稳定的结果中最好可到 ${expected}，现为 ${code}。`;
    return [{ rule: 'OPTIMAL', candidate: id, program: expected ?? code ?? '', message } as const];
  });
}

interface Known {
  readonly claims: readonly Claim[];
  readonly order: ReadonlyMap<string, number>;
}

function verifyStable(instance: Instance, program: Program, { claims, order }: Known): Violation[] {
  const { code } = program;
  const holds = claims.filter(({ assignment }) => assignment.code === code).map(({ candidate }) => candidate);
  if (holds.length > seatsOf(program)) {
    const message = `专业 ${code} 投出 ${holds.length} 人，超过 ${seatsOf(program)} 人。`;
    return [{ rule: 'CAP', candidate: holds[0]?.id ?? '', program: code, message }];
  }
  const envious = claims
    .filter(({ candidate, assignment }) => {
      const place = candidate.prefs.indexOf(code);
      const better = place >= 0 && (assignment.code === null || place < assignment.at);
      return better && hindrance(candidate, program, instance.mode) === null;
    })
    .map(({ candidate }) => candidate);
  const chosen = new Set(choose(program, [...holds, ...envious], order));
  const wronged = envious.find((candidate) => chosen.has(candidate));
  if (wronged === undefined) return [];
  const message = `考生 ${wronged.id} 更愿意去 ${code}，该专业也应当要他：有空额，或投出了名次在其后的考生。`;
  return [{ rule: 'PASSED_OVER', candidate: wronged.id, program: code, message }];
}

/** Reserved seats first, each for the best of its category; the rest of the seats for the best of all others. */
function choose(
  program: Program,
  applicants: readonly Candidate[],
  order: ReadonlyMap<string, number>,
): Candidate[] {
  const { ranking, reserves = [] } = program;
  const place = ({ id }: Candidate): number => (ranking ? ranking.indexOf(id) : (order.get(id) ?? 0));
  const sorted = [...applicants].sort((a, b) => place(a) - place(b));
  const reserved = reserves.flatMap(({ category, seats }) =>
    sorted.filter((candidate) => candidate.category === category).slice(0, seats),
  );
  const others = sorted.filter((candidate) => !reserved.includes(candidate));
  return [...reserved, ...others.slice(0, Math.max(0, seatsOf(program) - reserved.length))];
}

function bestOutcome(instance: Instance, order: ReadonlyMap<string, number>): Map<string, string> {
  const programs = new Map(instance.programs.map((program) => [program.code, program]));
  const lists = new Map(
    instance.candidates.map((candidate) => {
      const open = candidate.prefs.filter((code, at) => {
        const program = programs.get(code);
        if (program === undefined || candidate.prefs.indexOf(code) !== at) return false;
        return hindrance(candidate, program, instance.mode) === null;
      });
      return [candidate, open] as const;
    }),
  );
  for (let settled = false; !settled; ) {
    settled = true;
    for (const program of instance.programs) {
      const applicants = instance.candidates.filter(
        (candidate) => lists.get(candidate)?.[0] === program.code,
      );
      const chosen = new Set(choose(program, applicants, order));
      for (const candidate of applicants) {
        if (chosen.has(candidate)) continue;
        lists.get(candidate)?.shift();
        settled = false;
      }
    }
  }
  return new Map(
    [...lists].flatMap(([{ id }, [first]]) => (first === undefined ? [] : [[id, first] as const])),
  );
}

/** For programs without a ranking of their own: the ladder of the round, then registration order, then id. */
function commonOrder({ candidates, ladder = ['score', 'tie'] }: Instance): Map<string, number> {
  const width = candidates.reduce((most, { tie }) => Math.max(most, tie?.length ?? 0), 0);
  const key = (candidate: Candidate): number[] =>
    ladder.flatMap((name) => {
      if (name === 'score') return [candidate.score];
      if (name === 'tie') return Array.from({ length: width }, (_, i) => candidate.tie?.[i] ?? 0);
      if (name.startsWith('tie.')) return [candidate.tie?.[Number(name.slice(4))] ?? 0];
      if (name === 'position') return [];
      return [Object.entries(candidate.marks ?? {}).find(([own]) => own === name.slice(6))?.[1] ?? 0];
    });
  const keyed = candidates.map((candidate) => ({ candidate, key: key(candidate) }));
  keyed.sort((a, b) => {
    const difference = a.key.map((value, i) => (b.key[i] ?? 0) - value).find((each) => each !== 0);
    if (difference !== undefined) return difference;
    const bySeq = (a.candidate.seq ?? 0) - (b.candidate.seq ?? 0);
    if (bySeq !== 0) return bySeq;
    return a.candidate.id < b.candidate.id ? -1 : 1;
  });
  return new Map(keyed.map(({ candidate }, index) => [candidate.id, index]));
}
