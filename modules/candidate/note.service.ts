import type { z } from 'zod';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { flagPhrases } from '#script';
import { openFile, openForChange } from './access.service.ts';
import type { CandidateId } from './ids.ts';
import type { NoteView } from './note.contract.ts';
import { insertNote, readNotes, voidNoteRow } from './note.store.ts';

type NotFound = Refusal<'not_found'>;

export async function notesOf(
  ctx: Ctx,
  id: CandidateId,
): Promise<Result<{ items: z.infer<typeof NoteView>[] }, NotFound>> {
  const file = await openFile(ctx, id);
  if (!file.ok) return file;
  const items = (await readNotes(ctx, id)).map(({ sealed, authorId, ...note }) => ({
    ...note,
    body: ctx.vault.open(sealed),
    mine: authorId === ctx.actor.userId,
  }));
  return ok({ items });
}

/** Writes a note; promises and threats in it are flagged to the writer and stay flagged (十项禁令 6 and 7). The text is sealed. */
export async function addNote(
  ctx: Ctx,
  id: CandidateId,
  body: string,
): Promise<Result<{ id: string; flagged: { pattern: string; advice: string }[] }, NotFound>> {
  const file = await openForChange(ctx, id);
  if (!file.ok) return file;
  const flags = (await flagPhrases(ctx, body)).map(({ pattern, advice }) => ({ pattern, advice }));
  const flagged = [...new Set(flags.map(({ pattern }) => pattern))];
  const noteId = await insertNote(ctx, { candidateId: id, body, flagged });
  await audit(ctx, {
    action: 'candidate.note_written',
    subjectType: 'candidate',
    subjectId: id,
    after: { noteId, length: body.length, flagged },
  });
  return ok({ id: noteId, flagged: flags });
}

/** Voids a note, by its author or the office; it stays readable as void. */
export async function voidNote(
  ctx: Ctx,
  at: { id: CandidateId; noteId: string },
  reason: string,
): Promise<Result<undefined, Refusal<'not_found' | 'not_author'>>> {
  const file = await openFile(ctx, at.id);
  if (!file.ok) return file;
  const note = (await readNotes(ctx, at.id)).find(
    ({ id, voidedAt }) => id === at.noteId && voidedAt === null,
  );
  if (!note) return refuse('not_found', '没有找到这条备注，或已经作废，请刷新后查看。');
  if (note.authorId !== ctx.actor.userId && !ctx.actor.permissions.has('candidate.merge'))
    return refuse('not_author', `备注由${note.writtenBy}所写，请由本人或招办作废。`);
  await voidNoteRow(ctx, at.noteId, reason);
  await audit(ctx, {
    action: 'candidate.note_voided',
    subjectType: 'candidate',
    subjectId: at.id,
    reason,
    before: { noteId: at.noteId },
  });
  return ok(undefined);
}
