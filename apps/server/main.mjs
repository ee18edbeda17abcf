import '../../platform/compile-cache.mjs';

const { start } = await import('./start.ts');
await start();
