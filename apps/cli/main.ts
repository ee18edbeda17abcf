import { keepCompiled } from '#platform/compile-cache';

keepCompiled();
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
