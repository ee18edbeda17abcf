import { sql } from 'kysely';
import { z } from 'zod';
import { noteDial, type PhoneId } from '#candidate';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId, type UserId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { maskText } from '#platform/personal-text';
import { ok, type Result } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import { flagPhrases } from '#script';
import { policyOf } from '#season';
import { applyCases, type CaseImage, type CaseRow, readCase } from './case.store.ts';
import { nextWork } from './claim.service.ts';
import { SKIP_REASONS } from './contract.ts';
import { PRIORITY } from './decide.rules.ts';
import {
  type EndReason,
  endLease,
  expiredLeases,
  type LeaseRow,
  lockLease,
  readDraft,
} from './lease.store.ts';
import { insertAttempt } from './ledger.store.ts';
import { readMe } from './me.ts';
import type { WorkView } from './work.contract.ts';

/** A case that is given back without a result: skipped with a reason, released, or expired. */

/**
 * State to which a leased case returns: what it waits for has not changed; one that was stopped or finished is so again. What is handed over
 * stays so, with or without a promised time: it is not the queue's.
 */
export const returned = (row: CaseRow, before: CaseImage | null): CaseImage =>
  before !== null
    ? { ...before, lease_id: null }
    : {
        state: row.escalation_id !== null ? 'escalated' : row.callback_id !== null ? 'scheduled' : 'ready',
        lease_id: null,
      };

const SKIP_DELAY_MS = 15 * 60_000;

/** 放回: never without a reason; leaders see how often. What was dialled gets a result instead. */
export async function skip(
  ctx: Ctx,
  leaseId: string,
  given: { reason: keyof typeof SKIP_REASONS; note: string; next: boolean },
): Promise<Result<WorkView, Refusal<'lease_ended' | 'note_needed' | 'already_dialled'>>> {
  const lease = await lockLease(ctx, leaseId);
  if (!lease || lease.caller_id !== ctx.actor.userId || lease.ended_at !== null)
    return refuse('lease_ended', '这名考生的占用已结束，请刷新页面。');
  if (lease.dial_started_at !== null)
    return refuse('already_dialled', '已经拨打过，不能放回；请登记这次拨打的结果。');
  if (given.reason === 'other' && given.note === '') return refuse('note_needed', '选择“其他”时请写明原因。');
  const later = { ...ctx, now: lease.heldAt };
  const me = await readMe(later);
  const row = await caseOf(later, lease);
  await sql`insert into case_skip (tenant_id, id, case_id, lease_id, caller_id, reason, note, at)
    values (${ctx.tenantId}, ${newId()}, ${row.id}, ${lease.id}, ${me.userId}, ${given.reason}, ${maskText(given.note)}, ${new Date(later.now)})`.execute(
    ctx.tx,
  );
  await giveBack(later, lease, row, {
    reason: 'skipped',
    note: SKIP_REASONS[given.reason],
    after: {
      ...(lease.before
        ? returned(row, lease.before)
        : skipImage(row, { ...given, by: me.userId, now: later.now })),
      skips: row.skips + 1,
    },
  });
  await audit(later, {
    action: 'case.skipped',
    subjectType: 'case',
    subjectId: row.id,
    reason: SKIP_REASONS[given.reason],
  });
  return ok(await nextWork(later, me, given.next));
}

interface Skipped {
  readonly reason: keyof typeof SKIP_REASONS;
  readonly by: UserId;
  readonly now: number;
}

/** An acquaintance or a dialect means another caller than the one who skips, at once; anything else comes back to the owner a little later. */
function skipImage(row: CaseRow, { reason, by, now }: Skipped): CaseImage {
  if (reason === 'acquaintance' || reason === 'dialect') {
    const group = row.group_id === null ? {} : { group_due_at: now };
    return {
      ...returned(row, null),
      not_caller_id: by,
      ...group,
      pool_due_at: row.group_id === null ? now : row.pool_due_at,
    };
  }
  const due = Math.max(row.due_at ?? now, now + SKIP_DELAY_MS);
  return row.state === 'leased' && row.escalation_id === null
    ? { ...returned(row, null), due_at: due }
    : returned(row, null);
}

async function caseOf(ctx: Ctx, lease: LeaseRow): Promise<CaseRow> {
  const row = await readCase(ctx, lease.case_id);
  if (!row) throw new Error(`lease ${lease.id} has no case`);
  return row;
}

/** Ends a lease and returns its case to what it waits for. */
export async function giveBack(
  ctx: Ctx,
  lease: LeaseRow,
  row: CaseRow,
  how: { reason: EndReason; note: string; after?: CaseImage; causeId?: string },
): Promise<void> {
  await endLease(ctx, lease.id, { at: ctx.now, reason: how.reason });
  await applyCases(ctx, [
    {
      case: row,
      kind: 'released',
      at: ctx.now,
      causeId: how.causeId ?? lease.id,
      note: how.note,
      after: how.after ?? returned(row, lease.before),
    },
  ]);
}

/** The ids of leases whose time is over, for the sweeper, which ends each in a transaction of its own. */
export const overdueLeases = (ctx: Ctx): Promise<string[]> => expiredLeases(ctx, 500);

/**
 * Ends a lease that ran out: the case goes back to the head of its owner's queue, and a dialled one leaves an attempt without a
 * result that its caller completes before the next pull. It is never dropped. False: somebody was faster.
 */
export async function expireLease(ctx: Ctx, leaseId: string): Promise<boolean> {
  const lease = await lockLease(ctx, leaseId);
  if (!lease || lease.ended_at !== null || lease.expires_at > ctx.now) return false;
  const later = { ...ctx, now: Math.max(ctx.now, lease.heldAt) };
  const row = await caseOf(later, lease);
  const dialled = lease.dial_started_at === null ? null : await unfinished(later, lease, row);
  await giveBack(later, lease, row, {
    reason: 'expired',
    note: '超时放回',
    ...(dialled && { causeId: dialled.attemptId }),
    after: { ...returned(row, lease.before), priority: PRIORITY.head, ...dialled?.after },
  });
  await notify(later, lease.caller_id, {
    title: '一名考生超时放回',
    body: dialled ? '您拨打后没有填写结果，请补填后再取下一位。' : '超过占用时间未登记结果，已放回队列最前。',
    link: '/queue',
  });
  return true;
}

async function unfinished(
  ctx: Ctx,
  lease: LeaseRow,
  row: CaseRow,
): Promise<{ attemptId: string; after: CaseImage }> {
  const policy = await policyOf(ctx, row.policy_id);
  const attemptId = newId<string>();
  const startedAt = lease.dial_started_at ?? lease.opened_at;
  const who = { callerId: lease.caller_id, groupId: row.group_id };
  const what = { channel: 'phone', outcome: 'incomplete', contact: false, talkSeconds: 0 };
  const at = { seasonId: row.season_id, policyId: row.policy_id, phase: row.phase };
  const typed = await typedNote(ctx, lease.id);
  await insertAttempt(ctx, {
    ...{ id: attemptId, caseId: row.id, candidateId: row.candidate_id, leaseId: lease.id, round: row.round },
    ...{ ...who, ...what, ...at, direction: 'out', phoneId: lease.phone_id, startedAt, endedAt: ctx.now },
    ...{ line: null, answerer: null, result: null, answeredAt: null, scriptVersionId: null },
    ...{ note: typed.note, flagged: typed.flagged, incomplete: true, clientKey: `expired/${lease.id}` },
    policyVersion: policy?.version ?? 1,
  });
  if (lease.phone_id !== null) await noteDial(ctx, lease.phone_id as PhoneId);
  const today = shanghaiDay(ctx.now);
  return {
    attemptId,
    after: {
      attempts: row.attempts + 1,
      dials: row.dials + 1,
      dialled_on: today,
      dialled_today: (row.dialled_on === today ? row.dialled_today : 0) + 1,
      last_attempt_id: attemptId,
      last_attempt_at: ctx.now,
      last_outcome: 'incomplete',
    },
  };
}

/** What the screen keeps as a draft; of it only the note outlives the lease. */
const Draft = z.object({ note: z.string().max(2000) });

/** The note that was being typed goes into the ledger: what was written is never lost. */
async function typedNote(ctx: Ctx, leaseId: string): Promise<{ note: string; flagged: string[] }> {
  const text = await readDraft(ctx, leaseId);
  const note = (text === null ? undefined : Draft.safeParse(parsed(text)).data)?.note.trim() ?? '';
  return { note, flagged: note === '' ? [] : (await flagPhrases(ctx, note)).map(({ phraseId }) => phraseId) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
