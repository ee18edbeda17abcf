import { keepCompiled } from '#platform/compile-cache';

keepCompiled();
const { start } = await import('./start.ts');
await start();
