import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { refuse } from './fault.ts';
import type { ByteSource } from './source.ts';

const PREFIX = 'zhizhao-delivery-';
/** Archives and workbooks inside a delivery, all of one delivery together. */
const KEPT_BYTES_MAX = 2 * 2 ** 30;

/** A folder of this process, readable by nobody else; one left by a killed process goes with the next. */
export async function makeTempFolder(): Promise<string> {
  await sweep();
  return mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

export interface TempFolder {
  /** A copy of the source on disk, where it can be sought in. */
  keep(source: ByteSource): Promise<string>;
  remove(): void;
}

export async function tempFolder(): Promise<TempFolder> {
  const folder = await makeTempFolder();
  let kept = 0;
  let bytes = 0;
  return {
    keep: async (source) => {
      bytes += source.size;
      if (bytes > KEPT_BYTES_MAX) {
        const megabytes = Math.ceil(bytes / 2 ** 20);
        refuse(
          'file_too_large',
          { file: source.name },
          `其中的压缩包和工作簿合计 ${megabytes} MB，上限 ${KEPT_BYTES_MAX >> 20} MB`,
        );
      }
      kept += 1;
      const path = join(folder, String(kept));
      await pipeline(Readable.from(source.chunks()), createWriteStream(path, { mode: 0o600 }));
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
