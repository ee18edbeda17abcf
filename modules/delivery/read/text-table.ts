import {
  columnsOf,
  type HeadingMapping,
  type HeadingMatch,
  headerLine,
  matchHeadings,
} from '../heading.rules.ts';
import type { Row } from '../record.rules.ts';
import { deliveryError } from '../rules.ts';
import { type CsvLine, openCsv } from './csv.ts';
import type { RowBatch } from './dbf.ts';
import { DeliveryFault, refuse } from './fault.ts';
import { replaceControls } from './gb18030.ts';
import { type ByteSource, measured } from './source.ts';
import { openXlsx } from './xlsx.ts';

/** A CSV or a sheet of a workbook, read as if it were a DBF. */
export interface TextTable {
  columns: string[];
  headings: HeadingMatch[];
  encoding: string;
  batches(): AsyncGenerator<RowBatch, void, undefined>;
  /** How much of the table the last reading has passed, 0 to 1. */
  share(): number;
  close(): void;
}

type Lines = () => AsyncGenerator<CsvLine, void, undefined>;

/** Titles and notes may stand above the header. */
const HEADER_WITHIN_LINES = 10;
const BATCH_ROWS = 1000;

const encodingText = { utf8: 'UTF-8', gb18030: 'GB18030', utf16le: 'UTF-16', ascii: 'ASCII' } as const;

export async function openCsvTable(given: ByteSource, mapping: HeadingMapping): Promise<TextTable> {
  const { source, share } = measured(given);
  const csv = await openCsv(source);
  const table = await tableOf({ file: source.name, lines: csv.lines, width: 'strict' }, mapping);
  return { ...table, share, encoding: encodingText[csv.encoding], close: () => undefined };
}

/** The first sheet with candidate numbers; the fault is that of the first sheet when none has them. */
export async function openXlsxTable(
  path: string,
  file: string,
  mapping: HeadingMapping,
): Promise<SheetTable> {
  const book = await openXlsx(path, file);
  let first: DeliveryFault | null = null;
  try {
    for (const sheet of book.sheets) {
      try {
        const table = await tableOf({ file, lines: sheet.lines, width: 'loose' }, mapping);
        const otherSheets = book.sheets.filter((other) => other !== sheet).map(({ title }) => title);
        return { ...table, share: sheet.share, encoding: 'UTF-8', close: book.close, otherSheets };
      } catch (error) {
        if (!(error instanceof DeliveryFault) || error.error.code !== 'no_candidate_no') throw error;
        first ??= error;
      }
    }
    throw first;
  } catch (error) {
    book.close();
    throw error;
  }
}

export interface SheetTable extends TextTable {
  /** Sheets that are not read. */
  otherSheets: string[];
}

/** A CSV writes every delimiter, so a short line was cut; a sheet leaves empty cells out. */
interface LineSource {
  file: string;
  lines: Lines;
  width: 'strict' | 'loose';
}

async function tableOf(
  source: LineSource,
  mapping: HeadingMapping,
): Promise<Pick<TextTable, 'columns' | 'headings' | 'batches'>> {
  const { file, lines } = source;
  const first: CsvLine[] = [];
  for await (const line of lines()) {
    first.push(line);
    if (first.length >= HEADER_WITHIN_LINES) break;
  }
  const header =
    first[
      headerLine(
        first.map((line) => line.cells),
        mapping,
      )
    ];
  if (header === undefined) return withoutHeader(first, file, mapping);
  const width = header.cells.findLastIndex((cell) => cell.trim() !== '') + 1;
  const headings = matchHeadings(header.cells.slice(0, width), mapping);
  const columns = columnsOf(headings);
  checkColumns(columns, file);
  return { columns, headings, batches: () => rowsBelow(source, header.number, columns) };
}

function withoutHeader(first: readonly CsvLine[], file: string, mapping: HeadingMapping): never {
  const line = first.find(({ cells }) => cells.some((cell) => cell.trim() !== ''))?.cells ?? [];
  const seen = line.slice(0, 12).join('、').slice(0, 120);
  const what = `没有一列是考生号；第一行是：${seen || '（空）'}`;
  throw new DeliveryFault(deliveryError('no_candidate_no', { file }, what), matchHeadings(line, mapping));
}

function checkColumns(columns: readonly string[], file: string): void {
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) refuse('mapping_bad', { file, column: twice }, '有两列对应同一个字段或列名重复');
}

async function* rowsBelow(
  source: LineSource,
  headerNumber: number,
  columns: readonly string[],
): AsyncGenerator<RowBatch, void, undefined> {
  let rows: Row[] = [];
  for await (const line of source.lines()) {
    if (line.number <= headerNumber) continue;
    const row = rowOf(line, headerNumber, columns, source);
    if (row) rows.push(row);
    if (rows.length < BATCH_ROWS) continue;
    yield { rows, deletedRows: 0 };
    rows = [];
  }
  if (rows.length > 0) yield { rows, deletedRows: 0 };
}

/** Blank lines are no rows. A line with text outside the columns was split in the wrong place: refused. */
function rowOf(
  line: CsvLine,
  headerNumber: number,
  columns: readonly string[],
  { file, width }: LineSource,
): Row | null {
  if (line.cells.every((cell) => cell.trim() === '')) return null;
  const place = { file, row: line.number };
  if (line.cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    refuse('columns_mismatch', place, `有 ${line.cells.length} 列，表头只有 ${columns.length} 列`);
  }
  if (width === 'strict' && line.cells.length < columns.length) {
    refuse('columns_mismatch', place, `只有 ${line.cells.length} 列，表头有 ${columns.length} 列`);
  }
  const damaged: number[] = [];
  const cells = columns.map((_column, index) => {
    const cell = line.cells[index] ?? '';
    const plain = cell.startsWith('="') && cell.endsWith('"') ? cell.slice(2, -1) : cell;
    const clean = replaceControls(plain.replace(/[\r\n\t]+/g, ' ').replace(/^'/, '')).trim();
    if (clean.includes('\ufffd')) damaged.push(index);
    return clean;
  });
  const number = line.number - headerNumber;
  return damaged.length === 0 ? { number, cells } : { number, cells, damaged };
}
