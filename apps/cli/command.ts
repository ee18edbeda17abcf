import { userInfo } from 'node:os';
import { loadConfig } from '#platform/config';
import { startDatabase } from '#platform/database';
import type { Durability } from '#platform/db/embedded-settings';
import { type Actor, type Caller, system } from '#platform/db/tenant';
import { makeLog } from '#platform/log';
import { openRuntime, type Runtime } from '#platform/runtime';
import { type Tenant, tenantByCode } from '#platform/tenant';
import { interruptible } from './interrupt.ts';

/** Exit codes: 0 done, 1 refused, 2 wrong usage or setting. */
export const DONE = 0;
export const REFUSED = 1;

export interface Command {
  readonly usage: string;
  readonly run: (args: string[]) => Promise<number>;
}

export class UsageError extends Error {}

/** Options every command has; merge into the `options` of parseArgs. */
export const common = { json: { type: 'boolean', default: false } } as const;

/** One result on standard output: JSON when asked, else the lines. */
export function print(json: boolean | undefined, value: unknown, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`);
}

/** A refusal: the sentence for people, or the whole value for programs. */
export function printRefusal(json: boolean | undefined, refusal: { code: string; message: string }): number {
  if (json) process.stdout.write(`${JSON.stringify({ refused: refusal })}\n`);
  else process.stderr.write(`${refusal.message}\n`);
  return REFUSED;
}

/** Starts or joins the database, runs the work, and leaves as found. */
export async function withRuntime<T>(
  work: (runtime: Runtime) => Promise<T>,
  durability?: Durability,
): Promise<T> {
  const config = loadConfig(process.env);
  return interruptible(async (signal) => {
    const starting = startDatabase(config, (line) => process.stderr.write(`${line}\n`), durability);
    const runtime = await openRuntime(config, makeLog('error'), starting);
    try {
      signal.throwIfAborted();
      signal.addEventListener('abort', runtime.abandon, { once: true });
      return await work(runtime);
    } finally {
      await runtime.close();
    }
  });
}

/** Whoever can run commands on the machine acts with every permission; the log names the account of the machine. */
export const operator = (): Actor => ({ ...system, name: `命令行（${userInfo().username}）` });

export interface TenantRuntime extends Runtime {
  readonly tenant: Tenant;
  readonly caller: Caller;
}

/** Like withRuntime, for one tenant named by its code. */
export function withTenantRuntime<T>(
  code: string | undefined,
  work: (runtime: TenantRuntime) => Promise<T>,
): Promise<T> {
  if (!code) throw new UsageError('缺少 --tenant 单位代码。');
  return withRuntime(async (runtime) => {
    const tenant = await tenantByCode(runtime.env.db, code);
    if (!tenant) throw new UsageError(`没有代码为 ${code} 的单位。可用 tenant list 查看已有单位。`);
    return work({ ...runtime, tenant, caller: { tenantId: tenant.id, actor: operator() } });
  });
}
