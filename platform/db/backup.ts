import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import type { Config } from '#platform/config';
import { type ArchiveWriter, writeArchive } from '#platform/db/archive';
import { startEmbedded } from '#platform/db/embedded';
import { SetupError } from '#platform/setup-error';

export interface BackupReport {
  readonly file: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly entries: number;
  readonly withKey: boolean;
}

/** Beside the cluster: the file store, and messages that wait for somebody to send them. */
export const FOLDERS = ['files', 'outbox'] as const;

/** Rebuilt or emptied by PostgreSQL itself when it starts from a backup: only the folders are kept. */
const EMPTIED = [
  'log',
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
];
const LEFT_OUT = /^(postmaster\.(pid|opts)|pg_internal\.init.*|pgsql_tmp.*|backup_label.*|tablespace_map.*)$/;

/**
 * Writes everything of `dataDir` into one file while work goes on: a base backup of the cluster with exactly the log it
 * needs, then the file store and the spooled messages. Every row acknowledged before the call is in it. The master key is not, unless asked:
 * who finds the backup must not be able to read it.
 */
export async function backup(
  config: Config,
  file: string,
  options: { withKey?: boolean; signal?: AbortSignal } = {},
): Promise<BackupReport> {
  refuseOutsideDatabase(config, 'backup');
  const target = resolve(file);
  refuseNothingToSave(config);
  refuseTarget(target);
  const withKey = options.withKey === true && existsSync(config.keyFile);
  const database = await startEmbedded({ dataDir: config.dataDir });
  let entries = 0;
  const archive = counting(writeArchive(target, await majorOf(config.dataDir), options.signal), () => {
    entries += 1;
  });
  try {
    await addCluster(archive, join(config.dataDir, 'pg'), database.ownerUrl);
    // After the cluster: every file a row of the backup names was complete before that row was committed.
    for (const prefix of FOLDERS) await addTree(archive, { folder: join(config.dataDir, prefix), prefix });
    if (withKey) await archive.addFile('master.key', config.keyFile);
    return { file: target, ...(await archive.finish()), entries, withKey };
  } finally {
    await archive.abandon();
    await database.stop();
  }
}

/** A mistyped DATA_DIR would be saved every night, empty, and nobody would know. */
function refuseNothingToSave({ dataDir }: Config): void {
  if (existsSync(join(dataDir, 'pg'))) return;
  throw new SetupError(`${dataDir} 里没有智招的数据库，没有可备份的内容。请核对 DATA_DIR。`);
}

function refuseTarget(target: string): void {
  if (existsSync(target)) throw new SetupError(`${target} 已经存在，备份不会覆盖旧文件，请换一个文件名。`);
  try {
    accessSync(dirname(target), constants.W_OK | constants.X_OK);
  } catch {
    throw new SetupError(`备份写不进文件夹 ${dirname(target)}：它不存在或没有权限。请先建立，或换一个位置。`);
  }
}

/** An outside database has an operator with better tools than ours. */
export function refuseOutsideDatabase({ databaseUrl }: Config, command: 'backup' | 'restore'): void {
  if (!databaseUrl) return;
  const tool = command === 'backup' ? 'pg_basebackup 或 pg_dump' : 'pg_restore 或物理恢复';
  throw new SetupError(
    `正在使用 DATABASE_URL 指定的数据库，${command} 只管内置数据库。请由数据库管理员用 ${tool} 完成，步骤见 docs/operations.md。`,
  );
}

/**
 * PostgreSQL's low-level backup: between start and stop the files may be copied in any state, because replaying the log
 * of that time repairs them. A temporary replication slot keeps that log from being recycled before we have it.
 */
async function addCluster(archive: ArchiveWriter, cluster: string, ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'zhizhao backup' });
  await client.connect();
  try {
    const slot = `backup_${randomBytes(6).toString('hex')}`;
    await client.query('select pg_create_physical_replication_slot($1, true, true)', [slot]);
    const started = await one<{ segment: string }>(
      client,
      "select pg_walfile_name(pg_backup_start('zhizhao', fast => true)) as segment",
    );
    await addTree(archive, { folder: cluster, prefix: 'pg' });
    const stopped = await one<{ segment: string; label: string }>(
      client,
      'select pg_walfile_name(lsn) as segment, labelfile as label from pg_backup_stop(wait_for_archive => false)',
    );
    await archive.addBytes('pg/backup_label', Buffer.from(stopped.label));
    for (const name of await segmentsBetween(cluster, started.segment, stopped.segment)) {
      await archive.addFile(`pg/pg_wal/${name}`, join(cluster, 'pg_wal', name));
    }
  } finally {
    await client.end();
  }
}

/** Segment names of one timeline sort as their positions do. */
async function segmentsBetween(cluster: string, first: string, last: string): Promise<string[]> {
  const names = (await readdir(join(cluster, 'pg_wal'))).filter((name) => /^[\dA-F]{24}$/.test(name)).sort();
  const needed = names.filter((name) => name >= first && name <= last);
  if (needed[0] !== first || needed.at(-1) !== last)
    throw new Error(`log segments ${first} to ${last} are not all there`);
  return needed;
}

async function addTree(
  archive: ArchiveWriter,
  { folder, prefix }: { folder: string; prefix: string },
): Promise<void> {
  if (!existsSync(folder)) return;
  archive.addFolder(prefix);
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort(byName)) {
    const name = `${prefix}/${entry.name}`;
    const path = join(folder, entry.name);
    if (prefix.startsWith('pg') && LEFT_OUT.test(entry.name)) continue;
    if (entry.isDirectory() && prefix === 'pg' && EMPTIED.includes(entry.name)) archive.addFolder(name);
    else if (entry.isDirectory()) await addTree(archive, { folder: path, prefix: name });
    else if (entry.isFile()) await archive.addFile(name, path);
    else throw new SetupError(`${path} 不是普通文件（例如另设的表空间），这样的数据库不能用 backup 备份。`);
  }
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

function counting(archive: ArchiveWriter, count: () => void): ArchiveWriter {
  const { addBytes, addFile } = archive;
  return {
    ...archive,
    addBytes: (name, content) => addBytes(name, content).then(count),
    addFile: (name, path) => addFile(name, path).then(count),
  };
}

async function one<Row extends pg.QueryResultRow>(client: pg.Client, statement: string): Promise<Row> {
  const [row] = (await client.query<Row>(statement)).rows;
  if (!row) throw new Error(`no row from: ${statement}`);
  return row;
}

async function majorOf(dataDir: string): Promise<string> {
  return (await readFile(join(dataDir, 'pg', 'PG_VERSION'), 'utf8')).trim();
}
