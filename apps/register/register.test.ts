import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWorld, type World } from '#platform/testing/app';
import { retentionRules } from '../server/app.ts';
import { registerPage } from './page.ts';
import { columnsOf, REGISTER } from './register.ts';
import { KEPT } from './words.ts';

/** 个人信息保护法 art. 6 and 51: a column without purpose, basis, class and retention fails. */
let world: World;
let catalogue: Map<string, { column: string; sealed: boolean }[]>;

beforeAll(async () => {
  world = await makeWorld();
  const { rows } = await sql<{ table: string; column: string; sealed: boolean }>`
    select c.relname as table, a.attname as column, a.atttypid = 'sealed'::regtype as sealed
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1, 2`.execute(
    world.owner.kysely,
  );
  catalogue = Map.groupBy(rows, ({ table }) => table);
});
afterAll(() => world.close());

test('every column of the database is registered, and every registered one exists', () => {
  const actual = [...catalogue].flatMap(([table, columns]) =>
    columns.map(({ column }) => `${table}.${column}`),
  );
  const registered = Object.keys(REGISTER).flatMap((table) =>
    columnsOf(table).map((column) => `${table}.${column}`),
  );
  expect(
    actual.filter((name) => !registered.includes(name)),
    'add to apps/register/*-tables.ts',
  ).toEqual([]);
  expect(
    registered.filter((name) => !actual.includes(name)),
    'gone from the database',
  ).toEqual([]);
  expect(
    registered.filter((name, at) => registered.indexOf(name) !== at),
    'registered twice',
  ).toEqual([]);
});

test('what is sealed is registered as personal, and what says 密封 is sealed', () => {
  const wrong = [...catalogue].flatMap(([table, columns]) =>
    columns
      .filter(({ column, sealed }) => {
        const entry = REGISTER[table]?.personal?.[column];
        return sealed ? !entry?.what.includes('密封') : (entry?.what.includes('密封') ?? false);
      })
      .map(({ column }) => `${table}.${column}`),
  );
  expect(wrong).toEqual([]);
});

test('personal data has an end: a retention rule, or words that say why it stays', () => {
  const known = new Set([...Object.keys(KEPT), ...retentionRules.map(({ id }) => id)]);
  const unknown = Object.entries(REGISTER).flatMap(([table, entry]) =>
    [entry.kept, ...Object.values(entry.personal ?? {}).flatMap(({ kept }) => kept ?? [])]
      .filter((kept) => !known.has(kept))
      .map((kept) => `${table}: ${kept}`),
  );
  expect(unknown).toEqual([]);
  const forever = Object.entries(REGISTER).flatMap(([table, entry]) =>
    Object.entries(entry.personal ?? {})
      .filter(([, { class: kind, kept }]) => kind === 'sensitive' && (kept ?? entry.kept) === 'configuration')
      .map(([column]) => `${table}.${column}`),
  );
  expect(forever).toEqual([]);
});

test('docs/data-register.md is this register', () => {
  const page = readFileSync(new URL('../../docs/data-register.md', import.meta.url), 'utf8');
  expect(
    page === registerPage(retentionRules),
    'run: npm run -s zhizhao -- register > docs/data-register.md',
  ).toBe(true);
});
