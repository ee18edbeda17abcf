import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SetupError } from '#platform/setup-error';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: '没有这个文件夹',
  ENOTDIR: '路径中有一段不是文件夹',
  EISDIR: '这是一个文件夹',
  EACCES: '没有权限',
  EPERM: '没有权限',
  EROFS: '文件系统只读',
  ENOSPC: '磁盘已满',
};

/**
 * Writes what a command puts out, readable for its owner only: beside its place first, so that a file of that name stays whole until
 * `work`, which is given the means to write, has succeeded. Throws SetupError where it cannot be written.
 */
export async function intoFile<T extends { readonly ok: boolean }>(
  path: string,
  work: (write: (content: Readable | Buffer) => Promise<void>) => Promise<T>,
): Promise<T> {
  const target = resolve(path);
  const draft = `${target}.part`;
  await refuseFolder(target);
  try {
    const done = await work((content) => write(draft, content));
    if (done.ok) await rename(draft, target);
    return done;
  } finally {
    await rm(draft, { force: true });
  }
}

async function refuseFolder(target: string): Promise<void> {
  const there = await stat(target).catch(() => null);
  if (there?.isDirectory()) throw cannotWrite(target, 'EISDIR');
}

async function write(draft: string, content: Readable | Buffer): Promise<void> {
  const from = Buffer.isBuffer(content) ? Readable.from([content]) : content;
  await pipeline(from, createWriteStream(draft, { mode: 0o600 })).catch((error: NodeJS.ErrnoException) => {
    throw error.syscall === undefined
      ? error
      : cannotWrite(draft.slice(0, -'.part'.length), error.code ?? '');
  });
}

const cannotWrite = (path: string, code: string): SetupError =>
  new SetupError(`${path} 写不进去（${REASONS[code] ?? code}），没有写出文件。请换一个位置。`);
