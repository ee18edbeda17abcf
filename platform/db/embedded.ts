import { accessSync, constants, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DATABASE, ensureCluster, OWNER, ownerPassword } from '#platform/db/embedded-cluster';
import { findPrograms } from '#platform/db/embedded-program';
import type { Durability } from '#platform/db/embedded-settings';
import { enter, type Leave, refuseOtherMachine } from '#platform/db/embedded-users';
import {
  findPostmaster,
  type Postmaster,
  startPostmaster,
  stopPostmaster,
  waitUntilReady,
} from '#platform/db/postmaster';
import { withProcessLock } from '#platform/process-lock';
import { SetupError } from '#platform/setup-error';

/** First initialisation or crash recovery by another process may hold the lock this long. */
const LOCK_WAIT_MS = 10 * 60_000;
const ANSWER_LIMIT_MS = 10_000;
const POLL_MS = 20;

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly durability?: Durability;
  /** Told about slow steps (first initialisation, crash recovery), in Chinese. */
  readonly log?: (line: string) => void;
  /** Called once the server's process runs and only its readiness is waited for; never where one runs already. */
  readonly onLaunch?: () => void;
}

export interface Embedded {
  /** Connection address with all rights: migrations and, with `role=zhizhao_app`, the application. */
  readonly ownerUrl: string;
  /** True when the server was already running. */
  readonly joined: boolean;
  /** Ends our use. The last user stops the server; earlier ones leave it running. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Makes sure the PostgreSQL of `dataDir` runs and uses it together with every other process that does so: the server,
 * any number of operator commands. The first one starts it, the last one to leave stops it, whoever that is. Users
 * killed without leaving do not count; a server they left running is joined by the next start, one that was killed
 * recovers by itself.
 *
 * Throws SetupError with a Chinese sentence when the folder cannot be used.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = prepareFolder(options.dataDir);
  const lock = <T>(work: () => Promise<T>) => withProcessLock(`database ${dataDir}`, LOCK_WAIT_MS, work);
  return await lock(async () => {
    const { ownerUrl, joined, leave } = await joinOrStart(dataDir, options);
    let stopped = false;
    const stop = async () => {
      if (stopped) return;
      stopped = true;
      await lock(async () => {
        if (leave()) await stopPostmaster(join(dataDir, 'pg'));
      });
    };
    return { ownerUrl, joined, stop };
  });
}

async function joinOrStart(
  dataDir: string,
  { durability = 'production', log = () => {}, onLaunch = () => {} }: EmbeddedOptions,
): Promise<{ ownerUrl: string; joined: boolean; leave: Leave }> {
  const users = join(dataDir, 'pg-users');
  await refuseOtherMachine(users);
  const leave = enter(users);
  try {
    const running = await joinRunning(dataDir, log);
    const server = running ?? (await initialiseAndStart(dataDir, { durability, log, onLaunch }));
    const ownerUrl = urlOf(dataDir, server);
    return { ownerUrl, joined: running !== null, leave };
  } catch (error) {
    leave();
    throw error;
  }
}

/**
 * A server that is stopping counts as none, once it has stopped. One that was killed this very moment may still be
 * listed: only an answer proves that it lives.
 */
async function joinRunning(dataDir: string, log: (line: string) => void): Promise<Postmaster | null> {
  const cluster = join(dataDir, 'pg');
  for (;;) {
    if (!findPostmaster(cluster)) return null;
    const server = await waitUntilReady(cluster, log);
    if (server && (await answers(urlOf(dataDir, server)))) return server;
    await sleep(POLL_MS);
  }
}

/** Any reply of the server will do, a refusal for too many connections too. */
async function answers(ownerUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: ANSWER_LIMIT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    return error instanceof pg.DatabaseError;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Loopback only; said aloud, so that a PGSSLMODE of the account does not ask our server for what it has not. */
const urlOf = (dataDir: string, { port }: Postmaster): string =>
  `postgres://${OWNER}:${ownerPassword(dataDir)}@127.0.0.1:${port}/${DATABASE}?sslmode=disable`;

async function initialiseAndStart(
  dataDir: string,
  {
    durability,
    log,
    onLaunch,
  }: { durability: Durability } & Required<Pick<EmbeddedOptions, 'log' | 'onLaunch'>>,
) {
  const cluster = join(dataDir, 'pg');
  const programs = findPrograms(dataDir, cluster);
  if (!existsSync(cluster)) log('正在建立数据库……');
  await ensureCluster(programs, dataDir, durability);
  return await startPostmaster({
    programs,
    cluster,
    startLog: join(dataDir, 'pg-start.log'),
    durability,
    log,
    onLaunch,
  });
}

/** Makes the data folder and refuses one we cannot write, naming whose it is. Returns its real path. */
function prepareFolder(given: string): string {
  const path = resolve(given);
  const isRoot = process.getuid?.() === 0;
  try {
    // Root's database runs under another account, which must be able to pass through.
    mkdirSync(path, { recursive: true, mode: isRoot ? 0o711 : 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SetupError(
      `数据目录 ${path} 不能写入（${reasonOf(error)}）。请检查权限和磁盘，或用 DATA_DIR 指定别的目录。`,
    );
  }
  const cluster = join(path, 'pg');
  const owner = existsSync(cluster) ? statSync(cluster).uid : process.getuid?.();
  if (!isRoot && owner !== process.getuid?.()) {
    throw new SetupError(
      `数据目录 ${path} 里的数据库属于另一个用户（编号 ${owner}），多半是以前用 root 启动过。请仍用那个用户启动，或先执行 chown -R 把该目录交给当前用户。`,
    );
  }
  return realpathSync(path);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: '没有权限',
  EPERM: '没有权限',
  EROFS: '文件系统只读',
  ENOSPC: '磁盘已满',
  ENOTDIR: '路径中有一段不是目录',
  EEXIST: '同名文件已存在',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? code;
}
