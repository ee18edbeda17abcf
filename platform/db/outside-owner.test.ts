import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkApplicationRole, judgeRole } from '#platform/db/check';
import { migrate } from '#platform/db/migrate';
import { applicationUrl } from '#platform/db/urls';
import { createTestDatabase, type TestDatabase } from '#platform/testing/database';

/** An outside database whose owner is an ordinary role, as an operator gives it: what must be granted, and that nobody sees past row-level security. */
const name = `maker_${randomBytes(4).toString('hex')}`;
let other: TestDatabase;
let ownerUrl: string;

async function execute(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const answers = [];
    for (const statement of statements) answers.push(await client.query(statement));
    return answers.at(-1)?.rows ?? [];
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  // Its making also makes the role zhizhao_app of the cluster, which belongs to somebody else then.
  other = await createTestDatabase();
  await execute(
    other.ownerUrl,
    `create role ${name} login password 'maker'`,
    `create database ${name} owner ${name} template template0 strategy file_copy`,
  );
  const url = new URL(other.ownerUrl);
  Object.assign(url, { username: name, password: 'maker', pathname: `/${name}` });
  ownerUrl = url.href;
});
afterAll(async () => {
  await execute(other.ownerUrl, `drop database if exists ${name} with (force)`, `drop role ${name}`);
  await other.drop();
});

test('without the right to become zhizhao_app the start says what to grant, and leaves no tables', async () => {
  await expect(migrate(ownerUrl)).rejects.toThrow('grant zhizhao_app to 该账号');
  expect(await execute(ownerUrl, `select to_regclass('public.tenant') as there`)).toEqual([{ there: null }]);
});

test('with it everything is made, and even the owner sees no row without a tenant', async () => {
  await execute(other.ownerUrl, `grant zhizhao_app to ${name}`);
  expect((await migrate(ownerUrl)).length).toBeGreaterThan(5);
  await checkApplicationRole(applicationUrl(ownerUrl));
  await execute(
    other.ownerUrl.replace(/\/[^/?]*(?=\?|$)/, `/${name}`),
    `insert into tenant (id, code, name, kind) values ('00000000-0000-7000-8000-000000000001', 'x', 'x', 'institution')`,
    `insert into user_account (tenant_id, id, username, name) select id, id, 'xx', 'x' from tenant`,
  );
  expect(await execute(ownerUrl, 'select count(*)::int as seen from user_account')).toEqual([{ seen: 0 }]);
});

test('a newer version has been here: refused, untouched', async () => {
  await execute(ownerUrl, `insert into migration (name) values ('9999_later.sql')`);
  await expect(migrate(ownerUrl)).rejects.toThrow(
    /更新版本的智招使用过（本版没有它的升级步骤 9999_later\.sql）/,
  );
  await execute(ownerUrl, `delete from migration where name = '9999_later.sql'`);
  expect(await migrate(ownerUrl)).toEqual([]);
});

test('requests are not served as the owner, as a superuser, or from another database', async () => {
  await expect(checkApplicationRole(ownerUrl)).rejects.toThrow('隔离对它不起作用');
  await expect(checkApplicationRole(other.ownerUrl)).rejects.toThrow('隔离对它不起作用');
  const nowhere = new URL(other.ownerUrl);
  nowhere.pathname = '/postgres';
  await expect(checkApplicationRole(nowhere.href)).rejects.toThrow('是不是同一个库');
});

const fit = { name: 'app', free: false, owns: false, reads: true, hasTables: true };
test.each<[what: string, role: Parameters<typeof judgeRole>[0], sentence: RegExp | null]>([
  ['an unprivileged member', fit, null],
  ['one with BYPASSRLS', { ...fit, free: true }, /BYPASSRLS/],
  ['one that was never granted anything', { ...fit, reads: false }, /grant zhizhao_app to app/],
])('%s', (_what, role, sentence) => {
  const said = judgeRole(role);
  if (sentence === null) expect(said).toBeNull();
  else expect(said).toMatch(sentence);
});
