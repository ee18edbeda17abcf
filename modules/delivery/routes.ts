import { pipeline } from 'node:stream/promises';
import { inTenant } from '#platform/db/tenant';
import { disposition } from '#platform/http/content-disposition';
import { type Endpoint, handle, handleStream, type StreamIo } from '#platform/http/endpoint';
import type { Parts } from '#platform/module';
import { ok } from '#platform/result';
import * as contract from './contract.ts';
import { findingCsv, findingCsvHead, findingSheet } from './finding-sheet.ts';
import * as flow from './flow.service.ts';
import { receiveDelivery } from './upload.ts';
import * as view from './view.service.ts';

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
  handleStream(contract.findingsFile, (io, { params }) => sendSheet(io, params.id)),
  handleStream(contract.findingsText, (io, { params }) => sendText(io, params.id)),
];

/** A workbook is made in memory; the text has no such bound. */
const SHEET_ROWS_MAX = 50_000;
const PAGE_ROWS = 5000;

const headersOf = (type: string, name: string) => ({
  'content-type': type,
  'cache-control': 'no-store',
  'content-disposition': disposition('attachment', name),
});

/** The findings kept of an import as a workbook; beyond what it holds its last line says so. */
async function sendSheet(io: StreamIo, id: string) {
  const found = await findingsAfter(io, id, { limit: SHEET_ROWS_MAX });
  if (!found.ok) return found;
  const { items, nextCursor } = found.value;
  io.reply
    .headers(headersOf(SHEET_TYPE, '导入问题清单.xlsx'))
    .send(Buffer.from(await findingSheet(items, { isCut: nextCursor !== null })));
  return ok(undefined);
}

const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** All of them as text, page by page, however many there are. */
async function sendText(io: StreamIo, id: string) {
  const first = await findingsAfter(io, id, { limit: PAGE_ROWS });
  if (!first.ok) return first;
  const lines = async function* () {
    yield findingCsvHead;
    yield findingCsv(first.value.items);
    let cursor = first.value.nextCursor;
    while (cursor !== null) {
      const page = await findingsAfter(io, id, { cursor, limit: PAGE_ROWS });
      if (!page.ok) return;
      yield findingCsv(page.value.items);
      cursor = page.value.nextCursor;
    }
  };
  io.reply.hijack();
  io.reply.raw.writeHead(200, {
    ...headersOf('text/csv; charset=utf-8', '导入问题清单.csv'),
    'x-content-type-options': 'nosniff',
  });
  await pipeline(lines, io.reply.raw);
  return ok(undefined);
}

const findingsAfter = (
  io: StreamIo,
  id: string,
  page: { cursor?: string; limit: number },
): ReturnType<typeof view.findingList> =>
  inTenant(io.env, io.caller, (ctx) => view.findingList(ctx, id, page));
