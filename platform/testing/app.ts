import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { sql } from 'kysely';
import { closeDb, type Db, openDb } from '#platform/db/pool';
import { type Actor, type Ctx, type Env, system, withTenant } from '#platform/db/tenant';
import { diskFiles, type FileStore } from '#platform/files/store';
import { type EventHub, openEvents } from '#platform/http/events';
import { formatBearer, hashToken, newToken } from '#platform/http/request-session';
import { type Instant, newId, type TenantId, type UserId } from '#platform/ids';
import { makeLog } from '#platform/log';
import { createTenant } from '#platform/tenant';
import { createTestDatabase } from './database.ts';

/** A world of its own for one test file: database, one or more tenants, people, and the clock in your hand. */
export interface World {
  readonly env: Env;
  readonly owner: Db;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly files: FileStore;
  readonly tenantId: TenantId;
  /** Sets the time that `ctx.now` gives from now on; undefined: the database's clock. */
  setClock(now: Instant | undefined): void;
  addTenant(code: string): Promise<TenantId>;
  /** A signed-in person; `cookie` goes into requests. */
  addPerson(given: { roles: string[]; name?: string; tenantId?: TenantId }): Promise<Person>;
  /** Runs a piece of work as a person (or the platform) in one transaction. */
  as<T>(who: Person | 'system', work: (ctx: Ctx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface Person {
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly username: string;
  readonly token: string;
  readonly actor: Actor;
}

export interface WorldOptions {
  readonly permissionsOf?: (roles: readonly string[]) => ReadonlySet<string>;
}

export async function makeWorld(options: WorldOptions = {}): Promise<World> {
  const database = await createTestDatabase();
  const db = openDb(database.appUrl, { max: 20 });
  const owner = openDb(database.ownerUrl, { max: 4 });
  const folder = await mkdtemp(join(tmpdir(), 'zhizhao-files-'));
  let clock: Instant | undefined;
  const masterKey = randomBytes(32);
  const env: Env = {
    db,
    masterKey,
    get clock() {
      const fixed = clock;
      return fixed === undefined ? undefined : () => fixed;
    },
  } as Env;
  const addTenant = async (code: string): Promise<TenantId> => {
    const tenant = await createTenant(owner, masterKey, { code, name: `${code} 学院`, kind: 'institution' });
    if (tenant === 'taken') throw new Error(`tenant ${code} exists`);
    return tenant.id;
  };
  const tenantId = await addTenant('test');
  return {
    env,
    owner,
    ownerUrl: database.ownerUrl,
    appUrl: database.appUrl,
    files: diskFiles(folder),
    tenantId,
    setClock: (now) => {
      clock = now;
    },
    addTenant,
    addPerson: (given) => addPerson(env, { tenantId, ...given }, options),
    as: (who, work) =>
      withTenant(
        env,
        who === 'system' ? { tenantId, actor: system } : { tenantId: who.tenantId, actor: who.actor },
        work,
      ),
    close: async () => {
      await closeDb(db);
      await closeDb(owner);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

let people = 0;

async function addPerson(
  env: Env,
  given: { roles: string[]; name?: string; tenantId: TenantId },
  { permissionsOf = () => new Set<string>() }: WorldOptions,
): Promise<Person> {
  people += 1;
  const userId = newId<UserId>();
  const sessionId = newId();
  const token = newToken();
  const username = `person${people}`;
  const name = given.name ?? `测试${people}`;
  await withTenant(env, { tenantId: given.tenantId, actor: system }, async ({ tx }) => {
    await sql`insert into user_account (tenant_id, id, username, name, must_change_password, notice_version)
      values (${given.tenantId}, ${userId}, ${username}, ${name}, false, 'test')`.execute(tx);
    for (const role of given.roles) {
      await sql`insert into user_role (tenant_id, user_id, role) values (${given.tenantId}, ${userId}, ${role})`.execute(
        tx,
      );
    }
    await sql`insert into session (tenant_id, id, user_id, token_hash, stage, created_at, last_seen_at, expires_at, fresh_until)
      values (${given.tenantId}, ${sessionId}, ${userId}, ${hashToken(token)}, 'signed_in', now(), now(), now() + interval '1 day', now() + interval '1 day')`.execute(
      tx,
    );
  });
  const actor: Actor = {
    userId,
    name,
    roles: given.roles,
    permissions: permissionsOf(given.roles),
    sessionId,
    ip: '127.0.0.1',
  };
  return { userId, tenantId: given.tenantId, username, token, actor };
}

/** Event hub and log for building the real server in a test. */
export async function serverParts(
  world: World,
): Promise<{ events: EventHub; log: ReturnType<typeof makeLog> }> {
  const log = makeLog('silent');
  return { events: await openEvents(world.appUrl, log), log };
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { code?: string; message?: string };
  readonly headers: Record<string, unknown>;
}

/** Sends a request through the server as a person: cookie, our header, and a fresh idempotency key unless given. */
export async function request(
  app: FastifyInstance,
  who: Person | null,
  call: { method: InjectOptions['method']; url: string; body?: unknown; key?: string; cookieName?: string },
): Promise<Answer> {
  const response = await app.inject({
    method: call.method ?? 'GET',
    url: `/api${call.url}`,
    headers: {
      'x-requested-with': 'zhizhao',
      ...(who && { cookie: `${call.cookieName ?? 'zhizhao_session'}=${formatBearer(who)}` }),
      ...(call.method !== 'GET' && { 'idempotency-key': call.key ?? newId() }),
    },
    ...(call.body !== undefined && { payload: call.body as object }),
  });
  const text = response.body;
  return {
    status: response.statusCode,
    body: text.startsWith('{') ? JSON.parse(text) : {},
    headers: response.headers,
  };
}
