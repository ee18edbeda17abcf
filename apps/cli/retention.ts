import { parseArgs } from 'node:util';
import { inTenant, withTenant } from '#platform/db/tenant';
import { ok } from '#platform/result';
import { daysOf, sweepExpired } from '#platform/retention';
import { changeTenantSettings, tenantSettings } from '#platform/tenant-settings';
import { retentionRules } from '../server/app.ts';
import { type Command, common, DONE, print, UsageError, withTenantRuntime } from './command.ts';

/** Deletes what has expired, as the server does every hour; a dry run only counts. `set` changes the days of one rule. */
export const retentionCommand: Command = {
  usage:
    'retention --tenant 代码 [--dry-run] [--json]；retention list --tenant 代码；retention set 规则 天数 --tenant 代码 --reason 理由',
  run: async (args) => {
    const text = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { ...common, tenant: text, reason: text, 'dry-run': { type: 'boolean', default: false } },
    });
    const [verb, rule, days, ...rest] = positionals;
    const { json, tenant, reason } = values;
    if (verb === undefined) return sweep({ json, tenant, dryRun: values['dry-run'] === true });
    if (verb === 'list' && rule === undefined) return list({ json, tenant });
    if (verb === 'set' && rest.length === 0) return set({ json, tenant, rule, days, reason });
    throw new UsageError('retention 之后可以是 list 或 set，或者不写。');
  },
};

interface Given {
  readonly json: boolean | undefined;
  readonly tenant: string | undefined;
}

const sweep = ({ json, tenant, dryRun }: Given & { dryRun: boolean }): Promise<number> =>
  withTenantRuntime(tenant, async ({ env, owner, caller, files }) => {
    const lines = await sweepExpired({
      env: { ...env, db: owner() },
      caller,
      files,
      rules: retentionRules,
      dryRun,
    });
    const words = dryRun ? '将处理' : '已处理';
    print(json, { dryRun, rules: lines }, [
      ...lines.map(({ label, days, count }) => `${words} ${count} 条：${label}（${days} 天）`),
      ...(dryRun ? ['这是试运行，什么也没有改动。'] : []),
    ]);
    return DONE;
  });

const list = ({ json, tenant }: Given): Promise<number> =>
  withTenantRuntime(tenant, async ({ env, caller }) => {
    const { retention } = await withTenant(env, caller, tenantSettings);
    const rules = retentionRules.map((rule) => ({
      id: rule.id,
      label: rule.label,
      since: rule.since,
      days: daysOf(rule, retention),
      standard: rule.days.standard,
      min: rule.days.min,
    }));
    print(
      json,
      { rules },
      rules.map(({ id, label, since, days, min }) => `${id}\t${since}后 ${days} 天（最少 ${min}）\t${label}`),
    );
    return DONE;
  });

interface Change extends Given {
  readonly rule: string | undefined;
  readonly days: string | undefined;
  readonly reason: string | undefined;
}

async function set({ json, tenant, rule: id, days: text, reason }: Change): Promise<number> {
  const rule = retentionRules.find((known) => known.id === id);
  if (!rule) throw new UsageError(`规则应取自：${retentionRules.map((known) => known.id).join('、')}。`);
  const days = Number(text);
  if (!/^\d+$/.test(text ?? '') || days < rule.days.min || days > 3650)
    throw new UsageError(`${rule.id} 的天数应在 ${rule.days.min} 到 3650 之间。`);
  if (!reason || reason.trim().length < 4) throw new UsageError('--reason 用至少 4 个字写明理由。');
  return withTenantRuntime(tenant, async ({ env, caller }) => {
    await inTenant(env, caller, async (ctx) => {
      const { retention } = await tenantSettings(ctx);
      return ok(await changeTenantSettings(ctx, { retention: { ...retention, [rule.id]: days } }, reason));
    });
    print(json, { id: rule.id, days }, [`${rule.label}：${rule.since}后 ${days} 天。`]);
    return DONE;
  });
}
