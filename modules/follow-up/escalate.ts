import { sql } from 'kysely';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { type Instant, newId, type UserId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { maskText } from '#platform/personal-text';
import { ok, type Result } from '#platform/result';
import { settingsOf } from '#season';
import type { EscalationTier, FollowUpSettings } from '#season/rules';
import { leaderOf, supervisorOf } from '#staff';
import { applyCases, type CaseId, type CaseRow, readCase } from './case.store.ts';
import { TIER_LABELS } from './consequence.rules.ts';
import type { EscalationCause } from './decision.rules.ts';
import { type LedgerRow, readLedger } from './ledger.store.ts';

/** Hand-over of a case upwards: the row, who is responsible until it is accepted, and the computed evidence. */

/** What was tried by one number and channel; computed from the ledger, never typed. */
export interface Evidence {
  readonly channel: string;
  readonly phoneId: string | null;
  readonly masked: string | null;
  readonly attemptIds: readonly string[];
  readonly outcomes: readonly string[];
  readonly firstAt: Instant;
  readonly lastAt: Instant;
}

export function evidenceOf(ledger: readonly LedgerRow[]): Evidence[] {
  const groups = Map.groupBy(
    ledger.filter(({ undone }) => !undone).toReversed(),
    ({ channel, phoneId }) => `${channel}/${phoneId ?? ''}`,
  );
  return [...groups.values()].map((rows) => ({
    channel: rows[0]?.channel ?? '',
    phoneId: rows[0]?.phoneId ?? null,
    masked: rows[0]?.masked ?? null,
    attemptIds: rows.map(({ id }) => id),
    outcomes: rows.map(({ outcome }) => outcome),
    firstAt: rows[0]?.startedAt ?? 0,
    lastAt: rows.at(-1)?.startedAt ?? 0,
  }));
}

export interface Escalating {
  readonly case: CaseRow;
  readonly tier: EscalationTier;
  readonly cause: EscalationCause;
  readonly summary: string;
  readonly settings: FollowUpSettings;
}

/**
 * Writes the escalation and returns its id; the caller of it applies the case change (state `escalated`, `escalation_id`). An open one is
 * passed on. The earlier owner stays responsible until somebody accepts.
 */
export async function insertEscalation(ctx: Ctx, given: Escalating): Promise<string> {
  const { case: row, tier, settings } = given;
  const responsible = row.owner_id ?? ctx.actor.userId ?? row.in_charge_id;
  if (responsible === null) throw new Error(`case ${row.id} has nobody who could be responsible`);
  const id = newId<string>();
  const to = await receiver(ctx, row, tier);
  await passOn(ctx, row, id);
  const { acceptMinutes, resolveMinutes } = settings.escalation[tier];
  await sql`
    insert into escalation (tenant_id, id, case_id, from_user_id, tier, to_user_id, cause, summary, evidence, responsible_id,
      opened_at, accept_by, resolve_by)
    values (${ctx.tenantId}, ${id}, ${row.id}, ${ctx.actor.userId}, ${tier}, ${to}, ${given.cause}, ${maskText(given.summary)},
      ${JSON.stringify(evidenceOf(await readLedger(ctx, row.id)))}::jsonb, ${responsible}, ${new Date(ctx.now)},
      ${new Date(ctx.now + acceptMinutes * 60_000)}, ${new Date(ctx.now + (acceptMinutes + resolveMinutes) * 60_000)})`.execute(
    ctx.tx,
  );
  if (to !== null) {
    await notify(ctx, to, {
      title: `有考生转交${TIER_LABELS[tier]}`,
      body: given.summary,
      link: `/escalations?open=${id}`,
    });
  }
  return id;
}

async function receiver(ctx: Ctx, row: CaseRow, tier: EscalationTier): Promise<UserId | null> {
  if (row.group_id === null || tier === 'office' || tier === 'escalation_team') return null;
  return tier === 'leader' ? leaderOf(ctx, row.group_id as never) : supervisorOf(ctx, row.group_id as never);
}

async function passOn(ctx: Ctx, row: CaseRow, nextId: string): Promise<void> {
  if (row.escalation_id === null) return;
  await sql`update escalation set state = 'passed_on', ended_at = ${new Date(ctx.now)}, ended_by = ${ctx.actor.userId}, next_id = ${nextId}
    where tenant_id = ${ctx.tenantId} and id = ${row.escalation_id} and ended_at is null`.execute(ctx.tx);
}

/** Ends the open escalation of a case that needs it no more. */
export async function endEscalation(ctx: Ctx, escalationId: string, note: string): Promise<void> {
  await sql`update escalation set state = 'done', ended_at = ${new Date(ctx.now)}, ended_by = ${ctx.actor.userId}, end_note = ${maskText(note)}
    where tenant_id = ${ctx.tenantId} and id = ${escalationId} and ended_at is null`.execute(ctx.tx);
}

/** Hands a case that nobody holds upwards: for leaders, the escalation team and jobs. Refuses final and leased cases. */
export async function escalateCase(
  ctx: Ctx,
  given: { caseId: CaseId; tier: EscalationTier; cause: Escalating['cause']; summary: string },
): Promise<Result<{ escalationId: string }, Refusal<'not_found' | 'case_leased' | 'case_closed'>>> {
  const row = await readCase(ctx, given.caseId);
  if (!row) return refuse('not_found', '没有找到这个回访任务，请刷新后重试。');
  if (row.state === 'leased') return refuse('case_leased', '这名考生正在通话中，请等登记结果后再转交。');
  if (row.state === 'final') return refuse('case_closed', '这名考生本阶段已办结，不需要转交。');
  const settings = await settingsOf(ctx, row.season_id);
  const escalationId = await insertEscalation(ctx, { ...given, case: row, settings });
  await applyCases(ctx, [
    {
      case: row,
      kind: 'escalated',
      at: ctx.now,
      causeId: escalationId,
      note: given.summary,
      after: { state: 'escalated', escalation_id: escalationId, blocked_reason: null },
    },
  ]);
  await audit(ctx, {
    action: 'case.escalated',
    subjectType: 'case',
    subjectId: row.id,
    reason: given.summary,
    after: { tier: given.tier, cause: given.cause },
  });
  return ok({ escalationId });
}

/** Cases written in one statement; more would only hold more memory. */
const CHUNK = 1000;

/**
 * Hands cases that were opened a moment ago, and that nobody owns, to the escalation team: the journal has an entry for each, audit and
 * notices are the opener's, one for all. Whoever opens answers for them until somebody accepts.
 */
export async function escalateOpened(
  ctx: Ctx,
  given: { caseIds: readonly CaseId[]; seasonId: string; summary: string },
): Promise<void> {
  const { userId } = ctx.actor;
  if (userId === null) throw new Error('somebody answers for a case that is handed up');
  const tier: EscalationTier = 'escalation_team';
  const { acceptMinutes, resolveMinutes } = (await settingsOf(ctx, given.seasonId)).escalation[tier];
  const acceptBy = ctx.now + acceptMinutes * 60_000;
  for (let from = 0; from < given.caseIds.length; from += CHUNK) {
    const made = given.caseIds.slice(from, from + CHUNK).map((caseId) => ({ caseId, id: newId<string>() }));
    await sql`
      insert into escalation (tenant_id, id, case_id, from_user_id, tier, cause, summary, evidence, responsible_id, opened_at, accept_by,
        resolve_by)
      select ${ctx.tenantId}, e.id, e."caseId", ${userId}, ${tier}, 'L12', ${maskText(given.summary)}, '[]'::jsonb, ${userId}, ${new Date(ctx.now)},
        ${new Date(acceptBy)}, ${new Date(acceptBy + resolveMinutes * 60_000)}
      from jsonb_to_recordset(${JSON.stringify(made)}::jsonb) e(id uuid, "caseId" uuid)`.execute(ctx.tx);
    await applyCases(
      ctx,
      made.map(({ caseId, id }) => ({
        case: { id: caseId, version: 1 },
        kind: 'escalated',
        at: ctx.now,
        causeId: id,
        note: given.summary,
        after: { state: 'escalated', escalation_id: id, blocked_reason: null },
      })),
    );
  }
}
