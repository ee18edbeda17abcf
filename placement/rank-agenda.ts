/** Ranks still to be asked, best first, each with the programs that asked for it. */
export interface Agenda {
  readonly add: (rank: number, program: number) => void;
  readonly first: () => number | undefined;
  /** Removes a rank; returns its programs. */
  readonly take: (rank: number) => Set<number>;
}

/** A binary heap of ranks; a rank stands in it once. */
export function makeAgenda(): Agenda {
  const heap: number[] = [];
  const programs = new Map<number, Set<number>>();
  const at = (index: number): number => heap[index] ?? Number.POSITIVE_INFINITY;

  function raise(value: number): void {
    let index = heap.length;
    heap.push(value);
    for (let parent = (index - 1) >> 1; index > 0 && at(parent) > value; parent = (index - 1) >> 1) {
      heap[index] = at(parent);
      index = parent;
    }
    heap[index] = value;
  }

  function removeFirst(): void {
    const value = heap.pop();
    if (value === undefined || heap.length === 0) return;
    let index = 0;
    for (let child = 1; child < heap.length; child = 2 * index + 1) {
      if (at(child + 1) < at(child)) child += 1;
      if (at(child) >= value) break;
      heap[index] = at(child);
      index = child;
    }
    heap[index] = value;
  }

  return {
    add: (rank, program) => {
      const known = programs.get(rank);
      if (known) known.add(program);
      else {
        programs.set(rank, new Set([program]));
        raise(rank);
      }
    },
    first: () => heap[0],
    take: (rank) => {
      removeFirst();
      const found = programs.get(rank) ?? new Set<number>();
      programs.delete(rank);
      return found;
    },
  };
}
