import type { Candidate, Instance } from './model.ts';
import { markOf } from './standing.ts';

const DEFAULT_LADDER: readonly string[] = ['score', 'tie'];

/** Codes and ids are compared exactly, by UTF-16 code unit: no locale, so the same everywhere. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

type Step = (a: Candidate, b: Candidate) => number;

function byTieList(a: Candidate, b: Candidate): number {
  const length = Math.max(a.tie?.length ?? 0, b.tie?.length ?? 0);
  for (let i = 0; i < length; i++) {
    const difference = (b.tie?.[i] ?? 0) - (a.tie?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function stepOf(name: string): Step {
  if (name === 'score') return (a, b) => b.score - a.score;
  if (name === 'tie') return byTieList;
  if (name.startsWith('tie.')) {
    const index = Number(name.slice('tie.'.length));
    return (a, b) => (b.tie?.[index] ?? 0) - (a.tie?.[index] ?? 0);
  }
  const subject = name.slice('marks.'.length);
  return (a, b) => (markOf(b, subject) ?? 0) - (markOf(a, subject) ?? 0);
}

export const endsWithPosition = ({ ladder }: Pick<Instance, 'ladder'>): boolean =>
  ladder?.at(-1) === 'position';

/** The full key: every step of the ladder that compares two candidates; 0 means a full tie. */
export function byFullKey({ ladder = DEFAULT_LADDER }: Pick<Instance, 'ladder'>): Step {
  const steps = ladder.filter((name) => name !== 'position').map(stepOf);
  return (a, b) => {
    for (const step of steps) {
      const difference = step(a, b);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

/** What each step of the ladder compares, as figures of a candidate: larger is better. */
function figuresOf(name: string, candidates: readonly Candidate[]): ((candidate: Candidate) => number)[] {
  if (name === 'score') return [({ score }) => score];
  if (name === 'tie') {
    const length = candidates.reduce((most, { tie }) => Math.max(most, tie?.length ?? 0), 0);
    return Array.from({ length }, (_, index) => (candidate: Candidate) => candidate.tie?.[index] ?? 0);
  }
  if (name.startsWith('tie.')) {
    const index = Number(name.slice('tie.'.length));
    return [({ tie }) => tie?.[index] ?? 0];
  }
  const subject = name.slice('marks.'.length);
  return [(candidate) => markOf(candidate, subject) ?? 0];
}

/**
 * The common order, best first: full key, then registration order, then id; no two candidates are equal in it. Figures
 * are looked up once a candidate, not once a comparison.
 */
export function inRankOrder({
  candidates,
  ladder = DEFAULT_LADDER,
}: Pick<Instance, 'candidates' | 'ladder'>): Candidate[] {
  const figures = ladder.filter((name) => name !== 'position').flatMap((name) => figuresOf(name, candidates));
  const width = figures.length;
  const table = new Float64Array(candidates.length * width);
  candidates.forEach((candidate, index) => {
    for (let i = 0; i < width; i++) table[index * width + i] = figures[i]?.(candidate) ?? 0;
  });
  const order = Uint32Array.from(candidates.keys()).sort((a, b) => {
    for (let i = 0; i < width; i++) {
      const difference = (table[b * width + i] as number) - (table[a * width + i] as number);
      if (difference !== 0) return difference;
    }
    const [first, second] = [candidates[a] as Candidate, candidates[b] as Candidate];
    return (first.seq ?? 0) - (second.seq ?? 0) || byText(first.id, second.id);
  });
  return Array.from(order, (index) => candidates[index] as Candidate);
}
