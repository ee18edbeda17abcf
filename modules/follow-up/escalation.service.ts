import type { z } from 'zod';
import { maskName } from '#candidate/rules';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import type { EscalationTier } from '#season/rules';
import { scopeOf } from '#staff';
import { evidenceOf } from './escalate.ts';
import type { EscalationDetailView, EscalationItem, listEscalations } from './escalation.contract.ts';
import { causeLabel, giveBackGap, lateness, mayAccept, NEXT_TIERS } from './escalation.rules.ts';
import {
  countEscalations,
  type EscalationData,
  type EscalationFilter,
  readEscalationRow,
  readEscalations,
  type Sight,
} from './escalation.store.ts';
import { readLedger } from './ledger.store.ts';

/** Reading hand-overs: lists by what they ask of the reader, and one with its computed evidence. */

export async function sightOf(ctx: Ctx): Promise<Sight> {
  const { kind, userId, groupIds } = await scopeOf(ctx);
  return { who: { userId, roles: [...ctx.actor.roles], ledGroupIds: [...groupIds] }, all: kind === 'all' };
}

export const notFound = () =>
  refuse('not_found', '没有找到这次转交，或不在您的负责范围内。请刷新列表后再看。');

type Query = z.output<typeof listEscalations.query>;
type Page = z.output<typeof listEscalations.reply>;

export async function listOfEscalations(ctx: Ctx, query: Query): Promise<Result<Page, never>> {
  const sight = await sightOf(ctx);
  const { view, tier, limit } = query;
  const late = query.late === 'true';
  const filter: EscalationFilter = { view, tier, late, limit: limit + 1, after: cursorOf(query.cursor) };
  const rows = await readEscalations(ctx, sight, filter);
  const { total, ...counts } = await countEscalations(ctx, sight, filter);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = rows.length > limit && last ? `${last.sortAt}/${last.id}` : null;
  return ok({ items: items.map((row) => itemOf(ctx, row)), nextCursor, total, counts });
}

function cursorOf(text: string | undefined): EscalationFilter['after'] {
  const [at = '', id = ''] = (text ?? '').split('/');
  return /^\d+(\.\d+)?$/.test(at) && /^[0-9a-f-]{36}$/.test(id) ? { at: Number(at), id } : null;
}

/** The full name is for whoever answers for the case. */
function itemOf(ctx: Ctx, row: EscalationData): EscalationItem {
  const mine = row.responsibleId === ctx.actor.userId || row.ownerId === ctx.actor.userId;
  const {
    fromUserId: _from,
    ownerId: _owner,
    responsibleId: _who,
    groupId: _group,
    leaderId: _leader,
    ...rest
  } = row;
  const { withdrawable: _rule, phoneShielded: _shielded, artSchoolExam: _art, ...shown } = rest;
  return {
    ...shown,
    candidateName: mine ? row.candidateName : maskName(row.candidateName),
    causeLabel: causeLabel(row.cause),
    late: lateness(row, ctx.now),
  };
}

export async function escalationDetail(
  ctx: Ctx,
  id: string,
): Promise<Result<EscalationDetailView, Refusal<'not_found'>>> {
  const sight = await sightOf(ctx);
  const row = await readEscalationRow(ctx, sight, id);
  if (!row) return notFound();
  const evidence = evidenceOf(await readLedger(ctx, row.caseId));
  return ok({
    ...itemOf(ctx, row),
    evidence: evidence.map(({ channel, masked, outcomes, firstAt, lastAt }) => ({
      ...{ channel, masked, firstAt, lastAt },
      outcomes: [...outcomes],
    })),
    attempts: evidence.reduce((sum, { attemptIds }) => sum + attemptIds.length, 0),
    nextTiers: [...NEXT_TIERS[row.tier]] as EscalationTier[],
    acts: actsOf(row, sight),
  });
}

/** In words, why somebody may not do something now. */
export function actsOf(row: EscalationData, { who }: Sight): EscalationDetailView['acts'] {
  if (row.endedAt !== null) {
    const over = '这次转交已经结束。';
    return { accept: over, giveBack: over, passOn: over, work: over };
  }
  const mine = row.state === 'accepted' && row.responsibleId === who.userId;
  const mayTake = row.state === 'open' && mayAccept(row, who);
  const holder = row.state === 'accepted' ? `已由${row.responsibleName}接手` : '不是交给您处理的';
  const acting = mine || mayTake ? null : `${holder}，只有接手人能办理。`;
  return {
    accept: mayTake ? null : mine ? '您已经接手。' : `${holder}。`,
    giveBack: acting ?? giveBackGap(row, who.userId),
    passOn: acting,
    work: mine ? null : mayTake ? '请先接手，再拨打。' : `${holder}，只有接手人能拨打。`,
  };
}
