import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));

export interface SourceFile {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const FOLDERS = ['apps', 'modules', 'placement', 'platform', 'ui'];
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist']);

/** Every TypeScript file of the product, tests included. */
export function readSources(): SourceFile[] {
  return FOLDERS.flatMap((folder) => walk(join(root, folder)))
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      return { path: relative(root, path), text, imports: importsOf(text) };
    });
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

/** Specifiers of import and export-from declarations and of import() with a literal. */
export function importsOf(text: string): string[] {
  const declared = text.matchAll(/^\s*(?:import|export)\b[^;'"]*?\bfrom\s+['"]([^'"]+)['"]/gm);
  const bare = text.matchAll(/^\s*import\s+['"]([^'"]+)['"]/gm);
  const dynamic = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g);
  return [...declared, ...bare, ...dynamic].flatMap((match) => match[1] ?? []);
}

/** The file a specifier of `from` means, as a path from the root; null for packages and built-ins. */
export function resolveImport(from: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier));
  const found = ALIASES.find(([pattern]) => pattern.test(specifier));
  return found ? specifier.replace(found[0], found[1]) : null;
}

/** The `imports` of package.json, most specific first. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/^#platform\/(.+)$/, 'platform/$1.ts'],
  [/^#ui\/(.+)$/, 'ui/$1.tsx'],
  [/^#placement$/, 'placement/index.ts'],
  [/^#placement\/(.+)$/, 'placement/$1.ts'],
  [/^#([^/]+)\/rules$/, 'modules/$1/rules.ts'],
  [/^#([^/]+)\/contract$/, 'modules/$1/contract.ts'],
  [/^#([^/]+)\/screens$/, 'modules/$1/screens/index.tsx'],
  [/^#([^/]+)$/, 'modules/$1/index.ts'],
];
