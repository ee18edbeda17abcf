import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Caller, type Env, withTenant } from '#platform/db/tenant';
import { findFile, readFile } from '#platform/files/files';
import type { FileStore } from '#platform/files/store';
import { makeTempFolder } from './read/temp.ts';

/**
 * The stored file in the clear for as long as the work takes: readers need to seek in it. The folder is this process's
 * own and removed at the end.
 */
export async function withClearFile<T>(
  place: { env: Env; files: FileStore; caller: Caller },
  fileId: string,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await makeTempFolder();
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
