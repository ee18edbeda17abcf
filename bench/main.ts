/** `npm run bench -- NAME …`: every benchmark, loaded when asked for. */
const benchmarks: Readonly<Record<string, () => Promise<(args: string[]) => Promise<void>>>> = {
  release: async () => (await import('./release.ts')).benchRelease,
  queue: async () => (await import('./queue.ts')).benchQueue,
  import: async () => (await import('./import.ts')).benchImport,
  list: async () => (await import('./list.ts')).benchList,
  wallboard: async () => (await import('./wallboard.ts')).benchWallboard,
  placement: async () => (await import('./placement.ts')).benchPlacement,
};

const [name = '', ...args] = process.argv.slice(2);
const load = benchmarks[name];
if (load) await (await load())(args);
else {
  process.stderr.write(`usage: npm run bench -- <${Object.keys(benchmarks).join(' | ')}> [options]\n`);
  process.exitCode = 2;
}
