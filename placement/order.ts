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

/** The common order: full key, then registration order, then id. Never 0 for two candidates of one round. */
export function byRank(instance: Pick<Instance, 'ladder'>): Step {
  const fullKey = byFullKey(instance);
  return (a, b) => fullKey(a, b) || (a.seq ?? 0) - (b.seq ?? 0) || byText(a.id, b.id);
}
