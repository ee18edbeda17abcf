import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SetupError } from '#platform/setup-error';
import type { KeyRing } from './key-ring.ts';

const KEY_BYTES = 32;
const OTHERS_MAY_READ = 0o006;

export interface KeySource {
  /** Keys as text from MASTER_KEY; null means the file. */
  readonly masterKey: string | null;
  readonly keyFile: string;
}

/**
 * The master keys: 32 bytes each as hex or base64 text, one a line, oldest first, from MASTER_KEY or from the key file, which is
 * made on first use with mode 0600 unless `mayCreate` is false because there is already something that only the old key opens.
 * Throws SetupError with a Chinese sentence when the file is missing, readable for everybody, or holds no key.
 */
export async function loadMasterKey(source: KeySource, mayCreate = true): Promise<KeyRing> {
  const { masterKey, keyFile } = source;
  if (masterKey === null) {
    await findKeyFile(keyFile, mayCreate);
    await refuseOpenFile(keyFile);
  }
  const read = async (): Promise<readonly Buffer[]> =>
    parseKeys(masterKey ?? (await readFile(keyFile, 'utf8')), keyFile);
  await read();
  return { name: createHash('sha256').update(`${keyFile}|${masterKey}`).digest('hex'), read };
}

function parseKeys(text: string, keyFile: string): Buffer[] {
  const keys = text.split(/[\s,]+/).filter((word) => word !== '');
  if (keys.length === 0) throw new SetupError(`主密钥文件 ${keyFile} 是空的，请放回原来的密钥文件。`);
  return keys.map((word) => {
    const key = Buffer.from(word, /^[\da-f]{64}$/i.test(word) ? 'hex' : 'base64');
    if (key.length === KEY_BYTES) return key;
    throw new SetupError(
      `主密钥应为 ${KEY_BYTES} 字节的 Base64 文本，现为 ${key.length} 字节，请检查 MASTER_KEY 或 ${keyFile}。`,
    );
  });
}

async function findKeyFile(path: string, mayCreate: boolean): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new SetupError(`主密钥文件 ${path} 不能读取（${error.code}），请检查目录和文件的权限。`);
  });
  if (found?.isFile()) return;
  if (found) throw new SetupError(`主密钥文件 ${path} 不是一个文件，请用 KEY_FILE 指明密钥文件本身。`);
  if (!mayCreate) {
    throw new SetupError(
      `找不到主密钥文件 ${path}，而数据库里已有用它加密的内容。请把原来的密钥文件放回这里，或用 KEY_FILE 指明位置；没有它，身份证号、电话和材料无法读取。`,
    );
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Written beside and linked into place: another process starting now sees the whole key or none, and the first one wins.
  const draft = await writeDraft(path, [randomBytes(KEY_BYTES)]);
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
}

async function refuseOpenFile(path: string): Promise<void> {
  if (process.platform === 'win32' || ((await stat(path)).mode & OTHERS_MAY_READ) === 0) return;
  throw new SetupError(`主密钥文件 ${path} 对本机所有人可读，不安全。请执行 chmod 600 ${path} 后再启动。`);
}

async function writeDraft(path: string, keys: readonly Buffer[]): Promise<string> {
  const draft = `${path}.${randomUUID()}`;
  const text = keys.map((key) => `${key.toString('base64')}\n`).join('');
  await writeFile(draft, text, { mode: 0o600, flush: true });
  return draft;
}

/** Begins a rotation: a second key in the file, which every process accepts from now on. One left by an interrupted rotation stays. */
export async function addNewMasterKey({ masterKey, keyFile }: KeySource): Promise<void> {
  const keys = parseKeys(masterKey ?? (await readFile(keyFile, 'utf8')), keyFile);
  if (keys.length > 1) return;
  if (masterKey !== null) {
    throw new SetupError(
      '主密钥由 MASTER_KEY 给出，程序不能改写它。请生成一把新密钥，把 MASTER_KEY 设为“旧密钥,新密钥”并重启所有服务，再执行本命令，最后只保留新密钥。',
    );
  }
  await rename(await writeDraft(keyFile, [...keys, randomBytes(KEY_BYTES)]), keyFile);
}

/** Ends a rotation: the newest key stays, the others move to a file beside, for the backups that were made under them. */
export async function keepNewestMasterKey(keyFile: string, day: string): Promise<string> {
  const keys = parseKeys(await readFile(keyFile, 'utf8'), keyFile);
  const until = `${keyFile}.until-${day}-${randomUUID().slice(0, 8)}`;
  await rename(await writeDraft(keyFile, keys.slice(0, -1)), until);
  await rename(await writeDraft(keyFile, keys.slice(-1)), keyFile);
  return until;
}
