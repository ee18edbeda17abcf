import { system, withTenant } from '#platform/db/tenant';
import type { Recurring } from '#platform/jobs/job';
import { succeedMissed } from './callback.service.ts';
import { expireLease, overdueLeases } from './release.service.ts';

/** Every minute: leases that ran out go back, missed call-backs get their successors. Each lease in a transaction of its own. */
export const followUpRecurring: readonly Recurring[] = [
  {
    name: 'expired leases',
    everyMinutes: 1,
    run: async ({ env, tenantId }) => {
      const caller = { tenantId, actor: system };
      for (const leaseId of await withTenant(env, caller, overdueLeases)) {
        await withTenant(env, caller, (ctx) => expireLease(ctx, leaseId));
      }
    },
  },
  {
    name: 'missed call-backs',
    everyMinutes: 1,
    run: async ({ env, tenantId }) => {
      await withTenant(env, { tenantId, actor: system }, succeedMissed);
    },
  },
];
