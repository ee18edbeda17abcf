import { lstat, readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { buildCodes, type CodeRow, type Codes } from '../code.rules.ts';
import type { HeadingMapping, HeadingMatch } from '../heading.rules.ts';
import { unknownColumns } from '../record.rules.ts';
import { type Note, note } from '../rules.ts';
import { recogniseTable, type TableIdentity } from '../table.rules.ts';
import { openDbf, type RowBatch } from './dbf.ts';
import { refuse } from './fault.ts';
import { type Photo, photoOf } from './photo.ts';
import { type ByteSource, fileSource, headOf } from './source.ts';
import { openCsvTable, openXlsxTable, type TextTable } from './text-table.ts';
import { openZip, ZIP_LIMITS } from './zip.ts';

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

const FILES_MAX = 400_000;
const DEPTH_MAX = 8;
const CODE_ROWS_MAX = 200_000;
const ZIP_MAGIC = 'PK\u0003\u0004';

interface Opening {
  sources: ByteSource[];
  tables: DeliveryTable[];
  photos: Photo[];
  notes: Note[];
  closers: (() => void)[];
  mapping: HeadingMapping;
}

/** Throws DeliveryFault; the front door turns it into a value. */
export async function openPath(path: string, options: OpenOptions): Promise<Delivery> {
  const opening: Opening = {
    sources: [],
    tables: [],
    photos: [],
    notes: [],
    closers: [],
    mapping: options.mapping ?? {},
  };
  try {
    await collect(path, opening);
    for (const source of opening.sources) await openSource(source, opening);
    return await finish(path, opening);
  } catch (error) {
    for (const close of opening.closers) close();
    throw error;
  }
}

async function collect(path: string, opening: Opening): Promise<void> {
  const file = basename(path);
  const stat = await lstat(path).catch(() => refuse('path_missing', { file }, '找不到文件或文件夹'));
  if (stat.isSymbolicLink()) refuse('symlink', { file }, '是链接，不是真实的文件');
  if (stat.isDirectory()) return collectFolder(path, '', opening);
  if (!stat.isFile()) refuse('unsupported_file', { file }, '不是普通文件');
  if (stat.size === 0) refuse('file_empty', { file }, '文件是空的');
  const source = fileSource(path, file, stat.size);
  const magic = (await headOf(source, 4)).toString('latin1');
  const kind = extname(file).toLowerCase();
  if (kind === '.xlsx') await openXlsxFile(path, file, opening);
  else if (magic === ZIP_MAGIC || kind === '.zip') {
    const zip = await openZip(path, file, ZIP_LIMITS);
    opening.closers.push(zip.close);
    opening.sources.push(...zip.sources);
  } else opening.sources.push(source);
}

async function collectFolder(folder: string, inside: string, opening: Opening): Promise<void> {
  if (inside.split('/').length > DEPTH_MAX) {
    refuse('too_many_files', { file: inside }, `文件夹嵌套超过 ${DEPTH_MAX} 层`);
  }
  const entries = await readdir(join(folder, inside), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const name = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isSymbolicLink()) refuse('symlink', { file: name }, '是链接，不是真实的文件');
    if (entry.isDirectory()) await collectFolder(folder, name, opening);
    else if (entry.isFile()) {
      if (opening.sources.length >= FILES_MAX)
        refuse('too_many_files', { file: name }, `文件超过 ${FILES_MAX} 个`);
      const path = join(folder, name);
      if (extname(name).toLowerCase() === '.xlsx') await openXlsxFile(path, name, opening);
      else opening.sources.push(fileSource(path, name, (await lstat(path)).size));
    }
  }
}

async function openXlsxFile(path: string, file: string, opening: Opening): Promise<void> {
  const table = await openXlsxTable(path, file, opening.mapping);
  opening.closers.push(table.close);
  addTable(textTable(file, 'xlsx', table), opening);
}

async function openSource(source: ByteSource, opening: Opening): Promise<void> {
  const kind = extname(source.name).toLowerCase();
  const photo = photoOf(source);
  if (photo) opening.photos.push(photo);
  else if (kind === '.dbf') await openDbfSource(source, opening);
  else if (kind === '.csv' || kind === '.txt' || kind === '.tsv') {
    addTable(textTable(source.name, 'csv', await openCsvTable(source, opening.mapping)), opening);
  } else if (!/(^|\/)(\.|__MACOSX|Thumbs\.db)/i.test(source.name)) {
    opening.notes.push(note('file_ignored', source.name, kind));
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
  batches: table.batches,
});

function addTable(table: DeliveryTable, opening: Opening): void {
  if (table.kind === 'unknown') {
    opening.notes.push(note('table_unknown', table.file, table.columns.slice(0, 12).join('、')));
  } else if (['person', 'wide', 'filing'].includes(table.kind)) {
    table.unknownColumns = unknownColumns(table.columns);
    if (table.unknownColumns.length > 0) {
      opening.notes.push(note('fields_unknown', table.file, table.unknownColumns.slice(0, 40).join('、')));
    }
  }
  opening.tables.push(table);
}

async function finish(path: string, opening: Opening): Promise<Delivery> {
  const { tables, photos, notes, closers } = opening;
  const kinds = new Set(tables.map((table) => table.kind));
  if (!kinds.has('person') && !kinds.has('wide') && !kinds.has('filing')) {
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
