import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { z } from 'zod';

/** Last entry of every backup: what the others must be. */
export const MANIFEST = 'manifest.json';

export const Manifest = z.object({
  format: z.literal('zhizhao-backup-1'),
  createdAt: z.iso.datetime(),
  postgresMajor: z.string(),
  folders: z.array(z.string()),
  entries: z.record(z.string(), z.object({ sizeBytes: z.number(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof Manifest>;

/** A backup being written: a zip of files, each with its SHA-256 in the manifest. */
export interface ArchiveWriter {
  addFolder(name: string): void;
  addBytes(name: string, content: Buffer): Promise<void>;
  /** Adds a file as long as it is now; one that has vanished since it was listed becomes empty. */
  addFile(name: string, path: string): Promise<void>;
  /** Writes the manifest and gives the archive its name. Until then nothing exists under it. */
  finish(): Promise<{ sizeBytes: number; sha256: string }>;
  abandon(): Promise<void>;
}

export function writeArchive(target: string, postgresMajor: string, signal?: AbortSignal): ArchiveWriter {
  const zip = new yazl.ZipFile();
  const unfinished = `${target}.part`;
  const whole = meter();
  const written = pipeline(
    zip.outputStream,
    whole.stream,
    createWriteStream(unfinished, { mode: 0o600, flush: true }),
  );
  // Awaited in finish(); a full disk in between must not end the process before that.
  written.catch(() => {});
  const createdAt = new Date().toISOString();
  const manifest: Manifest = {
    format: 'zhizhao-backup-1',
    createdAt,
    postgresMajor,
    folders: [],
    entries: {},
  };
  const add = async (name: string, content: Readable) => {
    const { stream, result } = meter();
    zip.addReadStream(stream, name, { compressionLevel: 1, mode: 0o100600 });
    await Promise.race([Promise.all([pipeline(content, stream, { signal }), finished(stream)]), written]);
    manifest.entries[name] = result();
  };
  return {
    addFolder: (name) => void manifest.folders.push(name),
    addBytes: (name, content) => add(name, Readable.from([content])),
    addFile: async (name, path) => add(name, Readable.from(contentNow(path))),
    finish: async () => {
      zip.addBuffer(Buffer.from(JSON.stringify(manifest)), MANIFEST, { compressionLevel: 1 });
      zip.end();
      await written;
      await rename(unfinished, target);
      return whole.result();
    },
    abandon: () => rm(unfinished, { force: true }),
  };
}

/** The file from its start to the length it has at the moment of opening, however it grows or shrinks meanwhile. */
async function* contentNow(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!file) return;
  try {
    const { size } = await file.stat();
    if (size > 0)
      yield* file.createReadStream({ end: size - 1, autoClose: false, highWaterMark: 1024 * 1024 });
  } finally {
    await file.close();
  }
}

/** Counts and hashes what passes. */
export function meter(): { stream: Transform; result(): { sizeBytes: number; sha256: string } } {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ sizeBytes, sha256: hash.digest('hex') }) };
}
