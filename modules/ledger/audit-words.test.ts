import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { actionWords } from './audit-words.rules.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ACTION = /\baction: (?:[\w.!]+(?: === \w+)? \? )?'([a-z_]+\.[a-z_]+)'(?: : '([a-z_]+\.[a-z_]+)')?/g;

/** Every action that the sources write into the audit log. */
function actionsOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('test') && !file.includes('dist'))
    .flatMap((file) => [...readFileSync(join(root, folder, file), 'utf8').matchAll(ACTION)])
    .flatMap(([, one, other]) => [one, other].filter((action) => action !== undefined));
}

test('every action of the audit log has Chinese words', () => {
  const actions = [...new Set(['modules', 'platform', 'apps/server', 'apps/cli'].flatMap(actionsOf))];
  expect(actions.length).toBeGreaterThan(100);
  expect(actions.filter((action) => /[a-z]/.test(actionWords(action)))).toEqual([]);
});
