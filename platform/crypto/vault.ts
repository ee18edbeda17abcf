import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/pool';
import type { TenantId } from '#platform/ids';
import { decrypt, encrypt, keyedHash, keyNoOf } from './cipher.ts';
import { type MasterKey, nameOf, unwrap, wrap } from './key-ring.ts';

/** Seals and opens the sensitive fields of one tenant. Values are bytea of domain `sealed`. */
export interface Vault {
  seal(plain: string): Buffer;
  sealBytes(plain: Buffer): Buffer;
  open(sealed: Buffer): string;
  openBytes(sealed: Buffer): Buffer;
  /** Blind index: equal text, equal 32 bytes; for exact search on ID number and phone. Normalise before. */
  blind(text: string): Buffer;
  /** The key that seals files from now on. */
  currentKey(): DataKey;
  /** A data key by its number, also an older one: what it sealed stays readable. */
  dataKey(keyNo: number): Buffer;
  /** Keys in the clear, for a worker thread of this process that seals in bulk. Never store or log them. */
  export(): VaultKeys;
}

export interface VaultKeys {
  readonly tenantId: string;
  readonly dataKeys: ReadonlyMap<number, Buffer>;
  readonly currentKeyNo: number;
  readonly indexKey: Buffer;
}

export interface DataKey {
  readonly keyNo: number;
  readonly key: Buffer;
}

const KEY_BYTES = 32;
/** How long a process may go on sealing with the keys it knows, after another one made a newer key. */
export const VAULT_CACHE_MS = 60_000;
const vaults = new Map<string, { vault: Vault; readAt: number }>();

/** The vault of a tenant, its keys read again every minute. They were made with the tenant. */
export async function vaultOf(masterKey: MasterKey, tx: Tx, tenantId: TenantId): Promise<Vault> {
  const cacheKey = `${nameOf(masterKey)}/${tenantId}`;
  const known = vaults.get(cacheKey);
  if (known && performance.now() - known.readAt < VAULT_CACHE_MS) return known.vault;
  const vault = openVault(await loadKeys(masterKey, tx, tenantId), () => vaults.delete(cacheKey));
  vaults.set(cacheKey, { vault, readAt: performance.now() });
  return vault;
}

/** Forgets cached keys, after a rotation. */
export const forgetVaults = (): void => vaults.clear();

/** A vault from keys in memory. `onUnknownKey` lets the cache reload after another process rotated. */
export function openVault(keys: VaultKeys, onUnknownKey: () => void = () => {}): Vault {
  const current = keys.dataKeys.get(keys.currentKeyNo);
  if (!current) throw new Error('tenant has no current data key');
  const dataKey = (keyNo: number): Buffer => {
    const key = keys.dataKeys.get(keyNo);
    if (key) return key;
    onUnknownKey();
    throw Object.assign(new Error('sealed with a newer key'), { code: '40001' });
  };
  const sealBytes = (plain: Buffer): Buffer => encrypt(current, keys.currentKeyNo, keys.tenantId, plain);
  const openBytes = (sealed: Buffer): Buffer => decrypt(dataKey(keyNoOf(sealed)), keys.tenantId, sealed);
  return {
    seal: (plain) => sealBytes(Buffer.from(plain)),
    sealBytes,
    open: (sealed) => openBytes(sealed).toString(),
    openBytes,
    blind: (text) => keyedHash(keys.indexKey, text),
    currentKey: () => ({ keyNo: keys.currentKeyNo, key: current }),
    dataKey,
    export: () => keys,
  };
}

interface KeyRow {
  key_no: number;
  purpose: 'data' | 'index';
  wrapped: Buffer;
  retired: boolean;
}

async function loadKeys(masterKey: MasterKey, tx: Tx, tenantId: TenantId): Promise<VaultKeys> {
  const rows = await readKeys(tx, tenantId);
  const clear = await Promise.all(
    rows.map(async (row) => ({ ...row, key: await unwrap(masterKey, tenantId, row.wrapped) })),
  );
  const data = clear.filter((row) => row.purpose === 'data');
  const index = clear.find((row) => row.purpose === 'index');
  if (!index) throw new Error('tenant has no index key');
  return {
    tenantId,
    dataKeys: new Map(data.map((row) => [row.key_no, row.key])),
    currentKeyNo: Math.max(...data.map((row) => row.key_no)),
    indexKey: index.key,
  };
}

async function readKeys(tx: Tx, tenantId: TenantId): Promise<KeyRow[]> {
  const { rows } = await sql<KeyRow>`
    select key_no, purpose, wrapped, retired_at is not null as retired from tenant_key
    where tenant_id = ${tenantId} order by key_no`.execute(tx);
  return rows;
}

interface KeyAddress {
  tenantId: TenantId;
  purpose: 'data' | 'index';
  keyNo: number;
}

/** Makes a key and stores it wrapped by the master key. */
export async function addKey(
  masterKey: MasterKey,
  tx: Tx,
  { tenantId, purpose, keyNo }: KeyAddress,
): Promise<void> {
  // The lock that an insert takes anyway, before the ring is read: a rotation of the master key sees this key or is seen here.
  await sql`lock table tenant_key in row exclusive mode`.execute(tx);
  const wrapped = await wrap(masterKey, tenantId, randomBytes(KEY_BYTES));
  await sql`insert into tenant_key (tenant_id, purpose, key_no, wrapped)
    values (${tenantId}, ${purpose}, ${keyNo}, ${wrapped})`.execute(tx);
}
