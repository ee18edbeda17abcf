import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';
import { readSources } from './source-tree.ts';

/** What has bitten others and is looked for in every file of the product: ASVS 1.2.4, 1.2.5, 1.3.12. */
const product = readSources().filter(({ path }) => !/\.test\.tsx?$|\/testing\//.test(path));

/** Files of the product that contain something. */
const filesWith = (pattern: RegExp): string[] =>
  product.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

describe('a process or a text that becomes a program', () => {
  test('is started in one file only, which starts PostgreSQL, and never through a shell (1.2.5)', () => {
    expect(filesWith(/node:child_process/)).toEqual(['platform/db/embedded-program.ts']);
    expect(filesWith(/\bshell: (?:true|['"])|\bexec(?:Sync)?\(['"`]/)).toEqual([]);
  });
  test('is never made of data', () => {
    expect(filesWith(/\beval\(|\bnew Function\(|dangerouslySetInnerHTML|\.innerHTML\s*=/)).toEqual([]);
  });
});

describe('SQL', () => {
  test('goes in by parameters; a text is put in as it is only where it is our own constant (1.2.4)', () => {
    // The demonstration invents its own data and takes none.
    const served = (path: string): boolean => !path.startsWith('apps/demo/');
    expect(
      filesWith(/\bsql\.(?:raw|lit)\(/)
        .filter(served)
        .sort(),
    ).toEqual([
      'modules/assignment/waiting.store.ts',
      'modules/delivery/apply.store.ts',
      'modules/delivery/classify.store.ts',
      'modules/delivery/private.store.ts',
      'modules/follow-up/claim.store.ts',
      'modules/staff/group.store.ts',
      'platform/db/pool.ts',
    ]);
    expect(
      filesWith(/\.query\(\s*(?:from\()?`[^`]*\$\{/)
        .filter(served)
        .sort(),
    ).toEqual(['platform/db/copy.ts', 'platform/http/events.ts']);
  });
});

test('the name of a download reaches its header through one function only (5.4.2)', () => {
  expect(filesWith(/filename\*=/)).toEqual(['platform/http/content-disposition.ts']);
});

interface Found {
  readonly source: string;
  readonly flags: string;
  readonly path: string;
}

/** Every regexp literal of a file, as the parser finds it. */
function regexpsOf(path: string, text: string): Found[] {
  const found: Found[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { regex } = node as { regex?: { pattern: string; flags: string } };
    if (regex) found.push({ source: regex.pattern, flags: regex.flags, path });
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(path, text).program);
  return found;
}

/** Made at run time, of words of the catalogue of phrases: at most eight signs between two words. */
const MADE: readonly Found[] = [
  {
    source: '一定[^。！？!?;；]{0,8}录取[^。！？!?;；]{0,8}专业',
    flags: 'u',
    path: 'modules/script/phrase.rules.ts',
  },
];

const HANGS_MS = 10_000;

test('no regexp of the product hangs on a hundred thousand signs, whatever they are (1.3.12)', async () => {
  const all = [...product.flatMap(({ path, text }) => regexpsOf(path, text)), ...MADE];
  expect(all.length).toBeGreaterThan(200);
  const hung: string[] = [];
  let worker = new Worker(new URL('./regexp-worker.ts', import.meta.url));
  for (const { source, flags, path } of all) {
    worker.postMessage({ source, flags });
    const signal = AbortSignal.timeout(HANGS_MS);
    const through = await once(worker, 'message', { signal }).catch(() => null);
    if (through !== null) continue;
    hung.push(`${path}: /${source}/${flags}`);
    await worker.terminate();
    worker = new Worker(new URL('./regexp-worker.ts', import.meta.url));
  }
  await worker.terminate();
  expect(hung).toEqual([]);
}, 600_000);
