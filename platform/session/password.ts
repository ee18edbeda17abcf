import { hash, verify } from '@node-rs/argon2';

// OWASP's second choice of argon2id parameters: 19 MiB, two passes; the hash describes itself.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), cost);

let nobody: Promise<string> | undefined;

/** Checks a password in the same time whether the account exists or not (ASVS 6.3.8). */
export async function checkPassword(stored: string | null, password: string): Promise<boolean> {
  nobody ??= hashPassword('nobody has this password');
  const right = await verify(stored ?? (await nobody), password.normalize('NFKC'));
  return right && stored !== null;
}

let common: ReadonlySet<string> | undefined;

/** Whether it stands in the published list of the most used passwords. */
export async function isCommonPassword(password: string): Promise<boolean> {
  common ??= await loadCommon();
  return common.has(password.toLowerCase());
}

async function loadCommon(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'] as string[]);
}
