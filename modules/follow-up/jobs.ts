import { z } from 'zod';
import { system, withTenant } from '#platform/db/tenant';
import { defineJob, type Recurring } from '#platform/jobs/job';
import { ok } from '#platform/result';
import { DEADLINES_JOB } from '#season/rules';
import { tellLateEscalations, tellStarved } from './alarm.service.ts';
import { endBars } from './barred-number.ts';
import { succeedMissed } from './callback.service.ts';
import { moveDeadlines } from './deadline.service.ts';
import { returnToPool } from './minor.service.ts';
import { isProofDue, PROOF_JOB, prove } from './proof.service.ts';
import { expireLease, overdueLeases } from './release.service.ts';

/** The proof, asked for by day. Reads only, so that starting again does no harm. */
const proofJob = defineJob({
  kind: PROOF_JOB,
  payload: z.object({}),
  run: async ({ env, tenantId }) => {
    const { faults, cases } = await withTenant(env, { tenantId, actor: system }, prove);
    return ok({ cases, faults: faults.length });
  },
});

/** After a change of a policy's dates. Started again, it goes on with what still differs. */
const deadlineJob = defineJob({
  kind: DEADLINES_JOB,
  payload: z.object({ policyId: z.uuid() }),
  run: async ({ env, tenantId }, { policyId }) => {
    const caller = { tenantId, actor: system };
    let moved = 0;
    let some = 0;
    do {
      some = await withTenant(env, caller, (ctx) => moveDeadlines(ctx, policyId));
      moved += some;
    } while (some > 0);
    return ok({ moved });
  },
});

export const followUpJobs = [proofJob, deadlineJob];

/** Leases that ran out go back, each in a transaction of its own; missed call-backs get their successors; what lies too long is told; every night all is proved. */
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
  {
    name: 'numbers whose last barred day is over',
    everyMinutes: 1,
    run: async ({ env, tenantId }) => {
      await withTenant(env, { tenantId, actor: system }, endBars);
    },
  },
  {
    name: 'late hand-overs',
    everyMinutes: 5,
    run: async ({ env, tenantId }) => {
      await withTenant(env, { tenantId, actor: system }, tellLateEscalations);
    },
  },
  {
    name: 'starvation alarm',
    everyMinutes: 30,
    run: async ({ env, tenantId }) => {
      await withTenant(env, { tenantId, actor: system }, tellStarved);
    },
  },
  {
    name: 'minors back to the pool',
    everyMinutes: 30,
    run: async ({ env, tenantId }) => {
      while ((await withTenant(env, { tenantId, actor: system }, returnToPool)) > 0);
    },
  },
  {
    name: 'nightly proof',
    everyMinutes: 30,
    run: async ({ env, log, tenantId }) => {
      const caller = { tenantId, actor: system };
      if (!(await withTenant(env, caller, isProofDue))) return;
      const { faults, tookMs, cases } = await withTenant(env, caller, prove);
      log[faults.length > 0 ? 'error' : 'info']({ tenantId, faults, tookMs, cases }, 'follow-up proved');
    },
  },
];
