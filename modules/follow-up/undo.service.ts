import { sql } from 'kysely';
import { forgetDial, type PhoneId, restorePhone } from '#candidate';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { recall } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import { endCallback, reopenCallback } from './callback.store.ts';
import { applyCases, type CaseImage, type CaseRow, readCase } from './case.store.ts';
import { endCredits, reopenCredits } from './credit.store.ts';
import { hold } from './hold.service.ts';
import { type LeaseRow, lockLease, readOpenLease, readUndo, type Undoable } from './lease.store.ts';
import { type AttemptRow, insertCorrection, readAttempt, textSentWith } from './ledger.store.ts';
import { type Me, readMe } from './me.ts';
import { reattach } from './reattach.ts';
import { giveBack, returned } from './release.service.ts';
import { tallyChange, tallyOf, UNDONE_TALLY } from './tally.rules.ts';
import { addTally } from './tally.store.ts';
import { type UndoImage, undoUntil } from './undo-image.ts';
import type { WorkView } from './work.contract.ts';
import { readWork } from './work.ts';

export type UndoRefusal = 'too_late' | 'not_found' | 'case_moved' | 'lease_dialled';

/**
 * Takes the last finish back: the attempt stays in the ledger, marked undone; case, number, call-back and counters are as before; the text
 * that was queued with it is recalled; the caller holds the case again. The next case, not yet dialled, returns to the queue.
 */
export async function undo(ctx: Ctx, attemptId: string): Promise<Result<WorkView, Refusal<UndoRefusal>>> {
  const me = await readMe(ctx);
  const attempt = await readAttempt(ctx, attemptId);
  if (!attempt || attempt.caller_id !== me.userId || attempt.undone)
    return refuse('not_found', '没有找到可以撤销的结果，可能已经撤销。');
  const lease = await readUndo(ctx, attempt.lease_id);
  const image = lease?.undo;
  if (!lease || image?.attemptId !== attemptId || ctx.now > undoUntil(attempt.ended_at, me.settings))
    return refuse(
      'too_late',
      `只能在 ${me.settings.undoSeconds} 秒内撤销；请在联系记录里用“更正”，并写明原因。`,
    );
  const current = await readOpenLease(ctx, me.userId);
  if (current?.dial_started_at)
    return refuse('lease_dialled', '下一位已经开始拨打，请先登记他的结果，再用“更正”修改上一位。');
  const row = await readCase(ctx, attempt.case_id);
  if (!row || !isUntouched(row, image, current))
    return refuse('case_moved', '这名考生的情况已经变化，不能撤销；请用“更正”，并写明原因。');
  if (current) await putBack(ctx, current);
  if (!(await restore(ctx, me, { caseId: row.id, attempt, image, lease })))
    return refuse('case_moved', '这名考生的号码正由别人拨打，暂时不能撤销；请用“更正”，并写明原因。');
  return ok(await readWork(ctx, me));
}

/** Nothing has happened to the case since, but that its own caller was given it again. */
const isUntouched = (row: CaseRow, image: UndoImage, current: LeaseRow | null): boolean =>
  row.version === image.version ||
  (current !== null && row.lease_id === current.id && row.version === image.version + 1);

async function putBack(ctx: Ctx, lease: LeaseRow): Promise<void> {
  const locked = await lockLease(ctx, lease.id);
  const row = await readCase(ctx, lease.case_id);
  if (locked && row)
    await giveBack({ ...ctx, now: locked.heldAt }, lease, row, {
      reason: 'undone',
      note: '撤销上一位',
    });
}

interface Restoring {
  readonly caseId: string;
  readonly attempt: AttemptRow;
  readonly image: UndoImage;
  readonly lease: Pick<Undoable, 'how' | 'before'>;
}

async function restore(ctx: Ctx, me: Me, { caseId, attempt, image, lease }: Restoring): Promise<boolean> {
  const row = await readCase(ctx, caseId);
  if (!row) throw new Error('the case is gone');
  await restoreNumber(ctx, row, image);
  await restoreSteps(ctx, image);
  await restoreCredits(ctx, row.id, { attempt, image, lease });
  await markUndone(ctx, me, row, attempt);
  const text = await takeTextBack(ctx, me, row, attempt);
  const waiting = returned({ ...row, ...image.case }, lease.before);
  const due = lease.before === null ? { due_at: image.case.due_at ?? ctx.now } : {};
  const after = { ...image.case, ...waiting, ...due, ...(text === 'left' && stillSent(image)) };
  const note = `撤销${TEXT_WORDS[text]}`;
  await applyCases(ctx, [{ case: row, kind: 'corrected', at: ctx.now, causeId: attempt.id, note, after }]);
  await audit(ctx, {
    action: 'attempt.undone',
    subjectType: 'case',
    subjectId: row.id,
    before: { outcome: attempt.outcome },
    ...(text !== 'none' && { after: { text } }),
  });
  const again = await readCase(ctx, row.id);
  return again !== null && (await hold(ctx, me, { row: again, how: lease.how })) !== null;
}

/** What became of the text that the rules had queued with the result. */
type QueuedText = 'none' | 'recalled' | 'left';
const TEXT_WORDS: Readonly<Record<QueuedText, string>> = {
  none: '',
  recalled: '；随结果排队的短信已收回，没有发出',
  left: '；随结果发出的短信已经送出，收不回',
};

/** A text still in the outbox is not sent, and undone in the ledger like the call that queued it. */
async function takeTextBack(ctx: Ctx, me: Me, row: CaseRow, attempt: AttemptRow): Promise<QueuedText> {
  const text = await textSentWith(ctx, attempt);
  if (!text) return 'none';
  if (!(await recall(ctx, text.id))) return 'left';
  await markUndone(ctx, me, row, text);
  return 'recalled';
}

/** A text that has left stays sent, and stays counted. */
const stillSent = ({ case: { attempts = 0, messages = {} } }: UndoImage): CaseImage => ({
  attempts: attempts + 1,
  messages: { ...messages, sms: (messages.sms ?? 0) + 1 },
});

/** State and count of the number; one that was taken away comes back. */
async function restoreNumber(ctx: Ctx, row: CaseRow, { phone, detached }: UndoImage): Promise<void> {
  if (detached !== null) await reattach(ctx, row, detached);
  if (phone === null) return;
  await restorePhone(ctx, phone.id as PhoneId, phone.condition);
  if (phone.dialled) await forgetDial(ctx, phone.id as PhoneId);
}

async function restoreSteps(ctx: Ctx, image: UndoImage): Promise<void> {
  if (image.callbackMade !== null) await endCallback(ctx, image.callbackMade, 'cancelled');
  if (image.callbackEnded !== null) await reopenCallback(ctx, image.callbackEnded);
  await sql`update escalation set state = 'done', ended_at = ${new Date(ctx.now)}, ended_by = ${ctx.actor.userId}, end_note = '撤销'
    where tenant_id = ${ctx.tenantId} and id = ${image.escalationMade} and ended_at is null`.execute(ctx.tx);
  await sql`update escalation set state = case when accepted_at is null then 'open' else 'accepted' end, ended_at = null,
      ended_by = null, end_note = null, next_id = null
    where tenant_id = ${ctx.tenantId} and (id = ${image.escalationEnded} or next_id = ${image.escalationMade})`.execute(
    ctx.tx,
  );
  await sql`update do_not_call set lifted_at = ${new Date(ctx.now)}, lifted_by = ${ctx.actor.userId}, lift_reason = '当场撤销'
    where tenant_id = ${ctx.tenantId} and id = ${image.doNotCall} and lifted_at is null`.execute(ctx.tx);
}

async function restoreCredits(
  ctx: Ctx,
  caseId: string,
  { attempt, image, lease }: Omit<Restoring, 'caseId'>,
): Promise<void> {
  if (lease.before?.result === 'admitted') await reopenCredits(ctx, caseId, attempt.ended_at);
  else if (image.outcome === 'R1') await endCredits(ctx, caseId);
}

/** The attempt stays in the ledger, marked, and counts no more. */
async function markUndone(ctx: Ctx, me: Me, row: CaseRow, attempt: AttemptRow): Promise<void> {
  await insertCorrection(ctx, {
    id: newId(),
    attemptId: attempt.id,
    kind: 'undone',
    before: { outcome: attempt.outcome },
    after: {},
    reason: '当场撤销',
    by: me.userId,
  });
  await takeBackTally(ctx, me, row, attempt);
}

async function takeBackTally(ctx: Ctx, me: Me, row: CaseRow, attempt: AttemptRow): Promise<void> {
  const counted = tallyOf({ ...attempt, talkSeconds: attempt.talk_seconds });
  const key = {
    seasonId: row.season_id,
    callerId: me.userId,
    groupId: attempt.group_id,
    policyId: row.policy_id,
    phase: row.phase,
    at: attempt.started_at,
  };
  await addTally(ctx, key, tallyChange(counted, UNDONE_TALLY));
}
