import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Finding } from '#placement/model';

/** Input that cannot be placed; nothing has been written. */
export class Refused extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map(({ message }) => message).join('\n'));
    this.findings = findings;
  }
}

export function refuse(code: string, path: string, message: string): never {
  throw new Refused([{ code, path, message }]);
}

/** Files and hashes are fed in pieces: columns may be larger than one call takes. */
const CHUNK_BYTES = 64 * 1024 * 1024;

export function sha256(data: string | Uint8Array): string {
  const hash = createHash('sha256');
  if (typeof data === 'string') return hash.update(data).digest('hex');
  for (let from = 0; from < data.length; from += CHUNK_BYTES)
    hash.update(data.subarray(from, from + CHUNK_BYTES));
  return hash.digest('hex');
}

/** The hash of text that comes in pieces. */
export function sha256OfPieces(pieces: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

export function writeBytes(path: string, data: string | Uint8Array): void {
  if (typeof data === 'string' || data.length <= CHUNK_BYTES) {
    writeFileSync(path, data);
    return;
  }
  const file = openSync(path, 'w');
  try {
    for (let from = 0; from < data.length; ) {
      from += writeSync(file, data, from, Math.min(CHUNK_BYTES, data.length - from));
    }
  } finally {
    closeSync(file);
  }
}

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

const causes: Readonly<Record<string, string>> = {
  ENOENT: '没有这个文件或目录',
  EACCES: '没有权限',
  EPERM: '没有权限',
  EROFS: '所在磁盘只读',
  EISDIR: '这是一个目录，不是文件',
  ENOTDIR: '路径中有一段不是目录',
  EEXIST: '同名的文件已经存在，不能建目录',
  ENOSPC: '磁盘已满',
  ENAMETOOLONG: '名称太长',
  ERR_FS_FILE_TOO_LARGE: '文件太大，请改用列式数据',
  ERR_STRING_TOO_LONG: '文件太大，请改用列式数据',
};

/** What went wrong with a file, in words; a fault that is none of the known ones is passed on as it came. */
export function causeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = causes[code];
  if (cause === undefined) throw error;
  return cause;
}

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return refuse('UNREADABLE', path, `读不到 ${path}：${causeOf(error)}。`);
  }
}

export function readJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, ''));
  } catch (error) {
    const where = error instanceof Error ? (/position (\d+)/u.exec(error.message)?.[1] ?? '') : '';
    const place = where === '' ? '' : `，第 ${Number(where) + 1} 个字符起有误`;
    return refuse('BAD_JSON', path, `${path} 不是完整的 JSON${place}。`);
  }
}

/** All files or none: each is written beside its place first, and moved there when all are complete. */
export function writeAll(files: ReadonlyMap<string, string | Uint8Array>): void {
  let current = '';
  try {
    for (const [path, data] of files) {
      current = path;
      if (isDirectory(path)) refuse('UNWRITABLE', path, `写不出 ${path}：${causes.EISDIR}。`);
      makeFolder(dirname(path));
      writeBytes(`${path}.part`, data);
    }
    for (const path of files.keys()) renameSync(`${path}.part`, path);
  } catch (error) {
    for (const path of files.keys()) removeIfThere(`${path}.part`);
    if (error instanceof Refused) throw error;
    refuse('UNWRITABLE', current, `写不出 ${current}：${causeOf(error)}。`);
  }
}

/**
 * A folder and those above it, one by one from the top. The runtime's own recursion tries for ever where the system
 * says "no such folder" of one that cannot be made, as under /proc.
 */
function makeFolder(path: string): void {
  if (isDirectory(path)) return;
  const above = dirname(path);
  makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    if (isDirectory(path)) return;
    const cause = isMissing(error) ? `${above} 下不能建目录` : causeOf(error);
    refuse('UNWRITABLE', path, `写不出 ${path}：${cause}。`);
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Also where the path could never have existed. */
function removeIfThere(path: string): void {
  if (statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory()) rmSync(path, { force: true });
}

/** Fills a buffer from a file of exactly its size. */
export function readInto(path: string, buffer: ArrayBufferLike, onChunk: (bytes: number) => void): void {
  const file = openSync(path, 'r');
  try {
    for (let from = 0; from < buffer.byteLength; ) {
      const view = new Uint8Array(buffer, from, Math.min(CHUNK_BYTES, buffer.byteLength - from));
      const read = readSync(file, view);
      if (read === 0) refuse('TRUNCATED', path, `${path} 在读入时变短了。`);
      from += read;
      onChunk(read);
    }
  } finally {
    closeSync(file);
  }
}

export const inDirectory = (directory: string, name: string): string => join(directory, name);

/** Progress of a long run on standard error; short runs stay silent. */
export function progress(): (message: string) => void {
  const started = performance.now();
  return (message) => {
    const seconds = (performance.now() - started) / 1000;
    if (seconds > 0.5) process.stderr.write(`[${seconds.toFixed(1)} 秒] ${message}\n`);
  };
}
