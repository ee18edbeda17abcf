import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Caller, type Env, withTenant } from '#platform/db/tenant';
import { findFile, readFile, type StoredFile } from '#platform/files/files';
import type { FileStore } from '#platform/files/store';
import { ZIP_MAGIC } from './read/collect.ts';
import { fileKindOf } from './read/file-kind.rules.ts';
import { type ByteSource, headOf } from './read/source.ts';
import { makeTempFolder } from './read/temp.ts';

interface Place {
  readonly env: Env;
  readonly files: FileStore;
  readonly caller: Caller;
}

/**
 * The stored file for as long as the work takes. A table or a text is read as it is deciphered; archives and workbooks, which readers seek
 * in, lie in the clear meanwhile, in a folder of this process that is removed at the end.
 */
export async function withStored<T>(
  place: Place,
  fileId: string,
  work: (given: ByteSource | string) => Promise<T>,
): Promise<T> {
  const file = await withTenant(place.env, place.caller, (ctx) => findFile(ctx, fileId));
  if (!file) throw new Error('the stored delivery is gone');
  const source = storedSource(place, file);
  return (await isPlain(source)) ? work(source) : withClearFile(source, work);
}

async function isPlain(source: ByteSource): Promise<boolean> {
  const { kind } = fileKindOf(source.name);
  const plain = (kind === 'dbf' || kind === 'text') && source.size > 0;
  return plain && (await headOf(source, ZIP_MAGIC.length)).toString('latin1') !== ZIP_MAGIC;
}

/** As large as those of a file on disk: readers work by the chunk. */
const CHUNK_BYTES = 1 << 18;

function storedSource({ env, files, caller }: Place, { id, name, sizeBytes }: StoredFile): ByteSource {
  return {
    name: name === '' ? 'delivery' : name,
    size: sizeBytes,
    async *chunks() {
      const stream = await withTenant(env, caller, (ctx) => readFile(ctx, files, id));
      let parts: Buffer[] = [];
      let bytes = 0;
      for await (const part of stream as AsyncIterable<Buffer>) {
        parts.push(part);
        bytes += part.length;
        if (bytes < CHUNK_BYTES) continue;
        yield Buffer.concat(parts, bytes);
        [parts, bytes] = [[], 0];
      }
      if (bytes > 0) yield Buffer.concat(parts, bytes);
    },
  };
}

async function withClearFile<T>(source: ByteSource, work: (path: string) => Promise<T>): Promise<T> {
  const folder = await makeTempFolder();
  try {
    const path = join(folder, source.name);
    await pipeline(source.chunks(), createWriteStream(path, { mode: 0o600 }));
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
