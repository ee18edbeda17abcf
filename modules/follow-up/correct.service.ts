import { detachPhone, markPhone, type PhoneId } from '#candidate';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId, type UserId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import { scopeOf } from '#staff';
import { endCallback, insertCallback } from './callback.store.ts';
import { applyCases, type CaseImage, type CaseRow, readCase } from './case.store.ts';
import { countsAfter } from './case-counts.ts';
import { checkOutcome, type OutcomeRefusal } from './check.rules.ts';
import { giveCredit } from './credit.store.ts';
import { decideNext } from './decide.rules.ts';
import type { Decision } from './decision.rules.ts';
import { barPerson } from './do-not-call.ts';
import { endEscalation, insertEscalation } from './escalate.ts';
import { factsOf } from './facts.ts';
import { type CaseFile, loadFile } from './file.ts';
import { type AttemptRow, insertCorrection, readAttempt, readLedger } from './ledger.store.ts';
import { type Me, readMe } from './me.ts';
import { EFFECT_ON_PHONE } from './number.rules.ts';
import { type Answer, OUTCOMES, type Outcome, outcomeOf, ruleOf } from './outcome.rules.ts';
import { reattach } from './reattach.ts';
import { tallyChange, tallyOf } from './tally.rules.ts';
import { addTally } from './tally.store.ts';
import { skillAmended } from './trained.ts';
import type { ContactData, WorkView } from './work.contract.ts';
import { contactView, readWork } from './work.ts';

/** An attempt that was never given a result, or the wrong one: the row stays, the correction stands beside it. */

export interface Amendment extends Answer {
  readonly talkSeconds: number;
  readonly checked: { readonly major: boolean; readonly identity: boolean };
}
export type AmendRefusal = OutcomeRefusal | 'not_found' | 'case_moved' | 'already_completed' | 'not_yours';

/** 补填: the caller says what came of a call whose lease ran out. */
export async function complete(
  ctx: Ctx,
  attemptId: string,
  given: Amendment,
): Promise<Result<WorkView, Refusal<AmendRefusal>>> {
  const me = await readMe(ctx);
  const attempt = await readAttempt(ctx, attemptId);
  if (!attempt?.incomplete || attempt.caller_id !== me.userId)
    return refuse('not_found', '没有找到要补填的拨打，可能已由他人处理。');
  if (attempt.completed) return refuse('already_completed', '这次拨打已经补填过结果。');
  const amended = await amend(ctx, me, { attempt, given, kind: 'completed', reason: '补填结果' });
  return amended.ok ? ok(await readWork(ctx, me)) : amended;
}

/** 更正: by the caller, a leader of the group or the office, always with a reason. */
export async function correct(
  ctx: Ctx,
  attemptId: string,
  { reason, ...given }: Amendment & { readonly reason: string },
): Promise<Result<ContactData, Refusal<AmendRefusal>>> {
  const me = await readMe(ctx);
  const attempt = await readAttempt(ctx, attemptId);
  if (!attempt || attempt.undone || attempt.channel !== 'phone')
    return refuse('not_found', '没有找到可以更正的联系记录。');
  const scope = await scopeOf(ctx);
  const mine = attempt.caller_id === me.userId || scope.kind === 'all';
  if (!mine && !(scope.kind === 'group' && scope.groupIds.some((id) => id === attempt.group_id)))
    return refuse('not_yours', '只能更正自己或本组的联系记录，请联系该回访员的组长。');
  const amended = await amend(ctx, me, { attempt, given, kind: 'corrected', reason });
  if (!amended.ok) return amended;
  const entry = (await readLedger(ctx, attempt.case_id)).find(({ id }) => id === attemptId);
  if (!entry) throw new Error('the corrected attempt is gone');
  return ok(contactView(ctx, entry));
}

interface Amending {
  readonly attempt: AttemptRow;
  readonly given: Amendment;
  readonly kind: 'corrected' | 'completed';
  readonly reason: string;
}

/**
 * Puts the correction beside the attempt and moves the counters by the difference. When the attempt is the last of an open case,
 * the case is decided anew from the facts before it. Refuses while the candidate is in a call.
 */
async function amend(ctx: Ctx, me: Me, amending: Amending): Promise<Result<null, Refusal<AmendRefusal>>> {
  const { attempt, given, kind, reason } = amending;
  const row = await readCase(ctx, attempt.case_id);
  if (!row) return refuse('not_found', '没有找到这次联系的回访任务。');
  if (row.state === 'leased') return refuse('case_moved', '这名考生正在通话中，请等登记结果后再更正。');
  const before = await effective(ctx, attempt);
  // Before anything is decided: what comes next may be to dial this number again. A refusal takes it back.
  if (takesAway(before.outcome) && !takesAway(outcomeOf(given))) await reattach(ctx, row, attempt.phone_id);
  const file = await loadFile(ctx, me, row);
  const { facts, numbers } = withoutAttempt(file, attempt, ctx.now);
  const limits = {
    escalationTeam: me.escalationTeam,
    numbersBeforeConfirmed: me.settings.numbersBeforeConfirmed,
  };
  const outcome = checkOutcome({ ...given, callback: null }, { facts, numbers, now: ctx.now, ...limits });
  if (!outcome.ok) return outcome;
  const { contact } = ruleOf(outcome.value);
  const talkSeconds = contact ? given.talkSeconds : 0;
  await insertCorrection(ctx, {
    ...{ id: newId<string>(), attemptId: attempt.id, kind, before, reason, by: me.userId },
    after: {
      ...{ line: given.line, answerer: given.answerer, result: given.result },
      outcome: outcome.value,
      contact,
      talkSeconds,
    },
  });
  await shiftTally(ctx, row, { attempt, before, after: { outcome: outcome.value, contact, talkSeconds } });
  const last = row.last_attempt_id === attempt.id && row.state !== 'final';
  const decision = last
    ? decideNext(
        facts,
        numbers,
        { outcome: outcome.value, phoneId: attempt.phone_id, callback: null },
        { now: ctx.now, settings: me.settings },
      )
    : null;
  const wanted = decision
    ? await skillAmended(ctx, file, {
        ...{ before: before.outcome, decision },
        ...{ attemptId: attempt.id, callerId: attempt.caller_id },
      })
    : {};
  const amended = { row, attempt, before, decision, wanted, outcome: outcome.value, talkSeconds, reason };
  await saveAmended(ctx, me, amended);
  await audit(ctx, {
    action: `attempt.${kind}`,
    subjectType: 'case',
    subjectId: row.id,
    reason,
    before,
    after: { outcome: outcome.value },
  });
  return ok(null);
}

/** 错号: the number is no longer the candidate's. */
const takesAway = (outcome: string | null): boolean =>
  outcome !== null && outcome in OUTCOMES && ruleOf(outcome as Outcome).number === 'detached';

/** What the rules knew before the attempt that is being amended: its line of the ledger and its dial do not count. */
function withoutAttempt(
  { facts, ...file }: CaseFile,
  attempt: AttemptRow,
  now: number,
): Pick<CaseFile, 'facts' | 'numbers'> {
  const dialToday = shanghaiDay(attempt.started_at) === shanghaiDay(now) ? 1 : 0;
  const { smsPhones, smsAfter, doNotCall } = facts;
  return {
    facts: factsOf({
      ...{ case: file.case, policy: file.policy, smsPhones, smsAfter, doNotCall, now },
      ledger: file.ledger.filter(({ id }) => id !== attempt.id),
      dialledToday: Math.max(0, facts.dialledToday - dialToday),
    }),
    numbers: file.numbers.map((number) =>
      number.phoneId === attempt.phone_id
        ? {
            ...number,
            dialledToday: Math.max(0, number.dialledToday - dialToday),
            dialsOfCase: number.dialsOfCase - 1,
          }
        : number,
    ),
  };
}

interface Effective {
  readonly outcome: string;
  readonly contact: boolean;
  readonly talkSeconds: number;
}

/** What the attempt counts as until now: its latest correction, else itself. */
async function effective(ctx: Ctx, attempt: AttemptRow): Promise<Effective> {
  const entry = (await readLedger(ctx, attempt.case_id)).find(({ id }) => id === attempt.id);
  return {
    outcome: entry?.outcome ?? attempt.outcome,
    contact: entry?.contact ?? attempt.contact,
    talkSeconds: entry?.talkSeconds ?? attempt.talk_seconds,
  };
}

/** The counters learn the difference only, at the time of the call. */
async function shiftTally(
  ctx: Ctx,
  row: CaseRow,
  { attempt, before, after }: { attempt: AttemptRow; before: Effective; after: Effective },
): Promise<void> {
  const { channel, direction } = attempt;
  const how = { channel, direction };
  const change = tallyChange(tallyOf({ ...before, ...how }), tallyOf({ ...after, ...how }));
  const who = { callerId: attempt.caller_id, groupId: attempt.group_id };
  const where = { seasonId: row.season_id, policyId: row.policy_id, phase: row.phase };
  await addTally(ctx, { ...who, ...where, at: attempt.started_at }, change);
}

interface Amended {
  readonly row: CaseRow;
  readonly attempt: AttemptRow;
  readonly before: Effective;
  /** Null: an older attempt, whose correction changes counts only. */
  readonly decision: Decision | null;
  /** Who is wanted for the next try. */
  readonly wanted: CaseImage;
  readonly outcome: Outcome;
  readonly talkSeconds: number;
  readonly reason: string;
}

async function saveAmended(ctx: Ctx, me: Me, amended: Amended): Promise<void> {
  const { row, attempt, decision, reason } = amended;
  const next = decision && (await redecided(ctx, me, { row, attempt, decision }));
  await applyCases(ctx, [
    {
      case: row,
      kind: 'corrected',
      at: ctx.now,
      causeId: attempt.id,
      note: reason,
      after: { ...countsAfter(amended), ...next, ...amended.wanted },
    },
  ]);
}

/** The last attempt decides about the case: its correction decides anew. */
async function redecided(
  ctx: Ctx,
  me: Me,
  { row, attempt, decision }: { row: CaseRow; attempt: AttemptRow; decision: Decision },
): Promise<CaseImage> {
  if (row.callback_id !== null) await endCallback(ctx, row.callback_id, 'cancelled');
  const final = decision.state === 'final';
  if (final && row.escalation_id !== null) await endEscalation(ctx, row.escalation_id, decision.consequence);
  if (final) await giveCredit(ctx, row, attempt.caller_id);
  if (decision.doNotCall) await barPerson(ctx, row, me.userId);
  await affectNumber(ctx, me, { row, attempt, decision });
  const { escalation, callback } = decision;
  const summary = decision.consequence;
  const made =
    escalation && (await insertEscalation(ctx, { case: row, ...escalation, summary, settings: me.settings }));
  const promised =
    callback &&
    (await insertCallback(ctx, {
      ...callback,
      caseId: row.id,
      createdBy: row.owner_id ?? attempt.caller_id,
    }));
  return {
    ...{ state: decision.state, disposition: decision.disposition, priority: decision.priority },
    ...{ due_at: decision.dueAt, group_due_at: decision.groupDueAt, pool_due_at: decision.poolDueAt },
    ...{ result: decision.result, result_reason: decision.result && ruleOf(decision.outcome).label },
    ...{
      callback_id: promised,
      escalation_id: final ? null : (made ?? row.escalation_id),
      last_outcome: decision.outcome,
    },
    blocked_reason: decision.blockedReason,
    in_charge_id: decision.blockedReason ? (row.owner_id ?? me.userId) : row.in_charge_id,
    // Whoever made the call is the one who does not make the next, whoever corrects it.
    ...(ruleOf(decision.outcome).attempt && {
      not_caller_id: decision.anotherCaller ? (attempt.caller_id as UserId) : null,
    }),
  };
}

/** What the number turned out to be is known only now; the dial itself was counted when it was made. */
async function affectNumber(
  ctx: Ctx,
  me: Me,
  { row, attempt, decision }: { row: CaseRow; attempt: AttemptRow; decision: Decision },
): Promise<void> {
  if (attempt.phone_id === null) return;
  const phoneId = attempt.phone_id as PhoneId;
  const effect = EFFECT_ON_PHONE[decision.number];
  if (effect !== null) await markPhone(ctx, phoneId, effect, me.settings.vacantConfirmHours);
  if (decision.number === 'detached')
    await detachPhone(ctx, { candidateId: row.candidate_id, phoneId }, '回访登记为错号');
}
