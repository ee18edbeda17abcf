import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Config, loadConfig } from '#platform/config';
import { backup } from '#platform/db/backup';
import { type Embedded, startEmbedded } from '#platform/db/embedded';
import { restore } from '#platform/db/restore';

const WRITERS = 4;
let folder: string;
let source: Config;
let database: Embedded;

const configFor = (name: string): Config => loadConfig({ DATA_DIR: join(folder, name) });

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function one(url: string, statement: string): Promise<Record<string, unknown>> {
  const client = await connect(url);
  try {
    return (await client.query(statement)).rows[0] ?? {};
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhizhao-backup-'));
  chmodSync(folder, 0o711);
  source = configFor('source');
  database = await startEmbedded({ dataDir: source.dataDir });
  await one(
    database.ownerUrl,
    'create table settled as select id, md5(id::text) as text from generate_series(1, 20000) id',
  );
  await one(
    database.ownerUrl,
    'create table entry (writer int, id int, text text, primary key (writer, id))',
  );
  mkdirSync(join(source.dataDir, 'files', 'tenant'), { recursive: true });
  writeFileSync(join(source.dataDir, 'files', 'tenant', 'photo'), Buffer.alloc(300_000, 7));
  mkdirSync(join(source.dataDir, 'outbox'));
  writeFileSync(join(source.dataDir, 'outbox', 'sms-2026-07-20.jsonl'), 'a sealed message');
  writeFileSync(source.keyFile, 'the key');
});

afterAll(async () => {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Inserts until told to stop; returns how many each writer had acknowledged, at any moment. */
function keepWriting(): { acknowledged: number[]; stop(): Promise<void> } {
  const acknowledged = Array.from({ length: WRITERS }, () => 0);
  let stopped = false;
  const writers = acknowledged.map(async (_zero, writer) => {
    const client = await connect(database.ownerUrl);
    for (let id = 1; !stopped; id += 1) {
      await client.query("insert into entry values ($1, $2, repeat('x', 2000))", [writer, id]);
      acknowledged[writer] = id;
    }
    await client.end();
  });
  return {
    acknowledged,
    stop: async () => {
      stopped = true;
      await Promise.all(writers);
    },
  };
}

test('drill: a backup taken while four writers write restores every row acknowledged before it', async () => {
  const writing = keepWriting();
  await expect.poll(() => Math.min(...writing.acknowledged)).toBeGreaterThan(20);
  const before = [...writing.acknowledged];
  const file = join(folder, 'drill.zip');
  const report = await backup(source, file);
  await writing.stop();
  expect(report.withKey).toBe(false);
  expect(sum(writing.acknowledged)).toBeGreaterThan(sum(before));

  const target = configFor('restored');
  const restored = await restore(target, file);
  expect(restored).toMatchObject({ hasKey: false, entries: report.entries });
  // PostgreSQL renames the label once it has replayed the log of the backup and reached consistency.
  expect(existsSync(join(target.dataDir, 'pg', 'backup_label.old'))).toBe(true);
  const copy = await startEmbedded({ dataDir: target.dataDir });
  const settled =
    'select count(*)::int as count, md5(string_agg(text, $$$$ order by id)) as digest from settled';
  expect(await one(copy.ownerUrl, settled)).toEqual(await one(database.ownerUrl, settled));
  for (const [writer, known] of before.entries()) {
    // Gapless from 1 to at least what was acknowledged: nothing missing, nothing torn.
    const rows = `select count(*)::int as count, max(id)::int as max, bool_and(length(text) = 2000) as whole
      from entry where writer = ${writer}`;
    const { count, max, whole } = await one(copy.ownerUrl, rows);
    expect(whole).toBe(true);
    expect(count).toBe(max);
    expect(Number(count)).toBeGreaterThanOrEqual(known);
  }
  await copy.stop();
  for (const name of [join('files', 'tenant', 'photo'), join('outbox', 'sms-2026-07-20.jsonl')])
    expect(readFileSync(join(target.dataDir, name))).toEqual(readFileSync(join(source.dataDir, name)));
  expect(existsSync(target.keyFile)).toBe(false);
});

test('the key travels only when asked for', async () => {
  const file = join(folder, 'with-key.zip');
  expect(await backup(source, file, { withKey: true })).toMatchObject({ withKey: true });
  const target = configFor('with-key');
  expect(await restore(target, file)).toMatchObject({ hasKey: true });
  expect(readFileSync(target.keyFile, 'utf8')).toBe('the key');
  await expect(restore(target, file)).rejects.toThrow('已经有内容');
  await expect(backup(source, file)).rejects.toThrow('已经存在');
});

test('of two restores into one folder at once, one succeeds and the other says why not', async () => {
  const file = join(folder, 'twice.zip');
  await backup(source, file);
  const target = configFor('twice');
  const both = await Promise.allSettled([restore(target, file), restore(target, file)]);
  const refused = both.filter((each) => each.status === 'rejected');
  expect(refused.map(({ reason }) => String(reason))).toEqual([expect.stringContaining('已经有内容')]);
  expect(existsSync(join(target.dataDir, 'pg', 'PG_VERSION'))).toBe(true);
});

test('a damaged archive restores nothing, wherever the damage is', async () => {
  const file = join(folder, 'good.zip');
  await backup(source, file);
  const good = readFileSync(file);
  const middle = Math.floor(good.length / 2);
  const damages: [name: string, bytes: Buffer][] = [
    ['cut', good.subarray(0, middle)],
    ['empty', Buffer.alloc(0)],
    [
      'flipped',
      Buffer.concat([
        good.subarray(0, middle),
        Buffer.from([255 - (good[middle] ?? 0)]),
        good.subarray(middle + 1),
      ]),
    ],
    ['text', Buffer.from('这不是备份')],
  ];
  for (const [name, bytes] of damages) {
    const bad = join(folder, `${name}.zip`);
    writeFileSync(bad, bytes);
    const target = configFor(`from-${name}`);
    await expect(restore(target, bad)).rejects.toThrow('已损坏');
    expect(existsSync(join(target.dataDir, 'pg'))).toBe(false);
    expect(existsSync(join(target.dataDir, 'restore.part'))).toBe(false);
  }
  await expect(restore(configFor('from-nothing'), join(folder, 'missing.zip'))).rejects.toThrow('找不到');
});

test('an outside database is left to its operator', async () => {
  const outside = loadConfig({ DATABASE_URL: 'postgres://u@127.0.0.1/d' });
  await expect(backup(outside, join(folder, 'x.zip'))).rejects.toThrow('docs/operations.md');
  await expect(restore(outside, join(folder, 'x.zip'))).rejects.toThrow('docs/operations.md');
});
