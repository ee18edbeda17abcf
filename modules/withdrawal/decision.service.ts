import type { z } from 'zod';
import { maskName } from '#candidate/rules';
import { blockCase, closeCase, reopenCase } from '#follow-up';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import { scopeOf } from '#staff';
import { DECISION_LABELS, type DecisionView, type listDecisions } from './decision.contract.ts';
import { type Decidable, decisionGap, decisionGaps, type Gap } from './decision.rules.ts';
import {
  countDecisions,
  countOpen,
  type DecisionData,
  type DecisionFilter,
  insertDecision,
  lockDecision,
  readDecision,
  readDecisions,
  saveConfirmation,
  saveRejection,
} from './decision.store.ts';
import { KEEP_EVIDENCE_DAYS } from './rules.ts';
import { lapseOpen } from './store.ts';

/** Final decisions: one person proposes, the office confirms, both names stay. */

const notFound = () => refuse('not_found', '没有找到这名考生的最终认定，或不在您的负责范围内。');

type Query = z.output<typeof listDecisions.query>;
type Page = z.output<typeof listDecisions.reply>;

export async function listOfDecisions(ctx: Ctx, query: Query): Promise<Result<Page, Refusal<'no_season'>>> {
  const season = await activeSeason(ctx);
  if (!season) return refuse('no_season', '还没有招生季，请招办先到“设置 > 招生季”新建。');
  const scope = await scopeOf(ctx);
  const [at = '', id = ''] = (query.cursor ?? '').split('/');
  const after = /^\d+$/.test(at) && /^[0-9a-f-]{36}$/.test(id) ? { at: Number(at), id } : null;
  const filter: DecisionFilter = { seasonId: season.id, view: query.view, after, limit: query.limit + 1 };
  const rows = await readDecisions(ctx, scope, filter);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  const count = (view: DecisionFilter['view']) => countDecisions(ctx, scope, { ...filter, view });
  const counts = {
    toPropose: await count('to_propose'),
    waiting: await count('waiting'),
    decided: await count('decided'),
    ...(await countOpen(ctx, season.id)),
  };
  const totals = { to_propose: counts.toPropose, waiting: counts.waiting, decided: counts.decided };
  return ok({
    items: items.map((row) => viewOf(ctx, row)),
    nextCursor: rows.length > query.limit && last ? `${last.sortAt}/${last.caseId}` : null,
    total: totals[query.view],
    counts,
  });
}

function viewOf(ctx: Ctx, row: DecisionData): DecisionView {
  const { proposedBy, confirmedBy, sortAt: _at, ...shown } = row;
  const { openWithdrawal: _request, outcomes: _ledger, withdrawable: _rule, ...rest } = shown;
  const { withdrawalDeadlineAt: _until, state: _state, phase: _phase, blockedReason: _why, ...view } = rest;
  return {
    ...view,
    candidateName: maskName(row.candidateName),
    barredBecause: confirmedBy === null ? (confirmBarred(ctx, row)?.message ?? null) : '已经确认。',
    gaps: decisionGaps(row, ctx.now),
  };
}

interface Barred {
  readonly code: 'same_person' | 'no_longer';
  readonly message: string;
}

/** Why this person may not confirm what is proposed. What had to hold for the proposal has to hold for the second signature. */
function confirmBarred(ctx: Ctx, row: DecisionData): Barred | null {
  if (row.proposedBy === ctx.actor.userId)
    return { code: 'same_person', message: '最终认定需要两个人：由您提出的，请由招办另一人确认。' };
  const gap = row.result === null ? null : decisionGap(row, row.result, ctx.now);
  if (gap === null) return null;
  return { code: 'no_longer', message: `提出以后情况有变化，不能确认，请退回这项认定：${gap.message}` };
}

async function shown(ctx: Ctx, decisionId: string): Promise<Result<DecisionView, Refusal<'not_found'>>> {
  const row = await readDecision(ctx, await scopeOf(ctx), { decisionId });
  return row ? ok(viewOf(ctx, row)) : notFound();
}

const BLOCKED_BY_DECISION = 'decision';
const DAY_MS = 86_400_000;

type ProposeRefusal = Gap['code'] | 'not_found' | 'already_proposed';

/** Proposes how a case ends; until the office has decided nobody calls. */
export async function proposeDecision(
  ctx: Ctx,
  given: { caseId: string; result: Decidable; reason: string },
): Promise<Result<DecisionView, Refusal<ProposeRefusal>>> {
  const { caseId, result, reason } = given;
  const row = await readDecision(ctx, await scopeOf(ctx), { caseId });
  if (!row) return notFound();
  if (row.decisionId !== null && row.confirmedBy === null)
    return refuse('already_proposed', `${row.proposedByName ?? ''}已经提出，正等招办确认。`);
  const gap = decisionGap(row, result, ctx.now);
  if (gap) return refuse(gap.code, gap.message);
  const id = newId<string>();
  if (!(await insertDecision(ctx, { id, caseId, result, reason })))
    return refuse('already_proposed', '刚有人提出了最终认定，正等招办确认。');
  const inChargeId = ctx.actor.userId;
  if (!(await blockCase(ctx, { caseId, reason: BLOCKED_BY_DECISION, inChargeId, causeId: id })))
    return refuse('case_leased', '这名考生正在通话中，请等登记结果后再提出。');
  await audit(ctx, {
    action: 'decision.proposed',
    subjectType: 'decision',
    subjectId: id,
    reason,
    after: { caseId, result },
  });
  return shown(ctx, id);
}

type Waiting = Result<DecisionData, Refusal<'not_found' | 'already_decided'>>;

async function waiting(ctx: Ctx, id: string): Promise<Waiting> {
  const row = (await lockDecision(ctx, id))
    ? await readDecision(ctx, await scopeOf(ctx), { decisionId: id })
    : null;
  if (!row) return notFound();
  if (row.confirmedBy !== null)
    return refuse('already_decided', `${row.confirmedByName ?? '招办'}已经确认，请刷新列表。`);
  return ok(row);
}

type ConfirmRefusal = 'not_found' | 'already_decided' | 'same_person' | 'no_longer' | 'case_busy';

/** The second signature; it ends the case, and a request for withdrawal that was not carried out in time. Never by the person who proposed. */
export async function confirmDecision(
  ctx: Ctx,
  id: string,
): Promise<Result<DecisionView, Refusal<ConfirmRefusal>>> {
  const found = await waiting(ctx, id);
  if (!found.ok) return found;
  const row = found.value;
  const barred = confirmBarred(ctx, row);
  if (barred) return refuse(barred.code, barred.message);
  const result = row.result ?? 'closed';
  const reason = `${DECISION_LABELS[result]}：${row.reason ?? ''}`;
  if (row.openWithdrawal) await lapseRequests(ctx, row, DECISION_LABELS[result]);
  const closed = await closeCase(ctx, { caseId: row.caseId, result, reason, causeId: id });
  if (!closed.ok) return refuse('case_busy', closed.error.message);
  await saveConfirmation(ctx, id);
  const late = row.deadlineAt !== null && ctx.now > row.deadlineAt;
  await audit(ctx, {
    action: 'decision.confirmed',
    subjectType: 'decision',
    subjectId: id,
    after: { caseId: row.caseId, result, proposedBy: row.proposedBy, late },
  });
  await tell(ctx, row, {
    title: '最终认定已通过',
    body: `考生号 ${row.candidateNo}：${DECISION_LABELS[result]}。`,
    view: 'decided',
  });
  return shown(ctx, id);
}

/** Requests that were open at the deadline: nobody can carry them out any more, and whoever had asked is told. */
async function lapseRequests(ctx: Ctx, { caseId, candidateNo }: DecisionData, result: string): Promise<void> {
  const reason = `退档截止时间已过，没有办完；最终认定为“${result}”`;
  const removeAfter = ctx.now + KEEP_EVIDENCE_DAYS * DAY_MS;
  for (const { id, requestedBy } of await lapseOpen(ctx, { caseId, reason, removeAfter })) {
    await audit(ctx, { action: 'withdrawal.lapsed', subjectType: 'withdrawal', subjectId: id, reason });
    await notify(ctx, requestedBy, {
      title: '退档申请过期未办',
      body: `考生号 ${candidateNo}：${reason}。请告知考生。`,
      link: `/withdrawals?open=${id}`,
    });
  }
}

/** Back with a reason: the case may be called again at once, unless something else has happened to it since. */
export async function rejectDecision(
  ctx: Ctx,
  id: string,
  reason: string,
): Promise<Result<DecisionView, Refusal<'not_found' | 'already_decided' | 'case_busy'>>> {
  const found = await waiting(ctx, id);
  if (!found.ok) return found;
  const row = found.value;
  if (row.state === 'blocked' && row.blockedReason === BLOCKED_BY_DECISION) {
    const reopened = await reopenCase(ctx, { caseId: row.caseId, reason: `招办退回：${reason}` });
    if (!reopened.ok) return refuse('case_busy', reopened.error.message);
  }
  await saveRejection(ctx, id, reason);
  await audit(ctx, { action: 'decision.rejected', subjectType: 'decision', subjectId: id, reason });
  await tell(ctx, row, {
    title: '最终认定被退回',
    body: `考生号 ${row.candidateNo}：${reason}。请继续联系。`,
    view: 'to_propose',
  });
  const after = await readDecision(ctx, await scopeOf(ctx), { caseId: row.caseId });
  return after ? ok(viewOf(ctx, after)) : notFound();
}

async function tell(
  ctx: Ctx,
  { proposedBy }: DecisionData,
  { view, ...said }: { title: string; body: string; view: DecisionFilter['view'] },
): Promise<void> {
  if (proposedBy === null || proposedBy === ctx.actor.userId) return;
  await notify(ctx, proposedBy, { ...said, link: `/decisions?view=${view}` });
}
