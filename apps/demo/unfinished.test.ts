import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWorld, type World } from '#platform/testing/app';
import { dropUnfinished } from './unfinished.ts';
import { isUnfinished, markIn } from './unfinished-mark.ts';

/** `makeWorld` names its tenant test. */
const CODE = 'test';
let world: World;
let dataDir: string;
beforeAll(async () => {
  world = await makeWorld();
  dataDir = await mkdtemp(join(tmpdir(), 'zhizhao-unfinished-'));
});
afterAll(async () => {
  await world.close();
  await rm(dataDir, { recursive: true });
});

const drop = () => dropUnfinished(world.owner, dataDir, CODE);
const mark = () => writeFile(markIn(dataDir), '');

/** Tables of the application that hold a row. */
async function filled(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and (xpath('/row/n/text()', query_to_xml(format('select exists (select from %I) as n', c.relname), false, true, '')))[1]::text = 'true'`.execute(
    world.owner.kysely,
  );
  return rows.map(({ name }) => name);
}

test('a finished season is left alone', async () => {
  expect(await drop()).toBe(false);
  expect(await filled()).toContain('tenant');
});

test('an unfinished one beside another tenant is left alone, and no more tried', async () => {
  await mark();
  await world.addTenant('real');
  expect(await drop()).toBe(false);
  expect(await isUnfinished(dataDir)).toBe(false);
  expect(await filled()).toContain('tenant');
  await world.owner.kysely.transaction().execute(async (tx) => {
    await sql`truncate tenant cascade`.execute(tx);
  });
});

test('an unfinished one alone goes without a trace', async () => {
  await world.addTenant(CODE);
  expect(await filled()).toContain('audit_head');
  await mark();
  expect(await drop()).toBe(true);
  expect(await isUnfinished(dataDir)).toBe(false);
  expect((await filled()).filter((name) => name !== 'migration')).toEqual([]);
});
