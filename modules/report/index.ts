import { type Env, system, withTenant } from '#platform/db/tenant';
import type { TenantId } from '#platform/ids';
import type { Module } from '#platform/module';
import { foldCases, foldContacts } from './fold.store.ts';
import { reportEndpoints } from './routes.ts';

/** Folds every waiting delta of a tenant into the sums, in transactions of bounded size. */
export async function foldCounters(env: Env, tenantId: TenantId): Promise<void> {
  for (const fold of [foldCases, foldContacts]) {
    while ((await withTenant(env, { tenantId, actor: system }, fold)) > 0);
  }
}

export const reportModule: Module = {
  endpoints: reportEndpoints,
  recurring: [
    { name: 'fold counters', everyMinutes: 1, run: ({ env, tenantId }) => foldCounters(env, tenantId) },
  ],
};
