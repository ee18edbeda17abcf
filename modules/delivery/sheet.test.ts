import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import yazl from 'yazl';
import { matchHeadings } from './heading.rules.ts';
import { catchFault, openDelivery, surveyDelivery } from './index.ts';
import { openCsv } from './read/csv.ts';
import type { ByteSource } from './read/source.ts';
import type { PersonRecord } from './record.rules.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delivery-sheet-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;

async function read(
  bytes: Buffer | Uint8Array,
  extension: string,
  mapping = {},
): Promise<PersonRecord[] | string> {
  files += 1;
  const path = join(folder, `s${files}.${extension}`);
  await writeFile(path, bytes);
  const opened = await openDelivery(path, { mapping });
  if (!opened.ok) return opened.error.code;
  const people: PersonRecord[] = [];
  const result = await catchFault(() =>
    surveyDelivery(opened.value, {}, { person: (_n, person) => void people.push(person) }),
  );
  opened.value.close();
  return result.ok ? people : result.error.code;
}

const essence = (people: PersonRecord[] | string) =>
  typeof people === 'string'
    ? people
    : people.map(({ candidateNo, name, sex, phones, raw }) => ({
        candidateNo,
        name,
        sex,
        phones: phones.map(({ number, relation }) => `${number} ${relation ?? ''}`.trim()),
        raw,
      }));

const table = [
  ['考生号', '姓名', '性别', '民族', '父亲电话', '手机', '宿舍意向'],
  ['23510815100494', '余子和', '女', '汉族', '154 1234 5678', '15487654321', '四人间,靠窗'],
  ['23510815100495', '高䶮', '男', '毛难族', '', '无', ''],
];
const expected = [
  {
    candidateNo: '23510815100494',
    name: '余子和',
    sex: 'female',
    phones: ['+8615487654321', '+8615412345678 father'],
    raw: { 宿舍意向: '四人间,靠窗' },
  },
  { candidateNo: '23510815100495', name: '高䶮', sex: 'male', phones: [], raw: {} },
];
const csv = (delimiter: string, end = '\r\n'): string =>
  table
    .map((row) => row.map((cell) => (/[,;\t|]/.test(cell) ? `"${cell}"` : cell)).join(delimiter))
    .join(end) + end;

describe('CSV', () => {
  test.each<[rule: string, bytes: Buffer]>([
    ['UTF-8', Buffer.from(csv(','))],
    ['UTF-8 with BOM', Buffer.from(`\ufeff${csv(',')}`)],
    ['GB18030', iconv.encode(csv(','), 'gb18030')],
    ['UTF-16 with BOM', iconv.encode(`\ufeff${csv('\t')}`, 'utf16le')],
    ['semicolons', Buffer.from(csv(';'))],
    ['tabs', Buffer.from(csv('\t'))],
    ['line feeds only', Buffer.from(csv(',', '\n'))],
    ['a title above the header', Buffer.from(`2023年考生名单\n\n${csv(',')}`)],
    ['candidate numbers guarded for Excel', Buffer.from(csv(',').replace(/^(\d{14})/gm, '"=""$1"""'))],
  ])('%s', async (_rule, bytes) => {
    expect(essence(await read(bytes, 'csv'))).toEqual(expected);
  });

  test.each<[rule: string, text: string, code: string]>([
    ['a quote that is never closed', '考生号,姓名\n23510815100494,"余子和\n', 'quote_open'],
    ['text after a closing quote', '考生号,姓名\n23510815100494,"余"子和\n', 'quote_open'],
    ['a line with too many columns', '考生号,姓名\n23510815100494,余子和,1\n', 'columns_mismatch'],
    ['a line cut short', '考生号,姓名,性别\n23510815100494,余\n', 'columns_mismatch'],
    ['no candidate number column', '姓名,性别\n余子和,女\n', 'no_candidate_no'],
    ['a huge cell', `考生号,姓名\n23510815100494,"${'余'.repeat(40_000)}"\n`, 'field_too_large'],
    ['two columns of one field', '考生号,手机,LXSJ\n23510815100494,1,2\n', 'mapping_bad'],
  ])('%s is refused', async (_rule, text, code) => {
    expect(await read(Buffer.from(text), 'csv')).toBe(code);
  });

  test('a heading nobody knows can be mapped by hand', async () => {
    const bytes = Buffer.from('编号,姓名,性别\n23510815100494,余子和,女\n');
    expect(await read(bytes, 'csv')).toBe('no_candidate_no');
    expect(essence(await read(bytes, 'csv', { 编号: 'KSH' }))).toMatchObject([
      { candidateNo: '23510815100494' },
    ]);
  });
});

test('a broken code of GB18030 that lies across two pieces of a file takes nothing after it away', async () => {
  const broken = Buffer.from([0x84, 0x37, 0x81]);
  const bytes = Buffer.concat([
    iconv.encode('考生号,姓名\n1,余子和', 'gb18030'),
    broken,
    Buffer.from('ABC,\n2,x'),
  ]);
  for (let cut = 1; cut < bytes.length; cut += 1) {
    const source: ByteSource = {
      ...{ name: '名单.csv', size: bytes.length },
      async *chunks() {
        yield bytes.subarray(0, cut);
        yield bytes.subarray(cut);
      },
    };
    const lines: string[][] = [];
    for await (const { cells } of (await openCsv(source)).lines()) lines.push(cells);
    expect(lines, `cut at ${cut}`).toEqual([
      ['考生号', '姓名'],
      ['1', '余子和\ufffd7丄BC', ''],
      ['2', 'x'],
    ]);
  }
});

test('headings are proposed with their certainty', () => {
  expect(matchHeadings(['考生号', '联系电话(必填)', 'XM', '宿舍'])).toEqual([
    { heading: '考生号', column: 'KSH', certainty: 'exact' },
    { heading: '联系电话(必填)', column: 'LXDH', certainty: 'similar' },
    { heading: 'XM', column: 'XM', certainty: 'exact' },
    { heading: '宿舍', column: null, certainty: 'none' },
  ]);
});

async function workbook(parts: Record<string, string>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  const whole: Record<string, string> = {
    'xl/workbook.xml':
      '<workbook xmlns:r="r"><sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    ...parts,
  };
  for (const [name, text] of Object.entries(whole)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  const bytes: Buffer[] = [];
  for await (const part of zip.outputStream as AsyncIterable<Buffer>) bytes.push(part);
  return Buffer.concat(bytes);
}

const sheet = (rows: string): string => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;
const inline = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
const header = `<row r="1">${inline('考生号')}${inline('姓名')}</row>`;

describe('XLSX', () => {
  test('what a library writes is read the same', async () => {
    for (const stringMode of ['shared', 'inline'] as const) {
      const bytes = await writeXlsx({ sheets: [{ name: '名单', rows: table }], stringMode });
      expect(essence(await read(bytes, 'xlsx'))).toEqual(expected);
    }
  });

  test('a candidate number stored as a number is exact', async () => {
    const rows = `${header}<row r="2"><c r="A2"><v>2.3510815100494E13</v></c>${inline('余子和')}</row>`;
    const bytes = await workbook({ 'xl/worksheets/sheet1.xml': sheet(rows) });
    expect(essence(await read(bytes, 'xlsx'))).toMatchObject([
      { candidateNo: '23510815100494', name: '余子和' },
    ]);
  });

  test.each<[rule: string, xml: string, code: string]>([
    ['a document type', `<!DOCTYPE a [<!ENTITY b "c">]>${sheet(header)}`, 'xml_refused'],
    ['an entity of its own', sheet(`<row r="1">${inline('考生号&b;')}</row>`), 'xml_refused'],
    ['a sheet that is cut', sheet(header).slice(0, -30), 'xml_refused'],
    ['a row number that goes back', sheet(`${header}<row r="1">${inline('x')}</row>`), 'row_broken'],
    [
      'a column beyond the limit',
      sheet(`${header}<row r="2"><c r="XFD2"><v>1</v></c></row>`),
      'columns_mismatch',
    ],
    [
      'a shared text that is not there',
      sheet(`${header}<row r="2"><c r="A2" t="s"><v>9</v></c></row>`),
      'row_broken',
    ],
    ['deep nesting', `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`, 'xml_refused'],
  ])('%s is refused', async (_rule, xml, code) => {
    expect(await read(await workbook({ 'xl/worksheets/sheet1.xml': xml }), 'xlsx')).toBe(code);
  });

  test('a sheet that unpacks a hundredfold is refused', async () => {
    const bytes = await workbook({ 'xl/worksheets/sheet1.xml': sheet(header) + ' '.repeat(16 * 2 ** 20) });
    expect(await read(bytes, 'xlsx')).toBe('zip_bomb');
  });
});
