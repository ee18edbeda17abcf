import type { Candidate, Instance } from './model.ts';

/** Somebody's place in the common order. */
export interface Place {
  /** The same for full ties. */
  readonly key: number;
  readonly rank: number;
}

/** Everybody's place by the ladder without the position, then by registration order and id. */
export function placesInOrder({ candidates, ladder = ['score', 'tie'] }: Instance): Map<string, Place> {
  const width = candidates.reduce((most, { tie }) => Math.max(most, tie?.length ?? 0), 0);
  const add = (figures: number[], name: string, { score, tie, marks }: Candidate): void => {
    if (name === 'position') return;
    if (name === 'score') figures.push(score);
    else if (name === 'tie') for (let i = 0; i < width; i++) figures.push(tie?.[i] ?? 0);
    else if (name.startsWith('tie.')) figures.push(tie?.[Number(name.slice(4))] ?? 0);
    else {
      const subject = name.slice('marks.'.length);
      figures.push(Object.entries(marks ?? {}).find(([own]) => own === subject)?.[1] ?? 0);
    }
  };
  const keyed = candidates.map((candidate) => {
    const figures: number[] = [];
    for (const name of ladder) add(figures, name, candidate);
    return { candidate, figures };
  });
  const compare = (a: (typeof keyed)[number], b: (typeof keyed)[number]): number => {
    for (let i = 0; i < a.figures.length; i++) {
      const [own = 0, other = 0] = [a.figures[i], b.figures[i]];
      if (own !== other) return other - own;
    }
    return 0;
  };
  keyed.sort((a, b) => {
    const difference = compare(a, b) || (a.candidate.seq ?? 0) - (b.candidate.seq ?? 0);
    return difference || (a.candidate.id < b.candidate.id ? -1 : 1);
  });
  let key = 0;
  const places = new Map<string, Place>();
  keyed.forEach((current, rank) => {
    const before = keyed[rank - 1];
    if (before !== undefined && compare(before, current) !== 0) key += 1;
    places.set(current.candidate.id, { key, rank });
  });
  return places;
}
