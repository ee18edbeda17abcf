import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Keeps compiled modules between starts: compiling is most of what loading costs. Holds for what is imported afterwards,
 * so an entry file imports this and then `await import`s the program. A folder that cannot be written changes nothing.
 */
export function keepCompiled(): void {
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)));
}
