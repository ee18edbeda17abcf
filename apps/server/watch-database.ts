import type { Env } from '#platform/db/tenant';
import { databaseProbe } from './database-probe.ts';

const LOOK_EVERY_MS = 5_000;
const LOOKS_BEFORE_GIVING_UP = 6;

/**
 * Calls `onLost` once the database has not answered for half a minute. A server without its database serves nobody; ended, it
 * is started again by whoever watches over it, and the next start recovers the embedded database. Returns how to stop looking.
 */
export function watchDatabase(env: Env, onLost: () => void): () => void {
  const answers = databaseProbe(env);
  let missed = 0;
  const look = async (): Promise<void> => {
    missed = (await answers()) ? 0 : missed + 1;
    if (missed < LOOKS_BEFORE_GIVING_UP) return;
    clearInterval(timer);
    onLost();
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
