import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { scopeOf } from '#staff';
import { type CaseId, type CaseRow, readCase } from './case.store.ts';
import { escalateCase } from './escalate.ts';
import { checkTier, gapOf, type HandOver } from './hand-over.service.ts';

type Codes = 'not_found' | 'not_yours' | 'already_escalated' | 'no_evidence' | 'case_leased' | 'case_closed';

/** Hands a case upwards from the candidate's file, without taking it into hand: its owner, the leader of its group. Nobody holds it just now. */
export async function escalateFromFile(
  ctx: Ctx,
  caseId: string,
  given: HandOver,
): Promise<Result<{ escalationId: string }, Refusal<Codes>>> {
  const row = await readCase(ctx, caseId as CaseId);
  if (!row) return refuse('not_found', '没有找到这个回访任务，请刷新后重试。');
  if (!(await answersFor(ctx, row)))
    return refuse('not_yours', '这名考生不在您名下，也不在您带的小组，请由负责的回访员或组长转交。');
  if (row.escalation_id !== null) {
    const barred = await checkTier(ctx, row, given.tier);
    return (
      barred ?? refuse('already_escalated', '这名考生已经转交，请在“回访 > 转交处理”里查看或转给下一级。')
    );
  }
  const gap = given.tier === 'escalation_team' ? await gapOf(ctx, row) : null;
  if (gap !== null) return refuse('no_evidence', gap);
  const done = await escalateCase(ctx, { ...given, caseId: row.id, cause: 'by_hand' });
  return done.ok ? ok(done.value) : done;
}

async function answersFor(ctx: Ctx, row: CaseRow): Promise<boolean> {
  const { userId, groupIds } = await scopeOf(ctx);
  if (row.owner_id === userId || row.in_charge_id === userId) return true;
  return groupIds.some((led) => led === row.group_id);
}
