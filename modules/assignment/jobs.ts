import { z } from 'zod';
import { type Actor, inTenant, system, withTenant } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import { defineJob, type JobContext, type Recurring } from '#platform/jobs/job';
import { profileOf } from '#staff';
import { permissionsOf } from '#staff/rules';
import { matchLeads } from './match.service.ts';
import { RELEASE_JOB, writeRelease } from './release.service.ts';
import { setRunState } from './run.store.ts';

/** Releases a run in the name of the clerk who pressed the button. */
const releaseJob = defineJob({
  kind: RELEASE_JOB,
  payload: z.object({ runId: z.uuid(), clerkId: z.uuid() }),
  run: async (job, { runId, clerkId }) => {
    const caller = { tenantId: job.tenantId, actor: await actorOf(job, clerkId as UserId) };
    const released = await inTenant(job.env, caller, (ctx) =>
      writeRelease(ctx, runId, (done, total) =>
        job.progress({ done, total, unit: '名', step: '正在生成回访任务' }),
      ),
    );
    if (!released.ok && released.error.code !== 'already_released')
      await withTenant(job.env, caller, (ctx) =>
        setRunState(ctx, runId, { state: 'previewed', jobId: job.jobId, releasedBy: null }),
      );
    return released;
  },
});

const actorOf = (job: JobContext, userId: UserId): Promise<Actor> =>
  withTenant(
    job.env,
    {
      tenantId: job.tenantId,
      actor: { userId, name: '', roles: [], permissions: new Set(), sessionId: null, ip: null },
    },
    async (ctx) => {
      const profile = await profileOf(ctx, userId);
      const roles = profile?.roles ?? [];
      const name = profile?.name ?? '录检组';
      return { userId, name, roles, permissions: permissionsOf(roles), sessionId: null, ip: null };
    },
  );

export const assignmentJobs = [releaseJob];

/** Deliveries come from elsewhere: whoever waits for a list is looked for in it soon after. */
const matching: Recurring = {
  name: 'lead matching',
  everyMinutes: 5,
  run: async ({ env, tenantId }) => {
    await withTenant(env, { tenantId, actor: system }, (ctx) => matchLeads(ctx));
  },
};

export const assignmentRecurring = [matching];
