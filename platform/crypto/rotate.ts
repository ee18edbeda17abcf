import { sql } from 'kysely';
import { type Env, system, withTenant } from '#platform/db/tenant';
import type { TenantId } from '#platform/ids';
import { keyNoOf } from './cipher.ts';
import { addKey, forgetVaults, VAULT_CACHE_MS, vaultOf } from './vault.ts';

const BATCH_ROWS = 500;

export interface Rotation {
  /** The key that seals from now on. */
  readonly keyNo: number;
  readonly resealed: number;
  /** Older keys that no row uses any more. */
  readonly retired: readonly number[];
}

export interface RotationOptions {
  /** Called after each committed batch; what it throws ends the run, which may be started again. */
  readonly onBatch?: (done: { table: string; column: string; rows: number }) => void;
  /** How long other processes may still seal with the old key. */
  readonly settleMs?: number;
}

/**
 * Gives a tenant a new data key and re-seals every value of domain `sealed`, in batches, while everybody works on. Started again
 * after an interruption it goes on with the newest key. The blind-index key stays, or every search would have to be rebuilt.
 * `env.db` is the owner's connection: some sealed columns are append-only for the application. Retired keys stay readable for
 * what lies outside the tables: backups, and files in the store.
 */
export async function rotateKeys(
  env: Env,
  tenantId: TenantId,
  options: RotationOptions = {},
): Promise<Rotation> {
  const run: Run = { env, tenantId, options, keyNo: await newestKey(env, tenantId) };
  const columns = await sealedColumns(run);
  let resealed = await sweep(run, columns);
  await new Promise((resolve) => setTimeout(resolve, options.settleMs ?? VAULT_CACHE_MS * 1.5));
  resealed += await sweep(run, columns);
  return { keyNo: run.keyNo, resealed, retired: await retire(run, columns) };
}

interface Run {
  readonly env: Env;
  readonly tenantId: TenantId;
  readonly options: RotationOptions;
  readonly keyNo: number;
}

/** Makes a key, unless an interrupted rotation left one that is not yet the only one in use. */
async function newestKey(env: Env, tenantId: TenantId): Promise<number> {
  const keyNo = await withTenant(env, { tenantId, actor: system }, async ({ tx }) => {
    const { rows } = await sql<{ key_no: number }>`
      select key_no from tenant_key where tenant_id = ${tenantId} and purpose = 'data' and retired_at is null
      order by key_no for update`.execute(tx);
    const newest = rows.at(-1)?.key_no;
    if (newest === undefined) throw new Error('tenant has no data key');
    if (rows.length > 1) return newest;
    await addKey(env.masterKey, tx, { tenantId, purpose: 'data', keyNo: newest + 1 });
    return newest + 1;
  });
  forgetVaults();
  return keyNo;
}

interface SealedColumn {
  readonly table: string;
  readonly column: string;
}

/** Every column of domain `sealed` of a table. */
async function sealedColumns({ env, tenantId }: Run): Promise<SealedColumn[]> {
  return withTenant(env, { tenantId, actor: system }, async ({ tx }) => {
    const { rows } = await sql<SealedColumn>`
      select c.relname as table, a.attname as column
      from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.atttypid = 'sealed'::regtype order by 1, 2`.execute(tx);
    return rows;
  });
}

async function sweep(run: Run, columns: readonly SealedColumn[]): Promise<number> {
  let total = 0;
  for (const at of columns) {
    for (let rows = -1; rows !== 0; ) {
      rows = await resealBatch(run, at);
      total += rows;
      if (rows > 0) run.options.onBatch?.({ table: at.table, column: at.column, rows });
    }
  }
  return total;
}

/** Bytes 2 and 3 of a sealed value name its key. */
const olderThan = (column: string, keyNo: number) =>
  sql`substring(${sql.ref(column)} from 2 for 2) <> ${Buffer.from([keyNo >> 8, keyNo & 0xff])}`;

/** Locks some rows, opens with the old key, seals with the new one: one transaction, whole or not at all. */
function resealBatch({ env, tenantId, keyNo }: Run, { table, column }: SealedColumn): Promise<number> {
  return withTenant(env, { tenantId, actor: system }, async ({ tx }) => {
    const vault = await vaultOf(env.masterKey, tx, tenantId);
    const { rows } = await sql<{ part: number; place: string; old: Buffer }>`
      select tableoid::oid as part, ctid::text as place, ${sql.ref(column)}::bytea as old from ${sql.table(table)}
      where tenant_id = ${tenantId} and ${sql.ref(column)} is not null and ${olderThan(column, keyNo)}
      limit ${BATCH_ROWS} for update`.execute(tx);
    if (rows.length === 0) return 0;
    const fresh = rows.map(({ old }) => vault.sealBytes(vault.openBytes(old)));
    if (fresh.some((value) => keyNoOf(value) !== keyNo)) throw new Error('a newer rotation has begun');
    // Locked rows do not move, so their place names them until the end of the transaction, whatever their primary key.
    await sql`update ${sql.table(table)} t set ${sql.ref(column)} = v.value
      from unnest(${rows.map(({ part }) => part)}::oid[], ${rows.map(({ place }) => place)}::tid[], ${fresh}::bytea[]) as v (part, place, value)
      where t.tenant_id = ${tenantId} and t.ctid = v.place and t.tableoid = v.part`.execute(tx);
    return rows.length;
  });
}

/** Marks older keys as retired when no sealed value of the tenant names them; checked in the same transaction. */
function retire({ env, tenantId, keyNo }: Run, columns: readonly SealedColumn[]): Promise<number[]> {
  return withTenant(env, { tenantId, actor: system }, async ({ tx, now }) => {
    for (const { table, column } of columns) {
      const { rows } = await sql`select 1 from ${sql.table(table)}
        where tenant_id = ${tenantId} and ${sql.ref(column)} is not null and ${olderThan(column, keyNo)} limit 1`.execute(
        tx,
      );
      if (rows.length > 0) return [];
    }
    const { rows } = await sql<{ key_no: number }>`
      update tenant_key set retired_at = ${new Date(now)}
      where tenant_id = ${tenantId} and purpose = 'data' and key_no < ${keyNo} and retired_at is null returning key_no`.execute(
      tx,
    );
    return rows.map((row) => row.key_no);
  });
}
