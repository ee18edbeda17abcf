import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkDatabase, judgeDatabase } from '#platform/db/check';
import { createEmptyDatabase, type TestDatabase } from '#platform/testing/database';

const good = { version: 18, encoding: 'UTF8', ctype: 'C.UTF-8', collate: 'C.UTF-8', trigrams: 5 };

test.each<[rule: string, facts: Parameters<typeof judgeDatabase>[0], findings: number]>([
  ['a fit database', good, 0],
  ['a fit database before the first migration', { ...good, trigrams: null }, 0],
  ['version 15 is accepted', { ...good, version: 15 }, 0],
  ['version 14 is refused', { ...good, version: 14 }, 1],
  ['GBK is refused', { ...good, encoding: 'EUC_CN' }, 1],
  ['locale C is refused', { ...good, ctype: 'C', trigrams: null }, 1],
  ['locale POSIX is refused', { ...good, ctype: 'POSIX', trigrams: null }, 1],
  ['a database without Chinese trigrams is refused', { ...good, trigrams: 0 }, 1],
  ['everything wrong is said at once', { ...good, version: 14, encoding: 'SQL_ASCII', ctype: 'C' }, 3],
])('%s', (_rule, facts, findings) => {
  expect(judgeDatabase(facts)).toHaveLength(findings);
});

let database: TestDatabase;
const localeC = `locale_c_${randomBytes(4).toString('hex')}`;

async function execute(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

beforeAll(async () => {
  database = await createEmptyDatabase();
  await execute(
    `create database ${localeC} encoding 'UTF8' locale_provider libc locale 'C' template template0 strategy file_copy`,
  );
});
afterAll(async () => {
  await execute(`drop database ${localeC}`);
  await database.drop();
});

test('the embedded database is fit, also once trigrams are installed', async () => {
  await checkDatabase(database.ownerUrl);
  await execute('create extension if not exists pg_trgm');
  await checkDatabase(database.ownerUrl);
});

test('a real database in libc locale C is refused with what to do', async () => {
  const url = new URL(database.ownerUrl);
  url.pathname = `/${localeC}`;
  await expect(checkDatabase(url.href)).rejects.toThrow("locale 'C.UTF-8'");
});

test.each<[mistake: string, change: (url: URL) => void, sentence: string]>([
  ['a wrong password', (url) => Object.assign(url, { password: 'wrong' }), '用户名或口令不对'],
  ['a missing database', (url) => Object.assign(url, { pathname: '/nowhere' }), '不存在'],
  ['a closed port', (url) => Object.assign(url, { port: '1' }), '没有程序在那个地址应答'],
])('%s is said in one sentence', async (_mistake, change, sentence) => {
  const url = new URL(database.ownerUrl);
  change(url);
  await expect(checkDatabase(url.href)).rejects.toThrow(sentence);
});
