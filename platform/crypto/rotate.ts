import { sql } from 'kysely';
import { audit } from '#platform/audit/audit';
import { type Actor, type Caller, type Ctx, type Env, system, withTenant } from '#platform/db/tenant';
import { resealFile } from '#platform/files/files';
import type { FileStore } from '#platform/files/store';
import type { TenantId } from '#platform/ids';
import { keyNoOf } from './cipher.ts';
import { addKey, forgetVaults, VAULT_CACHE_MS, vaultOf } from './vault.ts';

const BATCH_ROWS = 500;

export interface Rotation {
  /** The key that seals from now on. */
  readonly keyNo: number;
  readonly resealed: number;
  readonly files: number;
  /** Older keys that no row uses any more. */
  readonly retired: readonly number[];
}

export interface RotationOptions {
  readonly files: FileStore;
  readonly actor?: Actor;
  /** Called after each committed batch; what it throws ends the run, which may be started again. */
  readonly onBatch?: (done: { table: string; column: string; rows: number }) => void;
  /** How long other processes may still seal with the old key. */
  readonly settleMs?: number;
}

/**
 * Gives a tenant a new data key and re-seals every value of domain `sealed` and every stored file, in batches, while everybody
 * works on. Started again after an interruption it goes on with the newest key. The blind-index key stays, or every search would
 * have to be rebuilt. `env.db` is the owner's connection: some sealed columns are append-only for the application. Retired keys
 * stay readable, for a job that began before and has not ended yet.
 */
export async function rotateKeys(env: Env, tenantId: TenantId, options: RotationOptions): Promise<Rotation> {
  const caller: Caller = { tenantId, actor: options.actor ?? system };
  const newest = await newestKey(env, caller);
  const run: Run = { env, caller, tenantId, options, keyNo: newest.keyNo };
  const columns = await sealedColumns(env, caller);
  let resealed = await sweep(run, columns);
  let files = await sweepFiles(run);
  const settleMs = options.settleMs ?? VAULT_CACHE_MS * 1.5;
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, settleMs - newest.ageMs)));
  resealed += await sweep(run, columns);
  files += await sweepFiles(run);
  return { keyNo: run.keyNo, resealed, files, retired: await retire(run, columns) };
}

/** Whether a rotation began and did not end. */
export async function isRotating(env: Env, tenantId: TenantId): Promise<boolean> {
  return withTenant(env, { tenantId, actor: system }, async ({ tx }) => {
    const { rows } = await sql`select 1 from tenant_key
      where tenant_id = ${tenantId} and purpose = 'data' and retired_at is null limit 2`.execute(tx);
    return rows.length > 1;
  });
}

interface Run {
  readonly env: Env;
  readonly caller: Caller;
  readonly tenantId: TenantId;
  readonly options: RotationOptions;
  readonly keyNo: number;
}

/** Makes a key, unless an interrupted rotation left one that is not yet the only one in use. */
async function newestKey(env: Env, caller: Caller): Promise<{ keyNo: number; ageMs: number }> {
  const { tenantId } = caller;
  const newest = await withTenant(env, caller, async (ctx) => {
    const { rows } = await sql<{ keyNo: number; ageMs: number }>`
      select key_no as "keyNo", (extract(epoch from clock_timestamp() - created_at) * 1000)::float8 as "ageMs" from tenant_key
      where tenant_id = ${tenantId} and purpose = 'data' and retired_at is null
      order by key_no for update`.execute(ctx.tx);
    const last = rows.at(-1);
    if (!last) throw new Error('tenant has no data key');
    if (rows.length > 1) return last;
    const keyNo = last.keyNo + 1;
    await addKey(env.masterKey, ctx.tx, { tenantId, purpose: 'data', keyNo });
    await audit(ctx, { action: 'keys.rotation_started', subjectType: 'keys', subjectId: String(keyNo) });
    return { keyNo, ageMs: 0 };
  });
  forgetVaults();
  return newest;
}

interface SealedColumn {
  readonly table: string;
  readonly column: string;
}

/** Every column of domain `sealed` of a table. */
async function sealedColumns(env: Env, caller: Caller): Promise<SealedColumn[]> {
  return withTenant(env, caller, async ({ tx }) => {
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
function resealBatch(
  { env, caller, tenantId, keyNo }: Run,
  { table, column }: SealedColumn,
): Promise<number> {
  return withTenant(env, caller, async ({ tx }) => {
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

/** Files of the store, one a transaction: its row is locked, so that nobody removes it meanwhile. */
async function sweepFiles(run: Run): Promise<number> {
  for (let count = 0; ; count += 1) {
    const id = await resealNextFile(run);
    if (id === null) return count;
    run.options.onBatch?.({ table: 'stored_file', column: 'content', rows: 1 });
  }
}

function resealNextFile({ env, caller, tenantId, keyNo, options }: Run): Promise<string | null> {
  return withTenant(env, caller, async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select id from stored_file where tenant_id = ${tenantId} and removed_at is null and key_no <> ${keyNo}
      limit 1 for update`.execute(ctx.tx);
    const [file] = rows;
    if (!file) return null;
    await resealFile(ctx, options.files, file.id);
    return file.id;
  });
}

/** Whether something of the tenant is still sealed with another key, or a job under way may yet use one. */
async function isOldKeyUsed({ tx }: Ctx, run: Run, columns: readonly SealedColumn[]): Promise<boolean> {
  const { tenantId, keyNo } = run;
  for (const { table, column } of columns) {
    const { rows } = await sql`select 1 from ${sql.table(table)}
      where tenant_id = ${tenantId} and ${sql.ref(column)} is not null and ${olderThan(column, keyNo)} limit 1`.execute(
      tx,
    );
    if (rows.length > 0) return true;
  }
  const { rows } = await sql`
    select 1 from stored_file where tenant_id = ${tenantId} and removed_at is null and key_no <> ${keyNo}
    union all
    select 1 from job j join tenant_key k on k.tenant_id = j.tenant_id and k.purpose = 'data' and k.key_no = ${keyNo}
    where j.tenant_id = ${tenantId} and j.state = 'running' and j.started_at < k.created_at limit 1`.execute(
    tx,
  );
  return rows.length > 0;
}

/** Marks older keys as retired when nothing of the tenant names them; checked in the same transaction. */
function retire(run: Run, columns: readonly SealedColumn[]): Promise<number[]> {
  const { env, caller, tenantId, keyNo } = run;
  return withTenant(env, caller, async (ctx) => {
    const { tx, now } = ctx;
    if (await isOldKeyUsed(ctx, run, columns)) return [];
    const { rows } = await sql<{ key_no: number }>`
      update tenant_key set retired_at = ${new Date(now)}
      where tenant_id = ${tenantId} and purpose = 'data' and key_no < ${keyNo} and retired_at is null returning key_no`.execute(
      tx,
    );
    const retired = rows.map((row) => row.key_no);
    if (retired.length > 0) {
      await audit(ctx, {
        action: 'keys.rotated',
        subjectType: 'keys',
        subjectId: String(keyNo),
        after: { retired },
      });
    }
    return retired;
  });
}

export interface KeyUse {
  readonly keyNo: number;
  readonly createdAt: number;
  readonly retiredAt: number | null;
  /** Sealed values and files that name this key. */
  readonly values: number;
  readonly files: number;
}

/** Which keys a tenant has and how much each of them seals; reads every sealed column. */
export async function keyUse(env: Env, tenantId: TenantId): Promise<KeyUse[]> {
  const columns = await sealedColumns(env, { tenantId, actor: system });
  return withTenant(env, { tenantId, actor: system }, async ({ tx }) => {
    const keys = await sql<Omit<KeyUse, 'values'>>`
      select k.key_no as "keyNo", k.created_at as "createdAt", k.retired_at as "retiredAt",
        (select count(*) from stored_file f where f.tenant_id = k.tenant_id and f.key_no = k.key_no and f.removed_at is null) as files
      from tenant_key k where k.tenant_id = ${tenantId} and k.purpose = 'data' order by 1`.execute(tx);
    const values = new Map<number, number>();
    for (const { table, column } of columns) {
      const { rows } = await sql<{ keyNo: number; n: number }>`
        select get_byte(${sql.ref(column)}::bytea, 1) * 256 + get_byte(${sql.ref(column)}::bytea, 2) as "keyNo", count(*) as n
        from ${sql.table(table)} where tenant_id = ${tenantId} and ${sql.ref(column)} is not null group by 1`.execute(
        tx,
      );
      for (const { keyNo, n } of rows) values.set(keyNo, (values.get(keyNo) ?? 0) + n);
    }
    return keys.rows.map((key) => ({ ...key, values: values.get(key.keyNo) ?? 0 }));
  });
}
