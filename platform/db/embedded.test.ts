import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Embedded, startEmbedded } from '#platform/db/embedded';
import { findPostmaster, stopPostmaster } from '#platform/db/postmaster';

/** Shared by the tests that need any cluster; those about first starts take a folder of their own. */
let shared: string;
let dataDir: string;
const folders: string[] = [];
const children: ChildProcess[] = [];

beforeAll(() => {
  shared = freshFolder();
});
beforeEach(() => {
  dataDir = shared;
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await stopPostmaster(join(dataDir, 'pg'));
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zhizhao-embedded-'));
  folders.push(folder);
  // The account of the server must be able to pass through when the tests run as root.
  chmodSync(folder, 0o711);
  return folder;
}

const start = (): Promise<Embedded> => startEmbedded({ dataDir });

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

async function count(url: string): Promise<number> {
  const [row] = await query(url, 'select count(*)::int as count from entry');
  return Number(row?.count);
}

/** Another process that uses the same data folder and prints what `code` prints. */
async function otherProcess(code: string): Promise<{ child: ChildProcess; nextLine(): Promise<string> }> {
  const script = `import { startEmbedded } from '#platform/db/embedded'; import pg from 'pg';
    const database = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)} }); ${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, nextLine: async () => String((await lines.next()).value) };
}

test('a first start makes a UTF-8 database, a second one finds its rows', async () => {
  dataDir = freshFolder();
  const first = await start();
  expect(first.joined).toBe(false);
  await query(first.ownerUrl, 'create table entry as select generate_series(1, 3)');
  const [row] = await query(
    first.ownerUrl,
    `select pg_encoding_to_char(encoding) as encoding, datlocprovider::text as provider, datlocale as locale,
      current_setting('fsync') as fsync, current_setting('timezone') as zone
    from pg_database where datname = current_database()`,
  );
  expect(row).toEqual({ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', fsync: 'on', zone: 'UTC' });
  await first.stop();
  expect(findPostmaster(join(dataDir, 'pg'))).toBeNull();

  const second = await start();
  expect(await count(second.ownerUrl)).toBe(3);
  await second.stop();
});

test('nobody gets in without the password', async () => {
  const { ownerUrl, stop } = await start();
  const url = new URL(ownerUrl);
  url.password = '';
  await expect(query(url.href, 'select 1')).rejects.toThrow(/password/);
  await stop();
});

test('the last user stops the server, whoever started it', async () => {
  const other = await otherProcess(`console.log(database.joined);
    process.stdin.once('data', async () => { await database.stop(); console.log('left'); process.exit(); });`);
  expect(await other.nextLine()).toBe('false');
  const mine = await start();
  expect(mine.joined).toBe(true);
  other.child.stdin?.write('leave');
  expect(await other.nextLine()).toBe('left');
  expect(await query(mine.ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await mine.stop();
  expect(findPostmaster(join(dataDir, 'pg'))).toBeNull();
});

test('processes that start at once on an empty folder share one server', async () => {
  dataDir = freshFolder();
  const code = `console.log(new URL(database.ownerUrl).port); setInterval(() => {}, 1000);`;
  const others = await Promise.all([otherProcess(code), otherProcess(code)]);
  const mine = await start();
  const ports = await Promise.all(others.map((other) => other.nextLine()));
  expect(new Set([...ports, new URL(mine.ownerUrl).port]).size).toBe(1);
  for (const { child } of others) child.kill('SIGKILL');
  await Promise.all(others.map(({ child }) => once(child, 'exit')));
  await mine.stop();
  expect(findPostmaster(join(dataDir, 'pg'))).toBeNull();
});

test('a server left running by a killed process is joined and stopped by the next', async () => {
  const other = await otherProcess(`console.log('up'); setInterval(() => {}, 1000);`);
  await other.nextLine();
  other.child.kill('SIGKILL');
  await once(other.child, 'exit');
  const mine = await start();
  expect(mine.joined).toBe(true);
  await mine.stop();
  expect(findPostmaster(join(dataDir, 'pg'))).toBeNull();
});

test('kill -9 of the postmaster in mid-write loses no acknowledged row, three times over', async () => {
  let acknowledged = 0;
  for (let round = 0; round < 3; round += 1) {
    const { ownerUrl, stop: leave } = await start();
    const client = new pg.Client({ connectionString: ownerUrl });
    client.on('error', () => {});
    await client.connect();
    await client.query('create table if not exists entry (id int primary key, filler text)');
    expect(await count(ownerUrl)).toBeGreaterThanOrEqual(acknowledged);
    setTimeout(() => process.kill(findPostmaster(join(dataDir, 'pg'))?.pid ?? 0, 'SIGKILL'), 150);
    const [{ next = 0 } = {}] = await query(
      ownerUrl,
      'select coalesce(max(id), 0)::int + 1 as next from entry',
    );
    try {
      for (let id = Number(next); ; id += 1) {
        await client.query("insert into entry values ($1, repeat('x', 500))", [id]);
        acknowledged += 1;
      }
    } catch {
      // The connection died with the server, as intended.
    }
    await leave();
  }
  const { ownerUrl, stop } = await start();
  expect(acknowledged).toBeGreaterThan(0);
  expect(await count(ownerUrl)).toBeGreaterThanOrEqual(acknowledged);
  await stop();
});

test('a backend busy in a long statement does not block the start after its postmaster was killed', async () => {
  const { ownerUrl, stop: leave } = await start();
  const busy = query(ownerUrl, 'select count(*) from generate_series(1, 20000000000)').catch(() => 'ended');
  await expect
    .poll(() =>
      query(ownerUrl, "select 1 from pg_stat_activity where query like 'select count%' and state = 'active'"),
    )
    .toHaveLength(1);
  process.kill(findPostmaster(join(dataDir, 'pg'))?.pid ?? 0, 'SIGKILL');
  const { stop } = await start();
  expect(await busy).toBe('ended');
  await leave();
  await stop();
});

test('a left-over postmaster.pid whose number now belongs to another program is no obstacle', async () => {
  const first = await start();
  await first.stop();
  const cluster = join(dataDir, 'pg');
  writeFileSync(
    join(cluster, 'postmaster.pid'),
    `${process.pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n\nready\n`,
  );
  const second = await start();
  expect(second.joined).toBe(false);
  await second.stop();
});

test('a lost password file is replaced at the next start of the database', async () => {
  dataDir = freshFolder();
  const first = await start();
  rmSync(join(dataDir, 'pg.password'));
  await expect(start()).rejects.toThrow('pg.password');
  await first.stop();
  const { ownerUrl, stop } = await start();
  expect(await query(ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await stop();
});

test('a half-finished initialisation is thrown away', async () => {
  dataDir = freshFolder();
  mkdirSync(join(dataDir, 'pg.init-dead', 'pg'), { recursive: true });
  writeFileSync(join(dataDir, 'pg.init-dead', 'pg', 'PG_VERSION'), '18\n');
  const { ownerUrl, stop } = await start();
  expect(await query(ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await stop();
});

test.each<[what: string, prepare: () => string, sentence: string]>([
  [
    'a data folder below a file',
    () => {
      writeFileSync(join(dataDir, 'file'), '');
      return join(dataDir, 'file', 'data');
    },
    '不能写入',
  ],
  [
    'a cluster of another version',
    () => {
      mkdirSync(join(dataDir, 'pg'));
      writeFileSync(join(dataDir, 'pg', 'PG_VERSION'), '17\n');
      return dataDir;
    },
    'PostgreSQL 17',
  ],
  [
    'a folder that is no cluster',
    () => {
      mkdirSync(join(dataDir, 'pg'));
      return dataDir;
    },
    '不是完整的数据库目录',
  ],
])('%s is refused in one sentence', async (_what, prepare, sentence) => {
  dataDir = freshFolder();
  await expect(startEmbedded({ dataDir: prepare() })).rejects.toThrow(sentence);
});

test('a data folder that another machine is using is refused', async () => {
  dataDir = freshFolder();
  const users = join(dataDir, 'pg-users');
  mkdirSync(users);
  const mark = join(users, '1-elsewhere');
  writeFileSync(mark, JSON.stringify({ host: 'server-b', pid: 1, born: 'x' }));
  const heartbeat = setInterval(() => utimesSync(mark, new Date(), new Date()), 300);
  await expect(start())
    .rejects.toThrow('server-b')
    .finally(() => clearInterval(heartbeat));
  expect(readFileSync(mark, 'utf8')).toContain('server-b');
});
