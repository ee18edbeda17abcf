import type { Module } from '#platform/module';
import { assignmentJobs, assignmentRecurring } from './jobs.ts';
import { assignmentRetention } from './retention.ts';
import { assignmentEndpoints } from './routes.ts';

export { returnAllOf } from './change.service.ts';
export { writeRelease } from './release.service.ts';
export { previewRun } from './run.service.ts';

export const assignmentModule: Module = {
  endpoints: assignmentEndpoints,
  jobs: assignmentJobs,
  recurring: assignmentRecurring,
  retention: assignmentRetention,
};
