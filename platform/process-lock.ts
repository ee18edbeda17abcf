import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from '#platform/setup-error';

const POLL_MS = 20;

/**
 * Runs `work` while no other process of this machine holds the lock `name`. The lock is a listening local socket, so
 * the kernel releases it when its holder dies, `kill -9` included: there is no stale lock to judge.
 */
export async function withProcessLock<T>(name: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const held = await acquire(socketPath(name), Date.now() + waitMs, name);
  try {
    return await work();
  } finally {
    await new Promise((resolve) => held.close(resolve));
  }
}

/** Linux has abstract sockets and Windows named pipes: both vanish with their owner. macOS needs a file. */
function socketPath(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 24);
  if (process.platform === 'linux') return `\0zhizhao-${digest}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\zhizhao-${digest}`;
  return join(tmpdir(), `zhizhao-${digest}.sock`);
}

async function acquire(path: string, deadline: number, name: string): Promise<Server> {
  for (;;) {
    const server = await tryListen(path);
    if (server) return server;
    if (process.platform === 'darwin' && !(await answers(path))) await rm(path, { force: true });
    if (Date.now() > deadline) {
      throw new SetupError(`等待另一个智招进程超时（${name}）。请确认没有卡住的智招进程，然后重试。`);
    }
    await sleep(POLL_MS);
  }
}

function tryListen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(path, () => resolve(server));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
