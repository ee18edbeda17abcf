import { parseArgs } from 'node:util';
import { verifyFollowUp } from '#follow-up';
import { verifyAudit } from '#platform/audit/verify';
import { withTenant } from '#platform/db/tenant';
import { type Command, common, DONE, print, REFUSED, UsageError, withTenantRuntime } from './command.ts';

/** Proves what can be proved: the audit chains, and the obligations of the follow-up. */
export const verifyCommand: Command = {
  usage: 'verify audit|follow-up --tenant 代码 [--json]',
  run: async ([what, ...args]) => {
    if (what === 'audit') return audit(args);
    if (what === 'follow-up') return followUp(args);
    throw new UsageError('verify 之后应是 audit 或 follow-up。');
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

const FAULTS: Readonly<Record<string, string>> = {
  chain: '日志链被改动',
  replay: '日志重放与现状不符',
  tally: '计数与任务不符',
  contacts: '计数与联系记录不符',
  files: '考生档案少于导入的数目',
  journal_count: '日志条数不符',
  double_lease: '同时被两人占用',
  overlap: '占用时间重叠',
  attempt_without_lease: '联系记录没有对应的占用',
  lease_case: '占用与任务不符',
  silent_end: '办结没有依据',
  missed_without_successor: '错过的回电没有后续',
  no_next_step: '任务没有下一步',
};

async function followUp(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...common, tenant: { type: 'string' } } });
  return withTenantRuntime(values.tenant, async ({ env, caller }) => {
    const report = await withTenant(env, caller, verifyFollowUp);
    const states = Object.entries(report.byState).map(([state, cases]) => `${state} ${cases}`);
    print(values.json, report, [
      `任务 ${report.cases} 个（${states.join('，')}），日志 ${report.events} 条，联系 ${report.attempts} 次，发现 ${report.faults.length} 处问题。`,
      ...report.faults.map(({ what, subjectId }) => `${FAULTS[what] ?? what}：${subjectId}`),
    ]);
    return report.faults.length === 0 ? DONE : REFUSED;
  });
}
