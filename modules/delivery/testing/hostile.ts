import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, crc32, deflateRawSync, deflateSync } from 'node:zlib';
import { writeXlsx } from 'hucre/xlsx';
import { dbfBytes, dbfHeader } from './dbf.ts';
import { unzipped } from './unzip.ts';
import { zipBytes } from './zip.ts';

/** Files made to exhaust whoever opens them; each is small or sparse on disk. */
export type Hostile = (folder: string) => Promise<string>;

const MEGABYTE = 2 ** 20;
const people = dbfBytes(
  [
    { name: 'KSH', length: 14 },
    { name: 'XM', length: 20 },
    { name: 'SFZH', length: 18 },
    { name: 'LXSJ', length: 30 },
  ],
  [['23510100000001', '余子和', '', '15400001234']],
);

async function put(
  path: string,
  write: (handle: Awaited<ReturnType<typeof open>>) => Promise<unknown>,
): Promise<string> {
  const handle = await open(path, 'w');
  await write(handle);
  await handle.close();
  return path;
}

/** A deflated stream of `megabytes` of one text, made of one compressed stretch again and again. */
function repeated(stretch: Buffer, times: number, ends: { head?: Buffer; tail?: Buffer } = {}): Buffer {
  const flush = (bytes: Buffer): Buffer => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });
  const one = flush(stretch);
  const head = ends.head ? flush(ends.head) : Buffer.alloc(0);
  return Buffer.concat([
    head,
    ...Array.from({ length: times }, () => one),
    deflateRawSync(ends.tail ?? Buffer.alloc(0)),
  ]);
}

interface RawEntry {
  name: string;
  packed: Buffer;
  /** As declared. */
  bytes: number;
  checksum?: number;
}

/** A zip written by hand, so that it can lie. Sizes up to 4 GB. */
function rawZip(entries: readonly RawEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, packed, bytes, checksum = 0 } of entries) {
    const text = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(checksum, 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(bytes, 18);
    fields.writeUInt16LE(text.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\u0001\u0002\u0014\0', 'latin1'), fields, tail, text);
    parts.push(Buffer.from('PK\u0003\u0004', 'latin1'), fields, text, packed);
    at += 30 + text.length + packed.length;
  }
  const index = Buffer.concat(directory);
  return Buffer.concat([...parts, index, directoryEnd(entries.length, index.length, at)]);
}

/** More than 65,535 entries are only told in the zip64 record. */
function directoryEnd(entries: number, bytes: number, at: number): Buffer {
  const long = Buffer.alloc(56 + 20);
  long.write('PK\u0006\u0006', 'latin1');
  long.writeBigUInt64LE(44n, 4);
  for (const place of [24, 32]) long.writeBigUInt64LE(BigInt(entries), place);
  long.writeBigUInt64LE(BigInt(bytes), 40);
  long.writeBigUInt64LE(BigInt(at), 48);
  long.write('PK\u0006\u0007', 56, 'latin1');
  long.writeBigUInt64LE(BigInt(at + bytes), 64);
  long.writeUInt32LE(1, 72);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  for (const place of [8, 10]) end.writeUInt16LE(Math.min(entries, 0xffff), place);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(at, 16);
  return entries < 0xffff ? end : Buffer.concat([long, end]);
}

const zeros = (megabytes: number): Buffer => repeated(Buffer.alloc(MEGABYTE), megabytes);

const bomb: Hostile = async (folder) => {
  const gigabytes = Array.from({ length: 5 }, (_, index) => ({
    ...{ name: `T_${index}.DBF`, packed: zeros(2048), bytes: 2048 * MEGABYTE },
  }));
  return put(join(folder, 'bomb.zip'), (handle) => handle.write(rawZip(gigabytes)));
};

/** Declares 1 MB where 2 GB follow. */
const lyingBomb: Hostile = async (folder) => {
  const entry = { name: 'T_BMK.DBF', packed: zeros(2048), bytes: MEGABYTE };
  return put(join(folder, 'lying.zip'), (handle) => handle.write(rawZip([entry])));
};

const stored = (name: string, bytes: Buffer): RawEntry => ({
  ...{ name, packed: deflateRawSync(bytes), bytes: bytes.length, checksum: crc32(bytes) },
});
const EMPTY = stored('', Buffer.alloc(0));
const manyOf = (extension: string): RawEntry[] =>
  Array.from({ length: 100_000 }, (_, index) => ({ ...EMPTY, name: `a/${index}.${extension}` }));

const manyEntries: Hostile = (folder) =>
  put(join(folder, 'many.zip'), (handle) => handle.write(rawZip(manyOf('dbf'))));

/** Photos are many by nature: these are taken in and told apart. */
const manyPhotos: Hostile = (folder) =>
  put(join(folder, 'photos.zip'), (handle) =>
    handle.write(rawZip([stored('T_BMK.DBF', people), ...manyOf('jpg')])),
  );

const fourBillionRows: Hostile = (folder) =>
  put(join(folder, 'T_BMK.DBF'), (handle) => {
    const lie = Buffer.from(people);
    lie.writeUInt32LE(0xffffffff, 4);
    return handle.write(lie);
  });

const wideRecord: Hostile = (folder) =>
  put(join(folder, 'T_TDD.DBF'), async (handle) => {
    const columns = [{ name: 'KSH', length: 14 }].concat(
      Array.from({ length: 2000 }, (_, index) => ({ name: `F${index}`, length: 32 })),
    );
    await handle.write(dbfHeader(columns, 3));
    await handle.write(Buffer.alloc(3 * (1 + 14 + 2000 * 32), 0x20));
  });

const ROWS = 2000;
/** As wide as a DBF can be, and honest: 255 fields, 2,000 rows of 64 KB. */
const widestRows: Hostile = (folder) =>
  put(join(folder, 'T_BMK.DBF'), async (handle) => {
    const columns = [
      { name: 'KSH', length: 14 },
      { name: 'XM', length: 20 },
      ...Array.from({ length: 253 }, (_, index) => ({ name: `F${index}`, length: 254 })),
    ];
    const row = Buffer.alloc(1 + 34 + 253 * 254, 0x41);
    row[0] = 0x20;
    await handle.write(dbfHeader(columns, ROWS));
    for (let index = 0; index < ROWS; index += 1) {
      row.write(`235101${String(index).padStart(8, '0')}`, 1, 'latin1');
      await handle.write(row);
    }
  });

const csvOneLine =
  (quoted: boolean): Hostile =>
  (folder) =>
    put(join(folder, quoted ? 'quoted.csv' : 'line.csv'), async (handle) => {
      await handle.write(`考生号,姓名,手机\n23510100000001,${quoted ? '"' : ''}`);
      const stretch = Buffer.alloc(MEGABYTE, 0x61);
      for (let index = 0; index < 500; index += 1) await handle.write(stretch);
    });

const csvOneLineOfCells: Hostile = (folder) =>
  put(join(folder, 'cells.csv'), async (handle) => {
    const stretch = Buffer.alloc(MEGABYTE, 'a,');
    for (let index = 0; index < 500; index += 1) await handle.write(stretch);
  });

const sheetXml = (inner: string): Buffer => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${inner}`);

/** A real workbook with some parts replaced. */
async function workbookWith(path: string, replaced: readonly RawEntry[]): Promise<string> {
  const made = await unzipped(
    Buffer.from(await writeXlsx({ sheets: [{ name: '名单', rows: [['考生号']] }] })),
  );
  const kept = made.filter(({ name }) => !replaced.some((part) => part.name === name));
  const entries = kept.map(({ name, bytes }) => stored(name, bytes));
  return put(path, (handle) => handle.write(rawZip([...entries, ...replaced])));
}

const SHEET = 'xl/worksheets/sheet1.xml';
const text = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
const SHEET_HEAD = `<worksheet><sheetData><row>${['考生号', '姓名', '手机'].map(text).join('')}</row>`;
const SHEET_END = '</sheetData></worksheet>';

const sheetBomb =
  (declared: number | null): Hostile =>
  (folder) => {
    const stretch = Buffer.from(`<row>${text('23510100000001')}</row>`.repeat(16_000));
    const ends = { head: sheetXml(SHEET_HEAD), tail: Buffer.from(SHEET_END) };
    const packed = repeated(stretch, Math.ceil((3 * 1024 * MEGABYTE) / stretch.length), ends);
    const name = declared === null ? 'sheet-bomb.xlsx' : 'sheet-lies.xlsx';
    return workbookWith(join(folder, name), [
      { name: SHEET, packed, bytes: declared ?? 3 * 1024 * MEGABYTE },
    ]);
  };

const manyStrings =
  (count: number): Hostile =>
  (folder) => {
    const strings = Array.from(
      { length: count },
      (_, index) => `<si><t>${index}号${(index * 7919) % 999_983}</t></si>`,
    );
    const sheet = `${SHEET_HEAD}<row>${text('23510100000001')}</row>${SHEET_END}`;
    return workbookWith(join(folder, 'strings.xlsx'), [
      stored('xl/sharedStrings.xml', sheetXml(`<sst>${strings.join('')}</sst>`)),
      stored(SHEET, sheetXml(sheet)),
    ]);
  };

const nested: Hostile = async (folder) => {
  let bytes = await zipBytes({ 'T_BMK.DBF': people });
  for (let level = 0; level < 60; level += 1) bytes = await zipBytes({ 'inner.zip': bytes });
  return put(join(folder, 'nested.zip'), (handle) => handle.write(bytes));
};

/** A PNG of 30,000 × 30,000 grey pixels in about a megabyte. */
export function hugePicture(side: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc((side + 1) * 300));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const hugePhoto: Hostile = (folder) =>
  put(join(folder, 'photo.zip'), (handle) =>
    handle.write(rawZip([stored('T_BMK.DBF', people), stored('23510100000001.png', hugePicture(30_000))])),
  );

/** What becomes of each: the code of the refusal, or null where the delivery is taken in. */
export const hostileFiles: readonly (readonly [what: string, make: Hostile, code: string | null])[] = [
  ['a zip that unpacks to 10 GB', bomb, 'zip_bomb'],
  ['a zip with 100,000 empty photos', manyPhotos, null],
  ['a CSV with a quote that is never closed', csvOneLine(true), 'field_too_large'],
  ['a workbook that declares 1 MB and holds 3 GB', sheetBomb(MEGABYTE), 'zip_damaged'],
  ['a photo of 30,000 × 30,000', hugePhoto, null],
];

/** Tried by hand; what they stand on is tested without a process beside the readers. */
export const moreHostileFiles: typeof hostileFiles = [
  ['a zip that declares 1 MB and holds 2 GB', lyingBomb, 'header_bad'],
  ['a zip with 100,000 tables', manyEntries, 'too_many_files'],
  ['a DBF that claims 4 billion rows', fourBillionRows, 'file_truncated'],
  ['a DBF with 2,000 fields', wideRecord, 'header_bad'],
  ['a DBF with rows of 64 KB', widestRows, null],
  ['a CSV with one line of 500 MB', csvOneLine(false), 'field_too_large'],
  ['a CSV with 250 million columns', csvOneLineOfCells, 'field_too_large'],
  ['a workbook whose sheet unpacks to 3 GB', sheetBomb(null), 'zip_bomb'],
  ['a workbook with 900,000 shared strings', manyStrings(900_000), null],
  ['a workbook with 3 million shared strings', manyStrings(3_000_000), 'file_too_large'],
  ['a zip sixty deep', nested, 'nothing_recognised'],
];
