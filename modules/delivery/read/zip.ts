import { crc32 } from 'node:zlib';
import iconv from 'iconv-lite';
import type yauzl from 'yauzl';
import { DeliveryFault, refuse } from './fault.ts';
import type { ByteSource } from './source.ts';
import { openZipFile } from './zip-reader.ts';

/** Limits on what a zip may unpack to, judged from its directory before a byte is unpacked, and again while reading. */
export interface ZipLimits {
  entries: number;
  unpackedBytes: number;
  /** Unpacked to packed, over everything; small archives are let be. */
  ratio: number;
  ratioFromBytes: number;
}

export const ZIP_LIMITS: ZipLimits = {
  entries: 150_000,
  unpackedBytes: 8 * 2 ** 30,
  ratio: 120,
  ratioFromBytes: 32 * 2 ** 20,
};

const NAME_BYTES_MAX = 1024;
const DEPTH_MAX = 16;
const UTF8_FLAG = 0x800;

export interface Zip {
  sources: ByteSource[];
  close(): void;
}

/**
 * Reads the directory of a zip. Names may be GBK; hostile names, sizes and encryption refuse the whole file. `inside` stands
 * before every name.
 */
export async function openZip(path: string, file: string, limits: ZipLimits, inside = ''): Promise<Zip> {
  const zip = await guarded(file, () =>
    openZipFile(path, { decodeStrings: false, validateEntrySizes: true }),
  );
  try {
    if (zip.entryCount > limits.entries) {
      refuse('zip_bomb', { file }, `压缩包内有 ${zip.entryCount} 个文件，上限 ${limits.entries} 个`);
    }
    const entries = await guarded(file, () => listEntries(zip, file));
    checkSizes(entries, zip.fileSize, file, limits);
    return {
      sources: entries.map(({ entry, name }) => entrySource(zip, entry, `${inside}${name}`)),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

interface NamedEntry {
  entry: yauzl.Entry;
  name: string;
}

const NOTHING = Buffer.alloc(0);
const UNUSED = {
  fileNameRaw: NOTHING,
  extraFieldRaw: NOTHING,
  fileCommentRaw: NOTHING,
  fileComment: '',
  extraFields: [],
};

async function listEntries(zip: yauzl.ZipFile, file: string): Promise<NamedEntry[]> {
  const entries: NamedEntry[] = [];
  const seen = new Set<string>();
  for await (const entry of zip.eachEntry()) {
    const name = entryName(entry, file);
    if (name.endsWith('/')) continue;
    if (isSymlink(entry)) refuse('symlink', { file }, `压缩包中的 ${name} 是链接`);
    if (entry.isEncrypted()) refuse('zip_encrypted', { file }, `压缩包中的 ${name} 已加密`);
    if (!entry.canDecodeFileData()) {
      refuse('zip_damaged', { file }, `压缩包中的 ${name} 使用了不支持的压缩方法 ${entry.compressionMethod}`);
    }
    if (seen.has(name)) refuse('zip_damaged', { file }, `压缩包中 ${name} 出现两次`);
    seen.add(name);
    // A hundred thousand photos: what is only of use in the directory is let go.
    entries.push({ entry: Object.assign(entry, UNUSED), name });
  }
  return entries;
}

/** Names are UTF-8 when flagged or valid as such, else GBK, as Chinese Windows writes them. */
function entryName(entry: yauzl.Entry, file: string): string {
  const bytes = entry.fileNameRaw;
  if (bytes.length > NAME_BYTES_MAX)
    refuse('zip_path', { file }, `压缩包中有 ${bytes.length} 字节长的文件名`);
  const utf8 = bytes.toString('utf8');
  const flagged = (entry.generalPurposeBitFlag & UTF8_FLAG) !== 0;
  const text = flagged || !utf8.includes('\ufffd') ? utf8 : iconv.decode(bytes, 'gb18030');
  const name = text.replace(/\\/g, '/');
  const parts = name.split('/');
  const hostile =
    name.startsWith('/') || /^[A-Za-z]:/.test(name) || parts.includes('..') || name.includes('\0');
  if (hostile) refuse('zip_path', { file }, `文件名 ${JSON.stringify(name.slice(0, 80))} 指向压缩包之外`);
  if (parts.length > DEPTH_MAX)
    refuse('zip_path', { file }, `文件夹嵌套 ${parts.length} 层，上限 ${DEPTH_MAX} 层`);
  return name;
}

const S_IFMT = 0o170000;
const S_IFLNK = 0o120000;

const isSymlink = (entry: yauzl.Entry): boolean =>
  entry.versionMadeBy >> 8 === 3 && ((entry.externalFileAttributes >>> 16) & S_IFMT) === S_IFLNK;

function checkSizes(
  entries: readonly NamedEntry[],
  fileBytes: number,
  file: string,
  limits: ZipLimits,
): void {
  const unpacked = entries.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
  const packed = entries.reduce((sum, { entry }) => sum + entry.compressedSize, 0);
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;
  if (unpacked > limits.unpackedBytes) {
    refuse('zip_bomb', { file }, `解开后有 ${megabytes(unpacked)}，上限 ${megabytes(limits.unpackedBytes)}`);
  }
  if (packed > fileBytes) {
    refuse(
      'zip_bomb',
      { file },
      `各文件压缩后合计 ${megabytes(packed)}，超过压缩包本身的 ${megabytes(fileBytes)}`,
    );
  }
  if (unpacked > limits.ratioFromBytes && unpacked > packed * limits.ratio) {
    refuse(
      'zip_bomb',
      { file },
      `${megabytes(packed)} 解开成 ${megabytes(unpacked)}，超过 ${limits.ratio} 倍`,
    );
  }
}

/** Sizes are held to what was declared by the library; the checksum is ours to compare. */
function entrySource(zip: yauzl.ZipFile, entry: yauzl.Entry, name: string): ByteSource {
  return {
    name,
    size: entry.uncompressedSize,
    async *chunks() {
      const stream = await guarded(name, () => zip.openReadStreamPromise(entry));
      let checksum = 0;
      let complete = false;
      try {
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          checksum = crc32(chunk, checksum);
          yield chunk;
        }
        complete = true;
      } catch (error) {
        throw asZipFault(error, name);
      } finally {
        stream.destroy();
      }
      if (complete && checksum !== entry.crc32 >>> 0) {
        refuse('zip_damaged', { file: name }, '校验和不符，内容已损坏');
      }
    },
  };
}

async function guarded<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asZipFault(error, file);
  }
}

const BROKEN = '压缩包的结构不完整或内容已损坏';
/** What the library says, in words for the file clerk. */
const complaints: readonly (readonly [RegExp, string])[] = [
  [/too many bytes|not enough bytes/i, '解开后的大小与目录中写明的不符'],
  [/end of central directory/i, '找不到压缩包的目录，文件不完整或不是 ZIP'],
  [/encrypt/i, '压缩包已加密'],
];

/** What the zip library and zlib complain about is a damaged archive; anything else is passed on. */
function asZipFault(error: unknown, file: string): unknown {
  if (error instanceof DeliveryFault || !(error instanceof Error)) return error;
  const system = 'syscall' in error;
  if (system) return error;
  try {
    return refuse(
      'zip_damaged',
      { file },
      complaints.find(([said]) => said.test(error.message))?.[1] ?? BROKEN,
    );
  } catch (fault) {
    return fault;
  }
}
