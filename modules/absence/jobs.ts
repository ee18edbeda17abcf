import { inTenant, system, withTenant } from '#platform/db/tenant';
import type { Recurring } from '#platform/jobs/job';
import { shanghaiDay } from '#platform/shanghai';
import type { ReturnAll } from './departure.ts';
import { beginLeave } from './leave.service.ts';
import { begunLeaves, endPassedLeaves, goneWithWork } from './leave.store.ts';

/** Turns of the day: leaves begin and end, and the work of accounts that expired goes back. Each in its own transaction. */
export const absenceRecurring = (returnAllOf: ReturnAll): Recurring => ({
  name: 'absence',
  everyMinutes: 5,
  run: async ({ env, log, tenantId }) => {
    const caller = { tenantId, actor: system };
    const due = await withTenant(env, caller, async (ctx) => {
      const today = shanghaiDay(ctx.now);
      await endPassedLeaves(ctx, today);
      return { leaves: await begunLeaves(ctx, today), gone: await goneWithWork(ctx, today) };
    });
    for (const id of due.leaves) {
      const begun = await inTenant(env, caller, (ctx) => beginLeave(ctx, returnAllOf, id));
      if (!begun.ok) log.warn({ leave: id, code: begun.error.code }, 'leave could not begin');
    }
    for (const userId of due.gone) {
      const returned = await inTenant(env, caller, (ctx) => returnAllOf(ctx, userId, '账号已停用或到期'));
      if (!returned.ok) log.warn({ user: userId, code: returned.error.code }, 'work could not be returned');
    }
  },
});
