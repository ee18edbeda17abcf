import { inTenant } from '#platform/db/tenant';
import { disposition } from '#platform/http/content-disposition';
import { type Endpoint, handle, handleStream, type StreamIo } from '#platform/http/endpoint';
import { refuse } from '#platform/http/refusal';
import type { Parts } from '#platform/module';
import { ok } from '#platform/result';
import { readChance } from './chance.service.ts';
import * as contract from './contract.ts';
import {
  cancelWithdrawal,
  checkWithdrawal,
  executeWithdrawal,
  sendBackWithdrawal,
} from './decide.service.ts';
import { listWithdrawals, readWithdrawal } from './list.service.ts';
import {
  type Document,
  lookAtLetter,
  openEvidence,
  openLetter,
  requestWithdrawal,
  uploadEvidence,
} from './request.service.ts';
import * as wrongful from './wrongful.contract.ts';
import { decideWrongful, listWrongful, readWrongful, reportWrongful } from './wrongful.service.ts';

export const withdrawalEndpoints = (parts: Parts): Endpoint[] => [
  ...requestEndpoints(parts),
  ...decisionEndpoints,
];

const requestEndpoints = ({ files }: Parts): Endpoint[] => [
  handle(contract.listWithdrawals, async (ctx, { body }) => ok(await listWithdrawals(ctx, body))),
  handle(contract.withdrawalChance, (ctx, { params }) => readChance(ctx, params.caseId)),
  handleStream(contract.previewLetter, async (io, { params }) => {
    const letter = await inTenant(io.env, io.caller, (ctx) => lookAtLetter(ctx, params.caseId));
    if (!letter.ok) return letter;
    send(io, { name: '退档申请书（预览）.svg', bytes: letter.value }, 'image/svg+xml', 'inline');
    return ok(undefined);
  }),
  handle(contract.readWithdrawal, (ctx, { params }) => readWithdrawal(ctx, params.id)),
  handle(contract.requestWithdrawal, (ctx, { body }) => requestWithdrawal(ctx, files, body)),
  handleStream(contract.downloadLetter, async (io, { params }) => {
    const letter = await inTenant(io.env, io.caller, (ctx) => openLetter(ctx, files, params.id));
    if (!letter.ok) return letter;
    send(io, letter.value, 'application/pdf', 'attachment');
    return ok(undefined);
  }),
  handleStream(contract.uploadEvidence, async (io, { params }) => {
    const part = await io.request.file();
    if (!part) return refuse('no_file', '没有收到照片，请重新选择后上传。');
    return uploadEvidence({ env: io.env, caller: io.caller, files }, params.id, await part.toBuffer());
  }),
  handleStream(contract.viewEvidence, async (io, { params }) => {
    const photo = await inTenant(io.env, io.caller, (ctx) => openEvidence(ctx, files, params.id));
    if (!photo.ok) return photo;
    send(io, photo.value, 'image/jpeg', 'inline');
    return ok(undefined);
  }),
];

function send({ reply }: StreamIo, document: Document, type: string, how: 'inline' | 'attachment'): void {
  reply
    .header('content-disposition', disposition(how, document.name))
    .header('cache-control', 'no-store')
    .type(type)
    .send(document.bytes);
}

const decisionEndpoints: Endpoint[] = [
  handle(contract.checkWithdrawal, (ctx, { params, body }) => checkWithdrawal(ctx, params.id, body)),
  handle(contract.sendBackWithdrawal, (ctx, { params, body }) =>
    sendBackWithdrawal(ctx, params.id, body.reason),
  ),
  handle(contract.executeWithdrawal, (ctx, { params }) => executeWithdrawal(ctx, params.id)),
  handle(contract.cancelWithdrawal, (ctx, { params, body }) => cancelWithdrawal(ctx, params.id, body.reason)),
  handle(wrongful.reportWrongful, (ctx, { params, body }) =>
    reportWrongful(ctx, params.id, body.description),
  ),
  handle(wrongful.listWrongful, async (ctx, { query }) => ok(await listWrongful(ctx, query))),
  handle(wrongful.readWrongful, (ctx, { params }) => readWrongful(ctx, params.id)),
  handle(wrongful.decideWrongful, (ctx, { params, body }) => decideWrongful(ctx, params.id, body)),
];
