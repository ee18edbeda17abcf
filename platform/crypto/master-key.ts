import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const KEY_BYTES = 32;

/**
 * The master key: 32 bytes as hex or base64 text from MASTER_KEY, or from the key file, which is made on first use with mode 0600.
 * Throws a Chinese sentence when the key is not 32 bytes. Losing it means losing every sealed field.
 */
export async function loadMasterKey(config: { masterKey: string | null; keyFile: string }): Promise<Buffer> {
  const text = config.masterKey ?? (await readKeyFile(config.keyFile));
  const key = Buffer.from(text.trim(), /^[\da-f]{64}$/i.test(text.trim()) ? 'hex' : 'base64');
  if (key.length !== KEY_BYTES) {
    throw new Error(
      `主密钥应为 ${KEY_BYTES} 字节的 Base64 文本，现为 ${key.length} 字节，请检查 MASTER_KEY 或 ${config.keyFile}。`,
    );
  }
  return key;
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Written beside and linked into place: another process starting now sees the whole key or none, and the first one wins.
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flush: true });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
  return readFile(path, 'utf8');
}
