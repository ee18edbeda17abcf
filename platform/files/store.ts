import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DataKey } from '#platform/crypto/vault';
import { timeOf } from '#platform/ids';

/** Where the bytes of uploads lie. Today a folder, tomorrow an object store; nothing else knows which. */
export interface FileStore {
  /** Writes an object, encrypted with `key`, or puts it in the place of the one there; whole or not at all. */
  put(place: Place, key: DataKey, content: Readable): Promise<{ sizeBytes: number; sha256: Buffer }>;
  /** The clear bytes. The object names the key it needs. Throws at the end of the stream when it was altered. */
  get(place: Place, keyOf: (keyNo: number) => Buffer): Promise<Readable>;
  remove(place: Place): Promise<void>;
  /** Ids of a tenant's objects first written before a moment, some at a time. */
  olderThan(tenantId: string, before: number): AsyncIterable<string[]>;
  /** Removes what a killed process wrote half and nobody has touched since; says how many. */
  removeHalves(tenantId: string, before: number): Promise<number>;
}

/** Both parts are made by the server; nothing of a client's file name enters a path. */
export interface Place {
  readonly tenantId: string;
  readonly fileId: string;
}

const VERSION = 1;
const HEADER_BYTES = 3;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const uuid = /^[0-9a-f-]{36}$/;

/** A file store in a folder: tenant / last two characters of the id / id. */
export function diskFiles(root: string): FileStore {
  const pathOf = ({ tenantId, fileId }: Place): string => {
    if (!uuid.test(tenantId) || !uuid.test(fileId)) throw new Error('not a file id');
    return join(root, tenantId, fileId.slice(-2), fileId);
  };
  const folderOf = (tenantId: string): string => dirname(dirname(pathOf({ tenantId, fileId: tenantId })));
  return {
    put: (place, key, content) => putOnDisk({ ...place, path: pathOf(place) }, key, content),
    get: (place, keyOf) => getFromDisk({ ...place, path: pathOf(place) }, keyOf),
    remove: (place) => rm(pathOf(place), { force: true }),
    olderThan: (tenantId, before) => olderOnDisk(folderOf(tenantId), before),
    removeHalves: (tenantId, before) => removeHalves(folderOf(tenantId), before),
  };
}

/** The folders of a tenant, each with one in 256 of the objects, and the names in them. */
async function* foldersOf(root: string): AsyncGenerator<{ folder: string; names: string[] }> {
  for (const name of await readdir(root).catch(nothingThere)) {
    const folder = join(root, name);
    yield { folder, names: await readdir(folder).catch(nothingThere) };
  }
}

/** An id tells when it was made, so no object need be looked at. */
async function* olderOnDisk(root: string, before: number): AsyncGenerator<string[]> {
  for await (const { names } of foldersOf(root)) {
    const older = names.filter((name) => uuid.test(name) && timeOf(name) < before);
    if (older.length > 0) yield older;
  }
}

async function removeHalves(root: string, before: number): Promise<number> {
  let removed = 0;
  for await (const { folder, names } of foldersOf(root)) {
    for (const path of names.filter((name) => name.endsWith('.part')).map((name) => join(folder, name))) {
      const found = await stat(path).catch(() => null);
      if (found === null || found.mtimeMs >= before) continue;
      await rm(path, { force: true });
      removed += 1;
    }
  }
  return removed;
}

/** A tenant without files has no folder. */
function nothingThere(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
}

interface DiskPlace extends Place {
  readonly path: string;
}

/** An object moved to another name or another tenant does not open. */
const contextOf = ({ tenantId, fileId }: Place): Buffer => Buffer.from(`${tenantId}/${fileId}`);

/** Version (1 byte), key number (2), nonce (12), ciphertext, tag (16). */
async function putOnDisk(
  place: DiskPlace,
  { keyNo, key }: DataKey,
  content: Readable,
): Promise<{ sizeBytes: number; sha256: Buffer }> {
  const { path } = place;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.${randomUUID()}.part`;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(contextOf(place));
  const { measure, result } = measuring();
  try {
    const out = createWriteStream(part, { mode: 0o600, flush: true });
    out.write(Buffer.concat([Buffer.from([VERSION, keyNo >> 8, keyNo & 0xff]), iv]));
    await pipeline(content, measure, cipher, out, { end: false });
    await new Promise<void>((resolve, reject) =>
      out.end(cipher.getAuthTag(), () => resolve()).on('error', reject),
    );
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return result();
}

function measuring(): { measure: Transform; result: () => { sizeBytes: number; sha256: Buffer } } {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { measure, result: () => ({ sizeBytes, sha256: hash.digest() }) };
}

async function getFromDisk(place: DiskPlace, keyOf: (keyNo: number) => Buffer): Promise<Readable> {
  const file = await open(place.path);
  try {
    // One open file for header, tag and content: a rotation may put another object under the name meanwhile.
    const { size } = await file.stat();
    const head = Buffer.alloc(HEADER_BYTES + IV_BYTES);
    const tag = Buffer.alloc(TAG_BYTES);
    await file.read(head, 0, head.length, 0);
    await file.read(tag, 0, TAG_BYTES, size - TAG_BYTES);
    if (head[0] !== VERSION || size < head.length + TAG_BYTES)
      throw new Error('not an object of the file store');
    const key = keyOf(head.readUInt16BE(1));
    const decipher = createDecipheriv('aes-256-gcm', key, head.subarray(HEADER_BYTES))
      .setAAD(contextOf(place))
      .setAuthTag(tag);
    if (size === head.length + TAG_BYTES) {
      await file.close();
      return decipher.end();
    }
    const bytes = file.createReadStream({ start: head.length, end: size - TAG_BYTES - 1 });
    bytes.on('error', (error) => decipher.destroy(error));
    decipher.on('close', () => bytes.destroy());
    return bytes.pipe(decipher);
  } catch (error) {
    await file.close();
    throw error;
  }
}
