import { parseArgs } from 'node:util';
import { audit } from '#platform/audit/audit';
import { loadConfig } from '#platform/config';
import { withTenant } from '#platform/db/tenant';
import { readSpool, spoolFolder } from '#platform/outbox-spool';
import { type Command, common, DONE, print, UsageError, withTenantRuntime } from './command.ts';
import { dayFrom } from './words.ts';

/** Opens the messages of a day that wait in files for somebody to send them; each look is audited. */
export const outboxCommand: Command = {
  usage: 'outbox read --tenant 代码 --day YYYY-MM-DD --reason 用途 [--json]',
  run: async ([verb, ...args]) => {
    if (verb !== 'read') throw new UsageError('outbox 之后应是 read。');
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ args, options: { ...common, tenant: text, day: text, reason: text } });
    const { reason } = values;
    const day = dayFrom(values.day, '--day');
    if (!reason || reason.trim().length < 4) throw new UsageError('--reason 用至少 4 个字写明用途。');
    const folder = spoolFolder(loadConfig(process.env));
    return withTenantRuntime(values.tenant, async ({ env, caller }) => {
      const messages = await withTenant(env, caller, async (ctx) => {
        const found = await readSpool(ctx, folder, day);
        await audit(ctx, {
          action: 'outbox.opened',
          subjectType: 'outbox',
          subjectId: day,
          reason,
          after: { messages: found.length },
        });
        return found;
      });
      print(
        values.json,
        { messages },
        messages.map(({ channel, recipient, body }) => `${channel}\t${recipient}\t${body}`),
      );
      return DONE;
    });
  },
};
