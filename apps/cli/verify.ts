import { parseArgs } from 'node:util';
import { verifyAudit } from '#platform/audit/verify';
import { withTenant } from '#platform/db/tenant';
import { type Command, common, DONE, print, REFUSED, UsageError, withTenantRuntime } from './command.ts';

/** Proves what can be proved: the audit chains, and the obligations of the follow-up. */
export const verifyCommand: Command = {
  usage: 'verify audit --tenant 代码 [--json]',
  run: async ([what, ...args]) => {
    if (what === 'audit') return audit(args);
    throw new UsageError('verify 之后应是 audit。');
  },
};

async function audit(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...common, tenant: { type: 'string' } } });
  return withTenantRuntime(values.tenant, async ({ env, caller }) => {
    const report = await withTenant(env, caller, verifyAudit);
    const words = { missing: '缺行', changed: '被改动', head: '链尾不符' };
    print(values.json, report, [
      `审计日志共 ${report.entries} 条，发现 ${report.faults.length} 处问题。`,
      ...report.faults.map(({ stripe, seq, what }) => `第 ${stripe} 链第 ${seq} 条：${words[what]}`),
    ]);
    return report.faults.length === 0 ? DONE : REFUSED;
  });
}
