import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { catchFault, openDelivery, surveyDelivery } from './index.ts';
import { fileKindOf } from './read/file-kind.rules.ts';
import { dbfBytes } from './testing/dbf.ts';
import { zipBytes } from './testing/zip.ts';

let root: string;
let folder: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'delivery-unknown-'));
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  count += 1;
  folder = join(root, String(count));
  await mkdir(folder);
});

const no = (index: number): string => `235101000000${String(index).padStart(2, '0')}`;
const PERSON = [
  { name: 'KSH', length: 14 },
  { name: 'XM', length: 20 },
  { name: 'SFZH', length: 18 },
  { name: 'LXSJ', length: 30 },
];
const people = dbfBytes(
  PERSON,
  Array.from({ length: 12 }, (_, index) => [no(index), '余子和', '', '15400001234']),
);
const junk = Buffer.from('\0\u0001 no table \u00ff', 'latin1');

async function survey(path: string) {
  const opened = await openDelivery(path);
  if (!opened.ok) return opened.error;
  const kept: string[] = [];
  const result = await catchFault(() =>
    surveyDelivery(
      opened.value,
      {},
      { detail: (_n, { candidateNo }, kind) => kept.push(`${kind} ${candidateNo}`) },
    ),
  );
  opened.value.close();
  if (!result.ok) return result.error;
  const { candidates, findings } = result.value;
  return { candidates, findings, kept, files: result.value.files.map(({ file }) => file) };
}

async function put(files: Readonly<Record<string, Buffer>>): Promise<string> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}

const mixed: Readonly<Record<string, Buffer>> = {
  'T_BMK.DBF': people,
  'T_BMK.CDX': junk,
  'T_BMK.dbt': junk,
  'T_BMK.cpg': Buffer.from('GBK'),
  'readme.txt': Buffer.from('说明：请按批次导入。\n'),
  '说明.doc': junk,
  'Thumbs.db': junk,
  '.DS_Store': junk,
  '__MACOSX/._T_BMK.DBF': junk,
  '备份/旧.rar': junk,
  '深/更深/名单.csv': Buffer.from('班级,人数\n一班,40\n'),
  'T_ABC.DBF': dbfBytes([{ name: 'ABC', length: 3 }], [['x']]),
  'T_ZKZ.DBF': dbfBytes(
    [
      { name: 'KSH', length: 14 },
      { name: 'XM', length: 20 },
      { name: 'ZWH', length: 4 },
    ],
    [
      [no(3), '余子和', '12'],
      ['23510199999999', '何某', '13'],
    ],
  ),
};
const reported = {
  ...{ file_companion: 3, file_unknown: 3, file_system: 3, archive_unread: 1, table_unknown: 2 },
  detail_without_candidate: 1,
};

describe('what nobody knows is listed and does not stand in the way', () => {
  test('in a folder', async () => {
    const read = await survey(await put(mixed));
    expect(read).toMatchObject({ candidates: 12, findings: reported, kept: [`other ${no(3)}`] });
  });

  test('in a zip', async () => {
    await writeFile(join(folder, 'd.zip'), await zipBytes(mixed));
    expect(await survey(join(folder, 'd.zip'))).toMatchObject({ candidates: 12, findings: reported });
  });

  test('a narrow table of persons is read when it is the only one, or named so', async () => {
    const seats = mixed['T_ZKZ.DBF'] ?? Buffer.alloc(0);
    expect(await survey(await put({ 'T_ZKZ.DBF': seats }))).toMatchObject({ candidates: 2 });
    expect(await survey(await put({ 'T_BMK.DBF': people, 'T_BMK2.DBF': seats }))).toMatchObject({
      candidates: 13,
    });
  });
});

describe('archives and workbooks inside', () => {
  const sheet = (rows: string[][], name: string) => ({ name, rows });

  test('a zip in a zip is opened, one deeper is listed', async () => {
    const inner = await zipBytes({ 'T_BMK.DBF': people, 'deep.zip': await zipBytes({ 'T.DBF': people }) });
    await writeFile(join(folder, 'd.zip'), await zipBytes({ '四川/报名库.zip': inner }));
    expect(await survey(join(folder, 'd.zip'))).toMatchObject({
      candidates: 12,
      files: ['四川/报名库.zip/T_BMK.DBF'],
      findings: { archive_nested: 1 },
    });
  });

  test('a zip in a folder is opened; a broken one refuses the delivery by its name', async () => {
    const inner = await zipBytes({ 'T_BMK.DBF': people });
    expect(await survey(await put({ 'a.zip': inner }))).toMatchObject({ candidates: 12 });
    expect(await survey(await put({ 'b.zip': inner.subarray(0, inner.length - 30) }))).toMatchObject({
      code: 'zip_damaged',
      file: 'b.zip',
    });
  });

  test('a name that points outside is refused in an inner zip as well', async () => {
    const inner = await zipBytes({ 'aa/T_BMK.DBF': people });
    for (let at = inner.indexOf('aa/'); at !== -1; at = inner.indexOf('aa/', at)) inner.write('../', at);
    await writeFile(join(folder, 'd.zip'), await zipBytes({ 'in.zip': inner }));
    expect(await survey(join(folder, 'd.zip'))).toMatchObject({ code: 'zip_path', file: 'in.zip' });
  });

  test('a workbook in a zip: the sheet with candidate numbers, the others named', async () => {
    const book = await writeXlsx({
      sheets: [
        sheet([['说明'], ['请核对']], '封面'),
        sheet(
          [
            ['考生号', '姓名', '手机'],
            [no(1), '余子和', '15400001234'],
          ],
          '名单',
        ),
      ],
    });
    await writeFile(join(folder, 'd.zip'), await zipBytes({ '名单.xlsx': Buffer.from(book) }));
    expect(await survey(join(folder, 'd.zip'))).toMatchObject({
      candidates: 1,
      findings: { sheets_unread: 1 },
    });
  });
});

describe('nothing to read', () => {
  test('a lone table without candidate numbers says so', async () => {
    const path = join(await put({ '名单.csv': mixed['深/更深/名单.csv'] ?? junk }), '名单.csv');
    expect(await survey(path)).toMatchObject({ code: 'no_candidate_no', file: '名单.csv' });
    expect(await survey(folder)).toMatchObject({ code: 'no_candidate_no', file: '名单.csv' });
  });

  test('a lone document is refused, a folder of documents as well', async () => {
    await put({ '说明.doc': junk });
    expect(await survey(join(folder, '说明.doc'))).toMatchObject({ code: 'unsupported_file' });
    expect(await survey(folder)).toMatchObject({ code: 'nothing_recognised' });
  });

  test('a table that lies is refused although another is whole', async () => {
    const cut = people.subarray(0, people.length - 70);
    expect(await survey(await put({ 'T_BMK.DBF': people, 'T_TDD.DBF': cut }))).toMatchObject({
      code: 'file_truncated',
      file: 'T_TDD.DBF',
      row: 12,
    });
  });
});

test.each([
  ['T_BMK.DBF', 'dbf'],
  ['a/b.Csv', 'text'],
  ['~$名单.xlsx', 'unread'],
  ['a/~$名单.xlsx', 'unread'],
  ['.git/config.dbf', 'unread'],
  ['名单.v2.dbf', 'dbf'],
  ['T_BMK', 'other'],
  ['名单.xls', 'other'],
])('%s is %s', (name, kind) => expect(fileKindOf(name).kind).toBe(kind));
