import type { z } from 'zod';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { shanghaiDay } from '#platform/shanghai';
import type { accountReport as reportRoute } from './contract.ts';
import { findingsOn } from './report.rules.ts';
import { readAccountFacts } from './session.store.ts';

/** 账号检查 (GB/T 22239-2019 8.1.4.2 b and c): stale, unused, ending and shared accounts, with a sentence each. Reading it is audited. */
export async function accountReport(ctx: Ctx): Promise<z.output<typeof reportRoute.reply>> {
  const accounts = await readAccountFacts(ctx);
  const at = { now: ctx.now, today: shanghaiDay(ctx.now) };
  const items = accounts.flatMap((account) =>
    findingsOn(account, at).map((found) => ({
      ...found,
      id: account.id,
      name: account.name,
      username: account.username,
      roles: account.roles,
    })),
  );
  await audit(ctx, {
    action: 'account.report_read',
    subjectType: 'tenant',
    subjectId: ctx.tenantId,
    after: { findings: items.length },
  });
  return { checkedAt: ctx.now, accounts: accounts.length, items };
}
