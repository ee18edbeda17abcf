import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Where the bytes of uploads lie. Today a folder, tomorrow an object store; nothing else knows which. */
export interface FileStore {
  /** Writes a new object, encrypted with `key`; whole or not at all. */
  put(place: Place, key: Buffer, content: Readable): Promise<{ sizeBytes: number; sha256: Buffer }>;
  /** The clear bytes. Throws at the end of the stream when the object was altered. */
  get(place: Place, key: Buffer): Promise<Readable>;
  remove(place: Place): Promise<void>;
}

/** Both parts are made by the server; nothing of a client's file name enters a path. */
export interface Place {
  readonly tenantId: string;
  readonly fileId: string;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const uuid = /^[0-9a-f-]{36}$/;

/** A file store in a folder: tenant / last two characters of the id / id. */
export function diskFiles(root: string): FileStore {
  const pathOf = ({ tenantId, fileId }: Place): string => {
    if (!uuid.test(tenantId) || !uuid.test(fileId)) throw new Error('not a file id');
    return join(root, tenantId, fileId.slice(-2), fileId);
  };
  return {
    put: (place, key, content) => putOnDisk(pathOf(place), key, content),
    get: (place, key) => getFromDisk(pathOf(place), key),
    remove: (place) => rm(pathOf(place), { force: true }),
  };
}

async function putOnDisk(
  path: string,
  key: Buffer,
  content: Readable,
): Promise<{ sizeBytes: number; sha256: Buffer }> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.${randomUUID()}.part`;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    const out = createWriteStream(part, { mode: 0o600, flush: true });
    out.write(iv);
    await pipeline(content, measure, cipher, out, { end: false });
    await new Promise<void>((resolve, reject) =>
      out.end(cipher.getAuthTag(), () => resolve()).on('error', reject),
    );
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return { sizeBytes, sha256: hash.digest() };
}

async function getFromDisk(path: string, key: Buffer): Promise<Readable> {
  const { size } = await stat(path);
  const iv = Buffer.alloc(IV_BYTES);
  const tag = Buffer.alloc(TAG_BYTES);
  const file = await open(path);
  try {
    await file.read(iv, 0, IV_BYTES, 0);
    await file.read(tag, 0, TAG_BYTES, size - TAG_BYTES);
  } finally {
    await file.close();
  }
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(tag);
  const bytes = createReadStream(path, { start: IV_BYTES, end: Math.max(IV_BYTES, size - TAG_BYTES - 1) });
  if (size === IV_BYTES + TAG_BYTES) bytes.destroy();
  bytes.on('error', (error) => decipher.destroy(error));
  return size === IV_BYTES + TAG_BYTES ? decipher.end() : bytes.pipe(decipher);
}
