import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { CellValue } from 'hucre/xlsx';
import yauzl from 'yauzl';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { safeCell } from '#platform/spreadsheet';
import { IMPORT_ROWS_MAX } from './import.contract.ts';
import { COLUMNS, readHeadings, readRows, type SheetRow } from './import.rules.ts';

const UNPACKED_BYTES_MAX = 48 * 1024 * 1024;
const ENTRIES_MAX = 500;

export type SheetRefusal = Refusal<'not_xlsx' | 'too_large' | 'no_headings'>;

const notXlsx = (): { ok: false; error: SheetRefusal } =>
  refuse('not_xlsx', '这个文件不是 XLSX 工作簿，或者已经损坏。请在 Excel 或 WPS 里另存为 .xlsx 再上传。');

/** Reads the first sheet of a workbook of at most 4 MB into rows of named texts. */
export async function readStaffSheet(bytes: Buffer): Promise<Result<SheetRow[], SheetRefusal>> {
  const unpacked = await unpackedSize(bytes);
  if (unpacked === 'bad') return notXlsx();
  if (unpacked > UNPACKED_BYTES_MAX) {
    return refuse(
      'too_large',
      `工作簿展开后超过 ${UNPACKED_BYTES_MAX >> 20} MB，请只保留人员那一张表再上传。`,
    );
  }
  const lines = await firstSheet(bytes);
  if (lines === 'bad') return notXlsx();
  const heading = readHeadings(lines);
  if (typeof heading === 'string') return refuse('no_headings', heading);
  const rows = readRows(lines, heading.at, heading.columns);
  if (rows.length > IMPORT_ROWS_MAX) {
    return refuse('too_large', `表中有 ${rows.length} 人，一次最多导入 ${IMPORT_ROWS_MAX} 人，请分成几份。`);
  }
  if (rows.length === 0) return refuse('no_headings', '表头下面没有人员，请填好后再上传。');
  return ok(rows);
}

/** Unpacks every part once and counts, because a zip may lie about its sizes; stops at the limit. */
async function unpackedSize(bytes: Buffer): Promise<number | 'bad'> {
  try {
    const zip = await promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer)(bytes, {
      lazyEntries: true,
    });
    if (zip.entryCount > ENTRIES_MAX) return Number.POSITIVE_INFINITY;
    let total = 0;
    const entries = await new Promise<yauzl.Entry[]>((resolve, reject) => {
      const found: yauzl.Entry[] = [];
      zip.on('entry', (entry: yauzl.Entry) => {
        found.push(entry);
        zip.readEntry();
      });
      zip.on('end', () => resolve(found));
      zip.on('error', reject);
      zip.readEntry();
    });
    const open = promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip));
    for (const entry of entries) {
      total += entry.uncompressedSize;
      if (total > UNPACKED_BYTES_MAX) return total;
      await buffer(await open(entry));
    }
    return total;
  } catch {
    return 'bad';
  }
}

async function firstSheet(bytes: Buffer): Promise<string[][] | 'bad'> {
  const { readXlsx } = await import('hucre/xlsx');
  try {
    const book = await readXlsx(bytes, { sheets: (info) => !info.hidden && !info.veryHidden });
    return (book.sheets[0]?.rows ?? []).map((row) => row.map(textOf));
  } catch {
    return 'bad';
  }
}

const NO_DAY = '超出范围的日期';

function textOf(value: CellValue | undefined): string {
  if (value === null || value === undefined) return '';
  // A number formatted as a date may lie beyond what a date can be; its row says so, the sheet is read all the same.
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? NO_DAY : value.toISOString().slice(0, 10);
  if (typeof value === 'boolean') return value ? '是' : '否';
  return String(value);
}

const headings = Object.values(COLUMNS).map(({ headings: [first] }) => first);
const style = {
  font: { bold: true },
  fill: { type: 'pattern' as const, pattern: 'solid' as const, fgColor: { rgb: 'E6F0FF' } },
};

/** The empty sheet to fill in, with two invented people as examples. */
export const staffTemplate = (): Promise<Uint8Array> =>
  sheetOf('人员', headings, [
    ['t0001', '陈示例', '教师', 'T0001', '信息工程学院', '', '回访员', '', '是', '否', '200', ''],
    [
      '2026010101',
      '何示例',
      '学生',
      '2026010101',
      '信息工程学院',
      '',
      '回访员',
      '',
      '否',
      '否',
      '100',
      '2030-09-30',
    ],
  ]);

/** The rows with findings as they stood, and beside them what is wrong. */
export function errorSheet(
  rows: readonly SheetRow[],
  findings: readonly { row: number; column: string; sentence: string }[],
): Promise<Uint8Array> {
  const keys = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const wrong = rows.flatMap((row) => {
    const mine = findings.filter((finding) => finding.row === row.row);
    const said = mine.map(({ column, sentence }) => `${column}：${sentence}`).join('\n');
    return mine.length === 0 ? [] : [[String(row.row), ...keys.map((key) => row.cells[key] ?? ''), said]];
  });
  return sheetOf('有问题的行', ['原表行号', ...headings, '问题'], wrong);
}

/** Cells that a spreadsheet would run as a formula are quoted. */
async function sheetOf(
  name: string,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<Uint8Array> {
  const { writeXlsx } = await import('hucre/xlsx');
  return writeXlsx({
    sheets: [
      {
        name,
        columns: titles.map((header) => ({
          header,
          width: Math.max(12, header.length * 2 + 4),
          numFmt: '@',
        })),
        rows: [titles.map(String), ...rows.map((row) => row.map(safeCell))],
        cells: new Map(titles.map((value, index) => [`0,${index}`, { value, style }])),
        freezePane: { rows: 1 },
      },
    ],
  });
}
