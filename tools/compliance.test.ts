import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './source-tree.ts';

/** docs/compliance.md must not promise tests that are not there. */
test('every test that the page on compliance names exists', () => {
  const page = readFileSync(join(root, 'docs/compliance.md'), 'utf8');
  const named = [...page.matchAll(/`([\w./*-]+\.test\.ts)`/g)].flatMap(([, name]) => name ?? []);
  expect(named.length).toBeGreaterThan(60);
  const files = globSync('{apps,modules,platform,tools,ui,e2e}/**/*.test.ts', { cwd: root });
  const isThere = (name: string): boolean => {
    const pattern = new RegExp(`(^|/)${name.replaceAll('.', '\\.').replaceAll('*', '[\\w.-]+')}$`);
    return files.some((file) => pattern.test(file.replaceAll('\\', '/')));
  };
  expect([...new Set(named)].filter((name) => !isThere(name))).toEqual([]);
});
