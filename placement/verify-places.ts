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
  const step = (name: string, { score, tie, marks }: Candidate): number[] => {
    if (name === 'position') return [];
    if (name === 'score') return [score];
    if (name === 'tie') return Array.from({ length: width }, (_, i) => tie?.[i] ?? 0);
    if (name.startsWith('tie.')) return [tie?.[Number(name.slice(4))] ?? 0];
    const subject = name.slice('marks.'.length);
    return [Object.entries(marks ?? {}).find(([own]) => own === subject)?.[1] ?? 0];
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
