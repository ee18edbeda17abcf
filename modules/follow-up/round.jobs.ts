import { system, withTenant } from '#platform/db/tenant';
import type { Recurring } from '#platform/jobs/job';
import { countBehind, moveSome, noteMoved } from './round.service.ts';

/** Cases follow the season into its round, each portion in a transaction of its own. Nothing to do costs one look at the counters. */
export const roundRecurring: readonly Recurring[] = [
  {
    name: 'rounds',
    everyMinutes: 1,
    run: async ({ env, tenantId }) => {
      const caller = { tenantId, actor: system };
      const at = await withTenant(env, caller, countBehind);
      if (!at || at.behind === 0) return;
      let moved = 0;
      let some = 0;
      do {
        some = await withTenant(env, caller, (ctx) => moveSome(ctx, at.seasonId, at.round));
        moved += some;
      } while (some > 0);
      if (moved > 0) await withTenant(env, caller, (ctx) => noteMoved(ctx, { ...at, moved }));
    },
  },
];
