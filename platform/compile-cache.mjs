import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Keeps compiled modules between starts: compiling is most of what loading costs. Holds for what is imported afterwards, so an entry
// file imports this and then `await import`s the program. Both are plain JavaScript: a single TypeScript file loaded before the cache
// would load the compiler that takes the types out, a third of the time to start. A folder that cannot be written changes nothing.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)));
