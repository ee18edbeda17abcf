import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { publish } from '#platform/http/events';
import { type Refusal, refuse } from '#platform/http/refusal';
import type { UserId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import { settingsOf } from '#season';
import type { EscalationTier } from '#season/rules';
import { applyCases, type CaseImage, type CaseRow, readCase } from './case.store.ts';
import { TIER_LABELS } from './consequence.rules.ts';
import { PRIORITY } from './decide.rules.ts';
import { insertEscalation } from './escalate.ts';
import type { EscalationDetailView } from './escalation.contract.ts';
import { giveBackGap, mayAccept, mayPassOn, NEXT_TIERS } from './escalation.rules.ts';
import { escalationDetail, notFound, sightOf } from './escalation.service.ts';
import {
  type EscalationData,
  lockEscalation,
  readEscalationRow,
  saveAcceptance,
  savePassOn,
  saveReturn,
} from './escalation.store.ts';
import { gapOf } from './hand-over.service.ts';

/** What is done with a hand-over. Somebody answers for the case at every moment: each step moves it from one person to another. */

interface Step {
  readonly row: EscalationData;
  readonly case: CaseRow;
  readonly userId: UserId;
  readonly accepted: boolean;
}
type StepRefusal = Refusal<'not_found' | 'not_yours' | 'already_ended'>;

/** Locked, still open, and the actor's to take or already theirs. */
async function begin(ctx: Ctx, id: string): Promise<Result<Step, StepRefusal>> {
  await lockEscalation(ctx, id);
  const sight = await sightOf(ctx);
  const row = await readEscalationRow(ctx, sight, id);
  const found = row && (await readCase(ctx, row.caseId));
  const { userId } = ctx.actor;
  if (!row || !found || userId === null) return notFound();
  if (row.endedAt !== null || found.escalation_id !== row.id)
    return refuse('already_ended', '这次转交已经结束，请刷新列表。');
  const accepted = row.state === 'accepted';
  if (accepted && row.responsibleId !== userId)
    return refuse('not_yours', `已由${row.responsibleName}接手，只有接手人能办理。`);
  if (!accepted && !mayAccept(row, sight.who))
    return refuse('not_yours', `这次已转交${TIER_LABELS[row.tier]}，不由您处理。`);
  return ok({ row, case: found, userId, accepted });
}

type Detail<C extends string> = Promise<
  Result<EscalationDetailView, Refusal<'not_found' | 'not_yours' | 'already_ended' | C>>
>;

/** Takes a hand-over: from now on the actor answers for the case and may open the file. The credited owner stays. */
export async function acceptEscalation(ctx: Ctx, id: string): Detail<'already_accepted'> {
  const step = await begin(ctx, id);
  if (!step.ok) {
    const taken = step.error.code === 'not_yours' && (await readEscalationRow(ctx, await sightOf(ctx), id));
    return taken && taken.state === 'accepted'
      ? refuse('already_accepted', `已由${taken.responsibleName}接手，请看下一名。`)
      : step;
  }
  const { row, userId, accepted } = step.value;
  if (accepted) return escalationDetail(ctx, id);
  await saveAcceptance(ctx, id);
  await applyCases(ctx, [
    {
      case: step.value.case,
      kind: 'assigned',
      at: ctx.now,
      causeId: id,
      note: `${TIER_LABELS[row.tier]}接手`,
      after: { in_charge_id: userId },
    },
  ]);
  await record(ctx, row, { action: 'escalation.accepted', reason: `${TIER_LABELS[row.tier]}接手` });
  await tell(ctx, row, {
    title: '您转出的考生已有人接手',
    body: `考生号 ${row.candidateNo} 已由${TIER_LABELS[row.tier]} ${ctx.actor.name}接手。`,
  });
  return escalationDetail(ctx, id);
}

/** Back to the earlier owner with a reason, due at once; an agreed call-back keeps its time. */
export async function giveBackEscalation(
  ctx: Ctx,
  id: string,
  reason: string,
): Detail<'case_leased' | 'stays_with_team'> {
  const step = await begin(ctx, id);
  if (!step.ok) return step;
  const { row, userId, case: held } = step.value;
  if (held.state === 'leased') return leased();
  const gap = giveBackGap(row, userId);
  if (gap !== null) return refuse('stays_with_team', gap);
  const responsibleId = held.owner_id ?? row.fromUserId ?? userId;
  await saveReturn(ctx, { id, reason, responsibleId });
  await applyCases(ctx, [
    {
      case: held,
      kind: 'released',
      at: ctx.now,
      causeId: id,
      note: `退回：${reason}`,
      after: await returnedImage(ctx, held),
    },
  ]);
  await record(ctx, row, { action: 'escalation.returned', reason });
  await tell(ctx, row, {
    title: '转交的考生被退回',
    body: `考生号 ${row.candidateNo}：${reason}。现在可以拨打。`,
  });
  return escalationDetail(ctx, id);
}

const leased = () => refuse('case_leased', '这名考生正在通话中，请等登记结果后再办理。');
const MINUTE_MS = 60_000;

async function returnedImage(ctx: Ctx, row: CaseRow): Promise<CaseImage> {
  const settings = await settingsOf(ctx, row.season_id);
  const closed: CaseImage = { escalation_id: null, in_charge_id: null, lease_id: null };
  if (row.callback_id !== null) return { ...closed, state: 'scheduled' };
  const group = ctx.now + (row.owner_id === null ? 0 : settings.groupAfterMinutes * MINUTE_MS);
  const between = (settings.poolAfterMinutes - settings.groupAfterMinutes) * MINUTE_MS;
  return {
    ...closed,
    ...{ state: 'ready', priority: PRIORITY.promised, due_at: ctx.now },
    group_due_at: row.group_id === null ? null : group,
    pool_due_at: row.group_id === null ? group : group + between,
  };
}

/** To the next tier with a summary. Whoever passes it on answers for the case until it is accepted there. */
export async function passOnEscalation(
  ctx: Ctx,
  id: string,
  given: { tier: EscalationTier; summary: string },
): Detail<'case_leased' | 'tier_not_next' | 'no_evidence'> {
  const step = await begin(ctx, id);
  if (!step.ok) return step;
  const { row, case: held, userId } = step.value;
  const { tier, summary } = given;
  if (held.state === 'leased') return leased();
  if (!mayPassOn(row.tier, tier)) {
    const next = NEXT_TIERS[row.tier].map((one) => TIER_LABELS[one]).join('、');
    return refuse('tier_not_next', `${TIER_LABELS[row.tier]}处理的考生只能转给：${next}。`);
  }
  const gap = tier === 'escalation_team' ? await gapOf(ctx, held) : null;
  if (gap !== null) return refuse('no_evidence', gap);
  const settings = await settingsOf(ctx, held.season_id);
  const nextId = await insertEscalation(ctx, {
    case: held,
    tier,
    cause: row.cause as 'by_hand',
    summary,
    settings,
  });
  await savePassOn(ctx, { id, nextId, summary, responsibleId: userId });
  await applyCases(ctx, [
    {
      case: held,
      kind: 'escalated',
      at: ctx.now,
      causeId: nextId,
      note: summary,
      after: {
        state: 'escalated',
        escalation_id: nextId,
        in_charge_id: userId,
      },
    },
  ]);
  await record(ctx, row, { action: 'escalation.passed_on', reason: summary, after: { tier, nextId } });
  await tell(ctx, row, {
    title: '您转出的考生已转交下一级',
    body: `考生号 ${row.candidateNo} 已由${TIER_LABELS[row.tier]}转给${TIER_LABELS[tier]}。`,
  });
  return escalationDetail(ctx, nextId);
}

async function record(
  ctx: Ctx,
  row: EscalationData,
  given: { action: string; reason: string; after?: Record<string, unknown> },
): Promise<void> {
  await audit(ctx, {
    ...given,
    subjectType: 'escalation',
    subjectId: row.id,
    after: { caseId: row.caseId, ...given.after },
  });
  await publish(ctx, { topic: 'escalation', subjectId: row.id });
}

/** Tells the people below: who handed over, and who owns the case. Never the actor. */
async function tell(ctx: Ctx, row: EscalationData, message: { title: string; body: string }): Promise<void> {
  const people = new Set([row.fromUserId, row.ownerId]);
  for (const userId of people) {
    if (userId !== null && userId !== ctx.actor.userId)
      await notify(ctx, userId, { ...message, link: `/escalations?view=handed_over&open=${row.id}` });
  }
}
