import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import type { CaseRow } from './case.store.ts';
import { type ClaimQuery, lockCase, nextCase, nextDue, PROMISE_MS } from './claim.store.ts';
import { intoWindow, isCallingTime, sayTime, windowOf } from './day-part.rules.ts';
import { hold } from './hold.service.ts';
import { readOpenLease } from './lease.store.ts';
import { countIncomplete, type Me, openWork, readMe } from './me.ts';
import { keepFromPool, keptWords, refuseMinor } from './minor.service.ts';
import { nowWorking } from './presence.ts';
import type { WorkView } from './work.contract.ts';
import { type Known, type Nothing, readWork } from './work.ts';

/** Pulling: one case at a time, never two callers on one case or one number; own cases first, then the group, then the pool. */

export type ClaimRefusal =
  | 'not_qualified'
  | 'incomplete_attempt'
  | 'case_taken'
  | 'outside_hours'
  | 'minor_not_approved';

/** Cases looked at before the caller is told that there is nobody to call. */
const TRIES = 20;
/** Minors kept back in one pull; each is looked at once. */
const KEPT_MAX = 100;

/** 下一位. Whoever holds a case gets the same one again: a reload changes nothing. */
export async function claim(
  ctx: Ctx,
  given: { callbackCaseId?: string | undefined },
): Promise<Result<WorkView, Refusal<ClaimRefusal>>> {
  const me = await readMe(ctx);
  if (await readOpenLease(ctx, me.userId)) return ok(await readWork(ctx, me));
  const barred = await mayNotCall(ctx, me);
  if (barred) return barred;
  if (given.callbackCaseId !== undefined) return claimCallback(ctx, me, given.callbackCaseId);
  return ok(await pullNext(ctx, me));
}

/** Seed 001 part 四: no call without having passed. And what was dialled before is completed first. */
async function mayNotCall(
  ctx: Ctx,
  me: Me,
): Promise<{ ok: false; error: Refusal<'not_qualified' | 'incomplete_attempt'> } | null> {
  if (!me.profile.qualified)
    return refuse('not_qualified', '您还没有通过回访培训考核，不能拨打电话；请联系督查组登记考核结果。');
  const left = await countIncomplete(ctx, me.userId);
  if (left > 0)
    return refuse('incomplete_attempt', `有 ${left} 次拨打还没有填写结果，请先补填，再取下一位。`, { left });
  return null;
}

/** After a finish: the next one, or in words why there is none. Never a refusal, or it would undo the finish. */
export async function nextWork(ctx: Ctx, me: Me, wanted: boolean): Promise<WorkView> {
  if (!wanted) return readWork(ctx, me);
  const barred = await mayNotCall(ctx, me);
  if (barred)
    return readWork(ctx, me, {
      nothing: { code: 'not_allowed', message: barred.error.message, nextDueAt: null },
    });
  return pullNext(ctx, me);
}

async function pullNext(ctx: Ctx, me: Me): Promise<WorkView> {
  const pulled = await pull(ctx, me);
  if (pulled.nothing) return readWork(ctx, me, pulled);
  return readWork(ctx, me, { ...pulled, presence: await nowWorking(ctx, me.userId) });
}

/** Opens a lease on the next case, or says why not. */
async function pull(ctx: Ctx, me: Me): Promise<Known> {
  if (!me.season)
    return {
      nothing: { code: 'not_started', message: '招办还没有启用本年度录取季，请稍后再来。', nextDueAt: null },
    };
  const tried: string[] = [];
  const seasonId = me.season.id;
  const mayShare = once(async () => (await openWork(ctx, me.userId, seasonId)) < me.profile.openWorkCap);
  let kept = 0;
  while (tried.length < TRIES && kept < KEPT_MAX) {
    const row = await nextCase(ctx, claimQuery(ctx, me, tried), mayShare);
    if (!row) break;
    if (await keepFromPool(ctx, me, row)) {
      kept += 1;
      continue;
    }
    const how = row.state === 'scheduled' ? 'callback' : 'pull';
    const held = await hold(ctx, me, { row, how, capped: true });
    if (held) return { held };
    tried.push(row.id);
  }
  // A second request of the same caller may have been faster; then there is a lease, and nothing to explain.
  return { nothing: await nobody(ctx, me, { shared: await mayShare(), kept }) };
}

/** Asked only by whoever has no due work of their own, and then once. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    answer ??= ask();
    return answer;
  };
}

const claimQuery = (ctx: Ctx, me: Me, tried: readonly string[]): ClaimQuery => ({
  userId: me.userId,
  seasonId: me.season?.id ?? '',
  groupId: me.profile.groupId,
  skills: me.profile.skills,
  openPolicies: openPolicies(me, ctx.now),
  tried,
  now: ctx.now,
});

const openPolicies = (me: Me, now: number): string[] =>
  me.policies
    .filter(({ callingFrom, callingUntil }) => isCallingTime(now, windowOf(callingFrom, callingUntil)))
    .map(({ id }) => id);

async function nobody(
  ctx: Ctx,
  me: Me,
  { shared, kept }: { shared: boolean; kept: number },
): Promise<Nothing> {
  const own = me.season ? await nextDue(ctx, me.userId, me.season.id) : null;
  if (openPolicies(me, ctx.now).length === 0 && me.policies.length > 0) {
    const opensAt = hoursBegin(me, ctx.now);
    return {
      code: 'outside_hours',
      message: `现在不在任何省份的拨打时段内，最早 ${sayTime(opensAt, ctx.now)} 开始，到时再取。`,
      nextDueAt: own && Math.max(own, opensAt),
    };
  }
  const capped = shared
    ? ''
    : `您名下未办结的考生已达上限 ${me.profile.openWorkCap} 名，暂不从公共队列分配。`;
  return {
    code: 'queue_empty',
    message: `${capped}现在没有到时间该拨打的考生。${keptWords(kept)}`,
    // What is due and cannot be had now (a number in use, a province outside its hours) has no time to wait for.
    nextDueAt: own !== null && own > ctx.now ? own : null,
  };
}

/** When the calling hours of some province begin next. */
const hoursBegin = (me: Me, now: number): number =>
  Math.min(
    ...me.policies.map(({ callingFrom, callingUntil }) =>
      intoWindow(now, windowOf(callingFrom, callingUntil)),
    ),
  );

/** Takes a promised call-back by name: its owner before its minute too, the group and others when it has opened to them. */
async function claimCallback(
  ctx: Ctx,
  me: Me,
  caseId: string,
): Promise<Result<WorkView, Refusal<'case_taken' | 'outside_hours' | 'minor_not_approved'>>> {
  const row = await lockCase(ctx, caseId);
  const gone = refuse('case_taken', '这个回电刚被别人接手或已处理，请看下一位。');
  if (!row || !mayTake(row, me, ctx.now)) return gone;
  if (!isPromisedNow(row, ctx.now) && !openPolicies(me, ctx.now).includes(row.policy_id))
    return refuse('outside_hours', '现在不在该省的拨打时段，这个回电等到时段开始再拨。');
  const barred = await refuseMinor(ctx, me, row);
  if (barred) return barred;
  const held = await hold(ctx, me, { row, how: 'callback' });
  if (!held) return gone;
  return ok(await readWork(ctx, me, { held, presence: await nowWorking(ctx, me.userId) }));
}

/** Outside the calling hours only the time itself that was promised counts, not hours before or after. */
const isPromisedNow = ({ due_at: due }: CaseRow, now: number): boolean =>
  due !== null && Math.abs(now - due) < PROMISE_MS;

function mayTake(row: CaseRow, me: Me, now: number): boolean {
  if (row.callback_id === null) return false;
  // Handed over, it is the owner's until somebody accepts, and then theirs; the group has no part in it.
  if (row.state === 'escalated') return (row.in_charge_id ?? row.owner_id) === me.userId;
  if (row.state !== 'scheduled') return false;
  if (row.owner_id === me.userId) return true;
  const open = (at: number | null): boolean => at !== null && at <= now;
  return (row.group_id === me.profile.groupId && open(row.group_due_at)) || open(row.pool_due_at);
}
