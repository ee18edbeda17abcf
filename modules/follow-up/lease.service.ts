import { addPhone, type CandidateId, setSignals, setWish } from '#candidate';
import type { Relation } from '#candidate/rules';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { applyCases, type CaseRow, readCase } from './case.store.ts';
import { nextWork } from './claim.service.ts';
import { CHANNEL_LABELS } from './contract.ts';
import { insertEscalation } from './escalate.ts';
import { type CaseFile, loadFile } from './file.ts';
import { auditHandOver, checkHandOver, type HandOver } from './hand-over.service.ts';
import {
  endLease,
  holdPhone,
  type LeaseRow,
  lockLease,
  markDialled,
  renewLease,
  saveDraft,
} from './lease.store.ts';
import { attemptByKey } from './ledger.store.ts';
import { type Me, readMe } from './me.ts';
import { logMessage } from './message.ts';
import { dialBarred } from './number.rules.ts';
import { keyOf } from './record.ts';
import type { WorkView } from './work.contract.ts';
import { isPromised, readWork } from './work.ts';

/** What a caller does under a lease before its result: renew, dial, write, note. */

const ended = refuse('lease_ended', '这名考生的占用已结束，请刷新页面。');

interface Held {
  readonly me: Me;
  readonly lease: LeaseRow;
  readonly row: CaseRow;
  readonly file: CaseFile;
}

/** The actor's own open lease with its file, locked; null when it is over. */
async function held(ctx: Ctx, leaseId: string): Promise<Held | null> {
  const lease = await lockLease(ctx, leaseId);
  if (!lease || lease.caller_id !== ctx.actor.userId || lease.ended_at !== null) return null;
  const me = await readMe(ctx);
  const row = await readCase(ctx, lease.case_id);
  if (!row) throw new Error(`lease ${lease.id} has no case`);
  return { me, lease, row, file: await loadFile(ctx, me, row) };
}

/** Every 60 s while the page is open. */
export async function heartbeat(
  ctx: Ctx,
  leaseId: string,
): Promise<Result<{ expiresAt: number; serverNow: number }, Refusal<'lease_ended'>>> {
  const { settings } = await readMe(ctx);
  const expiresAt = await renewLease(ctx, leaseId, ctx.now + settings.leaseMinutes * 60_000);
  return expiresAt === null ? ended : ok({ expiresAt, serverNow: ctx.now });
}

export async function draft(
  ctx: Ctx,
  leaseId: string,
  text: string,
): Promise<Result<undefined, Refusal<'lease_ended'>>> {
  const lease = await lockLease(ctx, leaseId);
  if (!lease || lease.caller_id !== ctx.actor.userId || lease.ended_at !== null) return ended;
  await saveDraft(ctx, leaseId, text);
  return ok(undefined);
}

/**
 * Marks which number is being dialled. Caps, calling hours and do-not-call hold here, at the moment of dialling. One dial a lease: the next
 * number comes with its own, after the result of this one; the same number asked for again is the same dial.
 */
export async function dial(
  ctx: Ctx,
  leaseId: string,
  phoneId: string,
): Promise<
  Result<
    { dialStartedAt: number },
    Refusal<'lease_ended' | 'already_dialled' | 'number_barred' | 'number_not_held'>
  >
> {
  const at = await held(ctx, leaseId);
  if (!at) return ended;
  const { me, lease, file } = at;
  if (lease.dial_started_at !== null)
    return lease.phone_id === phoneId
      ? ok({ dialStartedAt: lease.dial_started_at })
      : refuse('already_dialled', '这一通已经拨出，请先登记它的结果，再拨下一个号码。');
  const number = file.numbers.find((known) => known.phoneId === phoneId);
  if (!number) return refuse('number_not_held', '这个号码不在该考生名下，请重新选择。');
  const { facts } = file;
  const barred = dialBarred(number, {
    now: ctx.now,
    window: facts.window,
    settings: me.settings,
    dialledToday: facts.dialledToday,
    doNotCall: facts.doNotCall,
    promised: isPromised(lease),
  });
  if (barred !== null) return refuse('number_barred', barred);
  await markDialled(ctx, leaseId, phoneId);
  return ok({ dialStartedAt: ctx.now });
}

export interface NewNumber {
  readonly number: string;
  readonly relation: Relation;
  readonly contactName: string;
  readonly basis: string;
}

/** A number given during the call, held under the same lease at once. */
export async function addNumber(
  ctx: Ctx,
  leaseId: string,
  given: NewNumber,
): Promise<Result<WorkView, Refusal<'lease_ended' | 'bad_number' | 'number_busy' | 'duplicate_number'>>> {
  const at = await held(ctx, leaseId);
  if (!at) return ended;
  const added = await addPhone(ctx, {
    candidateId: at.row.candidate_id,
    number: given.number,
    relation: given.relation,
    source: '回访通话',
    basis: given.basis,
    ...(given.contactName !== '' && { contactName: given.contactName }),
  });
  if (!added.ok) {
    const code = added.error.code === 'already_there' ? 'duplicate_number' : 'bad_number';
    return refuse(code, added.error.message);
  }
  if (!(await holdPhone(ctx, leaseId, added.value.phoneId)))
    return refuse('number_busy', '这个号码正由另一位回访员在为其他考生拨打，请稍后再添加。');
  return ok(await readWork(ctx, at.me));
}

export interface MessageInput {
  readonly clientKey: string;
  readonly channel: 'sms' | 'wechat' | 'qq' | 'weibo';
  readonly phoneId: string | null;
  readonly outcome: string;
  readonly text: string;
  /** The approved text, when it is sent as it stands. */
  readonly scriptVersionId: string | null;
  readonly talkSeconds: number;
}

/** SMS, WeChat, QQ and Weibo in the ledger. Without an answer they are attempts, not contacts. */
export async function message(
  ctx: Ctx,
  leaseId: string,
  input: MessageInput,
): Promise<Result<WorkView, Refusal<'lease_ended' | 'number_not_held' | 'number_barred'>>> {
  const at = await held(ctx, leaseId);
  if (!at) return ended;
  const { me, row, file } = at;
  if (await attemptByKey(ctx, keyOf(me, input.clientKey))) return ok(await readWork(ctx, me));
  const number = file.numbers.find(({ phoneId }) => phoneId === input.phoneId);
  if (input.phoneId !== null && !number)
    return refuse('number_not_held', '这个号码不在该考生名下，请重新选择。');
  if (
    input.channel === 'sms' &&
    (number?.kind !== 'mobile' || number.state === 'do_not_call' || number.frozen)
  )
    return refuse('number_barred', '短信只能发到可联系的手机号码，请另选一个号码。');
  if (file.facts.doNotCall && input.outcome !== 'answered')
    return refuse('number_barred', '本人要求勿再来电，短信、微信、QQ 也不再发；只有督查组可以解除。');
  const clientKey = keyOf(me, input.clientKey);
  const approved = me.scripts.some(({ versionId }) => versionId === input.scriptVersionId);
  const scriptVersionId = approved ? input.scriptVersionId : null;
  const attemptId = await logMessage(ctx, { ...input, me, file, leaseId, clientKey, scriptVersionId });
  const contact = input.outcome === 'answered' ? 1 : 0;
  await applyCases(ctx, [
    {
      case: row,
      kind: 'finished',
      at: ctx.now,
      causeId: attemptId,
      note: CHANNEL_LABELS[input.channel],
      after: {
        attempts: row.attempts + 1,
        contacts: row.contacts + contact,
        talk_seconds: row.talk_seconds + (contact === 1 ? input.talkSeconds : 0),
        messages: { ...row.messages, [input.channel]: (row.messages[input.channel] ?? 0) + 1 },
        last_attempt_id: attemptId,
        last_attempt_at: ctx.now,
        last_outcome: input.outcome,
      },
    },
  ]);
  return ok(await readWork(ctx, me));
}

export async function signals(
  ctx: Ctx,
  leaseId: string,
  codes: readonly string[],
): Promise<Result<undefined, Refusal<'lease_ended' | 'unknown_signal'>>> {
  const at = await held(ctx, leaseId);
  if (!at) return ended;
  const set = await setSignals(ctx, at.row.candidate_id as CandidateId, codes);
  return set.ok ? ok(undefined) : refuse('unknown_signal', set.error.message);
}

export async function wish(
  ctx: Ctx,
  leaseId: string,
  given: { pathwayInterest: boolean; majorWish: string | null },
): Promise<Result<undefined, Refusal<'lease_ended'>>> {
  const at = await held(ctx, leaseId);
  if (!at) return ended;
  await setWish(ctx, at.row.candidate_id as CandidateId, given);
  return ok(undefined);
}

/** Hands the case in hand upwards, with a summary; the evidence is computed. */
export async function escalateInHand(
  ctx: Ctx,
  leaseId: string,
  given: HandOver & { readonly next: boolean },
): Promise<
  Result<WorkView, Refusal<'lease_ended' | 'already_dialled' | 'already_escalated' | 'no_evidence'>>
> {
  const at = await held(ctx, leaseId);
  if (!at) return ended;
  const { me, lease, row } = at;
  if (lease.dial_started_at !== null)
    return refuse('already_dialled', '已经拨打过，请登记这次拨打的结果；登记时可以同时转交。');
  const barred = await checkHandOver(ctx, row, { tier: given.tier, tried: false });
  if (barred) return barred;
  const escalationId = await insertEscalation(ctx, {
    ...given,
    case: row,
    cause: 'by_hand',
    settings: me.settings,
  });
  await endLease(ctx, lease.id, { at: ctx.now, reason: 'released' });
  const after = { state: 'escalated', escalation_id: escalationId, lease_id: null } as const;
  await applyCases(ctx, [
    { case: row, kind: 'escalated', at: ctx.now, causeId: escalationId, note: given.summary, after },
  ]);
  await auditHandOver(ctx, row, given);
  return ok(await nextWork(ctx, me, given.next));
}
