import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import yazl from 'yazl';
import { catchFault, openDelivery, surveyDelivery } from './index.ts';
import { allOf } from './read/source.ts';
import { openZip, ZIP_LIMITS } from './read/zip.ts';
import { dbfBytes } from './testing/dbf.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delivery-zip-'));
});
afterAll(() => rm(folder, { recursive: true }));

const people = dbfBytes(
  [
    { name: 'ksh', length: 14 },
    { name: 'Xm', length: 20 },
    { name: 'lxdh', length: 30 },
  ],
  Array.from({ length: 40 }, (_, index) => [
    `235101000000${String(index).padStart(2, '0')}`,
    '余子和',
    '15412345678',
  ]),
);
const codes = dbfBytes(
  [
    { name: 'KLDM', length: 1 },
    { name: 'KLMC', length: 20 },
  ],
  [['1', '文史']],
);

async function zipBytes(entries: Record<string, Buffer>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of Object.entries(entries))
    zip.addBuffer(bytes, name, { compress: bytes.length > 100 });
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

let files = 0;

async function survey(
  bytes: Buffer,
): Promise<string | { candidates: number; photos: number; files: string[] }> {
  files += 1;
  const path = join(folder, `d${files}.zip`);
  await writeFile(path, bytes);
  const opened = await openDelivery(path);
  if (!opened.ok) return opened.error.code;
  const result = await catchFault(() => surveyDelivery(opened.value));
  opened.value.close();
  if (!result.ok) return result.error.code;
  const { candidates, photos } = result.value;
  return { candidates, photos, files: result.value.files.map((file) => file.file).sort() };
}

/** Replaces bytes of the same length everywhere: names stand in the entry and in the directory. */
const replaceAll = (bytes: Buffer, from: Buffer, to: Buffer): Buffer => {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(from); at !== -1; at = copy.indexOf(from, at + 1)) to.copy(copy, at);
  return copy;
};

describe('archives', () => {
  test('a directory many windows long: every entry once, every byte its own', async () => {
    const names = Array.from(
      { length: 2000 },
      (_, index) => `${'photos/'.repeat(1 + (index % 9))}${index}.jpg`,
    );
    const bytes = await zipBytes(Object.fromEntries(names.map((name) => [name, Buffer.from(`of ${name}`)])));
    const path = join(folder, 'long.zip');
    await writeFile(path, bytes);
    const zip = await openZip(path, 'long.zip', ZIP_LIMITS);
    expect(zip.sources.map((source) => source.name)).toEqual(names);
    for (const source of zip.sources.filter((_source, index) => index % 200 === 199))
      expect((await allOf(source)).toString()).toBe(`of ${source.name}`);
    zip.close();
  });

  test('nested folders, any case, photos by candidate number', async () => {
    const bytes = await zipBytes({
      '四川/2023/t_bmk.dbf': people,
      '四川/2023/Td_Kldm.Dbf': codes,
      '四川/photos/23510100000000.PNG': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
      '四川/photos/readme.txt.bak': Buffer.from('x'),
    });
    expect(await survey(bytes)).toEqual({
      candidates: 40,
      photos: 1,
      files: ['四川/2023/Td_Kldm.Dbf', '四川/2023/t_bmk.dbf'],
    });
  });

  test('names in GBK without the UTF-8 flag', async () => {
    const plain = await zipBytes({ 'ABCDEF/T_BMK.DBF': people });
    const renamed = replaceAll(plain, Buffer.from('ABCDEF/'), iconv.encode('考生库/', 'gbk'));
    const unflagged = clearFlag(renamed);
    expect(await survey(unflagged)).toEqual({ candidates: 40, photos: 0, files: ['考生库/T_BMK.DBF'] });
  });

  test.each(['../BMK.DBF', '/x/BMK.DBF', 'C:/BMK.DBF', '..\\BMK.DBF'])(
    'a name like %s is refused',
    async (name) => {
      const plain = await zipBytes({ ['N'.repeat(name.length)]: people });
      const bytes = replaceAll(plain, Buffer.from('N'.repeat(name.length)), Buffer.from(name));
      expect(await survey(bytes)).toBe('zip_path');
    },
  );

  test('a bomb is refused from its directory, before anything is unpacked', async () => {
    const bytes = await zipBytes({ 'T_BMK.DBF': people, 'bomb.dbf': Buffer.alloc(33 * 2 ** 20) });
    expect(await survey(bytes)).toBe('zip_bomb');
  });

  test('a size declared too small is found while reading', async () => {
    const bytes = await zipBytes({ 'T_BMK.DBF': people });
    const directory = bytes.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
    const lie = Buffer.from(bytes);
    lie.writeUInt32LE(people.length - 1, directory + 24);
    expect(await survey(lie)).toBe('zip_damaged');
  });

  test('content that does not match its checksum is refused', async () => {
    const bytes = await zipBytes({ 'T_BMK.DBF': people });
    const directory = bytes.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
    const lie = Buffer.from(bytes);
    lie.writeUInt32LE(1, directory + 16);
    expect(await survey(lie)).toBe('zip_damaged');
  });
});

function clearFlag(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (const [mark, offset] of [
    ['PK\u0003\u0004', 6],
    ['PK\u0001\u0002', 8],
  ] as const) {
    for (let at = copy.indexOf(mark, 0, 'latin1'); at !== -1; at = copy.indexOf(mark, at + 4, 'latin1')) {
      copy.writeUInt16LE(copy.readUInt16LE(at + offset) & ~0x800, at + offset);
    }
  }
  return copy;
}

describe('folders and single files', () => {
  const codeOf = async (path: string): Promise<string> => {
    const opened = await openDelivery(path);
    if (opened.ok) opened.value.close();
    return opened.ok ? opened.value.form : opened.error.code;
  };

  test('a single DBF is a delivery', async () => {
    const path = join(folder, 'T_BMK.dbf');
    await writeFile(path, people);
    expect(await codeOf(path)).toBe('2017');
  });

  test('a path that is not there, an empty folder, a folder without candidates', async () => {
    await mkdir(join(folder, 'empty'));
    await mkdir(join(folder, 'codes'));
    await writeFile(join(folder, 'codes', 'TD_KLDM.DBF'), codes);
    expect(await codeOf(join(folder, 'none'))).toBe('path_missing');
    expect(await codeOf(join(folder, 'empty'))).toBe('nothing_recognised');
    expect(await codeOf(join(folder, 'codes'))).toBe('nothing_recognised');
  });

  test('a link in a folder is refused', async () => {
    await mkdir(join(folder, 'linked'));
    await symlink('/etc/hostname', join(folder, 'linked', 'T_BMK.DBF'));
    expect(await codeOf(join(folder, 'linked'))).toBe('symlink');
  });

  test('a zip on disk by stream', async () => {
    const path = join(folder, 'streamed.zip');
    const zip = new yazl.ZipFile();
    zip.addBuffer(people, 'T_BMK.DBF');
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(path));
    expect(await codeOf(path)).toBe('2017');
  });
});
