import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Note, note } from '../rules.ts';
import { refuse } from './fault.ts';
import { fileKindOf } from './file-kind.rules.ts';
import { type ByteSource, fileSource, headOf } from './source.ts';
import { type TempFolder, tempFolder } from './temp.ts';
import { openZip, ZIP_LIMITS } from './zip.ts';

/** Files of a delivery, found and told apart by name; nothing of them is read yet. */
export interface Found {
  sources: ByteSource[];
  /** Workbooks need to be seekable: a path on disk and the name inside the delivery. */
  workbooks: { path: string; file: string }[];
  notes: Note[];
  closers: (() => void)[];
}

interface Collecting extends Found {
  files: number;
  tables: number;
  archives: number;
  temp: TempFolder | null;
}

const FILES_MAX = 150_000;
/** Tables, texts and files nobody knows: a delivery has about forty. Photos are counted apart. */
const TABLES_MAX = 2_000;
const DEPTH_MAX = 8;
/** A zip in the delivery is opened; one inside that is only listed. */
const ARCHIVE_LEVELS = 2;
const ARCHIVES_MAX = 20;
export const ZIP_MAGIC = 'PK\u0003\u0004';
const PHOTO = /\.(png|jpe?g)$/i;

/** A folder, a zip, or one file. Hostile names, links and sizes refuse the whole. */
export async function collect(path: string, found: Found): Promise<void> {
  const at: Collecting = { ...found, files: 0, tables: 0, archives: 0, temp: null };
  const file = basename(path);
  const stat = await lstat(path).catch(() => refuse('path_missing', { file }, '找不到文件或文件夹'));
  if (stat.isSymbolicLink()) refuse('symlink', { file }, '是链接，不是真实的文件');
  if (stat.isDirectory()) return takeFolder(path, '', at);
  if (!stat.isFile()) refuse('unsupported_file', { file }, '不是普通文件');
  if (stat.size === 0) refuse('file_empty', { file }, '文件是空的');
  const source = fileSource(path, file, stat.size);
  const { kind } = fileKindOf(file);
  const magic = (await headOf(source, 4)).toString('latin1');
  if (kind === 'workbook') at.workbooks.push({ path, file });
  else if (kind === 'archive' || magic === ZIP_MAGIC)
    await takeArchive({ path, file, inside: '', level: 1 }, at);
  else if (kind === 'dbf' || kind === 'text') at.sources.push(source);
  else refuse('unsupported_file', { file }, '不是可以导入的文件');
}

async function takeFolder(folder: string, inside: string, at: Collecting): Promise<void> {
  if (inside.split('/').length > DEPTH_MAX) {
    refuse('too_many_files', { file: inside }, `文件夹嵌套超过 ${DEPTH_MAX} 层`);
  }
  const entries = await readdir(join(folder, inside), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const name = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isSymbolicLink()) refuse('symlink', { file: name }, '是链接，不是真实的文件');
    if (entry.isDirectory()) await takeFolder(folder, name, at);
    else if (entry.isFile()) {
      const path = join(folder, name);
      const source = fileSource(path, name, (await lstat(path)).size);
      await takeFile(source, at, { level: 1, onDisk: path });
    }
  }
}

interface Archive {
  path: string;
  /** The name shown, and the prefix of the names inside. */
  file: string;
  inside: string;
  level: number;
}

async function takeArchive({ path, file, inside, level }: Archive, at: Collecting): Promise<void> {
  const zip = await openZip(path, file, ZIP_LIMITS, inside);
  at.closers.push(zip.close);
  for (const source of zip.sources) {
    await takeFile(source, at, { level: level + 1, onDisk: null });
  }
}

/** `level`: of an archive that this file would be. */
async function takeFile(
  source: ByteSource,
  at: Collecting,
  { level, onDisk }: { level: number; onDisk: string | null },
): Promise<void> {
  const { name } = source;
  const found = fileKindOf(name);
  countFile(name, at);
  if (found.kind === 'unread') at.notes.push(note(found.note, name, ''));
  else if (found.kind === 'workbook')
    at.workbooks.push({ path: onDisk ?? (await clearCopy(source, at)), file: name });
  else if (found.kind !== 'archive') at.sources.push(source);
  else if (level > ARCHIVE_LEVELS) at.notes.push(note('archive_nested', name, ''));
  else {
    at.archives += 1;
    if (at.archives > ARCHIVES_MAX) {
      refuse('too_many_files', { file: name }, `其中的压缩包超过 ${ARCHIVES_MAX} 个`);
    }
    await takeArchive(
      { path: onDisk ?? (await clearCopy(source, at)), file: name, inside: `${name}/`, level },
      at,
    );
  }
}

function countFile(name: string, at: Collecting): void {
  at.files += 1;
  if (at.files > FILES_MAX) refuse('too_many_files', { file: name }, `文件超过 ${FILES_MAX} 个`);
  if (PHOTO.test(name)) return;
  at.tables += 1;
  if (at.tables > TABLES_MAX) refuse('too_many_files', { file: name }, `照片以外的文件超过 ${TABLES_MAX} 个`);
}

async function clearCopy(source: ByteSource, at: Collecting): Promise<string> {
  if (at.temp === null) {
    const made = await tempFolder();
    at.temp = made;
    at.closers.push(made.remove);
  }
  return at.temp.keep(source);
}
