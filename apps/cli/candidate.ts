import { parseArgs } from 'node:util';
import { lookUpCandidate } from '#candidate';
import { inTenant } from '#platform/db/tenant';
import { type Command, common, DONE, print, printRefusal, UsageError, withTenantRuntime } from './command.ts';
import { oneWord } from './words.ts';

/** One candidate file, masked; in clear only with a reason, which is logged. */
export const candidateCommand: Command = {
  usage: 'candidate 考生号 --tenant 代码 [--reveal --reason 理由] [--json]',
  run: async (args) => {
    const options = {
      ...common,
      tenant: { type: 'string' },
      reveal: { type: 'boolean', default: false },
      reason: { type: 'string' },
    } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const candidateNo = oneWord(positionals);
    if (!candidateNo || !/^\d{14}$/.test(candidateNo)) throw new UsageError('请给出 14 位考生号。');
    if (values.reveal && (values.reason ?? '').trim().length < 4)
      throw new UsageError('--reveal 需要 --reason，用至少 4 个字写明理由。');
    if (!values.reveal && values.reason !== undefined)
      throw new UsageError('--reason 只和 --reveal 一起用；不加 --reveal 时只显示脱敏信息。');
    const reason = values.reveal ? values.reason : undefined;
    return withTenantRuntime(values.tenant, async ({ env, caller }) => {
      const found = await inTenant(env, caller, (ctx) => lookUpCandidate(ctx, candidateNo, reason));
      if (!found.ok) return printRefusal(values.json, found.error);
      const { file, clear } = found.value;
      const value = clear ? { ...file, clear } : file;
      print(values.json, value, [JSON.stringify(value, null, 2)]);
      return DONE;
    });
  },
};
