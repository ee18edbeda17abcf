import { config } from 'zod/v4/core';

/**
 * Stands for `zod` in the browser (see the alias in vite.config.ts): the content security policy forbids eval, and
 * zod would try it once for every page, which the browser reports as a violation.
 */
config({ jitless: true });

export * from 'zod/v4';
