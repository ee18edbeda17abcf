import { sql } from 'kysely';
import { audit } from '#platform/audit/audit';
import type { MasterKey } from '#platform/crypto/key-ring';
import { addKey } from '#platform/crypto/vault';
import type { Db } from '#platform/db/pool';
import { type Actor, makeCtx } from '#platform/db/tenant';
import { newId, type TenantId } from '#platform/ids';

export interface Tenant {
  readonly id: TenantId;
  readonly code: string;
  readonly name: string;
  readonly kind: 'institution' | 'authority';
}

/** A tenant's code as it is stored: people type it in capitals too. */
export const normalCode = (typed: string): string => typed.trim().toLowerCase();

/** Finds a tenant by the code that people type at login and operators in commands. */
export async function tenantByCode(db: Db, code: string): Promise<Tenant | null> {
  const { rows } =
    await sql<Tenant>`select id, code, name, kind from tenant where code = ${normalCode(code)}`.execute(
      db.kysely,
    );
  return rows[0] ?? null;
}

const STRIPES = 64;

/**
 * Creates a tenant with its keys and audit chains, whose first line says who did it where there is somebody. Needs the owner's
 * connection: the application role may not.
 */
export async function createTenant(
  owner: Db,
  masterKey: MasterKey,
  given: Omit<Tenant, 'id'>,
  actor?: Actor,
): Promise<Tenant | 'taken'> {
  return owner.kysely.transaction().execute(async (tx) => {
    const id = newId<TenantId>();
    await sql`select set_config('app.tenant_id', ${id}, true)`.execute(tx);
    const { numAffectedRows } = await sql`
      insert into tenant (id, code, name, kind) values (${id}, ${given.code}, ${given.name}, ${given.kind})
      on conflict (code) do nothing`.execute(tx);
    if (numAffectedRows === 0n) return 'taken';
    await addKey(masterKey, tx, { tenantId: id, purpose: 'data', keyNo: 1 });
    await addKey(masterKey, tx, { tenantId: id, purpose: 'index', keyNo: 1 });
    await sql`insert into audit_head (tenant_id, stripe, seq, hash)
      select ${id}, n, 0, sha256('') from generate_series(0, ${STRIPES - 1}) n`.execute(tx);
    if (actor) {
      const ctx = await makeCtx({ db: owner, masterKey }, tx, { tenantId: id, actor }, Date.now());
      await audit(ctx, { action: 'tenant.created', subjectType: 'tenant', subjectId: id, after: given });
    }
    return { id, ...given };
  });
}
