import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CACHE, ROOT, say } from './support.mjs';

/** One set-up at a time on this machine. The kernel frees a listening socket when its owner dies: nothing goes stale. */
export async function withLock(work) {
  mkdirSync(CACHE, { recursive: true });
  const digest = createHash('sha256').update(ROOT).digest('hex').slice(0, 24);
  const path =
    process.platform === 'linux'
      ? `\0zhizhao-setup-${digest}`
      : join(tmpdir(), `zhizhao-setup-${digest}.sock`);
  for (let round = 0; ; round += 1) {
    const server = await listen(path);
    if (server) {
      try {
        return work();
      } finally {
        server.close();
      }
    }
    if (process.platform === 'darwin' && !(await answers(path))) rmSync(path, { force: true });
    if (round === 10) say('另一个智招命令正在做准备，等它完成……');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function listen(path) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(path, () => resolve(server));
  });
}

function answers(path) {
  return new Promise((resolve) => {
    const socket = connect(path, () => resolve(true) ?? socket.destroy());
    socket.once('error', () => resolve(false));
  });
}
