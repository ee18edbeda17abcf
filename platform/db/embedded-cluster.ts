import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Programs, run } from '#platform/db/embedded-program';
import type { Durability } from '#platform/db/embedded-settings';
import { SetupError } from '#platform/setup-error';

export const OWNER = 'zhizhao';
export const DATABASE = 'zhizhao';
export const MAJOR_VERSION = '18';
const UNFINISHED = 'pg.init-';

const passwordFile = (dataDir: string): string => join(dataDir, 'pg.password');

/** The random password of the cluster's owner, readable for its user only. */
export function ownerPassword(dataDir: string): string {
  const file = passwordFile(dataDir);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new SetupError(`缺少数据库口令文件 ${file}。请停止所有智招进程后重新启动，届时会自动设置新口令。`);
}

function savePassword(dataDir: string, password: string): string {
  const file = passwordFile(dataDir);
  writeFileSync(`${file}.part`, password, { mode: 0o600, flush: true });
  renameSync(`${file}.part`, file);
  return password;
}

const newPassword = (): string => randomBytes(24).toString('base64url');

/**
 * Makes the cluster if it is not there. It grows in a folder of its own and gets its name only when complete, so an
 * interrupted first start leaves nothing that looks like a database.
 */
export async function ensureCluster(
  programs: Programs,
  dataDir: string,
  durability: Durability,
): Promise<void> {
  const cluster = join(dataDir, 'pg');
  removeUnfinished(dataDir);
  if (existsSync(cluster)) {
    refuseOtherVersion(cluster);
    if (!existsSync(passwordFile(dataDir))) await resetOwnerPassword(programs, dataDir);
    return;
  }
  const folder = join(dataDir, `${UNFINISHED}${randomBytes(4).toString('hex')}`);
  mkdirSync(folder, { mode: 0o700 });
  const { account } = programs;
  const initial = join(folder, 'password');
  writeFileSync(initial, savePassword(dataDir, newPassword()), { mode: 0o600 });
  if (account) for (const path of [folder, initial]) chownSync(path, account.uid, account.gid);
  const fresh = join(folder, 'pg');
  await execute(programs, 'initdb', [
    `--pgdata=${fresh}`,
    `--username=${OWNER}`,
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--auth=scram-sha-256',
    `--pwfile=${initial}`,
    ...(durability === 'test' ? ['--no-sync'] : []),
  ]);
  await singleUser(programs, fresh, `create database ${DATABASE}`);
  renameSync(fresh, cluster);
  syncFolder(dataDir);
  rmSync(folder, { recursive: true });
}

/** Gives a cluster that is not running the password of this data folder: after a restore, or when its file was lost. */
export async function resetOwnerPassword(programs: Programs, dataDir: string): Promise<void> {
  const password = newPassword();
  await singleUser(programs, join(dataDir, 'pg'), `alter role ${OWNER} password '${password}'`);
  savePassword(dataDir, password);
}

/** Hands every file of a copied cluster to the account the server runs under. */
export function giveToAccount({ account }: Programs, cluster: string): void {
  chmodSync(cluster, 0o700);
  if (!account) return;
  chownSync(cluster, account.uid, account.gid);
  for (const name of readdirSync(cluster, { recursive: true, encoding: 'utf8' })) {
    chownSync(join(cluster, name), account.uid, account.gid);
  }
}

/** Runs one statement without a server: nobody can connect meanwhile. */
async function singleUser(programs: Programs, cluster: string, statement: string): Promise<void> {
  await execute(
    programs,
    'postgres',
    ['--single', '-D', cluster, '-c', 'exit_on_error=on', 'postgres'],
    statement,
  );
}

async function execute(
  programs: Programs,
  name: 'initdb' | 'postgres',
  args: readonly string[],
  input = '',
): Promise<void> {
  const child = run(programs, name, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that ends early breaks the pipe; its exit code and words tell more than that.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const output = Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')));
  const [code] = await once(child, 'close');
  if (code === 0) return;
  const lines = (await output).join('').trim().split('\n').slice(-8).join('\n');
  throw new SetupError(`数据库初始化没有成功（${name}）。程序的说明：\n${lines}`);
}

function removeUnfinished(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((entry) => entry.startsWith(UNFINISHED))) {
    rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

function refuseOtherVersion(cluster: string): void {
  const file = join(cluster, 'PG_VERSION');
  if (!existsSync(file)) {
    throw new SetupError(
      `${cluster} 不是完整的数据库目录（缺少 PG_VERSION）。请从备份恢复，或换一个 DATA_DIR。`,
    );
  }
  const version = readFileSync(file, 'utf8').trim();
  if (version === MAJOR_VERSION) return;
  throw new SetupError(
    `数据目录由 PostgreSQL ${version} 建立，本版智招内置的是 PostgreSQL ${MAJOR_VERSION}，不能直接打开。请先用原版本智招导出备份，升级办法见 docs/operations.md。`,
  );
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
