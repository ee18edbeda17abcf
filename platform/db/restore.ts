import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import type { Config } from '#platform/config';
import { MANIFEST, Manifest, meter } from '#platform/db/archive';
import { FOLDERS, refuseOutsideDatabase } from '#platform/db/backup';
import { checkDatabase } from '#platform/db/check';
import { startEmbedded } from '#platform/db/embedded';
import { giveToAccount, MAJOR_VERSION, resetOwnerPassword } from '#platform/db/embedded-cluster';
import { findPrograms } from '#platform/db/embedded-program';
import { withProcessLock } from '#platform/process-lock';
import { SetupError } from '#platform/setup-error';

const WORKSHOP = 'restore.part';
const LOCK_WAIT_MS = 10 * 60_000;

export interface RestoreReport {
  readonly dataDir: string;
  readonly createdAt: string;
  readonly entries: number;
  /** False when the master key must still be put in place, without which sensitive fields cannot be read. */
  readonly hasKey: boolean;
}

/**
 * Makes a data folder from a backup and proves that its database starts. The folder must be empty, but for the key
 * file; every byte is compared with the manifest before anything gets its final name.
 */
export async function restore(config: Config, file: string, signal?: AbortSignal): Promise<RestoreReport> {
  refuseOutsideDatabase(config, 'restore');
  // Two at once would unpack into each other.
  return withProcessLock(`restore ${resolve(config.dataDir)}`, LOCK_WAIT_MS, () =>
    restoreInto(config, file, signal),
  );
}

async function restoreInto(config: Config, file: string, signal?: AbortSignal): Promise<RestoreReport> {
  const { dataDir, keyFile } = config;
  refuseNonEmpty(dataDir, keyFile);
  if (!existsSync(file)) throw new SetupError(`找不到备份文件 ${resolve(file)}。`);
  // Root's database runs under another account, which must be able to pass through.
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  const workshop = join(dataDir, WORKSHOP);
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { recursive: true, mode });
  try {
    const manifest = await unpack(file, workshop, signal);
    refuseOtherKey(join(workshop, 'master.key'), keyFile);
    await proveItStarts(workshop);
    signal?.throwIfAborted();
    // A server started here meanwhile has made a database of its own.
    refuseNonEmpty(dataDir, keyFile);
    await moveIn(workshop, config);
    const entries = Object.keys(manifest.entries).length;
    return { dataDir, createdAt: manifest.createdAt, entries, hasKey: existsSync(keyFile) };
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** The database last: without it the folder does not look like an installation. */
async function moveIn(workshop: string, { dataDir, keyFile }: Config): Promise<void> {
  const key = join(workshop, 'master.key');
  if (existsSync(key) && !existsSync(keyFile)) {
    await mkdir(dirname(keyFile), { recursive: true });
    await copyFile(key, keyFile);
  }
  for (const name of [...FOLDERS, 'pg.password', 'pg']) {
    if (existsSync(join(workshop, name))) renameSync(join(workshop, name), join(dataDir, name));
  }
}

function refuseNonEmpty(dataDir: string, keyFile: string): void {
  const names = existsSync(dataDir) ? readdirSync(dataDir) : [];
  const others = names.filter((name) => join(dataDir, name) !== keyFile && name !== WORKSHOP);
  if (others.length === 0) return;
  throw new SetupError(
    `目标目录 ${dataDir} 里已经有内容（${others.slice(0, 3).join('、')}），恢复不会覆盖它。请用 DATA_DIR 指定一个空目录。`,
  );
}

/** Replays the log of the backup, gives the owner this folder's password, starts and checks the database once. */
async function proveItStarts(dataDir: string): Promise<void> {
  const cluster = join(dataDir, 'pg');
  const programs = findPrograms(dataDir, cluster);
  giveToAccount(programs, cluster);
  await resetOwnerPassword(programs, dataDir);
  const database = await startEmbedded({ dataDir });
  await checkDatabase(database.ownerUrl).finally(() => database.stop());
}

function refuseOtherKey(restored: string, keyFile: string): void {
  if (!existsSync(restored) || !existsSync(keyFile)) return;
  if (readFileSync(restored).equals(readFileSync(keyFile))) return;
  throw new SetupError(`${keyFile} 与备份里的密钥不同。请先移开它，再重新恢复。`);
}

async function unpack(file: string, folder: string, signal?: AbortSignal): Promise<Manifest> {
  const zip = await opened(file);
  try {
    const entries = await list(zip, file);
    const manifest = await readManifest(zip, entries, file);
    for (const name of manifest.folders) mkdirSync(inside(folder, name), { recursive: true, mode: 0o700 });
    for (const [name, expected] of Object.entries(manifest.entries)) {
      signal?.throwIfAborted();
      const entry = entries.get(name);
      if (!entry) throw damaged(file, `缺少 ${name}`);
      const actual = await extract(zip, entry, inside(folder, name)).catch((error: Error) => {
        throw damaged(file, `${name}:${error.message}`);
      });
      if (actual.sha256 !== expected.sha256) throw damaged(file, `${name} 与校验值不符`);
    }
    return manifest;
  } finally {
    zip.close();
  }
}

async function readManifest(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  file: string,
): Promise<Manifest> {
  const entry = entries.get(MANIFEST);
  if (!entry) throw damaged(file, '缺少清单');
  const parsed = Manifest.safeParse(await json(await zip.openReadStreamPromise(entry)).catch(() => null));
  if (!parsed.success) throw damaged(file, '清单无法读取');
  if (parsed.data.postgresMajor !== MAJOR_VERSION) {
    throw new SetupError(
      `备份来自 PostgreSQL ${parsed.data.postgresMajor}，本版智招内置的是 PostgreSQL ${MAJOR_VERSION}，请用当时版本的智招恢复。`,
    );
  }
  return parsed.data;
}

async function opened(file: string): Promise<ZipFile> {
  try {
    return await yauzl.openPromise(file, { lazyEntries: true, autoClose: false });
  } catch (error) {
    throw damaged(file, error instanceof Error ? error.message : '');
  }
}

function list(zip: ZipFile, file: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry) => {
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', (error) => reject(damaged(file, error.message)));
    zip.readEntry();
  });
}

async function extract(zip: ZipFile, entry: Entry, path: string) {
  const { stream, result } = meter();
  const source = await zip.openReadStreamPromise(entry);
  await pipeline(source, stream, createWriteStream(path, { mode: 0o600, flush: true }));
  return result();
}

/** The manifest is not trusted with paths: a name that leads outside is damage. */
function inside(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (!path.startsWith(`${folder}/`)) throw new SetupError(`备份文件里有不该有的路径 ${name}，没有恢复。`);
  return path;
}

function damaged(file: string, detail: string): SetupError {
  return new SetupError(`备份文件 ${basename(file)} 已损坏（${detail}），没有恢复任何内容。请换一份备份。`);
}
