import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/pool';
import type { TenantId } from '#platform/ids';
import { decrypt, encrypt, keyedHash, keyNoOf } from './cipher.ts';

/** Seals and opens the sensitive fields of one tenant. Values are bytea of domain `sealed`. */
export interface Vault {
  seal(plain: string): Buffer;
  sealBytes(plain: Buffer): Buffer;
  open(sealed: Buffer): string;
  openBytes(sealed: Buffer): Buffer;
  /** Blind index: equal text, equal 32 bytes; for exact search on ID number and phone. Normalise before. */
  blind(text: string): Buffer;
  /** Keys in the clear, for a worker thread of this process that seals in bulk. Never store or log them. */
  export(): VaultKeys;
}

export interface VaultKeys {
  readonly tenantId: string;
  readonly dataKeys: ReadonlyMap<number, Buffer>;
  readonly currentKeyNo: number;
  readonly indexKey: Buffer;
}

const MASTER_KEY_NO = 0;
const KEY_BYTES = 32;
/** How long a process may go on sealing with the keys it knows, after another one made a newer key. */
export const VAULT_CACHE_MS = 60_000;
const vaults = new Map<string, { vault: Vault; readAt: number }>();

/** The vault of a tenant, its keys read again every minute. They were made with the tenant. */
export async function vaultOf(masterKey: Buffer, tx: Tx, tenantId: TenantId): Promise<Vault> {
  const cacheKey = `${masterKey.toString('base64')}/${tenantId}`;
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
  const keyOf = (sealed: Buffer): Buffer => {
    const key = keys.dataKeys.get(keyNoOf(sealed));
    if (key) return key;
    onUnknownKey();
    throw Object.assign(new Error('sealed with a newer key'), { code: '40001' });
  };
  const sealBytes = (plain: Buffer): Buffer => encrypt(current, keys.currentKeyNo, keys.tenantId, plain);
  const openBytes = (sealed: Buffer): Buffer => decrypt(keyOf(sealed), keys.tenantId, sealed);
  return {
    seal: (plain) => sealBytes(Buffer.from(plain)),
    sealBytes,
    open: (sealed) => openBytes(sealed).toString(),
    openBytes,
    blind: (text) => keyedHash(keys.indexKey, text),
    export: () => keys,
  };
}

interface KeyRow {
  key_no: number;
  purpose: 'data' | 'index';
  wrapped: Buffer;
  retired: boolean;
}

async function loadKeys(masterKey: Buffer, tx: Tx, tenantId: TenantId): Promise<VaultKeys> {
  const rows = await readKeys(tx, tenantId);
  const unwrap = (row: KeyRow): Buffer => decrypt(masterKey, tenantId, row.wrapped);
  const data = rows.filter((row) => row.purpose === 'data');
  const index = rows.find((row) => row.purpose === 'index');
  if (!index) throw new Error('tenant has no index key');
  return {
    tenantId,
    dataKeys: new Map(data.map((row) => [row.key_no, unwrap(row)])),
    currentKeyNo: Math.max(...data.map((row) => row.key_no)),
    indexKey: unwrap(index),
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
  masterKey: Buffer,
  tx: Tx,
  { tenantId, purpose, keyNo }: KeyAddress,
): Promise<void> {
  const wrapped = encrypt(masterKey, MASTER_KEY_NO, tenantId, randomBytes(KEY_BYTES));
  await sql`insert into tenant_key (tenant_id, purpose, key_no, wrapped)
    values (${tenantId}, ${purpose}, ${keyNo}, ${wrapped})`.execute(tx);
}
