import { detachPhone, markPhone, noteDial, type PhoneId } from '#candidate';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import { endCallback, insertCallback } from './callback.store.ts';
import { applyCases, beforeImage, type CaseImage, type CaseRow, readCase } from './case.store.ts';
import { checkOutcome, handOverBarred, type OutcomeRefusal } from './check.rules.ts';
import { nextWork } from './claim.service.ts';
import type { FinishInput } from './contract.ts';
import { endCredits, giveCredit } from './credit.store.ts';
import { decideNext } from './decide.rules.ts';
import type { Decision } from './decision.rules.ts';
import { barPerson } from './do-not-call.ts';
import { endEscalation, insertEscalation } from './escalate.ts';
import { handOverWords } from './escalation.rules.ts';
import { type CaseFile, loadFile } from './file.ts';
import type { Finishing } from './finishing.ts';
import { auditHandOver, checkHandOver } from './hand-over.service.ts';
import { endLease, lockLease } from './lease.store.ts';
import { attemptByKey } from './ledger.store.ts';
import { tellLine } from './line-alarm.ts';
import { type Me, readMe } from './me.ts';
import { EFFECT_ON_PHONE } from './number.rules.ts';
import { OUTCOMES, type Outcome, ruleOf } from './outcome.rules.ts';
import { keyOf, recordAttempt, talkOf } from './record.ts';
import { sendPlannedSms } from './sms.ts';
import { skillAfter } from './trained.ts';
import type { UndoImage } from './undo-image.ts';
import type { WorkView } from './work.contract.ts';
import { readWork } from './work.ts';

/** Finish and next: one request, one transaction, once for a repeated client key. */

export type FinishRefusal =
  | OutcomeRefusal
  | 'lease_ended'
  | 'key_reused'
  | 'number_not_held'
  | 'not_found'
  | 'escalation_not_allowed'
  | 'already_escalated'
  | 'no_evidence';

/**
 * Writes the result of a call and pulls the next case. Holds the numbers, then reads the clock; the same form sent twice is
 * written once and answered with what the caller holds now.
 */
export async function finishAndNext(
  ctx: Ctx,
  leaseId: string,
  input: FinishInput,
): Promise<Result<WorkView, Refusal<FinishRefusal>>> {
  const lease = await lockLease(ctx, leaseId);
  const me = await readMe(ctx);
  if (!lease || lease.caller_id !== me.userId)
    return refuse('not_found', '没有找到这次通话，请刷新页面后重试。');
  const saved = await attemptByKey(ctx, keyOf(me, input.clientKey));
  if (saved && saved.lease_id !== lease.id)
    return refuse('key_reused', '这份结果的编号已经用在另一次通话上，没有保存；请刷新页面后重新登记。');
  if (saved) return ok(await readWork(ctx, me));
  if (lease.ended_at !== null)
    return refuse(
      'lease_ended',
      '这名考生的占用已结束（超时或已登记），请刷新页面；超时的拨打请在“待补填”中填写结果。',
    );
  const later = { ...ctx, now: lease.heldAt };
  const row = await readCase(later, lease.case_id);
  if (!row) throw new Error(`lease ${lease.id} has no case`);
  const file = await loadFile(later, me, row);
  const outcome = checkFinish(later, me, file, input);
  if (!outcome.ok) return outcome;
  const barred = await handOverRefused(later, row, outcome.value, input);
  if (barred) return barred;
  await saveFinish(later, { me, lease, file, input, outcome: outcome.value });
  return ok(await nextWork(later, me, input.next));
}

/** The code of what was said, when a caller may say it of a number they hold. */
function checkFinish(
  ctx: Ctx,
  me: Me,
  { facts, numbers }: CaseFile,
  input: FinishInput,
): Result<Outcome, Refusal<FinishRefusal>> {
  const held = input.phoneId === null || numbers.some(({ phoneId }) => phoneId === input.phoneId);
  const needed = input.channel === 'phone' && input.direction === 'out' && input.phoneId === null;
  if (!held || needed) return refuse('number_not_held', '请先选择所拨的号码（Alt+1…5），再登记结果。');
  return checkOutcome(input, {
    facts,
    numbers,
    now: ctx.now,
    escalationTeam: me.escalationTeam,
    numbersBeforeConfirmed: me.settings.numbersBeforeConfirmed,
  });
}

/** A hand-over with the result: where the result allows one, along the tiers, and with something tried. */
async function handOverRefused(
  ctx: Ctx,
  row: CaseRow,
  outcome: Outcome,
  { escalation }: FinishInput,
): Promise<{
  ok: false;
  error: Refusal<'escalation_not_allowed' | 'already_escalated' | 'no_evidence'>;
} | null> {
  if (escalation === null) return null;
  const barred = handOverBarred(outcome, escalation.tier);
  if (barred !== null) return refuse('escalation_not_allowed', barred);
  return checkHandOver(ctx, row, { tier: escalation.tier, tried: ruleOf(outcome).attempt });
}

/** Decides, then writes: attempt, number, text message, next steps, end of the lease with its way back, and the case last. */
async function saveFinish(ctx: Ctx, finishing: Finishing): Promise<void> {
  const { me, lease, file, input, outcome } = finishing;
  const row = file.case;
  const { phoneId, callback, escalation } = input;
  const said = { outcome, phoneId, callback, escalation };
  const decision = decideNext(file.facts, file.numbers, said, { now: ctx.now, settings: me.settings });
  const attemptId = await recordAttempt(ctx, finishing);
  const phone = await affectPhone(ctx, finishing, decision);
  const texted = decision.messages.includes('sms') && (await sendPlannedSms(ctx, finishing));
  const made = await makeSteps(ctx, finishing, decision);
  const wanted = await skillAfter(ctx, file, decision, { callerId: me.userId, dialect: input.dialect });
  const after = { ...imageOf(ctx, finishing, { decision, attemptId, texted, made }), ...wanted };
  if (outcome === 'L9' || outcome === 'L11') await tellLine(ctx, me, outcome);
  const undo: UndoImage = {
    attemptId,
    outcome,
    consequence: decision.consequence,
    version: row.version + 1,
    case: beforeImage(row, after),
    phone,
    detached: decision.number === 'detached' ? input.phoneId : null,
    callbackEnded: row.callback_id,
    escalationEnded: decision.state === 'final' ? row.escalation_id : null,
    ...made,
  };
  await endLease(ctx, lease.id, { at: ctx.now, reason: 'finished', undo });
  await applyCases(ctx, [{ case: row, kind: 'finished', at: ctx.now, causeId: attemptId, after }]);
}

/** The effect on the number, through the module that owns it. Returns the condition before, for undo. */
async function affectPhone(
  ctx: Ctx,
  { me, file, input }: Finishing,
  decision: Decision,
): Promise<UndoImage['phone']> {
  const number = file.numbers.find(({ phoneId }) => phoneId === input.phoneId);
  if (!number || input.channel !== 'phone') return null;
  const id = number.phone.phoneId as PhoneId;
  const dialled = ruleOf(decision.outcome).attempt && input.direction === 'out';
  if (dialled) await noteDial(ctx, id);
  const effect = EFFECT_ON_PHONE[decision.number];
  if (effect !== null) await markPhone(ctx, id, effect, me.settings.vacantConfirmHours);
  if (decision.number === 'detached') {
    await detachPhone(ctx, { candidateId: file.case.candidate_id, phoneId: id }, '回访登记为错号');
  }
  const { state, stateAt, vacantHits, retests, retestAfter } = number;
  return { id, condition: { state, stateAt, vacantHits, retests, retestAfter }, dialled };
}

interface Made {
  readonly callbackMade: string | null;
  readonly escalationMade: string | null;
  readonly doNotCall: string | null;
}

/** Call-back, hand-over, do-not-call, credit: what the decision leaves for later. */
async function makeSteps(ctx: Ctx, { me, lease, file, input }: Finishing, decision: Decision): Promise<Made> {
  const row = file.case;
  if (row.callback_id !== null) await endCallback(ctx, row.callback_id, 'done');
  // Who confirmed a candidate keeps the credit when the candidate calls again, unless it was to say something else.
  const confirmed = lease.before?.result === 'admitted';
  if (confirmed && decision.state !== 'final') await endCredits(ctx, row.id);
  if (decision.state === 'final') {
    if (row.escalation_id !== null) await endEscalation(ctx, row.escalation_id, decision.consequence);
    if (!confirmed) await giveCredit(ctx, row, me.userId);
  }
  if (input.escalation) await auditHandOver(ctx, row, input.escalation);
  const promise = decision.callback;
  return {
    callbackMade:
      promise && (await insertCallback(ctx, { ...promise, caseId: row.id, createdBy: me.userId })),
    escalationMade:
      decision.escalation &&
      (await insertEscalation(ctx, {
        case: row,
        ...decision.escalation,
        summary: handOverWords([ruledSummary(decision), input.escalation?.summary, input.note]),
        settings: me.settings,
      })),
    doNotCall: decision.doNotCall ? await barPerson(ctx, row, me.userId) : null,
  };
}

/** What the rules say about the hand-over; null: it was the caller's choice. */
function ruledSummary({ escalation, outcome, consequence }: Decision): string | null {
  const cause = escalation?.cause;
  if (cause === 'by_hand') return null;
  return cause !== undefined && cause in OUTCOMES
    ? ruleOf(cause as Outcome).label
    : consequence || ruleOf(outcome).label;
}

/** The columns that the finish sets. */
function imageOf(
  ctx: Ctx,
  finishing: Finishing,
  {
    decision,
    attemptId,
    texted,
    made,
  }: { decision: Decision; attemptId: string; texted: boolean; made: Made },
): CaseImage {
  const { me, file, input } = finishing;
  const row = file.case;
  const rule = ruleOf(decision.outcome);
  const dialled = input.channel === 'phone' && input.direction === 'out' && rule.attempt;
  const today = shanghaiDay(ctx.now);
  const part = decision.dayPart;
  const escalationId = decision.state === 'final' ? null : (made.escalationMade ?? row.escalation_id);
  return {
    state: decision.state,
    disposition: decision.disposition,
    result: decision.result,
    result_reason: decision.result && rule.label,
    priority: decision.priority,
    due_at: decision.dueAt,
    group_due_at: decision.groupDueAt,
    pool_due_at: decision.poolDueAt,
    // A fault of the line is no try: who must not call again is still the one.
    ...(rule.attempt && { not_caller_id: decision.anotherCaller ? me.userId : null }),
    lease_id: null,
    callback_id: made.callbackMade,
    escalation_id: escalationId,
    blocked_reason: decision.blockedReason,
    in_charge_id: decision.blockedReason ? (row.owner_id ?? me.userId) : row.in_charge_id,
    attempts: row.attempts + (rule.attempt ? 1 : 0) + (texted ? 1 : 0),
    dials: row.dials + (dialled ? 1 : 0),
    contacts: row.contacts + (rule.contact ? 1 : 0),
    talk_seconds: row.talk_seconds + talkOf(ctx, finishing),
    refusals: row.refusals + (rule.refusal ? 1 : 0),
    unanswered: row.unanswered + (rule.attempt && !rule.contact ? 1 : 0),
    considered: row.considered + (rule.disposition === 'considering' ? 1 : 0),
    ...(dialled && { day_parts: { ...row.day_parts, [part]: (row.day_parts[part] ?? 0) + 1 } }),
    ...(texted && { messages: { ...row.messages, sms: (row.messages.sms ?? 0) + 1 } }),
    ...(dialled && {
      dialled_on: today,
      dialled_today: (row.dialled_on === today ? row.dialled_today : 0) + 1,
    }),
    last_attempt_id: attemptId,
    last_attempt_at: ctx.now,
    last_outcome: decision.outcome,
  };
}
