import { closeCase, noteWithdrawal } from '#follow-up';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import { scopeOf } from '#staff';
import { CHECK_LABELS, REASON_LABELS } from './contract.ts';
import {
  barrierOf,
  type Checklist,
  KEEP_EVIDENCE_DAYS,
  mayBecome,
  mayExecute,
  missingChecks,
} from './rules.ts';
import { lockRow, readRow, saveCheck, saveEnding, saveExecution, type WithdrawalRow } from './store.ts';
import { checkBarred, notFound, policyOfRow, refuseBarrier, viewOf, wrongState } from './view.ts';

type View = ReturnType<typeof viewOf>;
type Barriers = 'policy_missing' | 'binding_province' | 'past_deadline';
type StepCodes = Barriers | 'not_found' | 'wrong_state' | 'same_person';

const DAY = 86_400_000;
const removeAfter = (ctx: Ctx): number => ctx.now + KEEP_EVIDENCE_DAYS * DAY;

async function shown(ctx: Ctx, id: string): Promise<Result<View, Refusal<'not_found'>>> {
  const row = await readRow(ctx, await scopeOf(ctx), id);
  return row ? ok(viewOf(ctx, row)) : notFound();
}

/** The leader, or the office in the leader's stead, compares photo and file, point by point. Everything ticked passes; anything else is rejected with a reason. */
export async function checkWithdrawal(
  ctx: Ctx,
  id: string,
  given: { checklist: Checklist; rejectReason?: string | undefined; uploadedAt: number },
): Promise<Result<View, Refusal<StepCodes | 'not_yours' | 'incomplete' | 'photo_changed'>>> {
  const row = await lockRow(ctx, await scopeOf(ctx), id);
  if (!row) return notFound();
  if (row.state !== 'evidence_in') return wrongState(row, '核对');
  const barred = checkBarred(ctx, row);
  if (barred) return refuse(barred.code, barred.message);
  if (row.uploadedAt !== given.uploadedAt)
    return refuse('photo_changed', '您打开以后照片换过了，请重新打开，看清新的照片再核对。');
  if (given.rejectReason) return reject(ctx, row, given.rejectReason);
  const missing = missingChecks(given.checklist);
  if (missing.length > 0) {
    const list = missing.map((check) => CHECK_LABELS[check]).join('；');
    return refuse(
      'incomplete',
      `还有 ${missing.length} 项没有核对通过：${list}。材料确实不符时，请写明理由退回。`,
      { missing },
    );
  }
  const barrier = barrierOf(policyOfRow(row), ctx.now);
  if (barrier) return refuseBarrier(barrier, row);
  await saveCheck(ctx, id, given.checklist);
  await noteWithdrawal(ctx, { caseId: row.caseId, withdrawalId: id, step: 'checked' });
  await audit(ctx, {
    action: 'withdrawal.checked',
    subjectType: 'withdrawal',
    subjectId: id,
    after: { checklist: given.checklist },
  });
  return shown(ctx, id);
}

async function reject(
  ctx: Ctx,
  row: WithdrawalRow,
  reason: string,
): Promise<Result<View, Refusal<'not_found'>>> {
  await saveEnding(ctx, { id: row.id, state: 'rejected', reason, removeAfter: removeAfter(ctx) });
  await noteWithdrawal(ctx, { caseId: row.caseId, withdrawalId: row.id, step: 'rejected' });
  await notify(ctx, row.requestedBy, {
    title: '退档材料被退回',
    body: `考生号 ${row.candidateNo} 的退档材料不符：${reason}。请联系考生补齐后重新登记。`,
    link: `/withdrawals?open=${row.id}`,
  });
  await audit(ctx, { action: 'withdrawal.rejected', subjectType: 'withdrawal', subjectId: row.id, reason });
  return shown(ctx, row.id);
}

/** The file clerk sees before carrying it out that the papers are not right: back to whoever asked, and whoever had passed them is told. */
export async function sendBackWithdrawal(
  ctx: Ctx,
  id: string,
  reason: string,
): Promise<Result<View, Refusal<'not_found' | 'wrong_state'>>> {
  const row = await lockRow(ctx, await scopeOf(ctx), id);
  if (!row) return notFound();
  if (row.state !== 'checked') return wrongState(row, '退回');
  if (row.checkedBy !== null) {
    await notify(ctx, row.checkedBy, {
      title: '您核对过的退档材料被退回',
      body: `考生号 ${row.candidateNo} 的退档材料由录检组退回：${reason}`,
      link: `/withdrawals?open=${id}`,
    });
  }
  return reject(ctx, row, reason);
}

/** The file clerk carries out what a leader checked; the case ends with result withdrawn. */
export async function executeWithdrawal(
  ctx: Ctx,
  id: string,
): Promise<Result<View, Refusal<StepCodes | 'case_busy'>>> {
  const row = await lockRow(ctx, await scopeOf(ctx), id);
  if (!row) return notFound();
  if (row.state !== 'checked') return wrongState(row, '办理退档');
  if (!mayExecute(row, ctx.actor.userId ?? ''))
    return refuse('same_person', '这份申请由您登记、上传或核对过，请由另一位录检组成员办理。');
  const barrier = barrierOf(policyOfRow(row), ctx.now);
  if (barrier) return refuseBarrier(barrier, row);
  const closed = await closeCase(ctx, {
    caseId: row.caseId,
    result: 'withdrawn',
    reason: `本人申请退档：${REASON_LABELS[row.reasonCode]}`,
    causeId: id,
  });
  if (!closed.ok) return refuse('case_busy', closed.error.message);
  await saveExecution(ctx, id, removeAfter(ctx));
  await notify(ctx, row.requestedBy, {
    title: '退档已办理',
    body: `考生号 ${row.candidateNo} 的退档申请已由录检组办理。`,
    link: `/withdrawals?open=${id}`,
  });
  await audit(ctx, {
    action: 'withdrawal.executed',
    subjectType: 'withdrawal',
    subjectId: id,
    after: { caseId: row.caseId },
  });
  return shown(ctx, id);
}

/** The candidate changed their mind before it was carried out: one sentence is enough. */
export async function cancelWithdrawal(
  ctx: Ctx,
  id: string,
  reason: string,
): Promise<Result<View, Refusal<'not_found' | 'wrong_state' | 'not_yours'>>> {
  const scope = await scopeOf(ctx);
  const row = await lockRow(ctx, scope, id);
  if (!row) return notFound();
  const theirs = [row.requestedBy, row.ownerId, row.inChargeId, row.heldBy].some(
    (one) => one !== null && one === ctx.actor.userId,
  );
  if (!theirs && !scope.groupIds.some((led) => led === row.groupId))
    return refuse('not_yours', '只能由登记申请的人、考生的负责人、正在通话的人或本组组长撤回；请转告他们。');
  if (!mayBecome(row.state, 'cancelled')) return wrongState(row, '撤回');
  await saveEnding(ctx, { id, state: 'cancelled', reason, removeAfter: removeAfter(ctx) });
  await noteWithdrawal(ctx, { caseId: row.caseId, withdrawalId: id, step: 'cancelled' });
  await audit(ctx, { action: 'withdrawal.cancelled', subjectType: 'withdrawal', subjectId: id, reason });
  return shown(ctx, id);
}
