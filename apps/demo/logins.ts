import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { totpCode } from '#platform/session/totp';
import { ROLE_LABELS, type Role } from '#staff/rules';
import type { DemoReport } from './build.ts';

const fileIn = (dataDir: string): string => join(dataDir, 'demo-logins.json');

/** Keeps the logins of invented people beside the demonstration's data, readable by its owner only. */
export const saveLogins = (dataDir: string, report: DemoReport): Promise<void> =>
  writeFile(fileIn(dataDir), `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });

export async function readLogins(dataDir: string): Promise<DemoReport | null> {
  try {
    return JSON.parse(await readFile(fileIn(dataDir), 'utf8')) as DemoReport;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A password people can type from the screen, different for every installation. */
export const newDemoPassword = (): string =>
  `yanshi-${randomInt(100_000, 999_999)}-${randomInt(100_000, 999_999)}`;

/** The demonstration's logins as a table for the terminal. */
export function loginLines({
  tenant,
  password,
  logins,
}: Pick<DemoReport, 'tenant' | 'password' | 'logins'>): string[] {
  const label = (role: string): string => ROLE_LABELS[role as Role] ?? role;
  return [
    `演示单位代码 ${tenant.code}，所有演示账号的密码都是 ${password}`,
    ...logins.map(({ username, name, roles, totpSecret }) => {
      const second = totpSecret
        ? `动态口令密钥 ${totpSecret}，现在是 ${totpCode(totpSecret, Date.now())}`
        : '不需要动态口令';
      return `  ${username.padEnd(12)}${name}（${roles.map(label).join('、')}）：${second}`;
    }),
    '当前动态口令随时可用 npm run -s zhizhao -- demo logins 查看。',
  ];
}
