import { inTenant } from '#platform/db/tenant';
import { type Endpoint, handle, handleStream, type StreamIo } from '#platform/http/endpoint';
import type { Parts } from '#platform/module';
import { ok } from '#platform/result';
import type { FindingView } from './contract.ts';
import * as contract from './contract.ts';
import { findingCsv, findingSheet } from './finding-sheet.ts';
import * as flow from './flow.service.ts';
import { receiveDelivery } from './upload.ts';
import * as view from './view.service.ts';

const SHEET_ROWS_MAX = 50_000;

/** Uploads, previews, confirmation, undo. */
export const deliveryEndpoints = ({ files }: Parts): Endpoint[] => [
  handleStream(contract.uploadDelivery, (io, { query }) => receiveDelivery(io, files, query)),
  handle(contract.listImports, async (ctx, { query }) => ok(await view.importList(ctx, query))),
  handle(contract.readImportRoute, (ctx, { params }) => view.importView(ctx, params.id)),
  handle(contract.listFindings, (ctx, { params, query }) => view.findingList(ctx, params.id, query)),
  handle(contract.listChanges, (ctx, { params, query }) => view.changeList(ctx, params.id, query)),
  handle(contract.mapColumns, (ctx, { params, body }) => flow.mapAndRead(ctx, params.id, body.mapping)),
  handle(contract.readImportAgain, (ctx, { params }) => flow.readAgain(ctx, params.id)),
  handle(contract.confirmImport, (ctx, { params }) => flow.confirmImport(ctx, params.id)),
  handle(contract.discardImport, (ctx, { params }) => flow.discardImport(ctx, params.id)),
  handle(contract.undoImport, (ctx, { params, body }) => flow.undoImport(ctx, params.id, body.reason)),
  handleStream(contract.findingsFile, (io, { params }) => sendFindings(io, params.id, workbook)),
  handleStream(contract.findingsText, (io, { params }) => sendFindings(io, params.id, text)),
];

interface FindingFormat {
  readonly type: string;
  readonly name: string;
  readonly make: (findings: readonly FindingView[]) => Promise<Uint8Array> | Buffer;
}

const workbook: FindingFormat = {
  type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  name: '导入问题清单.xlsx',
  make: findingSheet,
};
const text: FindingFormat = {
  type: 'text/csv; charset=utf-8',
  name: '导入问题清单.csv',
  make: findingCsv,
};

/** Every finding kept of an import as one file. */
async function sendFindings(io: StreamIo, id: string, { type, name, make }: FindingFormat) {
  const found = await inTenant(io.env, io.caller, (ctx) =>
    view.findingList(ctx, id, { limit: SHEET_ROWS_MAX }),
  );
  if (!found.ok) return found;
  io.reply
    .type(type)
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .send(Buffer.from(await make(found.value.items)));
  return ok(undefined);
}
