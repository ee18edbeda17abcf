import { join } from 'node:path';
import type { Config } from '#platform/config';
import { loadMasterKey } from '#platform/crypto/master-key';
import { fitsDatabase } from '#platform/crypto/rotate-master';
import { type StartingDatabase, startDatabase } from '#platform/database';
import { checkApplicationRole, checkDatabase } from '#platform/db/check';
import { migrate } from '#platform/db/migrate';
import { closeDb, cutDb, type Db, openDb } from '#platform/db/pool';
import { type Env, tenantIds } from '#platform/db/tenant';
import { applicationUrl } from '#platform/db/urls';
import { diskFiles, type FileStore } from '#platform/files/store';
import type { Log } from '#platform/log';
import { SetupError } from '#platform/setup-error';

/** What a running process of the platform holds: server and operator commands alike. */
export interface Runtime {
  readonly env: Env;
  readonly files: FileStore;
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Opens the owner's connection, for the few things the application may not do: creating tenants, bulk loading. */
  readonly owner: () => Db;
  readonly applied: readonly string[];
  readonly close: () => Promise<void>;
  /** Makes whatever uses the database fail and roll back, now. `close` is still to be called. */
  readonly abandon: () => void;
}

/**
 * Starts or joins the database unless that is under way, checks it, migrates it, and opens the pool and the file store. Throws
 * SetupError with a Chinese sentence where settings, key or database do not fit; the database is stopped then.
 */
export async function openRuntime(
  config: Config,
  log: Log,
  starting: StartingDatabase = startDatabase(config, () => {}),
): Promise<Runtime> {
  const embedded = await starting.ready;
  const ownerUrl = config.databaseUrl ?? embedded?.ownerUrl ?? '';
  let opened: Db | undefined;
  try {
    await checkDatabase(ownerUrl);
    const applied = await migrate(ownerUrl);
    const appUrl = config.databaseAppUrl ?? applicationUrl(ownerUrl);
    if (config.databaseUrl !== null) await checkApplicationRole(appUrl);
    opened = openDb(appUrl, {
      max: config.databasePoolSize,
      onIdleError: (error) => log.warn({ reason: error.message }, 'database connection lost'),
    });
    const db = opened;
    const owners: Db[] = [];
    let isAbandoned = false;
    const isEmpty = (await tenantIds({ db })).length === 0;
    const masterKey = await loadMasterKey(config, isEmpty);
    if (!(await fitsDatabase({ db, masterKey }))) throw new SetupError(wrongKey(config));
    return {
      env: { db, masterKey },
      files: diskFiles(join(config.dataDir, 'files')),
      ownerUrl,
      appUrl,
      applied,
      owner: () => {
        if (isAbandoned) throw new Error('the runtime has been abandoned');
        const owner = openDb(ownerUrl, { max: 4 });
        owners.push(owner);
        return owner;
      },
      abandon: () => {
        isAbandoned = true;
        for (const each of [db, ...owners]) cutDb(each).catch(() => {});
      },
      close: async () => {
        await closeDb(db);
        for (const owner of owners) await closeDb(owner);
        await embedded?.stop();
      },
    };
  } catch (error) {
    if (opened) await closeDb(opened);
    await embedded?.stop();
    throw error;
  }
}

const wrongKey = ({ keyFile, masterKey }: Config): string =>
  `${masterKey === null ? `主密钥文件 ${keyFile} ` : 'MASTER_KEY '}与这个数据库不匹配，打不开已加密的内容。请换回当初的密钥；刚恢复过备份的，请放回备份当时的密钥。`;
