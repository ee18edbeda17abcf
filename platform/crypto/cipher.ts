import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 3;
const pool = Buffer.alloc(NONCE_BYTES * 1024);
let used = pool.length;

/** Fresh random nonces, drawn in blocks: one system call for a thousand fields. */
function nonce(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += NONCE_BYTES;
  return Buffer.from(pool.subarray(used - NONCE_BYTES, used));
}

const prepared = new WeakMap<Buffer, KeyObject>();

/** A key handed over as bytes is imported anew at every call, which costs four times the work itself. */
function keyObject(key: Buffer): KeyObject {
  const known = prepared.get(key);
  if (known) return known;
  const made = createSecretKey(key);
  prepared.set(key, made);
  return made;
}

/** AES-256-GCM: version (1 byte), key number (2), nonce (12), ciphertext, tag (16). `context` binds it to its tenant. */
export function encrypt(key: Buffer, keyNo: number, context: string, plain: Buffer): Buffer {
  const iv = nonce();
  const cipher = createCipheriv('aes-256-gcm', keyObject(key), iv).setAAD(Buffer.from(context));
  const body = cipher.update(plain);
  cipher.final();
  const header = Buffer.from([VERSION, keyNo >> 8, keyNo & 0xff]);
  return Buffer.concat([header, iv, body, cipher.getAuthTag()]);
}

/** Which key sealed this value. */
export const keyNoOf = (sealed: Buffer): number => sealed.readUInt16BE(1);

/** Throws when the value was altered, belongs to another tenant, or the key is not the one that sealed it. */
export function decrypt(key: Buffer, context: string, sealed: Buffer): Buffer {
  if (sealed[0] !== VERSION || sealed.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES)
    throw new Error('not a sealed value');
  const bodyStart = HEADER_BYTES + NONCE_BYTES;
  const bodyEnd = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', keyObject(key), sealed.subarray(HEADER_BYTES, bodyStart));
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(bodyEnd));
  return Buffer.concat([decipher.update(sealed.subarray(bodyStart, bodyEnd)), decipher.final()]);
}

const BLOCK_BYTES = 64;

interface Pads {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

const pads = new WeakMap<Buffer, Pads>();

/** The two padded keys of HMAC (RFC 2104), made once a key; our keys are shorter than a block. */
function padsOf(key: Buffer): Pads {
  const known = pads.get(key);
  if (known) return known;
  if (key.length > BLOCK_BYTES) throw new Error('an index key is at most a block long');
  const padded = (mark: number): Buffer => {
    const bytes = Buffer.alloc(BLOCK_BYTES, mark);
    key.forEach((byte, place) => {
      bytes[place] = byte ^ mark;
    });
    return bytes;
  };
  const made = { inner: padded(0x36), outer: padded(0x5c) };
  pads.set(key, made);
  return made;
}

/**
 * Keyed hash for exact search on a sealed field: HMAC-SHA256, 32 bytes. Written out over one-shot hashes, because an object for
 * each HMAC costs several times the work itself, and an import makes millions.
 */
export function keyedHash(key: Buffer, text: string): Buffer {
  const { inner, outer } = padsOf(key);
  const digest = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer');
  return hash('sha256', Buffer.concat([outer, digest]), 'buffer');
}
