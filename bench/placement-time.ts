/** Milliseconds of processor time this thread has used: what else runs on the machine does not count. */
export function cpuNow(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Least of the repeats by a clock: everything else on the machine can only make a run slower. */
export function best(repeats: number, run: () => void, clock: () => number = cpuNow): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) {
    const start = clock();
    run();
    least = Math.min(least, clock() - start);
  }
  return least;
}
