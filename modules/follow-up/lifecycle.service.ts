import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { type Instant, newId, type UserId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { policies, settingsOf } from '#season';
import type { FollowUpSettings, Phase, Policy, PolicyId, Round, SeasonId } from '#season/rules';
import { endCallback, insertCallback } from './callback.store.ts';
import {
  applyCases,
  type CaseChange,
  type CaseId,
  type CaseImage,
  type CaseResult,
  type CaseRow,
  readCase,
  readCases,
} from './case.store.ts';
import { endCredits } from './credit.store.ts';
import { intoWindow, windowOf } from './day-part.rules.ts';
import { PRIORITY } from './decide.rules.ts';
import { endEscalation } from './escalate.ts';

/** A case from opening to its end, outside the calls: for release, reassignment, withdrawal and final decisions. */

export interface NewCase {
  readonly seasonId: SeasonId;
  readonly policyId: PolicyId;
  readonly candidateId: string;
  readonly phase: Phase;
  readonly round: Round;
  readonly ownerId: UserId | null;
  readonly groupId: string | null;
  /** Not before; null: the calling hours from now on. */
  readonly dueAt: Instant | null;
  readonly deadlineAt: Instant | null;
  readonly requiredSkill: string | null;
  /** A better-known id, so that the opener can note the assignment beside it. */
  readonly id?: CaseId;
}

/** Cases written in one statement; more would only hold more memory. */
const CHUNK = 1000;

/** Opens cases in bulk. One that stands already (same candidate and phase) fails the whole call. Returns their ids in order. */
export async function openCases(ctx: Ctx, given: readonly NewCase[]): Promise<CaseId[]> {
  const [first] = given;
  if (!first) return [];
  const settings = await settingsOf(ctx, first.seasonId);
  const byId = new Map((await policies(ctx, first.seasonId)).map((policy) => [policy.id, policy]));
  const changes = given.map((one): CaseChange => {
    const policy = byId.get(one.policyId);
    if (!policy) throw new Error(`no policy ${one.policyId} in this season`);
    const opened = { id: one.id ?? newId<CaseId>(), version: 0 };
    return { case: opened, kind: 'opened', at: ctx.now, after: newImage(ctx, one, policy, settings) };
  });
  for (let from = 0; from < changes.length; from += CHUNK)
    await applyCases(ctx, changes.slice(from, from + CHUNK));
  return changes.map((change) => change.case.id);
}

const MINUTE_MS = 60_000;

function newImage(ctx: Ctx, one: NewCase, policy: Policy, settings: FollowUpSettings): CaseImage {
  const window = windowOf(policy.callingFrom, policy.callingUntil);
  const due = intoWindow(Math.max(ctx.now, one.dueAt ?? ctx.now), window);
  return {
    season_id: one.seasonId,
    policy_id: one.policyId,
    candidate_id: one.candidateId as CaseRow['candidate_id'],
    phase: one.phase,
    round: one.round,
    owner_id: one.ownerId,
    group_id: one.groupId,
    state: 'ready',
    disposition: 'uncalled',
    priority: PRIORITY.ordinary,
    ...opensTo(due, one, settings),
    deadline_at: one.deadlineAt,
    required_skill: one.requiredSkill,
    ...{ attempts: 0, dials: 0, contacts: 0, talk_seconds: 0, refusals: 0, unanswered: 0, considered: 0 },
    ...{ day_parts: {}, messages: {}, dialled_today: 0, skips: 0 },
  };
}

/** From when the owner, the group and everyone may pull it. */
function opensTo(
  due: Instant,
  { ownerId, groupId }: Pick<NewCase, 'ownerId' | 'groupId'>,
  settings: Pick<FollowUpSettings, 'groupAfterMinutes' | 'poolAfterMinutes'>,
): Pick<CaseImage, 'due_at' | 'group_due_at' | 'pool_due_at'> {
  const group = due + (ownerId === null ? 0 : settings.groupAfterMinutes * MINUTE_MS);
  const later = (settings.poolAfterMinutes - settings.groupAfterMinutes) * MINUTE_MS;
  return {
    due_at: due,
    group_due_at: groupId === null ? null : group,
    pool_due_at: groupId === null ? group : group + later,
  };
}

export interface NewOwner {
  readonly caseId: CaseId;
  readonly ownerId: UserId | null;
  readonly groupId: string | null;
}

/**
 * Gives cases to other people in bulk; final ones are left out. A case in somebody's hand stays there until it is finished. Returns the
 * cases as they were before.
 */
export async function assignCases(ctx: Ctx, given: readonly NewOwner[], note: string): Promise<CaseRow[]> {
  const rows = (
    await readCases(
      ctx,
      given.map(({ caseId }) => caseId),
    )
  ).filter(({ state }) => state !== 'final');
  const owners = new Map(given.map((one) => [one.caseId, one]));
  const settings = rows[0] && (await settingsOf(ctx, rows[0].season_id));
  const changes = rows.map((row): CaseChange => {
    const { ownerId = null, groupId = null } = owners.get(row.id) ?? {};
    const due = row.due_at;
    // A promise without an owner is the group's from its minute on: there is nobody whose quarter of an hour it would be. One that is in
    // somebody's hand may come back unfinished: then it must be open to others as well.
    const promised = row.callback_id !== null;
    const waits = row.state === 'ready' || row.state === 'scheduled' || row.state === 'leased';
    const opens = waits && (!promised || ownerId === null);
    const opening = due === null || !settings || !opens ? {} : opensTo(due, { ownerId, groupId }, settings);
    const charge = row.state === 'blocked' && ownerId !== null ? { in_charge_id: ownerId } : {};
    const after = { owner_id: ownerId, group_id: groupId, ...opening, ...charge };
    return { case: row, kind: 'assigned', at: ctx.now, note, after };
  });
  for (let from = 0; from < changes.length; from += CHUNK)
    await applyCases(ctx, changes.slice(from, from + CHUNK));
  return rows;
}

export type CloseRefusal = 'not_found' | 'case_leased' | 'case_closed';

/** Ends a case for good: an executed withdrawal, a signed decision. `causeId` is the withdrawal, decision or attempt behind it. */
export async function closeCase(
  ctx: Ctx,
  given: { caseId: string; result: CaseResult; reason: string; causeId: string },
): Promise<Result<null, Refusal<CloseRefusal>>> {
  const row = await readCase(ctx, given.caseId);
  if (!row) return refuse('not_found', '没有找到这个回访任务，请刷新后重试。');
  if (row.state === 'leased') return refuse('case_leased', '这名考生正在通话中，请等登记结果后再办结。');
  if (row.state === 'final' && row.result !== 'admitted')
    return refuse('case_closed', '这名考生已经办结，不能再次办结。');
  if (row.callback_id !== null) await endCallback(ctx, row.callback_id, 'cancelled');
  if (row.escalation_id !== null) await endEscalation(ctx, row.escalation_id, given.reason);
  const { causeId, reason } = given;
  const after: CaseImage = {
    ...{ state: 'final', result: given.result, result_reason: reason },
    ...{ due_at: null, group_due_at: null, pool_due_at: null },
    ...{ callback_id: null, escalation_id: null, blocked_reason: null },
  };
  await applyCases(ctx, [{ case: row, kind: 'closed', at: ctx.now, causeId, note: reason, after }]);
  return ok(null);
}

/** Why nobody calls, as it reads in the journal and at the end of a hand-over. */
const BLOCKED_BECAUSE = {
  withdrawal_papers: '退档材料正在办理，不再拨打',
  decision: '已提出最终认定，等招办确认',
} as const;
type BlockReason = keyof typeof BLOCKED_BECAUSE;

/** Puts a case into a person's charge until something outside the calls has happened. Returns false for a leased or final case. */
export async function blockCase(
  ctx: Ctx,
  given: { caseId: string; reason: BlockReason; inChargeId: UserId | null; causeId: string | null },
): Promise<boolean> {
  const row = await readCase(ctx, given.caseId);
  const charge = given.inChargeId ?? row?.owner_id ?? ctx.actor.userId;
  if (!row || charge === null || row.state === 'leased' || row.state === 'final') return false;
  if (row.callback_id !== null) await endCallback(ctx, row.callback_id, 'cancelled');
  const note = BLOCKED_BECAUSE[given.reason];
  if (row.escalation_id !== null) await endEscalation(ctx, row.escalation_id, note);
  const after: CaseImage = {
    ...{ state: 'blocked', blocked_reason: given.reason, in_charge_id: charge },
    ...{ due_at: null, group_due_at: null, pool_due_at: null, callback_id: null, escalation_id: null },
  };
  await applyCases(ctx, [{ case: row, kind: 'blocked', at: ctx.now, causeId: given.causeId, note, after }]);
  return true;
}

/** Opens a stopped or finished case again, due at once for its owner. */
export async function reopenCase(
  ctx: Ctx,
  given: { caseId: string; reason: string; dueAt?: Instant },
): Promise<Result<null, Refusal<'not_found' | 'case_open' | 'case_closed'>>> {
  const row = await readCase(ctx, given.caseId);
  if (!row) return refuse('not_found', '没有找到这个回访任务，请刷新后重试。');
  if (row.state !== 'final' && row.state !== 'blocked')
    return refuse('case_open', '这个回访任务没有停止，不需要重新开放。');
  if (row.result === 'withdrawn' || row.result === 'returned')
    return refuse('case_closed', '这名考生已退档或退回，不能重新开放；如属误退，请按误退流程上报。');
  await applyCases(ctx, [
    {
      case: row,
      kind: 'reopened',
      at: ctx.now,
      note: given.reason,
      after: await readyImage(ctx, row, given.dueAt),
    },
  ]);
  if (row.state === 'final') await endCredits(ctx, row.id);
  await audit(ctx, { action: 'case.reopened', subjectType: 'case', subjectId: row.id, reason: given.reason });
  return ok(null);
}

async function readyImage(ctx: Ctx, row: CaseRow, dueAt: Instant = ctx.now): Promise<CaseImage> {
  const settings = await settingsOf(ctx, row.season_id);
  return {
    ...{ state: 'ready', result: null, result_reason: null, blocked_reason: null, callback_id: null },
    ...{ escalation_id: null, priority: PRIORITY.promised },
    ...opensTo(dueAt, { ownerId: row.owner_id, groupId: row.group_id }, settings),
  };
}

export type WithdrawalStep = 'requested' | 'evidence_in' | 'checked' | 'rejected' | 'cancelled';

/**
 * What a step of a withdrawal does to its case: while the papers are looked at, nobody calls; rejected papers are a call-back for the
 * owner; a cancelled wish is an ordinary case again. A case in somebody's hand, or final, stays as it is.
 */
export async function noteWithdrawal(
  ctx: Ctx,
  given: { caseId: string; withdrawalId: string; step: WithdrawalStep },
): Promise<void> {
  const row = await readCase(ctx, given.caseId);
  if (!row || row.state === 'leased' || row.state === 'final') return;
  const { caseId, withdrawalId: causeId, step } = given;
  if (step === 'evidence_in' || step === 'checked') {
    await blockCase(ctx, { caseId, reason: 'withdrawal_papers', inChargeId: row.owner_id, causeId });
    return;
  }
  if (row.callback_id !== null && step !== 'requested') await endCallback(ctx, row.callback_id, 'cancelled');
  const goesOn = step !== 'requested' || row.state !== 'scheduled';
  if (goesOn && row.escalation_id !== null) await endEscalation(ctx, row.escalation_id, '按退档材料流程办理');
  if (step === 'cancelled') {
    const after: CaseImage = { ...(await readyImage(ctx, row)), disposition: 'considering' };
    await applyCases(ctx, [
      { case: row, kind: 'reopened', at: ctx.now, causeId, note: '撤回退档申请', after },
    ]);
  } else if (step === 'rejected' || row.state !== 'scheduled') {
    await remindOfPapers(ctx, row, causeId);
  }
}

async function remindOfPapers(ctx: Ctx, row: CaseRow, causeId: string): Promise<void> {
  const settings = await settingsOf(ctx, row.season_id);
  const dueAt = ctx.now + (settings.paperReminderHours[0] ?? 4) * 60 * MINUTE_MS;
  const createdBy = row.owner_id ?? ctx.actor.userId;
  if (createdBy === null) return;
  const callbackId = await insertCallback(ctx, {
    caseId: row.id,
    dueAt,
    scope: 'owner',
    note: '提醒交退档材料',
    createdBy,
  });
  const after: CaseImage = {
    ...(await readyImage(ctx, row, dueAt)),
    ...{ state: 'scheduled', disposition: 'withdrawing', callback_id: callbackId },
  };
  await applyCases(ctx, [{ case: row, kind: 'reopened', at: ctx.now, causeId, note: '退档材料待交', after }]);
}
