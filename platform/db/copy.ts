import { Kysely, type PostgresClient, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { from } from 'pg-copy-streams';
import type { Result } from '#platform/result';
import type { Tables } from './pool.ts';
import { type Caller, type Ctx, type Env, inTenant } from './tenant.ts';

/** Streams text in COPY format into a table of the transaction. Row-level security allows it for temporary tables only. */
export type Copy = (table: string, columns: readonly string[], text: Buffer) => Promise<void>;

/** Like inTenant, with COPY on the connection of the transaction. */
export async function inTenantCopying<R extends Result<unknown, unknown>>(
  env: Env,
  caller: Caller,
  work: (ctx: Ctx, copy: Copy) => Promise<R>,
): Promise<R> {
  const client = await env.db.pool.connect();
  const one = {
    connect: async () => ({
      query: client.query.bind(client) as PostgresClient['query'],
      release: () => undefined,
    }),
    end: async () => undefined,
    options: {},
  };
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: one }) });
  const copy: Copy = async (table, columns, text) => {
    const stream = client.query(from(`copy ${table} (${columns.join(', ')}) from stdin`));
    await new Promise<void>((resolve, reject) => {
      stream.once('error', reject).once('finish', () => resolve());
      stream.end(text);
    });
  };
  try {
    const single: Env = { ...env, db: { pool: env.db.pool, kysely } };
    return await inTenant(single, caller, (ctx) => work(ctx, copy));
  } finally {
    // Ended, not kept: a connection that had temporary tables cleans up at its end, and would hold up a shutdown.
    await (client as unknown as pg.Client).end().catch(() => undefined);
    client.release(true);
  }
}

const SPECIAL = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A text for COPY; null stays null. NUL does not exist in PostgreSQL texts and becomes a blank. */
export function copyText(text: string | null): string {
  if (text === null) return '\\N';
  const clean = text.includes('\0') ? text.replaceAll('\0', ' ') : text;
  return SPECIAL.test(clean) ? clean.replace(/[\\\t\n\r]/g, (char) => escapes[char] ?? char) : clean;
}

export const copyBytes = (bytes: Buffer | null): string =>
  bytes === null ? '\\N' : `\\\\x${bytes.toString('hex')}`;
