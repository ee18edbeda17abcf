import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Env } from '#platform/db/tenant';

const ANSWER_MS = 3_000;

/**
 * Asks whether the database answers, and takes silence for a no: one that hangs refuses nothing. However often it is asked, at most one
 * question is on its way, so that asking does not use up the connections.
 */
export function databaseProbe(env: Env, answerMs: number = ANSWER_MS): () => Promise<boolean> {
  let asked: Promise<boolean> | undefined;
  const ask = (): Promise<boolean> =>
    sql`select 1`.execute(env.db.kysely).then(
      () => true,
      () => false,
    );
  return () => {
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return Promise.race([asked, sleep(answerMs, false, { ref: false })]);
  };
}
