import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, readSources, resolveImport, root, type SourceFile } from './source-tree.ts';
import { ALLOWED_FOREIGN_WRITES, TABLE_OWNERS } from './table-owners.ts';

const sources = readSources();
const isTest = (path: string): boolean => /\.test\.tsx?$|\/testing\//.test(path);
const product = sources.filter(({ path }) => !isTest(path));

interface Zone {
  readonly name: string;
  readonly files: RegExp;
  /** What may be imported, as specifier or as resolved path. */
  readonly may: readonly RegExp[];
}

const RULES_OF_ANY = /^modules\/[^/]+\/(rules|[^/]+\.rules)\.ts$/;
const CONTRACT_OF_ANY = /^modules\/[^/]+\/(contract|[^/]+\.contract)\.ts$/;
/** Pure: results, and days in China. */
const PURE = /^platform\/(result|shanghai)\.ts$/;
const ROUTE = /^platform\/http\/route\.ts$/;
const FRONT_DOOR = /^modules\/[^/]+\/index\.ts$/;
const WEB_PACKAGE =
  /^(react|react-dom|react\/.*|react-dom\/.*|antd|antd\/.*|@ant-design\/.*|@tanstack\/.*|dayjs|dayjs\/.*|echarts|echarts\/.*|qrcode|zod(\/.*)?)$/;
/** Any package or built-in; says nothing about our own files. */
const PACKAGE = /^(?![.#])/;

/** docs/architecture.md, "Layers and modules". */
const ZONES: readonly Zone[] = [
  { name: 'rules', files: RULES_OF_ANY, may: [RULES_OF_ANY, PURE, /^placement\/[^/]+\.ts$/] },
  { name: 'contract', files: CONTRACT_OF_ANY, may: [/^zod$/, RULES_OF_ANY, CONTRACT_OF_ANY, ROUTE] },
  {
    name: 'screens',
    files: /^modules\/[^/]+\/screens\//,
    may: [
      /^ui\//,
      RULES_OF_ANY,
      CONTRACT_OF_ANY,
      ROUTE,
      PURE,
      WEB_PACKAGE,
      /^platform\/session\/(contract|rules)\.ts$/,
      /^apps\/server\/contract\.ts$/,
    ],
  },
  {
    name: 'module',
    files: /^modules\//,
    may: [/^platform\//, RULES_OF_ANY, CONTRACT_OF_ANY, FRONT_DOOR, /^placement\/index\.ts$/, PACKAGE],
  },
  { name: 'placement', files: /^placement\//, may: [/^placement\//] },
  { name: 'platform', files: /^platform\//, may: [/^platform\//, PACKAGE] },
  { name: 'ui', files: /^ui\//, may: [/^ui\//, ROUTE, WEB_PACKAGE] },
  {
    name: 'workbench',
    files: /^apps\/(workbench|portal)\//,
    may: [
      /^apps\/(workbench|portal)\//,
      /^ui\//,
      /^modules\/[^/]+\/screens\/index\.tsx$/,
      RULES_OF_ANY,
      CONTRACT_OF_ANY,
      ROUTE,
      /^platform\/session\/(contract|rules)\.ts$/,
      /^apps\/server\/contract\.ts$/,
      WEB_PACKAGE,
      /^(vite|@vitejs\/.*|node:.*)$/,
      /\.css$/,
    ],
  },
  {
    name: 'server and command line',
    files: /^apps\//,
    may: [
      /^apps\//,
      /^platform\//,
      /^placement\/[^/]+\.ts$/,
      RULES_OF_ANY,
      CONTRACT_OF_ANY,
      FRONT_DOOR,
      PACKAGE,
    ],
  },
];

const moduleOf = (path: string): string | null => /^modules\/([^/]+)\//.exec(path)?.[1] ?? null;

function mayImport(file: SourceFile, specifier: string): boolean {
  const zone = ZONES.find(({ files }) => files.test(file.path));
  const target = resolveImport(file.path, specifier);
  if (target === null) return zone?.may.some((pattern) => pattern.test(specifier)) ?? false;
  const sameModule = moduleOf(file.path) !== null && moduleOf(file.path) === moduleOf(target);
  if (sameModule && zone?.name === 'module') return !/\/screens\//.test(target);
  if (sameModule && zone?.name === 'screens' && /\/screens\//.test(target)) return true;
  return zone?.may.some((pattern) => pattern !== PACKAGE && pattern.test(target)) ?? false;
}

describe('imports', () => {
  test('go only where the layer allows', () => {
    const wrong = product.flatMap((file) =>
      file.imports
        .filter((specifier) => !mayImport(file, specifier))
        .map((specifier) => `${file.path} → ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });
  test('have no cycle between files', () => {
    const edges = new Map(
      product.map((file) => [
        file.path,
        file.imports.flatMap((specifier) => resolveImport(file.path, specifier) ?? []),
      ]),
    );
    expect(findCycle(edges)).toBeNull();
  });
  test('have no cycle between modules', () => {
    const edges = new Map<string, string[]>();
    for (const file of product) {
      const from = moduleOf(file.path);
      if (from === null || RULES_OF_ANY.test(file.path) || CONTRACT_OF_ANY.test(file.path)) continue;
      const targets = file.imports
        .flatMap((specifier) => resolveImport(file.path, specifier) ?? [])
        .filter((target) => FRONT_DOOR.test(target));
      edges.set(from, [
        ...(edges.get(from) ?? []),
        ...targets.flatMap((target) => moduleOf(target) ?? []).filter((to) => to !== from),
      ]);
    }
    expect(findCycle(edges)).toBeNull();
  });
});

/** A cycle as a list of nodes, or null. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (node: string, path: string[]): string[] | null => {
    const at = path.indexOf(node);
    if (at >= 0) return [...path.slice(at), node];
    if (done.has(node)) return null;
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return null;
  };
  for (const node of edges.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return null;
}

describe('tables', () => {
  const migrations = join(root, 'migrations');
  const tables = readdirSync(migrations).flatMap((name) =>
    [
      ...readFileSync(join(migrations, name), 'utf8').matchAll(
        /create (?:unlogged )?table (?:if not exists )?(\w+)/g,
      ),
    ].flatMap((match) => match[1] ?? []),
  );
  const ownerOf = new Map(
    Object.entries(TABLE_OWNERS).flatMap(([owner, names]) => names.map((name) => [name, owner] as const)),
  );

  test('each has one owner, and each owner its tables', () => {
    expect(tables.filter((name) => !ownerOf.has(name))).toEqual([]);
    expect([...ownerOf.keys()].filter((name) => name !== 'migration' && !tables.includes(name))).toEqual([]);
  });
  test('are written by their owner only', () => {
    const wrong = product
      .filter(({ path }) => path.startsWith('modules/') || path.startsWith('platform/'))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/\b(?:insert into|update|delete from|copy)\s+(\w+)\b/g)]
          .map((match) => ({ path, table: match[1] ?? '', by: moduleOf(path) ?? 'platform' }))
          .filter(
            ({ table, by }) =>
              ownerOf.has(table) &&
              ownerOf.get(table) !== by &&
              !ALLOWED_FOREIGN_WRITES.has(`${table} <- ${by}`),
          ),
      );
    expect(wrong).toEqual([]);
  });
  test('are described', () => {
    const text = readdirSync(migrations)
      .map((name) => readFileSync(join(migrations, name), 'utf8'))
      .join('\n');
    expect(tables.filter((name) => !text.includes(`comment on table ${name} is`))).toEqual([]);
  });
});

describe('sizes', () => {
  const LINES = 300;
  test(`no file of the product is longer than ${LINES} lines`, () => {
    const long = product
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > LINES);
    expect(long).toEqual([]);
  });
});

test('the reader of imports sees every form', () => {
  const text = `import a from 'a';\nimport { b,\n  c } from "./b.ts";\nexport { d } from '#d';\nimport 'e.css';\nconst f = await import('./f.ts');\nexport type { G } from './g.ts';`;
  expect(importsOf(text).sort()).toEqual(['#d', './b.ts', './f.ts', './g.ts', 'a', 'e.css']);
});
