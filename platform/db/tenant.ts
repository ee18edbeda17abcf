import { sql } from 'kysely';
import type { MasterKey } from '#platform/crypto/key-ring';
import { type Vault, vaultOf } from '#platform/crypto/vault';
import { type Instant, newId, type TenantId, type UserId } from '#platform/ids';
import type { Result } from '#platform/result';
import type { Db, Tx } from './pool.ts';

/** Who acts. `userId` is null for the platform itself (jobs, command line). */
export interface Actor {
  readonly userId: UserId | null;
  readonly name: string;
  readonly roles: readonly string[];
  readonly permissions: ReadonlySet<string>;
  readonly sessionId: string | null;
  readonly ip: string | null;
}

/** What every use case gets. `now` is the transaction's time in the database: the one clock that decides deadlines. */
export interface Ctx {
  readonly tx: Tx;
  readonly tenantId: TenantId;
  readonly actor: Actor;
  readonly now: Instant;
  readonly requestId: string;
  readonly vault: Vault;
  /** When an invented act is said to have happened. Without it the log has the database's clock, whatever `now` is. */
  readonly toldAt?: Instant;
}

/** Everything long-lived that opening a transaction needs. `clock` replaces the database's time in tests. */
export interface Env {
  readonly db: Db;
  readonly masterKey: MasterKey;
  readonly clock?: () => Instant;
  /** The clock is that of a story: its log is told by it too. Only the demonstration does so. */
  readonly story?: boolean;
}

export interface Caller {
  readonly tenantId: TenantId;
  readonly actor: Actor;
  readonly requestId?: string;
}

/** The platform acting on its own. */
export const system: Actor = {
  userId: null,
  name: '系统',
  roles: [],
  permissions: new Set(['*']),
  sessionId: null,
  ip: null,
};

const RETRIES = 4;
const isTransient = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === '40001' || error.code === '40P01');

class Rollback extends Error {
  readonly result: unknown;
  constructor(result: unknown) {
    super('refused');
    this.result = result;
  }
}

/**
 * Runs one use case in one transaction of one tenant. A refused result rolls back and is returned; a fault rolls back and
 * is thrown; serialization failures and deadlocks are retried from the start, so `work` must not act outside the transaction.
 */
export async function inTenant<R extends Result<unknown, unknown>>(
  env: Env,
  caller: Caller,
  work: (ctx: Ctx) => Promise<R>,
): Promise<R> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await env.db.kysely.transaction().execute(async (tx) => {
        const ctx = await openCtx(env, tx, caller);
        const result = await work(ctx);
        if (!result.ok) throw new Rollback(result);
        return result;
      });
    } catch (error) {
      if (error instanceof Rollback) return error.result as R;
      if (!isTransient(error) || attempt >= RETRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
    }
  }
}

/** Like inTenant for work that has no refusal: reads, jobs, tools. */
export async function withTenant<T>(env: Env, caller: Caller, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  const result = await inTenant(env, caller, async (ctx) => ({ ok: true as const, value: await work(ctx) }));
  return result.value;
}

async function openCtx(env: Env, tx: Tx, caller: Caller): Promise<Ctx> {
  const { rows } = await sql<{ now: Instant }>`
    select now() as now, set_config('app.tenant_id', ${caller.tenantId}, true)`.execute(tx);
  return makeCtx(env, tx, caller, rows[0]?.now ?? Date.now());
}

/** Completes a context once the tenant of the transaction is set. */
export async function makeCtx(env: Env, tx: Tx, caller: Caller, now: Instant): Promise<Ctx> {
  const at = env.clock?.() ?? now;
  return {
    tx,
    tenantId: caller.tenantId,
    actor: caller.actor,
    now: at,
    ...(env.story && { toldAt: at }),
    requestId: caller.requestId ?? newId(),
    vault: await vaultOf(env.masterKey, tx, caller.tenantId),
  };
}

/** All tenants, for background work that visits each in its own transaction. */
export async function tenantIds(env: Pick<Env, 'db'>): Promise<TenantId[]> {
  const { rows } = await sql<{ id: TenantId }>`select id from tenant order by id`.execute(env.db.kysely);
  return rows.map((row) => row.id);
}
