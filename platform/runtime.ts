import { join } from 'node:path';
import type { Config } from '#platform/config';
import { loadMasterKey } from '#platform/crypto/master-key';
import { checkDatabase } from '#platform/db/check';
import { startEmbedded } from '#platform/db/embedded';
import { migrate } from '#platform/db/migrate';
import { closeDb, type Db, openDb } from '#platform/db/pool';
import type { Env } from '#platform/db/tenant';
import { applicationUrl } from '#platform/db/urls';
import { diskFiles, type FileStore } from '#platform/files/store';
import type { Log } from '#platform/log';

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
}

/** Starts or joins the database, checks it, migrates it, and opens the pool and the file store. */
export async function openRuntime(
  config: Config,
  log: Log,
  say: (line: string) => void = () => {},
): Promise<Runtime> {
  const embedded =
    config.databaseUrl === null ? await startEmbedded({ dataDir: config.dataDir, log: say }) : null;
  const ownerUrl = config.databaseUrl ?? embedded?.ownerUrl ?? '';
  try {
    await checkDatabase(ownerUrl);
    const applied = await migrate(ownerUrl);
    const appUrl = config.databaseAppUrl ?? applicationUrl(ownerUrl);
    const db = openDb(appUrl, {
      max: config.databasePoolSize,
      onIdleError: (error) => log.warn({ reason: error.message }, 'database connection lost'),
    });
    const owners: Db[] = [];
    const masterKey = await loadMasterKey(config);
    return {
      env: { db, masterKey },
      files: diskFiles(join(config.dataDir, 'files')),
      ownerUrl,
      appUrl,
      applied,
      owner: () => {
        const owner = openDb(ownerUrl, { max: 4 });
        owners.push(owner);
        return owner;
      },
      close: async () => {
        await closeDb(db);
        for (const owner of owners) await closeDb(owner);
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
