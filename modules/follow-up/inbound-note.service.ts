import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import type { UserId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import { holdersOf, leaderOf } from '#staff';
import { insertCallback } from './callback.store.ts';
import { applyCases, type CaseImage, type CaseRow, readCase } from './case.store.ts';
import { lockCase } from './claim.store.ts';
import { PRIORITY } from './decide.rules.ts';
import { TIER_ROLES } from './escalation.rules.ts';
import { type Me, readMe } from './me.ts';
import { isUnderAge } from './minor.store.ts';
import type { CaseState } from './rules.ts';

/**
 * Somebody calls whose file this person may not open (未成年人网络保护条例 art. 36): the call is registered for those who may. They are told at
 * once, and the owner has a call-back due now; nothing of the file is shown.
 */
export async function noteInbound(
  ctx: Ctx,
  caseId: string,
  given: { readonly reason: string; readonly said: string },
): Promise<Result<{ toldOwner: boolean }, Refusal<'not_found'>>> {
  const me = await readMe(ctx);
  const known = await readCase(ctx, caseId);
  if (!known || known.season_id !== me.season?.id) return refuse('not_found', '没有找到这名考生的回访任务。');
  const words = given.said === '' ? given.reason : `${given.reason}：${given.said}`;
  const row = await lockCase(ctx, caseId);
  const leader = known.group_id === null ? null : await leaderOf(ctx, known.group_id as never);
  const promised = row !== null && (await promise(ctx, me, { row, words, answers: row.owner_id ?? leader }));
  await audit(ctx, { action: 'case.inbound_noted', subjectType: 'case', subjectId: caseId, reason: words });
  await tellAll(ctx, me, { row: known, words, leader, promised });
  return ok({ toldOwner: known.owner_id !== null });
}

const MINUTE_MS = 60_000;

/** A waiting case becomes a call-back of whoever answers for it; any other keeps its next step, and its journal has the call. True: it became one. */
async function promise(
  ctx: Ctx,
  { settings }: Me,
  { row, words, answers }: { row: CaseRow; words: string; answers: UserId | null },
): Promise<boolean> {
  const note = `来电登记：${words}`;
  const waits = row.state === 'ready' && answers !== null;
  const group = ctx.now + (row.owner_id === null ? 0 : settings.callbackOwnerMinutes * MINUTE_MS);
  const after: CaseImage = waits
    ? {
        state: 'scheduled',
        callback_id: await insertCallback(ctx, {
          ...{ caseId: row.id, dueAt: ctx.now, note, createdBy: answers },
          scope: row.owner_id === null ? 'group' : 'owner',
        }),
        ...{ due_at: ctx.now, priority: PRIORITY.promised },
        group_due_at: row.group_id === null ? null : group,
        pool_due_at: group + settings.callbackGroupMinutes * MINUTE_MS,
      }
    : {};
  if (row.state !== 'leased')
    await applyCases(ctx, [{ case: row, kind: 'released', at: ctx.now, note, after }]);
  return waits;
}

/** What the person who is told can do now. A case that waits has become a call-back; the others keep what they wait for. */
const NEXT_STEPS = {
  ready: '对方在等回电；这名考生还没有负责人，请分派。',
  scheduled: '对方在等回电；这名考生另有约好的回电，时间没有改，请看要不要提前。',
  escalated: '对方在等回电；这名考生已转交，请负责处理的人回电。',
  leased: '另一位回访员正在与这名考生通话。',
  blocked: '本人说过勿再来电，不能拨出；要联系，先请督查组解除。',
  final: '这名考生本阶段已经办结；要再联系，请招办重新开放。',
} as const satisfies Record<CaseState, string>;

/** Says who it is and what is asked: a call-back only where one can be made. */
function noticeOf(
  { state, owner_id: owner }: CaseRow,
  { minor, promised, said }: { minor: boolean; promised: boolean; said: string },
): { title: string; body: string } {
  const who = minor ? '未成年考生' : '考生';
  const waiting = state === 'ready' || state === 'scheduled' || state === 'escalated';
  const next = promised && owner !== null ? '对方在等回电；负责人的录检里已排在最前。' : NEXT_STEPS[state];
  return { title: `${who}来电，${waiting ? '请回电' : '已登记'}`, body: `${said}。${next}` };
}

/** The owner, who answers for a hand-over, and the leader; the office when there is neither. */
async function tellAll(
  ctx: Ctx,
  me: Me,
  { row, words, leader, promised }: { row: CaseRow; words: string; leader: UserId | null; promised: boolean },
): Promise<void> {
  const people = [row.owner_id, row.in_charge_id, leader].filter((one) => one !== null);
  const told = new Set(people.length > 0 ? people : await holdersOf(ctx, TIER_ROLES.office));
  const minor = await isUnderAge(ctx, row.candidate_id);
  const said = `${me.profile.name}接到来电（${words}）`;
  for (const userId of told) {
    if (userId === me.userId) continue;
    await notify(ctx, userId, { ...noticeOf(row, { minor, promised, said }), link: '/queue' });
  }
}
