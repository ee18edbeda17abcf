import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit } from '#platform/audit/verify';
import { type Config, loadConfig } from '#platform/config';
import { backup } from '#platform/db/backup';
import { findPostmaster, stopPostmaster } from '#platform/db/postmaster';
import { restore } from '#platform/db/restore';
import { system, withTenant } from '#platform/db/tenant';
import { readFile, storeFile } from '#platform/files/files';
import { formatBearer, hashToken, newToken } from '#platform/http/request-session';
import { newId, type TenantId, type UserId } from '#platform/ids';
import { makeLog } from '#platform/log';
import { openRuntime, type Runtime } from '#platform/runtime';
import { createTenant } from '#platform/tenant';
import { openLedger } from './testing/outside-ledger.ts';
import { type ServerProcess, spawnServer, startedServer } from './testing/server-process.ts';

/**
 * The real program on a data folder of its own: mistakes of the operator each with a sentence, kill -9 of the server and of the
 * database under load with a book kept outside, a clean stop, a backup that restores. KILLS=50 makes it longer.
 */
const KILLS = Number(process.env.KILLS ?? 3);
const CANARY = '备份里的照片';
const MINUTES = 60_000;

let folder: string;
let dataDir: string;
let config: Config;
let tenantId: TenantId;
let fileId: string;
let cookie: string;
const children: ServerProcess[] = [];
const start = async (env: Record<string, string> = {}) => {
  const server = await startedServer({ DATA_DIR: dataDir, ...env });
  children.push(server);
  return server;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhizhao-start-'));
  chmodSync(folder, 0o711);
  dataDir = join(folder, 'data');
  config = loadConfig({ DATA_DIR: dataDir });
  await arrange();
}, 5 * MINUTES);
afterAll(async () => {
  for (const { child } of children) child.kill('SIGKILL');
  for (const name of ['data', 'early', 'restored'])
    await stopPostmaster(join(folder, name, 'pg'), 'immediate');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const openHere = (at: Config = config): Promise<Runtime> => openRuntime(at, makeLog('silent'));
const inHere = <T>(runtime: Runtime, work: Parameters<typeof withTenant<T>>[2]): Promise<T> =>
  withTenant(runtime.env, { tenantId, actor: system }, work);

/** A college with one administrator who is signed in, and a file. */
async function arrange(): Promise<void> {
  const runtime = await openHere();
  const tenant = await createTenant(runtime.owner(), runtime.env.masterKey, {
    code: 'kill',
    name: '测试学院',
    kind: 'institution',
  });
  if (tenant === 'taken') throw new Error('the folder is not fresh');
  tenantId = tenant.id;
  const [userId, token] = [newId<UserId>(), newToken()];
  cookie = `zhizhao_session=${formatBearer({ tenantId, token })}`;
  await inHere(runtime, async (ctx) => {
    await sql`insert into user_account (tenant_id, id, username, name, must_change_password, notice_version)
      values (${tenantId}, ${userId}, 'admin', '管理员', false, 'test')`.execute(ctx.tx);
    await sql`insert into user_role (tenant_id, user_id, role) values (${tenantId}, ${userId}, 'system_admin')`.execute(
      ctx.tx,
    );
    await sql`insert into session (tenant_id, id, user_id, token_hash, stage, created_at, last_seen_at, expires_at)
      values (${tenantId}, ${newId()}, ${userId}, ${hashToken(token)}, 'signed_in', now(), now(), now() + interval '1 day')`.execute(
      ctx.tx,
    );
    const file = { purpose: 'test', name: 'a.jpg', mediaType: 'image/jpeg' };
    fileId = (await storeFile(ctx, runtime.files, file, Buffer.from(CANARY))).id;
  });
  await runtime.close();
}

async function figures(runtime: Runtime): Promise<{ units: string[]; audited: string[]; faults: number }> {
  return inHere(runtime, async (ctx) => {
    const units = await sql<{ name: string }>`select name from org_unit order by 1`.execute(ctx.tx);
    const audited = await sql<{ name: string }>`
      select u.name from audit_entry e join org_unit u on u.tenant_id = e.tenant_id and u.id::text = e.subject_id order by 1`.execute(
      ctx.tx,
    );
    return {
      units: units.rows.map(({ name }) => name),
      audited: audited.rows.map(({ name }) => name),
      faults: (await verifyAudit(ctx)).faults.length,
    };
  });
}

describe('a start that cannot work says why in a sentence and leaves nothing running', () => {
  const refused = async (env: Record<string, string>): Promise<string> => {
    const server = spawnServer({ DATA_DIR: dataDir, ...env });
    children.push(server);
    expect(await server.ready, server.said()).toBeNull();
    expect(await server.ended).toBe(2);
    expect(server.said()).not.toMatch(/\n\s+at |Error:/);
    return server.said();
  };
  test(
    'a bad port, a folder that is a file, a database that does not answer',
    async () => {
      writeFileSync(join(folder, 'file'), '');
      const [port, file, database] = await Promise.all([
        refused({ PORT: '99999' }),
        refused({ DATA_DIR: join(folder, 'file', 'data') }),
        refused({ DATABASE_URL: 'postgres://u:topsecret@127.0.0.1:9/x' }),
      ]);
      expect(port).toContain('PORT 应是 0 到 65535 之间的整数');
      expect(file).toMatch(/数据目录|DATA_DIR/);
      expect(database).toContain('没有程序在那个地址应答');
      expect(database).not.toContain('topsecret');
    },
    5 * MINUTES,
  );
  test(
    'a key that is readable for all, wrong, or gone; a port that another program has',
    async () => {
      const keyOf = (name: string): string => join(folder, name);
      writeFileSync(keyOf('open.key'), readFileSync(config.keyFile));
      chmodSync(keyOf('open.key'), 0o644);
      writeFileSync(keyOf('wrong.key'), Buffer.alloc(32, 5).toString('base64'), { mode: 0o600 });
      const other = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => other.once('listening', resolve));
      const address = other.address();
      const taken = typeof address === 'object' ? String(address?.port) : '';
      const [open, wrong, gone, port] = await Promise.all([
        refused({ KEY_FILE: keyOf('open.key') }),
        refused({ KEY_FILE: keyOf('wrong.key') }),
        refused({ KEY_FILE: keyOf('gone.key') }),
        refused({ PORT: taken }),
      ]);
      expect(open).toContain('对本机所有人可读');
      expect(wrong).toContain('与这个数据库不匹配');
      expect(gone).toContain('找不到主密钥文件');
      expect(port).toContain(`端口 ${taken}（127.0.0.1）已被另一个程序占用`);
      expect(existsSync(keyOf('gone.key'))).toBe(false);
      await new Promise((resolve) => other.close(resolve));
      expect(findPostmaster(join(dataDir, 'pg'))).toBeNull();
    },
    5 * MINUTES,
  );
});

test(
  'told to stop while it still builds the demonstration, the program ends cleanly and takes its database along',
  async () => {
    const early = join(folder, 'early');
    const server = spawnServer({ DATA_DIR: early, DEMO: 'yes' });
    children.push(server);
    await expect.poll(server.said, { timeout: MINUTES }).toContain('正在建立演示招生季');
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.said()).not.toContain('启动失败');
    expect(findPostmaster(join(early, 'pg'))).toBeNull();
  },
  5 * MINUTES,
);

describe('kill -9', () => {
  test(
    `of server or database ${KILLS} times under load: everything acknowledged is there exactly once`,
    async () => {
      let url = '';
      const ledger = openLedger(join(folder, 'ledger'), { name: 'kill', url: () => url, cookie });
      for (let round = 1; round <= KILLS; round += 1) {
        const server = await start();
        url = server.url;
        const before = ledger.acknowledged.size;
        const load = ledger.run(4);
        await expect.poll(() => ledger.acknowledged.size, { timeout: MINUTES }).toBeGreaterThan(before + 4);
        await sleep(Math.random() * 800);
        const postmaster = findPostmaster(join(dataDir, 'pg'));
        if (round % 2 === 0 && postmaster !== null) process.kill(postmaster.pid, 'SIGKILL');
        else server.child.kill('SIGKILL');
        await sleep(50);
        await load.stop();
        server.child.kill('SIGKILL');
        await server.ended;
      }
      const last = await start();
      url = last.url;
      const rest = ledger.run(4);
      await expect
        .poll(() => [...ledger.sent].filter((key) => !ledger.acknowledged.has(key)).length <= 4, {
          timeout: MINUTES,
        })
        .toBe(true);
      await rest.stop();
      last.child.kill('SIGTERM');
      expect(await last.ended).toBe(0);
      const runtime = await openHere();
      const { units, audited, faults } = await figures(runtime);
      await runtime.close();
      const expected = [...ledger.acknowledged].map((key) => `部门 ${key}`);
      expect(expected.filter((name) => !units.includes(name))).toEqual([]);
      expect(units.filter((name) => !ledger.sent.has(name.slice(3)))).toEqual([]);
      expect(audited).toEqual(units);
      expect(faults).toBe(0);
    },
    (3 + KILLS) * MINUTES,
  );

  test(
    'of one of two servers on a database: the other goes on at once, and nothing is done twice',
    async () => {
      const [one, two] = [await start(), await start()];
      let url = one.url;
      const ledger = openLedger(join(folder, 'two'), { name: 'pair', url: () => url, cookie });
      const book = ledger.run(4);
      await expect.poll(() => ledger.acknowledged.size, { timeout: MINUTES }).toBeGreaterThan(10);
      one.child.kill('SIGKILL');
      const killedAt = ledger.acknowledged.size;
      url = two.url;
      await expect.poll(() => ledger.acknowledged.size, { timeout: MINUTES }).toBeGreaterThan(killedAt + 10);
      await book.stop();
      expect(await (await fetch(`${two.url}/readyz`)).json()).toEqual({ status: 'ready' });
      two.child.kill('SIGTERM');
      expect(await two.ended).toBe(0);
      expect(findPostmaster(join(dataDir, 'pg'))).toBeNull();
      const runtime = await openHere();
      const { units, audited } = await figures(runtime);
      await runtime.close();
      const mine = [...ledger.acknowledged].map((key) => `部门 ${key}`);
      expect(mine.filter((name) => !units.includes(name))).toEqual([]);
      expect(audited).toEqual(units);
    },
    5 * MINUTES,
  );
});

test(
  'a backup with files restores to a program that starts, opens what was sealed, and whose log verifies (R31)',
  async () => {
    const archive = join(folder, 'backup.zip');
    await backup(config, archive);
    const target = loadConfig({ DATA_DIR: join(folder, 'restored') });
    await restore(target, archive);
    await expect(openHere(target)).rejects.toThrow('找不到主密钥文件');
    mkdirSync(target.dataDir, { recursive: true });
    writeFileSync(target.keyFile, readFileSync(config.keyFile), { mode: 0o600 });
    const [original, copy] = [await openHere(), await openHere(target)];
    expect(await figures(copy)).toEqual(await figures(original));
    expect(await inHere(copy, async (ctx) => text(await readFile(ctx, copy.files, fileId)))).toBe(CANARY);
    await Promise.all([original.close(), copy.close()]);
  },
  5 * MINUTES,
);
