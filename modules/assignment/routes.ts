import { type Endpoint, handle } from '#platform/http/endpoint';
import { ok } from '#platform/result';
import * as contract from './contract.ts';
import { startRelease } from './release.service.ts';
import * as runs from './run.service.ts';

const runEndpoints: readonly Endpoint[] = [
  handle(contract.runOptions, async (ctx) => ok(await runs.readOptions(ctx))),
  handle(contract.previewRun, (ctx, { body }) => runs.previewRun(ctx, body)),
  handle(contract.listRuns, async (ctx, { query }) => ok(await runs.listTheRuns(ctx, query))),
  handle(contract.readRun, (ctx, { params }) => runs.readTheRun(ctx, params.id)),
  handle(contract.releaseRun, (ctx, { params }) => startRelease(ctx, params.id)),
  handle(contract.discardRun, (ctx, { params }) => runs.discardRun(ctx, params.id)),
];

/** Leads, assignment runs, changes of ownership. */
export const assignmentEndpoints = (): Endpoint[] => [...runEndpoints];
