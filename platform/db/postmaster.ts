import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Programs, run } from '#platform/db/embedded-program';
import { type Durability, postgresSettings } from '#platform/db/embedded-settings';
import { SetupError } from '#platform/setup-error';

const POLL_MS = 10;
const PORT_TRIES = 5;
/** Crash recovery replays at most max_wal_size of log; a server that is not ready by then needs a person. */
const READY_LIMIT_MS = 30 * 60_000;
const STOP_LIMIT_MS = 60_000;
const ORPHAN_LIMIT_MS = 2_000;
const PROGRESS_MS = 5_000;

/** A PostgreSQL server process on a data folder, as its postmaster.pid tells. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

export interface StartOptions {
  readonly programs: Programs;
  readonly cluster: string;
  readonly startLog: string;
  readonly durability: Durability;
  readonly log: (line: string) => void;
  readonly onLaunch: () => void;
}

/**
 * The name PostgreSQL shows in the title of each of its processes. It tells the processes of this folder from all
 * others, without rights to look into a process of another user.
 */
export function clusterName(cluster: string): string {
  return `zhizhao-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`;
}

/** The live postmaster of `cluster`; null when there is none, whatever a left-over postmaster.pid says. */
export function findPostmaster(cluster: string): Postmaster | null {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const [pid, folder, , port, , , , status] = readFileSync(file, 'utf8').split('\n');
  if (folder !== cluster || !isOurs(cluster, Number(pid))) return null;
  return { pid: Number(pid), port: Number(port), status: status?.trim() ?? '' };
}

/** Waits until a server somebody else started is ready; null when it ended instead. */
export async function waitUntilReady(
  cluster: string,
  log: (line: string) => void,
  hasEnded: () => boolean = () => findPostmaster(cluster) === null,
): Promise<Postmaster | null> {
  const start = Date.now();
  for (let round = 1; Date.now() - start < READY_LIMIT_MS; round += 1) {
    const server = findPostmaster(cluster);
    if (server?.status === 'ready') return server;
    if (hasEnded()) return null;
    if (round % (PROGRESS_MS / POLL_MS) === 0) log('数据库正在恢复上次未写完的数据，请稍候……');
    await sleep(POLL_MS);
  }
  throw new SetupError('数据库 30 分钟内没有就绪。请查看数据目录下 pg/log 里的日志。');
}

/** Starts the server on a free loopback port; the port is chosen anew each time. */
export async function startPostmaster(options: StartOptions): Promise<Postmaster> {
  await clearRemains(options.cluster);
  for (let attempt = 1; attempt <= PORT_TRIES; attempt += 1) {
    const server = await launch(options, await freePort());
    if (server) return server;
    const reason = readFileSync(options.startLog, 'utf8');
    if (!/Address already in use|could not bind/.test(reason)) throw startFailed(options.cluster, reason);
  }
  throw new SetupError(`连续 ${PORT_TRIES} 次都没有找到空闲的本机端口，数据库无法启动。`);
}

/**
 * Ends sessions and returns when the process is gone. `fast` writes everything first; `immediate` is for clusters
 * that are thrown away.
 */
export async function stopPostmaster(cluster: string, how: 'fast' | 'immediate' = 'fast'): Promise<void> {
  const server = findPostmaster(cluster);
  if (!server) return;
  process.kill(server.pid, how === 'fast' ? 'SIGINT' : 'SIGQUIT');
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (isOurs(cluster, server.pid)) {
    if (Date.now() > deadline) {
      process.kill(server.pid, 'SIGQUIT');
      return;
    }
    await sleep(POLL_MS);
  }
}

async function launch(options: StartOptions, port: number): Promise<Postmaster | null> {
  const { programs, cluster, startLog, durability } = options;
  const output = openSync(startLog, 'w', 0o600);
  const settings = { ...postgresSettings(durability), port, cluster_name: clusterName(cluster) };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = run(programs, 'postgres', ['-D', cluster, ...args], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  child.once('error', () => {
    ended = true;
  });
  options.onLaunch();
  const server = await waitUntilReady(cluster, options.log, () => ended);
  child.unref();
  return server;
}

/**
 * After `kill -9` of the postmaster its children end by themselves within moments; one busy in a long statement may
 * linger and would keep a new server from starting. Once nobody uses the folder, a left-over postmaster.pid whose
 * number now belongs to some other program must not block the start.
 */
async function clearRemains(cluster: string): Promise<void> {
  const deadline = Date.now() + ORPHAN_LIMIT_MS;
  for (let orphans = serverProcesses(cluster); orphans.length > 0; orphans = serverProcesses(cluster)) {
    if (Date.now() > deadline) for (const pid of orphans) process.kill(pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
  if (process.platform === 'linux') rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

/** Processes of this folder's server, alive and not merely waiting to be buried. */
function serverProcesses(cluster: string): number[] {
  const mark = clusterName(cluster);
  if (process.platform !== 'linux') return pidFromFile(cluster);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => commandLine(pid).includes(mark)).map(Number);
}

/** Whether a process is of this folder's server; asked every few milliseconds, so it looks at that one only. */
function isOurs(cluster: string, pid: number): boolean {
  if (process.platform !== 'linux') return pidFromFile(cluster).includes(pid);
  return commandLine(String(pid)).includes(clusterName(cluster));
}

function commandLine(pid: string): string {
  try {
    const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return /(^|\/)postgres(:|\0|$)/.test(text.slice(0, 400)) ? text : '';
  } catch {
    return '';
  }
}

function pidFromFile(cluster: string): number[] {
  try {
    const pid = Number.parseInt(readFileSync(join(cluster, 'postmaster.pid'), 'utf8'), 10);
    process.kill(pid, 0);
    return [pid];
  } catch {
    return [];
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function startFailed(cluster: string, reason: string): SetupError {
  const lines = reason.trim().split('\n').slice(-8).join('\n');
  return new SetupError(`数据库没有启动成功（${cluster}）。PostgreSQL 的说明：\n${lines}`);
}
