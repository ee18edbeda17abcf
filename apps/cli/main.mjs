import '../../platform/compile-cache.mjs';

const { run, watchOutput } = await import('./run.ts');
watchOutput();
process.exitCode = await run(process.argv.slice(2));
