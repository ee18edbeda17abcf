import { type Endpoint, handle } from '#platform/http/endpoint';
import * as contract from './contract.ts';
import { decideTheVersion, getTheScript, listTheScripts, retireTheScript } from './decision.service.ts';
import { createTheScript, saveTheDraft, submitTheDraft, takeBackTheDraft } from './draft.service.ts';
import { installThePack } from './pack.service.ts';
import { addThePhrase, changeThePhrase, listThePhrases } from './phrase.service.ts';

export const scriptEndpoints = (): Endpoint[] => [
  handle(contract.listScripts, (ctx, { query }) => listTheScripts(ctx, query.seasonId)),
  handle(contract.getScript, (ctx, { params }) => getTheScript(ctx, params.scriptId)),
  handle(contract.createScript, (ctx, { body }) => createTheScript(ctx, body)),
  handle(contract.saveDraft, (ctx, { params, body }) => saveTheDraft(ctx, params.scriptId, body)),
  handle(contract.submitDraft, (ctx, { params }) => submitTheDraft(ctx, params.scriptId)),
  handle(contract.takeBackDraft, (ctx, { params }) => takeBackTheDraft(ctx, params.scriptId)),
  handle(contract.decideVersion, (ctx, { params, body }) => decideTheVersion(ctx, params.scriptId, body)),
  handle(contract.retireScript, (ctx, { params, body }) =>
    retireTheScript(ctx, params.scriptId, body.reason),
  ),
  handle(contract.installPack, (ctx, { body }) => installThePack(ctx, body.seasonId)),
  handle(contract.listPhrases, (ctx) => listThePhrases(ctx)),
  handle(contract.addPhrase, (ctx, { body }) => addThePhrase(ctx, body)),
  handle(contract.changePhrase, (ctx, { params, body }) => changeThePhrase(ctx, params.phraseId, body)),
];
