import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';

/** Every entry of a zip in memory, for tests. */
export async function unzipped(zip: Buffer): Promise<{ name: string; bytes: Buffer }[]> {
  const file = await yauzl.fromBufferPromise(zip, { lazyEntries: true });
  const entries: { name: string; bytes: Buffer }[] = [];
  for await (const entry of file.eachEntry()) {
    entries.push({
      name: String(entry.fileName),
      bytes: await buffer(await file.openReadStreamPromise(entry)),
    });
  }
  return entries;
}
