import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { type Ctx, inTenant } from '#platform/db/tenant';
import { type StoredFile, sniff, storeFile } from '#platform/files/files';
import type { FileStore } from '#platform/files/store';
import type { StreamIo } from '#platform/http/endpoint';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { DELIVERY_BYTES_MAX } from './contract.ts';
import { type Started, startImport } from './flow.service.ts';

export type UploadRefusal = Refusal<'no_file' | 'too_large' | 'unknown_type' | 'not_found'>;

interface Asked {
  province: string;
  batchId: string;
  files: number;
}

const SNIFF_BYTES = 4100;
/** DBF and CSV have no signature of their own; the reading judges them. */
const READABLE: ReadonlySet<string | null> = new Set([
  null,
  'application/zip',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
]);

/** Streams an upload into the encrypted store, several files packed into one, and has it read. */
export function receiveDelivery(
  io: StreamIo,
  files: FileStore,
  asked: Asked,
): Promise<Result<Started, UploadRefusal>> {
  if (!fits(io.request.headers['content-length'])) return Promise.resolve(tooLarge());
  return inTenant(io.env, io.caller, async (ctx) => {
    const parts = io.request.files({
      limits: { fileSize: DELIVERY_BYTES_MAX, files: asked.files },
      preservePath: true,
    } as Parameters<typeof io.request.files>[0]);
    const stored =
      asked.files > 1 ? await storeSeveral(ctx, files, parts) : await storeOne(ctx, files, parts);
    if (!stored.ok) return stored;
    const { id, name, sha256 } = stored.value;
    return startImport(ctx, { province: asked.province, batchId: asked.batchId, file: { id, name, sha256 } });
  });
}

/** Headings and names of two thousand files, at the most. */
const FRAME_BYTES_MAX = 2 ** 21;

/** The limit is that of the whole: two thousand files, each within it, would fill the disk. A browser says beforehand how much follows. */
const fits = (length: string | undefined): boolean =>
  length === undefined || Number(length) <= DELIVERY_BYTES_MAX + FRAME_BYTES_MAX;

type Parts = AsyncIterable<{ file: Readable & { truncated: boolean; bytesRead: number }; filename: string }>;
type Stored = Result<StoredFile, UploadRefusal>;

const tooLarge = (): { ok: false; error: UploadRefusal } =>
  refuse('too_large', `文件合计超过 ${DELIVERY_BYTES_MAX / 2 ** 30} GB，请按省份或批次拆分后再上传。`);

async function storeOne(ctx: Ctx, files: FileStore, parts: Parts): Promise<Stored> {
  for await (const { file, filename } of parts) {
    const { type, stream } = await peek(file);
    if (!READABLE.has(type)) {
      file.resume();
      return refuse('unknown_type', `“${filename}”不是可导入的文件。支持 ZIP、DBF、XLSX 和 CSV。`);
    }
    const stored = await storeFile(ctx, files, described(filename, type), stream);
    return file.truncated ? tooLarge() : ok(stored);
  }
  return refuse('no_file', '没有收到文件，请选择省级下发的文件再上传。');
}

const described = (name: string, type: string | null) => ({
  ...{ purpose: 'delivery', name, mediaType: type ?? 'application/octet-stream' },
});

/** Looks at the first bytes and hands on the whole stream. */
async function peek(file: Readable): Promise<{ type: string | null; stream: Readable }> {
  const through = new PassThrough();
  const head: Buffer[] = [];
  let length = 0;
  const first = new Promise<void>((resolve) => {
    through.once('end', resolve);
    file.on('data', (chunk: Buffer) => {
      if (length < SNIFF_BYTES) head.push(chunk);
      length += chunk.length;
      if (length >= SNIFF_BYTES) resolve();
    });
    file.once('end', resolve);
    file.once('error', () => resolve());
  });
  // An upload cut off on its way: without its end the store would wait, and hold the transaction, for ever.
  file.once('error', (error) => through.destroy(error));
  file.pipe(through);
  await first;
  return { type: await sniff(Buffer.concat(head)), stream: through };
}

/** A folder becomes one zip, stored as it comes: nothing lies about in the clear. */
async function storeSeveral(ctx: Ctx, files: FileStore, parts: Parts): Promise<Stored> {
  const zip = new ZipFile();
  const packed = new PassThrough();
  zip.outputStream.pipe(packed);
  const storing = storeFile(ctx, files, described('文件夹.zip', 'application/zip'), packed);
  storing.catch(() => undefined);
  const names = new Set<string>();
  let truncated = false;
  let bytes = 0;
  try {
    for await (const { file, filename } of parts) {
      const ended = once(file, 'close');
      zip.addReadStream(file, unusedName(filename, names), { compress: false });
      // Whichever fails first, the upload or the store: the other would wait for it for ever.
      await Promise.race([ended, storing]);
      bytes += file.bytesRead;
      truncated ||= file.truncated || bytes > DELIVERY_BYTES_MAX;
      if (truncated) break;
    }
  } catch (error) {
    packed.destroy();
    await storing.catch(() => undefined);
    throw error;
  }
  zip.end();
  const stored = await storing;
  if (names.size === 0) return refuse('no_file', '没有收到文件，请选择省级下发的文件夹再上传。');
  return truncated ? tooLarge() : ok(stored);
}

/** A path inside the zip that cannot point outside and does not stand twice. */
function unusedName(given: string, names: Set<string>): string {
  const clean = given
    .split(/[\\/]/)
    .filter((piece) => piece !== '' && !/^\.+$/.test(piece) && !piece.includes(':'))
    .join('/');
  const name = clean === '' ? '未命名' : clean;
  let free = name;
  for (let copy = 2; names.has(free); copy += 1) free = `${copy}/${name}`;
  names.add(free);
  return free;
}
