import type { Config } from '#platform/config';
import { type Embedded, startEmbedded } from '#platform/db/embedded';
import type { Durability } from '#platform/db/embedded-settings';

export interface StartingDatabase {
  /** Its process runs, or ran already: from now on the wait is its own and we may be busy. */
  readonly launched: Promise<unknown>;
  /** Ours, to be stopped by us; null where DATABASE_URL names another. Rejects like `startEmbedded`. */
  readonly ready: Promise<Embedded | null>;
}

/** Starts or joins the database of these settings; one that runs already keeps its durability. */
export function startDatabase(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  say: (line: string) => void,
  durability: Durability = 'production',
): StartingDatabase {
  if (databaseUrl !== null) return { launched: Promise.resolve(), ready: Promise.resolve(null) };
  const { promise, resolve } = Promise.withResolvers<void>();
  const ready = startEmbedded({ dataDir, durability, log: say, onLaunch: resolve });
  const launched = Promise.race([promise, ready]);
  // Whoever waits for `ready` alone hears of a failure there.
  launched.catch(() => {});
  return { launched, ready };
}
