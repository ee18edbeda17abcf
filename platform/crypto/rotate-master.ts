import { sql } from 'kysely';
import { audit } from '#platform/audit/audit';
import { type Actor, type Env, tenantIds, withTenant } from '#platform/db/tenant';
import { unwrap, wrap } from './key-ring.ts';
import { forgetVaults } from './vault.ts';

/**
 * Wraps the keys of every tenant with the newest master key, a tenant at a time; what they seal is not touched. May be started
 * again at any point. `env.db` is the owner's connection. Returns how many keys were wrapped anew.
 */
export async function rewrapKeys(env: Env, actor: Actor): Promise<number> {
  let count = 0;
  for (const tenantId of await tenantIds(env)) {
    count += await withTenant(env, { tenantId, actor }, async (ctx) => {
      // Against a key being made at this moment with the ring as it was: see addKey.
      await sql`lock table tenant_key in share row exclusive mode`.execute(ctx.tx);
      const { rows } = await sql<{ purpose: string; key_no: number; wrapped: Buffer }>`
        select purpose, key_no, wrapped from tenant_key where tenant_id = ${tenantId}`.execute(ctx.tx);
      for (const row of rows) {
        const fresh = await wrap(env.masterKey, tenantId, await unwrap(env.masterKey, tenantId, row.wrapped));
        await sql`update tenant_key set wrapped = ${fresh}
          where tenant_id = ${tenantId} and purpose = ${row.purpose} and key_no = ${row.key_no}`.execute(
          ctx.tx,
        );
      }
      await audit(ctx, {
        action: 'keys.master_rotated',
        subjectType: 'keys',
        subjectId: null,
        after: { keys: rows.length },
      });
      return rows.length;
    });
  }
  forgetVaults();
  return count;
}

/** Whether the master key is the one that this database was filled with; true for an empty database. */
export async function fitsDatabase(env: Env): Promise<boolean> {
  const [tenantId] = await tenantIds(env);
  if (!tenantId) return true;
  return env.db.kysely.transaction().execute(async (tx) => {
    await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(tx);
    const { rows } = await sql<{ wrapped: Buffer }>`
      select wrapped from tenant_key where tenant_id = ${tenantId} limit 1`.execute(tx);
    const wrapped = rows[0]?.wrapped;
    return (
      !wrapped ||
      unwrap(env.masterKey, tenantId, wrapped).then(
        () => true,
        () => false,
      )
    );
  });
}
