import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#platform/testing/database';

let first: TestDatabase;
let second: TestDatabase;

beforeAll(async () => {
  [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});
afterAll(async () => {
  await Promise.all([first.drop(), second.drop()]);
});

async function ask(url: string, statement: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows[0] ?? {};
  } finally {
    await client.end();
  }
}

test('each caller has a database of its own', async () => {
  await ask(first.ownerUrl, 'create table only_here (id int)');
  const look = "select to_regclass('only_here') is not null as here";
  expect(await ask(first.ownerUrl, look)).toEqual({ here: true });
  expect(await ask(second.ownerUrl, look)).toEqual({ here: false });
});

test('the application connects without any right to go around row-level security', async () => {
  const who = `select current_user as name, rolsuper or rolbypassrls as free from pg_roles where rolname = current_user`;
  expect(await ask(first.appUrl, who)).toEqual({ name: 'zhizhao_app', free: false });
});

test('Chinese text is found by trigram, which the locale C would not allow', async () => {
  await ask(first.ownerUrl, 'create extension if not exists pg_trgm with schema public');
  const trigrams = "select array_length(show_trgm('欧阳明德'), 1) as count";
  expect(await ask(first.ownerUrl, trigrams)).toEqual({ count: 5 });
});

test('two test databases at once do not disturb each other', async () => {
  const extra = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
  expect(new Set(extra.map(({ ownerUrl }) => ownerUrl)).size).toBe(3);
  await Promise.all(extra.map((database) => database.drop()));
  await expect(ask(extra[0]?.ownerUrl ?? '', 'select 1')).rejects.toThrow('does not exist');
});
