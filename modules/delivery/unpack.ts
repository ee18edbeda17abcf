import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Caller, type Env, withTenant } from '#platform/db/tenant';
import { findFile, readFile } from '#platform/files/files';
import type { FileStore } from '#platform/files/store';

const PREFIX = 'zhizhao-delivery-';

/**
 * The stored file in the clear for as long as the work takes: readers need to seek in it. The folder is this process's
 * own, readable by nobody else, and removed at the end; one left by a killed process goes with the next import.
 */
export async function withClearFile<T>(
  place: { env: Env; files: FileStore; caller: Caller },
  fileId: string,
  work: (path: string) => Promise<T>,
): Promise<T> {
  await sweep();
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  try {
    const path = await withTenant(place.env, place.caller, async (ctx) => {
      const file = await findFile(ctx, fileId);
      if (!file) throw new Error('the stored delivery is gone');
      const target = join(folder, file.name === '' ? `delivery${extname(file.name)}` : file.name);
      await pipeline(await readFile(ctx, place.files, fileId), createWriteStream(target, { mode: 0o600 }));
      return target;
    });
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
