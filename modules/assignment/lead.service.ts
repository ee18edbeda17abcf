import type { z } from 'zod';
import { maskName, maskPhone } from '#candidate/rules';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { shanghaiDay, startOfDay } from '#platform/shanghai';
import { activeSeason } from '#season';
import type * as contract from './lead.contract.ts';
import { overQuota, readLead } from './lead.rules.ts';
import {
  acceptLead,
  countLeads,
  holdersOf,
  insertLead,
  lockLead,
  readLeads,
  readSame,
  voidLeads,
} from './lead.store.ts';
import { noSeason } from './run.service.ts';

/** 报备 by hand: register one, list, settle a dispute, void. */

type RegisterRefusal = Refusal<keyof typeof contract.registerLead.refusals>;

/** Registers a prospective student for the actor. One that somebody registered before becomes a dispute, not a loss. */
export async function registerLead(
  ctx: Ctx,
  given: z.output<typeof contract.registerLead.body>,
): Promise<Result<z.output<typeof contract.registerLead.reply>, RegisterRefusal>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const recruiterId = ctx.actor.userId;
  if (recruiterId === null) throw new Error('a lead is registered by a person');
  const keys = readLead(given);
  if (typeof keys === 'string') return refuse('invalid', `${keys}。`);
  const { today, season: all } = await countLeads(ctx, season.id, recruiterId, dayStart(ctx.now));
  const full = overQuota(today, all, 1);
  if (full) return refuse('quota', full, { today, season: all });
  const same = await readSame(ctx, season.id, keys);
  if (same.some((lead) => lead.recruiterId === recruiterId))
    return refuse('duplicate', '您已经报备过这名考生，不需要再报备。');
  const id = newId<string>();
  const state = same.length > 0 ? 'disputed' : 'open';
  await insertLead(ctx, season.id, {
    id,
    recruiterId,
    keys,
    source: given.source,
    registeredAt: ctx.now,
    state,
  });
  await audit(ctx, {
    action: 'lead.registered',
    subjectType: 'lead',
    subjectId: id,
    after: { name: maskName(keys.name), state },
  });
  return ok({ id, state, dispute: state === 'disputed' ? 'later' : null });
}

const dayStart = (now: number): number => startOfDay(shanghaiDay(now));

/** Leads of the season; those who do not manage leads see their own. */
export async function listLeads(
  ctx: Ctx,
  query: z.output<typeof contract.listLeads.body>,
): Promise<z.output<typeof contract.listLeads.reply>> {
  const season = await activeSeason(ctx);
  if (!season) return { items: [], nextCursor: null, total: 0 };
  const recruiterId = ctx.actor.permissions.has('lead.manage') ? null : ctx.actor.userId;
  const { items: rows, total } = await readLeads(ctx, { ...query, seasonId: season.id, recruiterId });
  const items = rows.slice(0, query.limit).map(({ phone, recruiterId: owner, ...row }) => ({
    ...row,
    name: owner === ctx.actor.userId ? row.name : maskName(row.name),
    candidateName: row.candidateName === null ? null : maskName(row.candidateName),
    phoneMasked: phone === null ? null : maskPhone(ctx.vault.open(phone)),
  }));
  return { items, total, nextCursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}

const noLead = (): { ok: false; error: Refusal<'not_found'> } =>
  refuse('not_found', '没有找到这条报备，请刷新后重试。');

export async function voidLead(
  ctx: Ctx,
  id: string,
  reason: string,
): Promise<Result<undefined, Refusal<'not_found' | 'already_void'>>> {
  const lead = await lockLead(ctx, id);
  if (!lead) return noLead();
  if (lead.state === 'void') return refuse('already_void', '这条报备已经作废。');
  await voidLeads(ctx, [id], reason);
  await audit(ctx, {
    action: 'lead.voided',
    subjectType: 'lead',
    subjectId: id,
    reason,
    before: { state: lead.state },
  });
  return ok(undefined);
}

/**
 * The office's word in a dispute. Accepting voids the registration that held the student; before the list of the filed is here the
 * accepted one waits for it in the other's stead. The case itself is moved by 改派.
 */
export async function settleLead(
  ctx: Ctx,
  id: string,
  given: { accept: boolean; reason: string },
): Promise<Result<undefined, Refusal<keyof typeof contract.settleLead.refusals>>> {
  const lead = await lockLead(ctx, id);
  if (!lead) return noLead();
  if (lead.state !== 'disputed') return refuse('not_disputed', '这条报备没有争议，不需要裁定。');
  if (!given.accept) {
    await voidLeads(ctx, [id], given.reason);
  } else {
    if (lead.candidateId === null && lead.dispute !== 'later')
      return refuse('no_candidate', '还没有匹配到唯一的考生，请先核对考生号或电话；确定不成立请维持原归属。');
    const holders = await holdersOf(ctx, id);
    const held = holders.find(({ candidateId }) => candidateId !== null)?.candidateId ?? null;
    await voidLeads(
      ctx,
      holders.map((holder) => holder.id),
      `争议裁定归他人：${given.reason}`,
    );
    await acceptLead(ctx, id, { candidateId: lead.candidateId ?? held, reason: given.reason });
  }
  await audit(ctx, {
    action: 'lead.settled',
    subjectType: 'lead',
    subjectId: id,
    reason: given.reason,
    after: { accepted: given.accept, candidateId: lead.candidateId },
  });
  return ok(undefined);
}
