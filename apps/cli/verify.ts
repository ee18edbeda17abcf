import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { verifyFollowUp } from '#follow-up';
import { type ChainHead, contradicted, readHeads } from '#platform/audit/heads';
import { verifyAudit } from '#platform/audit/verify';
import { withTenant } from '#platform/db/tenant';
import { type Command, common, DONE, print, REFUSED, UsageError, withTenantRuntime } from './command.ts';

/** Proves what can be proved: the audit chains, and the obligations of the follow-up. */
export const verifyCommand: Command = {
  usage: 'verify audit|follow-up --tenant 代码 [--heads 公布过的链尾.json] [--json]',
  run: async ([what, ...args]) => {
    if (what === 'audit') return audit(args);
    if (what === 'follow-up') return followUp(args);
    throw new UsageError('verify 之后应是 audit 或 follow-up。');
  },
};

async function audit(args: string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { ...common, tenant: text, heads: text } });
  const published = values.heads === undefined ? [] : await readPublished(values.heads);
  return withTenantRuntime(values.tenant, async ({ env, caller }) => {
    const report = await withTenant(env, caller, async (ctx) => ({
      ...(await verifyAudit(ctx)),
      contradicted: await contradicted(ctx, published),
      ...(await readHeads(ctx)),
    }));
    const words = { missing: '缺行', changed: '被改动', head: '链尾不符' };
    print(values.json, report, [
      `审计日志共 ${report.entries} 条，发现 ${report.faults.length + report.contradicted.length} 处问题。`,
      ...report.faults.map(({ stripe, seq, what }) => `第 ${stripe} 链第 ${seq} 条：${words[what]}`),
      ...report.contradicted.map(({ stripe, seq }) => `第 ${stripe} 链第 ${seq} 条：与公布过的链尾不符`),
      `现在全部链尾的校验值（可以公布）：${report.digest}`,
    ]);
    return report.faults.length + report.contradicted.length === 0 ? DONE : REFUSED;
  });
}

const Published = z.object({
  heads: z.array(z.object({ stripe: z.number(), seq: z.number(), hash: z.string() })),
});

/** Heads as the page 审计日志 or this command with --json gave them out. */
async function readPublished(file: string): Promise<ChainHead[]> {
  const read = await readFile(file, 'utf8').catch(() => null);
  if (read === null) throw new UsageError(`读不到文件 ${file}。`);
  const parsed = Published.safeParse(jsonOf(read));
  if (!parsed.success) throw new UsageError(`${file} 不是公布过的链尾（JSON）。`);
  return parsed.data.heads;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
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
