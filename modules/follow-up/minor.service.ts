import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { activeSeason, settingsOf } from '#season';
import { scopeOf } from '#staff';
import { applyCases, type CaseRow } from './case.store.ts';
import type { Me } from './me.ts';
import { isUnderAge, KEPT, lockKept } from './minor.store.ts';

/**
 * 未成年人网络保护条例 art. 36: staff reach a minor's record only with the approval of a named person. An owner has the assignment, a group
 * its release. Whoever pulls from outside has neither: then the office must have allowed it, and its name stands beside that version
 * of the settings.
 */

const NEXT_STEP =
  '组外人员联系未成年考生，须先由招办在“设置 > 回访规则”里批准（保存的人即为批准人），或请组长把这名考生改派给您。';

export type Holders = Pick<CaseRow, 'owner_id' | 'in_charge_id' | 'group_id'>;

/** Whether a named person has let this caller to the case: as its owner, by a hand-over, with the group, or the office for everybody. */
export async function isLetIn(ctx: Ctx, me: Me, row: Holders): Promise<boolean> {
  if (me.settings.minorsOutsideGroups || row.owner_id === me.userId || row.in_charge_id === me.userId)
    return true;
  if (row.group_id === null) return false;
  if (row.group_id === me.profile.groupId) return true;
  return (await scopeOf(ctx)).groupIds.some((led) => led === row.group_id);
}

/** Whether this caller would reach a minor without anybody's approval. */
const isUnapproved = async (ctx: Ctx, me: Me, row: CaseRow): Promise<boolean> =>
  !(await isLetIn(ctx, me, row)) && (await isUnderAge(ctx, row.candidate_id));

/** Takes a minor's case out of the pool, where nobody may pull it; owner, group and leader keep it. True: it was one. */
export async function keepFromPool(ctx: Ctx, me: Me, row: CaseRow): Promise<boolean> {
  if (!(await isUnapproved(ctx, me, row))) return false;
  const change = { kind: 'released', at: ctx.now, note: KEPT, after: { pool_due_at: null } } as const;
  await applyCases(ctx, [{ case: row, ...change }]);
  return true;
}

/** Of a minor who calls and whom this person may not open. The caller is served all the same: the call is registered. */
export const REGISTER_ONLY =
  '未成年考生，不在您名下，也不在您的小组：不能打开档案。请登记来电，负责人和组长马上收到提醒，给对方回电。';

/** An inbound call of a minor that reaches somebody from outside. */
export async function refuseTakeOver(
  ctx: Ctx,
  me: Me,
  row: CaseRow,
): Promise<{ ok: false; error: Refusal<'minor_not_approved'> } | null> {
  return (await isUnapproved(ctx, me, row)) ? refuse('minor_not_approved', REGISTER_ONLY) : null;
}

/** A promised call-back of a minor taken by name by somebody from outside. */
export async function refuseMinor(
  ctx: Ctx,
  me: Me,
  row: CaseRow,
): Promise<{ ok: false; error: Refusal<'minor_not_approved'> } | null> {
  if (!(await isUnapproved(ctx, me, row))) return null;
  return refuse('minor_not_approved', `这名考生未成年，不在您名下，也不在您的小组。${NEXT_STEP}`);
}

/** Said to whoever found nobody to call, when minors were kept back in this very pull. */
export const keptWords = (kept: number): string =>
  kept === 0 ? '' : `有 ${kept} 名未成年考生没有放给您：${NEXT_STEP}`;

/** Cases that were kept back and need not be any more return to the pool. Returns how many; asked again until none is left. */
export async function returnToPool(ctx: Ctx): Promise<number> {
  const season = await activeSeason(ctx);
  if (!season) return 0;
  const { minorsOutsideGroups } = await settingsOf(ctx, season.id);
  const rows = await lockKept(ctx, season.id, minorsOutsideGroups);
  const change = {
    kind: 'released',
    at: ctx.now,
    note: '可以由组外取用',
    after: { pool_due_at: ctx.now },
  } as const;
  await applyCases(
    ctx,
    rows.map((row) => ({ case: row, ...change })),
  );
  return rows.length;
}
