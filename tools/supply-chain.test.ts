import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** ASVS 15.1.2: what we ship is known, by version, content and licence. The list itself: docs/operations.md. */
interface Package {
  readonly license?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly resolved?: string;
}
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')) as T;
const { packages } = read<{ packages: Record<string, Package> }>('package-lock.json');
const installed = Object.entries(packages).filter(([path]) => path !== '');

/** May be used in a work under AGPL-3.0. */
const LICENCES: readonly string[] = [
  ...['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense'],
  ...['MPL-2.0', 'LGPL-3.0-or-later', 'OFL-1.1', 'Python-2.0'],
];
/** Builds for platforms other than the one that wrote the lock: named only, so that npm ci takes it (tools/lockfile.mjs). */
const named = ({ integrity, optional }: Package): boolean => integrity === undefined && optional === true;

test('every package has a licence that goes with ours', () => {
  const unknown = installed.filter(([, one]) => {
    const parts = one.license?.split(/ AND | OR /) ?? [];
    return !named(one) && (parts.length === 0 || !parts.every((part) => LICENCES.includes(part)));
  });
  expect(unknown.map(([path]) => path)).toEqual([]);
});

test('every package is pinned by its content and comes from the registry', () => {
  const loose = installed.filter(
    ([, one]) => !named(one) && !(one.integrity?.startsWith('sha512-') && isRegistry(one.resolved)),
  );
  expect(loose.map(([path]) => path)).toEqual([]);
});

const isRegistry = (url: string | undefined): boolean =>
  url === undefined || url.startsWith('https://registry.npmjs.org/');

test('package.json names exact versions', () => {
  const { dependencies, devDependencies, optionalDependencies } =
    read<Record<string, Record<string, string>>>('package.json');
  for (const [name, version] of Object.entries({
    ...dependencies,
    ...devDependencies,
    ...optionalDependencies,
  }))
    expect(`${name} ${version}`).toMatch(/ \d+\.\d+\.\d+(-[\w.]+)?$/);
});
