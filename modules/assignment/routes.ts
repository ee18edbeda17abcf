import { inTenant } from '#platform/db/tenant';
import { type Endpoint, handle, handleStream } from '#platform/http/endpoint';
import { sendSheet, takeSheet } from '#platform/http/sheet';
import { ok } from '#platform/result';
import { balanceWork, listLoads, listOwned } from './balance.service.ts';
import * as change from './change.contract.ts';
import * as changes from './change.service.ts';
import { readHistory } from './change.store.ts';
import { releaseChecks } from './check.contract.ts';
import { checkRelease } from './check.service.ts';
import * as contract from './contract.ts';
import * as lead from './lead.contract.ts';
import * as leads from './lead.service.ts';
import { importTheLeads, leadTemplate } from './lead-import.service.ts';
import { startRelease } from './release.service.ts';
import * as runs from './run.service.ts';

const runEndpoints: readonly Endpoint[] = [
  handle(contract.runOptions, async (ctx) => ok(await runs.readOptions(ctx))),
  handle(releaseChecks, (ctx) => checkRelease(ctx)),
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

const leadEndpoints: readonly Endpoint[] = [
  handle(lead.listLeads, async (ctx, { body }) => ok(await leads.listLeads(ctx, body))),
  handle(lead.registerLead, (ctx, { body }) => leads.registerLead(ctx, body)),
  handle(lead.voidLead, (ctx, { params, body }) => leads.voidLead(ctx, params.id, body.reason)),
  handle(lead.settleLead, (ctx, { params, body }) => leads.settleLead(ctx, params.id, body)),
  handleStream(lead.leadTemplate, async ({ reply }) => {
    sendSheet(reply, '报备导入模板.xlsx', await leadTemplate());
    return ok(undefined);
  }),
  handleStream(lead.importLeads, async (io, { query }) => {
    const limits = { bytesMax: lead.LEAD_IMPORT_BYTES, kinds: 'XLSX 或 CSV', of: '报备' } as const;
    const given = await takeSheet(io.request, limits);
    if (!given.ok) return given;
    return inTenant(io.env, io.caller, (ctx) => importTheLeads(ctx, given.value, query.confirm === 'yes'));
  }),
];

/** Leads, assignment runs, changes of ownership. */
export const assignmentEndpoints = (): Endpoint[] => [...runEndpoints, ...changeEndpoints, ...leadEndpoints];
