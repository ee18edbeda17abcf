import type { Candidate, Instance, Program } from '#placement/model';
import { stage } from './reference.ts';

export type Matching = ReadonlyMap<string, string | null>;

/** Every stable outcome of a tiny `da` round, by trying all assignments. */
export function allStable(instance: Instance): Matching[] {
  const options = instance.candidates.map((candidate) => {
    const open = [...new Set(candidate.prefs)].filter((code) => stage(instance, candidate, code) === 'FULL');
    return { candidate, open: [...open, null] };
  });
  let partial: (readonly (string | null)[])[] = [[]];
  for (const { open } of options) partial = partial.flatMap((list) => open.map((code) => [...list, code]));
  return partial
    .map((list) => new Map(options.map(({ candidate }, i) => [candidate.id, list[i] ?? null])))
    .filter((matching) => instance.programs.every((program) => isStableAt(instance, program, matching)));
}

/** Offered its own people and everybody who would rather come, a program chooses exactly its own. */
function isStableAt(instance: Instance, program: Program, matching: Matching): boolean {
  const wants = instance.candidates.filter((candidate) => {
    const place = candidate.prefs.indexOf(program.code);
    if (place < 0 || stage(instance, candidate, program.code) !== 'FULL') return false;
    const own = matching.get(candidate.id) ?? null;
    return own === null || place <= candidate.prefs.indexOf(own);
  });
  const chosen = choose(instance, program, wants).map(({ id }) => id);
  const holds = wants.filter(({ id }) => matching.get(id) === program.code).map(({ id }) => id);
  return chosen.length === holds.length && holds.every((id) => chosen.includes(id));
}

function choose(instance: Instance, program: Program, wants: readonly Candidate[]): Candidate[] {
  const rank = program.ranking ?? commonOrder(instance);
  const best = [...wants].sort((a, b) => rank.indexOf(a.id) - rank.indexOf(b.id));
  const kept: Candidate[] = [];
  for (const { category, seats } of program.reserves ?? []) {
    kept.push(...best.filter((each) => each.category === category).slice(0, seats));
  }
  for (const each of best) if (!kept.includes(each) && kept.length < program.plan) kept.push(each);
  return kept;
}

/** Tiny rounds without a ranking are compared by score, registration order and id only. */
function commonOrder({ candidates }: Instance): string[] {
  return [...candidates]
    .sort((a, b) => b.score - a.score || (a.seq ?? 0) - (b.seq ?? 0) || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}
