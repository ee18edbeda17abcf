import { type Endpoint, handle } from '#platform/http/endpoint';
import { ok } from '#platform/result';
import { balanceWork, listLoads, listOwned } from './balance.service.ts';
import * as change from './change.contract.ts';
import * as changes from './change.service.ts';
import { readHistory } from './change.store.ts';
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

const changeEndpoints: readonly Endpoint[] = [
  handle(change.listLoads, async (ctx) => ok(await listLoads(ctx))),
  handle(change.listOwned, (ctx, { query }) => listOwned(ctx, query)),
  handle(change.caseHistory, async (ctx, { params }) => {
    const found = await changes.checkCase(ctx, params.caseId);
    return found.ok ? ok({ items: await readHistory(ctx, found.value) }) : found;
  }),
  handle(change.reassign, (ctx, { body }) => changes.reassignCases(ctx, body)),
  handle(change.takeBack, (ctx, { body }) => changes.takeBackCases(ctx, body)),
  handle(change.balance, (ctx, { body }) => balanceWork(ctx, body)),
  handle(change.returnAll, (ctx, { body }) => changes.returnAllByHand(ctx, body)),
];

/** Leads, assignment runs, changes of ownership. */
export const assignmentEndpoints = (): Endpoint[] => [...runEndpoints, ...changeEndpoints];
