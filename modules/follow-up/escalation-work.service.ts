import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { lockCase } from './claim.store.ts';
import { notFound, sightOf } from './escalation.service.ts';
import { readEscalationRow } from './escalation.store.ts';
import { hold } from './hold.service.ts';
import { readOpenLease } from './lease.store.ts';
import { incompleteAttempts, type Me, readMe } from './me.ts';
import { nowWorking } from './presence.ts';
import type { WorkView } from './work.contract.ts';
import { readWork } from './work.ts';

type WorkRefusal =
  | 'not_found'
  | 'not_yours'
  | 'already_ended'
  | 'not_accepted'
  | 'not_qualified'
  | 'incomplete_attempt'
  | 'in_hand'
  | 'case_leased'
  | 'number_busy';

/** Opens an accepted hand-over on the ordinary call screen, under a lease of its own kind. Asked again it answers the same. */
export async function workEscalation(ctx: Ctx, id: string): Promise<Result<WorkView, Refusal<WorkRefusal>>> {
  const row = await readEscalationRow(ctx, await sightOf(ctx), id);
  if (!row) return notFound();
  if (row.endedAt !== null) return refuse('already_ended', '这次转交已经结束，请刷新列表。');
  if (row.state !== 'accepted') return refuse('not_accepted', '请先接手，再拨打。');
  if (row.responsibleId !== ctx.actor.userId)
    return refuse('not_yours', `已由${row.responsibleName}接手，只有接手人能拨打。`);
  const me = await readMe(ctx);
  const current = await readOpenLease(ctx, me.userId);
  if (current?.case_id === row.caseId) return ok(await readWork(ctx, me));
  if (current) return refuse('in_hand', '您手上还有一名考生，请先登记结果或放回，再拨打这一名。');
  return (await barred(ctx, me)) ?? take(ctx, me, row.caseId);
}

/** Seed 001 part 四: no call without having passed; what was dialled is completed first. */
async function barred(
  ctx: Ctx,
  { userId, profile }: Me,
): Promise<{ ok: false; error: Refusal<'not_qualified' | 'incomplete_attempt'> } | null> {
  if (!profile.qualified)
    return refuse('not_qualified', '您还没有通过回访培训考核，不能拨打电话；请联系督查组登记考核结果。');
  const left = (await incompleteAttempts(ctx, userId)).length;
  if (left === 0) return null;
  return refuse('incomplete_attempt', `有 ${left} 次拨打还没有填写结果，请先补填，再拨打。`, { left });
}

async function take(
  ctx: Ctx,
  me: Me,
  caseId: string,
): Promise<Result<WorkView, Refusal<'case_leased' | 'number_busy'>>> {
  const found = await lockCase(ctx, caseId);
  if (!found || found.state === 'leased')
    return refuse('case_leased', '另一位回访员正在与这名考生通话，请稍后再拨。');
  if (!(await hold(ctx, me, { row: found, how: 'escalation' })))
    return refuse('number_busy', '这个号码正由另一位回访员为其他考生拨打，请几分钟后再试。');
  await nowWorking(ctx, me.userId);
  return ok(await readWork(ctx, me));
}
