import type { Module } from '#platform/module';
import { assignmentJobs } from './jobs.ts';
import { assignmentEndpoints } from './routes.ts';

export { returnAllOf } from './change.service.ts';
export { type MatchFigures, matchLeads } from './match.service.ts';
export { type Released, writeRelease } from './release.service.ts';
export { previewRun } from './run.service.ts';

export const assignmentModule: Module = { endpoints: assignmentEndpoints, jobs: assignmentJobs };
