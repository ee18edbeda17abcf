import type { Ctx } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { activeSeason, settingsOf } from '#season';
import { holdersOf, leaderOf } from '#staff';
import { type LateRow, readStarved, takeUnaccepted, takeUnresolved, wasTold } from './alarm.store.ts';
import { localTime, sayTime } from './day-part.rules.ts';
import { TIER_ROLES } from './escalation.rules.ts';

/** Nobody and nothing is forgotten in silence: hand-overs past their times, cases that nobody pulls. One notice a person, however many. */

/** Tells whoever should accept, and whoever answers meanwhile, that a hand-over is late. Returns how many hand-overs. */
export async function tellLateEscalations(ctx: Ctx): Promise<number> {
  const unaccepted = await takeUnaccepted(ctx);
  const unresolved = await takeUnresolved(ctx);
  await tellEach(ctx, await receiversOf(ctx, unaccepted, takersOf), (count) => ({
    title: `${count} 名转交的考生过了接手时限`,
    body: '还没有人接手。请尽快接手或转交；接手之前，由原负责人负责。',
  }));
  await tellEach(ctx, await receiversOf(ctx, unresolved, overseersOf), (count) => ({
    title: `${count} 名转交的考生过了处理时限`,
    body: '已接手，但没有在时限内处理完。请登记结果、退回或转交下一级。',
  }));
  return unaccepted.length + unresolved.length;
}

type Find = (ctx: Ctx, row: LateRow) => Promise<readonly UserId[]>;

/** To whom it was given, else everyone of the role; and the person who still answers for it. */
const takersOf: Find = async (ctx, { tier, toUserId }) =>
  toUserId === null ? holdersOf(ctx, tier === 'leader' ? TIER_ROLES.office : TIER_ROLES[tier]) : [toUserId];

/** Whoever accepted is told in any case; above them the leader of the group, or the office. */
const overseersOf: Find = async (ctx, { groupId, tier }) => {
  const leader = groupId === null || tier === 'leader' ? null : await leaderOf(ctx, groupId as never);
  return leader === null ? holdersOf(ctx, TIER_ROLES.office) : [leader];
};

async function receiversOf(ctx: Ctx, rows: readonly LateRow[], find: Find): Promise<Map<UserId, number>> {
  const counts = new Map<UserId, number>();
  const found = new Map<string, Promise<readonly UserId[]>>();
  for (const row of rows) {
    const key = `${row.tier}/${row.toUserId}/${row.groupId}`;
    const known = found.get(key) ?? find(ctx, row);
    found.set(key, known);
    for (const userId of new Set([...(await known), row.responsibleId]))
      counts.set(userId, (counts.get(userId) ?? 0) + 1);
  }
  return counts;
}

async function tellEach(
  ctx: Ctx,
  counts: ReadonlyMap<UserId, number>,
  say: (count: number) => { title: string; body: string },
): Promise<void> {
  for (const [userId, count] of counts)
    await notify(ctx, userId, { ...say(count), link: '/escalations?late=true' });
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Nobody is woken by it. */
const TOLD_FROM_MINUTE = 8 * 60;
const STARVED = '有考生长时间没有人拨打';

/** Nobody starves: ready cases older than the season's hours, once a day to the leader of each group; to the office what has no leader. */
export async function tellStarved(ctx: Ctx): Promise<number> {
  const season = await activeSeason(ctx);
  const { minute } = localTime(ctx.now);
  if (!season || minute < TOLD_FROM_MINUTE) return 0;
  const { starvationHours } = await settingsOf(ctx, season.id);
  const midnight = ctx.now - minute * MINUTE_MS - (ctx.now % MINUTE_MS);
  let told = 0;
  for (const { groupId, cases, since } of await readStarved(
    ctx,
    season.id,
    ctx.now - starvationHours * HOUR_MS,
  )) {
    const leader = groupId === null ? null : await leaderOf(ctx, groupId as never);
    const body = `${cases} 名考生到时间后超过 ${starvationHours} 小时没有人拨打，最早的是 ${sayTime(since, ctx.now)}。请安排拨打，或改派给别人。`;
    for (const userId of leader === null ? await holdersOf(ctx, TIER_ROLES.office) : [leader]) {
      if (await wasTold(ctx, userId, STARVED, midnight)) continue;
      await notify(ctx, userId, { title: STARVED, body, link: '/team/stuck' });
      told += 1;
    }
  }
  return told;
}
