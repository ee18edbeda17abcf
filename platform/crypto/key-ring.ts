import { decrypt, encrypt } from './cipher.ts';

/**
 * The master keys of an installation, oldest first. One is normal; during a rotation there are two, and every process accepts
 * both. `read` looks again, so that a running server meets a key that was added after its start.
 */
export interface KeyRing {
  /** Tells rings apart in a cache; not secret. */
  readonly name: string;
  readonly read: () => Promise<readonly Buffer[]>;
}

/** A single key, or a ring that may change while the process runs. */
export type MasterKey = Buffer | KeyRing;

const MASTER_KEY_NO = 0;
const known = new WeakMap<KeyRing, Buffer>();

export const nameOf = (key: MasterKey): string => (Buffer.isBuffer(key) ? key.toString('base64') : key.name);

const keysOf = async (key: MasterKey): Promise<readonly Buffer[]> =>
  Buffer.isBuffer(key) ? [key] : key.read();

/** Wraps a tenant's key with the newest master key. */
export async function wrap(masterKey: MasterKey, tenantId: string, key: Buffer): Promise<Buffer> {
  const newest = (await keysOf(masterKey)).at(-1);
  if (!newest) throw new Error('there is no master key');
  return encrypt(newest, MASTER_KEY_NO, tenantId, key);
}

/** Unwraps with the key that did it last time, else with whichever key of the ring fits. Throws when none does. */
export async function unwrap(masterKey: MasterKey, tenantId: string, wrapped: Buffer): Promise<Buffer> {
  if (!Buffer.isBuffer(masterKey)) {
    const last = known.get(masterKey);
    const opened = last && tryOpen(last, tenantId, wrapped);
    if (opened) return opened;
  }
  for (const key of await keysOf(masterKey)) {
    const opened = tryOpen(key, tenantId, wrapped);
    if (!opened) continue;
    if (!Buffer.isBuffer(masterKey)) known.set(masterKey, key);
    return opened;
  }
  throw new Error('no master key opens the keys of the tenant');
}

function tryOpen(key: Buffer, tenantId: string, wrapped: Buffer): Buffer | null {
  try {
    return decrypt(key, tenantId, wrapped);
  } catch {
    return null;
  }
}
