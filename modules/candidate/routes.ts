import type { Ctx } from '#platform/db/tenant';
import { type Endpoint, handle, handleStream } from '#platform/http/endpoint';
import type { Parts } from '#platform/module';
import { ok } from '#platform/result';
import { openForChange } from './access.service.ts';
import * as area from './area.contract.ts';
import { changePrefix, importAreaFile, prefixesOf, removePrefix } from './area.service.ts';
import * as batch from './batch.contract.ts';
import { addSignalToAll, changeCatalogue } from './batch.service.ts';
import * as contract from './contract.ts';
import { candidateFile } from './file.service.ts';
import { contactsOf, historyOfFile, materialsOf } from './history.service.ts';
import type { CandidateId, PhoneId } from './ids.ts';
import { listOfCandidates } from './list.service.ts';
import * as major from './major.contract.ts';
import { nameMajorsOf, unnamedMajors } from './major.service.ts';
import * as merge from './merge.contract.ts';
import { doublesOf, mergeFiles, undoMerge } from './merge.service.ts';
import * as note from './note.contract.ts';
import { addNote, notesOf, voidNote } from './note.service.ts';
import { optionsOfList } from './options.service.ts';
import { addPhone, changePhone, detachPhone } from './phone.service.ts';
import { sendPhoto } from './photo.service.ts';
import { reveal } from './reveal.service.ts';
import { searchEverywhere } from './search.service.ts';
import { setSignals, setWish } from './signal.service.ts';
import { readSignals } from './signal.store.ts';
import * as view from './view.contract.ts';
import { changeOwnView, forgetView, keepView, viewsOf } from './view.service.ts';

const idOf = ({ id }: { id: string }): CandidateId => id as CandidateId;

/** Fixed paths stand before `/candidates/:id`. */
export const candidateEndpoints = (parts: Parts): Endpoint[] => [
  ...lists,
  ...oneFile(parts),
  ...changes,
  ...catalogue,
];

const lists: readonly Endpoint[] = [
  handle(contract.listCandidates, (ctx, { body }) => listOfCandidates(ctx, body)),
  handle(contract.listOptions, (ctx) => optionsOfList(ctx)),
  handle(major.listUnnamedMajors, (ctx) => unnamedMajors(ctx)),
  handle(major.nameMajors, (ctx, { body }) => nameMajorsOf(ctx, body)),
  handle(contract.searchCandidates, (ctx, { body }) => searchEverywhere(ctx, body.q)),
  handle(batch.addSignalToMany, (ctx, { body }) => addSignalToAll(ctx, body.ids as CandidateId[], body.code)),
  handle(view.listViews, (ctx, { query }) => viewsOf(ctx, query.screen)),
  handle(view.saveView, (ctx, { body }) => keepView(ctx, body)),
  handle(view.changeView, (ctx, { params, body }) => changeOwnView(ctx, params.id, body)),
  handle(view.dropView, (ctx, { params }) => forgetView(ctx, params.id)),
];

const oneFile = ({ files }: Parts): Endpoint[] => [
  handle(contract.candidateFile, (ctx, { params }) => candidateFile(ctx, idOf(params))),
  handle(contract.candidateContacts, (ctx, { params }) => contactsOf(ctx, idOf(params))),
  handle(contract.candidateMaterials, (ctx, { params }) => materialsOf(ctx, idOf(params))),
  handle(contract.candidateHistory, (ctx, { params }) => historyOfFile(ctx, idOf(params))),
  handleStream(contract.candidatePhoto, (io, { params }) => sendPhoto(io, files, idOf(params))),
  handle(contract.revealField, (ctx, { params, body }) => reveal(ctx, idOf(params), body)),
  handle(note.listNotes, (ctx, { params }) => notesOf(ctx, idOf(params))),
  handle(note.writeNote, (ctx, { params, body }) => addNote(ctx, idOf(params), body.body)),
  handle(note.voidNote, (ctx, { params, body }) =>
    voidNote(ctx, { id: idOf(params), noteId: params.noteId }, body.reason),
  ),
];

/** Runs a change of one file after making sure that the actor may open it and that it stands. */
async function within<T>(ctx: Ctx, params: { id: string }, change: (candidateId: CandidateId) => Promise<T>) {
  const file = await openForChange(ctx, idOf(params));
  return file.ok ? change(file.value.id) : file;
}

/** Nothing to reply. */
const quiet = <R extends { ok: boolean }>(result: R) =>
  result.ok ? ok(undefined) : (result as Exclude<R, { ok: true }>);

const changes: readonly Endpoint[] = [
  handle(contract.newPhone, (ctx, { params, body }) =>
    within(ctx, params, (candidateId) => addPhone(ctx, { candidateId, ...body })),
  ),
  handle(contract.changePhone, async (ctx, { params, body }) =>
    quiet(
      await within(ctx, params, (candidateId) =>
        changePhone(ctx, { candidateId, phoneId: params.phoneId as PhoneId }, body),
      ),
    ),
  ),
  handle(contract.wrongPhone, async (ctx, { params, body }) =>
    quiet(
      await within(ctx, params, (candidateId) =>
        detachPhone(ctx, { candidateId, phoneId: params.phoneId as PhoneId }, body.reason),
      ),
    ),
  ),
  handle(contract.putSignals, async (ctx, { params, body }) =>
    quiet(await within(ctx, params, (candidateId) => setSignals(ctx, candidateId, body.codes))),
  ),
  handle(contract.putWish, async (ctx, { params, body }) =>
    quiet(await within(ctx, params, (candidateId) => setWish(ctx, candidateId, given(body)))),
  ),
  handle(merge.listDoubles, (ctx, { params }) => doublesOf(ctx, idOf(params))),
  handle(merge.mergeCandidates, (ctx, { params, body }) =>
    mergeFiles(ctx, { keptId: idOf(params), mergedId: body.otherId as CandidateId, reason: body.reason }),
  ),
  handle(merge.undoMergeRoute, (ctx, { params, body }) => undoMerge(ctx, params.id, body.reason)),
];

/** Only the fields that were sent. */
const given = (body: { pathwayInterest?: boolean | undefined; majorWish?: string | null | undefined }) => ({
  ...(body.pathwayInterest !== undefined && { pathwayInterest: body.pathwayInterest }),
  ...(body.majorWish !== undefined && { majorWish: body.majorWish || null }),
});

const catalogue: readonly Endpoint[] = [
  handle(batch.listSignals, async (ctx) => ok({ items: await readSignals(ctx) })),
  handle(batch.putSignal, (ctx, { params, body }) => changeCatalogue(ctx, { code: params.code, ...body })),
  handle(area.listPrefixes, (ctx, { query }) => prefixesOf(ctx, query)),
  handle(area.putPrefix, (ctx, { params, body }) => changePrefix(ctx, { prefix: params.prefix, ...body })),
  handle(area.dropPrefix, (ctx, { params }) => removePrefix(ctx, params.prefix)),
  handleStream(area.importPrefixes, (io) => importAreaFile(io)),
];
