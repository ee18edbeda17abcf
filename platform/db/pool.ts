import { createHash } from 'node:crypto';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';

/** Statements are written with kysely's `sql` tag, which types its rows itself; no table types are kept beside the schema. */
export type Tables = Record<never, never>;
export type Tx = Transaction<Tables>;

export interface Db {
  readonly pool: pg.Pool;
  readonly kysely: Kysely<Tables>;
}

// int8 and numeric as numbers: counts, fen and scores stay below 2^53; a date stays text; an instant is milliseconds.
const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, Number],
  [pg.types.builtins.NUMERIC, Number],
  [pg.types.builtins.DATE, String],
  [
    pg.types.builtins.TIMESTAMPTZ,
    (text) => Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')),
  ],
]);

const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) ||
    pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

const MARK = '/* prepared */';

/**
 * Begins a statement that runs many times a second with the same text: the database parses and plans it once a connection. Not
 * for lists whose best plan depends on the values.
 */
export const prepared = sql.raw(MARK);

const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = createHash('sha256').update(text).digest('base64url');
  names.set(text, name);
  return name;
}

/** Sends marked statements under a name. */
class PreparingClient extends pg.Client {
  override query(...given: never[]): never {
    const [text, values, ...rest] = given as unknown[];
    const marked = typeof text === 'string' && text.startsWith(MARK) && Array.isArray(values);
    const sent = marked ? [{ name: nameOf(text), text, values }, ...rest] : given;
    return Reflect.apply(super.query, this, sent) as never;
  }
}

/** Connections that a pool holds now. */
const connected = new WeakMap<pg.Pool, Set<pg.PoolClient>>();

/** Opens a pool. Errors of idle connections (a restarted database) are reported and the connection replaced. */
export function openDb(url: string, options: { max: number; onIdleError?: (error: Error) => void }): Db {
  const pool = new pg.Pool({
    Client: PreparingClient,
    connectionString: url,
    max: options.max,
    types,
    application_name: 'zhizhao',
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 15_000,
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // A connection lost while in use rejects its query; without a listener the error would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const clients = new Set<pg.PoolClient>();
  connected.set(pool, clients);
  pool.on('connect', (client) => void clients.add(client));
  pool.on('remove', (client) => void clients.delete(client));
  return { pool, kysely: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }) };
}

export const closeDb = (db: Db): Promise<void> => db.kysely.destroy();

/** Closes without waiting for anybody: what is under way fails and its transaction is rolled back; what would begin later fails too. */
export async function cutDb(db: Db): Promise<void> {
  const closing = closeDb(db);
  for (const client of connected.get(db.pool) ?? [])
    (client as unknown as pg.Client).connection.stream.destroy();
  await closing;
  // A pool that nobody had used yet is left open by the line above.
  if (!db.pool.ending) await db.pool.end();
}
