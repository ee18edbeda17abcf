import { inTenant } from '#platform/db/tenant';
import { type Endpoint, handle, handleStream } from '#platform/http/endpoint';
import type { Parts } from '#platform/module';
import { ok } from '#platform/result';
import * as contract from './contract.ts';
import { findingSheet } from './finding-sheet.ts';
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
  handle(contract.confirmImport, (ctx, { params }) => flow.confirmImport(ctx, params.id)),
  handle(contract.discardImport, (ctx, { params }) => flow.discardImport(ctx, params.id)),
  handle(contract.undoImport, (ctx, { params, body }) => flow.undoImport(ctx, params.id, body.reason)),
  handleStream(contract.findingsFile, async (io, { params }) => {
    const found = await inTenant(io.env, io.caller, (ctx) =>
      view.findingList(ctx, params.id, { limit: SHEET_ROWS_MAX }),
    );
    if (!found.ok) return found;
    io.reply
      .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
      .header('cache-control', 'no-store')
      .header(
        'content-disposition',
        `attachment; filename*=UTF-8''${encodeURIComponent('导入问题清单.xlsx')}`,
      )
      .send(Buffer.from(await findingSheet(found.value.items)));
    return ok(undefined);
  }),
];
