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
import { type Decidable, decisionGap, type Gap } from './decision.rules.ts';
import {
  countDecisions,
  countOpen,
  type DecisionData,
  type DecisionFilter,
  insertDecision,
  lockDecision,
  readDecision,
  readDecisionFacts,
  readDecisions,
  saveConfirmation,
  saveRejection,
} from './decision.store.ts';

/** Final decisions: one person proposes, the office confirms, both names stay. */

const notFound = () => refuse('not_found', '没有找到这名考生的最终认定，或不在您的负责范围内。');

type Query = z.output<typeof listDecisions.query>;
type Page = z.output<typeof listDecisions.reply>;

export async function listOfDecisions(ctx: Ctx, query: Query): Promise<Result<Page, Refusal<'no_season'>>> {
  const season = await activeSeason(ctx);
  if (!season) return refuse('no_season', '招办还没有启用本年度录取季。');
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
  const own = proposedBy === ctx.actor.userId ? '由您提出，请由招办另一人确认。' : null;
  return {
    ...shown,
    candidateName: maskName(row.candidateName),
    barredBecause: confirmedBy === null ? own : '已经确认。',
  };
}

async function shown(ctx: Ctx, decisionId: string): Promise<Result<DecisionView, Refusal<'not_found'>>> {
  const row = await readDecision(ctx, await scopeOf(ctx), { decisionId });
  return row ? ok(viewOf(ctx, row)) : notFound();
}

type ProposeRefusal = Gap['code'] | 'not_found' | 'already_proposed';

/** Proposes how a case ends; until the office has decided nobody calls. */
export async function proposeDecision(
  ctx: Ctx,
  given: { caseId: string; result: Decidable; reason: string },
): Promise<Result<DecisionView, Refusal<ProposeRefusal>>> {
  const { caseId, result, reason } = given;
  const row = await readDecision(ctx, await scopeOf(ctx), { caseId });
  const facts = row && (await readDecisionFacts(ctx, caseId));
  if (!row || !facts) return notFound();
  if (row.decisionId !== null && row.confirmedBy === null)
    return refuse('already_proposed', `${row.proposedByName ?? ''}已经提出，正等招办确认。`);
  const gap = decisionGap(facts, result, ctx.now);
  if (gap) return refuse(gap.code, gap.message);
  const id = newId<string>();
  if (!(await insertDecision(ctx, { id, caseId, result, reason })))
    return refuse('already_proposed', '刚有人提出了最终认定，正等招办确认。');
  const inChargeId = ctx.actor.userId;
  if (!(await blockCase(ctx, { caseId, reason: 'decision', inChargeId, causeId: id })))
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

/** The second signature; it ends the case. Never by the person who proposed. */
export async function confirmDecision(
  ctx: Ctx,
  id: string,
): Promise<Result<DecisionView, Refusal<'not_found' | 'already_decided' | 'same_person' | 'case_busy'>>> {
  const found = await waiting(ctx, id);
  if (!found.ok) return found;
  const row = found.value;
  if (row.proposedBy === ctx.actor.userId)
    return refuse('same_person', '最终认定需要两个人：由您提出的，请由招办另一人确认。');
  const result = row.result ?? 'closed';
  const reason = `${DECISION_LABELS[result]}：${row.reason ?? ''}`;
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
  await tell(ctx, row, '最终认定已通过', `考生号 ${row.candidateNo}：${DECISION_LABELS[result]}。`);
  return shown(ctx, id);
}

/** Back with a reason: the case may be called again at once. */
export async function rejectDecision(
  ctx: Ctx,
  id: string,
  reason: string,
): Promise<Result<DecisionView, Refusal<'not_found' | 'already_decided' | 'case_busy'>>> {
  const found = await waiting(ctx, id);
  if (!found.ok) return found;
  const row = found.value;
  const reopened = await reopenCase(ctx, { caseId: row.caseId, reason: `招办退回：${reason}` });
  if (!reopened.ok) return refuse('case_busy', reopened.error.message);
  await saveRejection(ctx, id, reason);
  await audit(ctx, { action: 'decision.rejected', subjectType: 'decision', subjectId: id, reason });
  await tell(ctx, row, '最终认定被退回', `考生号 ${row.candidateNo}：${reason}。请继续联系。`);
  const after = await readDecision(ctx, await scopeOf(ctx), { caseId: row.caseId });
  return after ? ok(viewOf(ctx, after)) : notFound();
}

async function tell(ctx: Ctx, row: DecisionData, title: string, body: string): Promise<void> {
  if (row.proposedBy === null || row.proposedBy === ctx.actor.userId) return;
  await notify(ctx, row.proposedBy, { title, body, link: `/decisions?view=decided` });
}
