import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#platform/testing/database';
import { type Ask, withoutIndexes } from './bulk-load.ts';

let database: TestDatabase;
let client: pg.Client;
const ask: Ask = async (statement) => (await client.query(statement)).rows;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

/** Indexes and rules of a table, whether they hold and in which order it is kept. */
const made = (): Promise<unknown[]> =>
  ask(`select pg_get_indexdef(i.indexrelid) as definition, i.indisvalid, i.indisclustered from pg_index i where i.indrelid = 'lease'::regclass
    union all select pg_get_constraintdef(c.oid), c.convalidated, false from pg_constraint c where c.conrelid = 'lease'::regclass order by 1`);

async function figure(expression: string): Promise<number> {
  const [row] = await ask<{ n: string }>(`select ${expression} as n`);
  return Number(row?.n);
}

test('a load leaves indexes and rules as they were, and its rows in files alone', async () => {
  const before = await made();
  expect(await figure(`(current_setting('wal_level') = 'minimal')::int`)).toBe(1);
  // Small files are logged instead of being brought to disk at the commit; not here.
  await ask('set wal_skip_threshold = 0');
  const logged = await figure(`pg_current_wal_lsn() - '0/0'`);
  await ask('begin');
  await withoutIndexes(ask, ['lease'], async (fresh) => {
    expect(fresh).toBe(true);
    await ask(`insert into lease (tenant_id, id, case_id, candidate_id, caller_id, opened_at, heartbeat_at, expires_at, ended_at, end_reason)
      select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now(), now(), now(), now(), 'finished'
      from generate_series(1, 30000)`);
  });
  await ask('commit');
  const written = await figure(`pg_total_relation_size('lease')`);
  expect(await figure(`pg_current_wal_lsn() - '0/0'`)).toBeLessThan(logged + written / 4);
  expect(await figure('(select count(*) from lease)')).toBe(30_000);
  expect(await made()).toEqual(before);
});
