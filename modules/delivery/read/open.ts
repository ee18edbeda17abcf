import { basename } from 'node:path';
import { buildCodes, type CodeRow, type Codes } from '../code.rules.ts';
import type { HeadingMapping, HeadingMatch } from '../heading.rules.ts';
import { unknownColumns } from '../raw.rules.ts';
import { type Note, note } from '../rules.ts';
import { recogniseTable, sideTables, type TableIdentity } from '../table.rules.ts';
import { collect, type Found } from './collect.ts';
import { openDbf, type RowBatch } from './dbf.ts';
import { DeliveryFault, refuse } from './fault.ts';
import { fileKindOf } from './file-kind.rules.ts';
import { type Photo, photoOf } from './photo.ts';
import type { ByteSource } from './source.ts';
import { openCsvTable, openXlsxTable, type TextTable } from './text-table.ts';

export interface DeliveryTable extends TableIdentity {
  /** Path inside the delivery. */
  file: string;
  format: 'dbf' | 'csv' | 'xlsx';
  encoding: string;
  /** DBF field names in file order (headings are translated). */
  columns: string[];
  /** Fields nobody knows: kept raw. */
  unknownColumns: string[];
  /** Rows as the header says, deleted ones included; null when only reading tells (CSV, XLSX). */
  rows: number | null;
  /** How headings were understood; only CSV and XLSX. */
  headings: HeadingMatch[] | null;
  /** How much of a CSV or XLSX the last reading has passed, 0 to 1: from it the number of rows is estimated. */
  share: (() => number) | null;
  batches(): AsyncGenerator<RowBatch, void, undefined>;
}

/** A delivery, recognised but not read: everything streams from disk when asked for. Close it when done. */
export interface Delivery {
  path: string;
  /** 2012 has one wide table, 2017 separate ones, sheet is CSV or XLSX. */
  form: '2012' | '2017' | 'sheet';
  tables: DeliveryTable[];
  codes: Codes;
  photos: Photo[];
  notes: Note[];
  close(): void;
}

export interface OpenOptions {
  /** Heading -> DBF field, for CSV and XLSX; what is not named is proposed. */
  mapping?: HeadingMapping;
}

const CODE_ROWS_MAX = 200_000;

interface Opening extends Found {
  tables: DeliveryTable[];
  photos: Photo[];
  mapping: HeadingMapping;
  /** Why the first text or sheet was put aside: the answer when nothing else was delivered. */
  aside: DeliveryFault | null;
}

/** Throws DeliveryFault; the front door turns it into a value. */
export const openPath = (path: string, options: OpenOptions): Promise<Delivery> => openGiven(path, options);

/** A path, or the bytes of one table or text. */
export async function openGiven(given: ByteSource | string, options: OpenOptions): Promise<Delivery> {
  const path = typeof given === 'string' ? given : given.name;
  const opening: Opening = {
    sources: [],
    workbooks: [],
    aside: null,
    tables: [],
    photos: [],
    notes: [],
    closers: [],
    mapping: options.mapping ?? {},
  };
  try {
    if (typeof given === 'string') await collect(given, opening);
    else opening.sources.push(given);
    for (const workbook of opening.workbooks) await openWorkbook(workbook, opening);
    for (const source of opening.sources) await openSource(source, opening);
    return await finish(path, opening);
  } catch (error) {
    for (const close of opening.closers) close();
    throw error;
  }
}

async function openWorkbook({ path, file }: { path: string; file: string }, opening: Opening): Promise<void> {
  await orAside(file, opening, async () => {
    const table = await openXlsxTable(path, file, opening.mapping);
    opening.closers.push(table.close);
    if (table.otherSheets.length > 0) {
      opening.notes.push(note('sheets_unread', file, table.otherSheets.slice(0, 12).join('、')));
    }
    addTable(textTable(file, 'xlsx', table), opening);
  });
}

async function openSource(source: ByteSource, opening: Opening): Promise<void> {
  const { name } = source;
  const photo = photoOf(source);
  const { kind } = fileKindOf(name);
  if (photo) opening.photos.push(photo);
  else if (kind === 'dbf') await openDbfSource(source, opening);
  else if (kind === 'text') {
    await orAside(name, opening, async () =>
      addTable(textTable(name, 'csv', await openCsvTable(source, opening.mapping)), opening),
    );
  } else opening.notes.push(note('file_unknown', name, `${source.size} 字节`));
}

/** A text or sheet without candidate numbers is somebody's note, not a broken table: listed, unless nothing else is there. */
async function orAside(file: string, opening: Opening, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof DeliveryFault)) throw error;
    const harmless = error.error.code === 'no_candidate_no' || /\.txt$/i.test(file);
    if (!harmless) throw error;
    opening.aside ??= error;
    opening.notes.push(note('file_unknown', file, error.error.message.slice(0, 120)));
  }
}

async function openDbfSource(source: ByteSource, opening: Opening): Promise<void> {
  const dbf = await openDbf(source);
  if (dbf.encoding === 'utf8') opening.notes.push(note('encoding_not_gb18030', source.name, 'UTF-8'));
  if (dbf.memoColumns.length > 0) {
    opening.notes.push(note('memo_skipped', source.name, dbf.memoColumns.join('、')));
  }
  const table: DeliveryTable = {
    ...recogniseTable(source.name, dbf.columns),
    file: source.name,
    format: 'dbf',
    encoding: dbf.encoding === 'utf8' ? 'UTF-8' : 'GB18030',
    columns: dbf.columns,
    unknownColumns: [],
    rows: dbf.rows,
    headings: null,
    share: null,
    batches: dbf.batches,
  };
  addTable(table, opening);
}

const textTable = (file: string, format: 'csv' | 'xlsx', table: TextTable): DeliveryTable => ({
  ...recogniseTable(file, table.columns),
  file,
  format,
  encoding: table.encoding,
  columns: table.columns,
  unknownColumns: [],
  rows: null,
  headings: table.headings,
  share: table.share,
  batches: table.batches,
});

function addTable(table: DeliveryTable, opening: Opening): void {
  if (table.kind === 'unknown') opening.notes.push(unknownTable(table));
  else if (['person', 'wide', 'filing'].includes(table.kind)) {
    table.unknownColumns = unknownColumns(table.columns);
    if (table.unknownColumns.length > 0) {
      opening.notes.push(note('fields_unknown', table.file, table.unknownColumns.slice(0, 40).join('、')));
    }
  }
  opening.tables.push(table);
}

const unknownTable = (table: DeliveryTable): Note =>
  note('table_unknown', table.file, table.columns.slice(0, 12).join('、'));

/** Beside a real table of persons, one with a name and little else is a table nobody knows: read as persons it would conflict with all. */
function setSideTablesApart(tables: readonly DeliveryTable[], notes: Note[]): void {
  for (const table of sideTables(tables)) {
    table.kind = 'unknown';
    notes.push(unknownTable(table));
  }
}

async function finish(path: string, opening: Opening): Promise<Delivery> {
  const { tables, photos, notes, closers } = opening;
  setSideTablesApart(tables, notes);
  const kinds = new Set(tables.map((table) => table.kind));
  if (!kinds.has('person') && !kinds.has('wide') && !kinds.has('filing')) {
    if (opening.aside !== null && tables.length === 0) throw opening.aside;
    refuse('nothing_recognised', { file: basename(path) }, '没有找到报名库或投档单（没有含考生号 KSH 的表）');
  }
  const form = kinds.has('wide') && !kinds.has('person') ? '2012' : '2017';
  const sheet = tables.every((table) => table.format !== 'dbf');
  if (!kinds.has('person') && !kinds.has('wide')) notes.push(note('no_person_table', basename(path), ''));
  const codes = buildCodes(await codeRows(tables));
  if (!kinds.has('code')) notes.push(note('no_code_tables', basename(path), ''));
  return {
    path,
    form: sheet ? 'sheet' : form,
    tables,
    codes,
    photos,
    notes,
    close: () => {
      for (const close of closers) close();
    },
  };
}

async function codeRows(tables: readonly DeliveryTable[]): Promise<CodeRow[]> {
  const rows: CodeRow[] = [];
  for (const table of tables) {
    if (!table.code) continue;
    const key = table.columns.indexOf(table.code.key);
    const text = table.columns.indexOf(table.code.text);
    for await (const batch of table.batches()) {
      for (const { cells } of batch.rows) {
        const code = cells[key] ?? '';
        if (code !== '') rows.push({ table: table.code.table, code, name: cells[text] ?? '' });
      }
      if (rows.length > CODE_ROWS_MAX) {
        refuse('file_too_large', { file: table.file }, `代码表超过 ${CODE_ROWS_MAX} 行`);
      }
    }
  }
  return rows;
}
