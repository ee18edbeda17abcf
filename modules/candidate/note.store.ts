import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { type Instant, newId, toDate, type UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { CandidateId } from './ids.ts';

export interface NoteRow {
  readonly id: string;
  readonly sealed: Buffer;
  readonly flagged: string[];
  readonly authorId: UserId;
  readonly writtenBy: string;
  readonly writtenAt: Instant;
  readonly voidedAt: Instant | null;
  readonly voidReason: string | null;
}

const NOTES_MAX = 100;

/** Notes of a candidate, newest first, void ones too. */
export async function readNotes(ctx: Ctx, candidateId: CandidateId): Promise<NoteRow[]> {
  const { rows } = await sql<NoteRow>`
    select n.id, n.body as sealed, n.flagged, n.written_by as "authorId", u.name as "writtenBy", n.written_at as "writtenAt",
      n.voided_at as "voidedAt", n.void_reason as "voidReason"
    from candidate_note n join user_account u on u.tenant_id = n.tenant_id and u.id = n.written_by
    where n.tenant_id = ${ctx.tenantId} and n.candidate_id = ${candidateId}
    order by n.written_at desc, n.id desc limit ${NOTES_MAX}`.execute(ctx.tx);
  return rows;
}

export async function insertNote(
  ctx: Ctx,
  given: { candidateId: CandidateId; body: string; flagged: readonly string[] },
): Promise<string> {
  const id = newId();
  await sql`insert into candidate_note (tenant_id, id, candidate_id, body, flagged, written_by, written_at)
    values (${ctx.tenantId}, ${id}, ${given.candidateId}, ${ctx.vault.seal(given.body)}, ${[...given.flagged]}, ${ctx.actor.userId}, ${toDate(ctx.now)})`.execute(
    ctx.tx,
  );
  return id;
}

export async function voidNoteRow(ctx: Ctx, noteId: string, reason: string): Promise<void> {
  await sql`update candidate_note set voided_at = ${toDate(ctx.now)}, void_reason = ${maskText(reason)}
    where tenant_id = ${ctx.tenantId} and id = ${noteId} and voided_at is null`.execute(ctx.tx);
}
