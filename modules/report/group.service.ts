import type { z } from 'zod';
import { NO_TALLY, type Tally } from '#follow-up/rules';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import { activeSeason, settingsOf } from '#season';
import type { FollowUpSettings } from '#season/rules';
import { groupsOf } from '#staff';
import type { groupBoard, leaderboard } from './contract.ts';
import { type MemberRow, memberRows, namedGroups, namedMembers } from './live.store.ts';
import { compareRates, fairVolume, RATE_DEFINITIONS, type Rate, ratesOf } from './rules.ts';
import { addUp, byKey, inPhase, peopleOf, type Standing, standingOf } from './standing.rules.ts';
import { type CaseSumsByOwner, caseSumsByOwner, sumsByCaller } from './sums.store.ts';
import { noSeason, reaches } from './wallboard.service.ts';

type Board = z.output<typeof groupBoard.reply>;
type Member = Board['members'][number];

/** One group, member by member; a leader sees the groups they lead, others any. */
export async function readGroupBoard(
  ctx: Ctx,
  wanted: string | undefined,
): Promise<Result<Board, Refusal<'no_season' | 'not_found'>>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const groups = (await groupsOf(ctx)).map(({ id, name }) => ({ groupId: id as string, name }));
  const group = wanted === undefined ? groups[0] : groups.find(({ groupId }) => groupId === wanted);
  if (!group)
    return refuse(
      'not_found',
      wanted ? '没有找到这个小组，或它不在您的管理范围内。' : '您还没有负责的小组，请联系招办。',
    );
  const figures = {
    cases: byKey(await caseSumsByOwner(ctx, season.id, [group.groupId]), ({ ownerId }) => ownerId),
    today: byKey(await sumsByCaller(ctx, season.id, shanghaiDay(ctx.now)), ({ callerId }) => callerId),
    all: byKey(await sumsByCaller(ctx, season.id, null), ({ callerId }) => callerId),
    settings: await settingsOf(ctx, season.id),
    phase: season.phase,
  };
  const members = (await memberRows(ctx, group.groupId)).map((row) => memberOf(row, figures));
  return ok({
    groups,
    groupId: group.groupId,
    members,
    total: standingOf(inPhase([...figures.cases.values()].flat(), season.phase)),
    today: addUp<Tally>(
      members.map(({ today }) => today),
      NO_TALLY,
    ),
    bounds: {
      contacts: figures.settings.targets.contacts,
      talkMinutes: figures.settings.targets.talkMinutes,
    },
  });
}

interface Figures {
  readonly cases: ReadonlyMap<string, readonly CaseSumsByOwner[]>;
  readonly today: ReadonlyMap<string, readonly Tally[]>;
  readonly all: ReadonlyMap<string, readonly Tally[]>;
  readonly settings: FollowUpSettings;
  readonly phase: string;
}

function memberOf({ groupId: _group, ...row }: MemberRow, figures: Figures): Member {
  const { cases, today, all, settings, phase } = figures;
  const mine = cases.get(row.userId) ?? [];
  const people = peopleOf(mine);
  const season = addUp<Tally>(all.get(row.userId) ?? [], NO_TALLY);
  const { contacts, talkMinutes } = settings.targets;
  return {
    ...row,
    standing: standingOf(inPhase(mine, phase)),
    people,
    season,
    today: addUp<Tally>(today.get(row.userId) ?? [], NO_TALLY),
    rates: ratesOf(season, people),
    contactsTarget: reaches({ part: season.contacts, whole: people }, contacts),
    talkTarget: reaches({ part: season.talkSeconds, whole: people * 60 }, talkMinutes),
  };
}

type Leaders = z.output<typeof leaderboard.reply>;
type By = Leaders['by'];

const DEFINITIONS: Readonly<Record<By, string>> = {
  reach: `${RATE_DEFINITIONS.contact.part} ÷ ${RATE_DEFINITIONS.contact.whole}`,
  confirmed: '最终录取的考生数 ÷ 名下在当前阶段已有最终结果的考生数',
  arrival:
    '预计报到率：已确认或已录取的考生数 ÷ 名下当前阶段的全部考生数。系统里还没有报到数据，先按考生最近一次的意向计算，不等于实际报到',
};

/** What a table is led by: above and below the line. Before anybody has arrived, arrival is what candidates last said. */
function leadingRate(by: By, standing: Standing, sums: Tally): Rate {
  const { admitted, withdrawn, otherFinal, confirmed, cases } = standing;
  if (by === 'reach') return ratesOf(sums, cases).contact;
  if (by === 'arrival') return { part: confirmed + admitted, whole: cases };
  return { part: admitted, whole: admitted + withdrawn + otherFinal };
}

/** Callers by rate, never by raw calls; who has less than a fair volume is listed without a rank. */
export async function readLeaderboard(ctx: Ctx, by: By): Promise<Result<Leaders, Refusal<'no_season'>>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const cases = byKey(await caseSumsByOwner(ctx, season.id), ({ ownerId }) => ownerId);
  const sums = byKey(await sumsByCaller(ctx, season.id, null), ({ callerId }) => callerId);
  const names = new Map((await namedGroups(ctx)).map(({ id, name }) => [id, name]));
  const rows = (await namedMembers(ctx)).map(({ userId, name, groupId }) => {
    const standing = standingOf(inPhase(cases.get(userId) ?? [], season.phase));
    const rate = leadingRate(by, standing, addUp<Tally>(sums.get(userId) ?? [], NO_TALLY));
    const groupName = (groupId && names.get(groupId)) || null;
    return { userId, name, groupName, rate, volume: rate.whole, standing };
  });
  const worked = rows.filter(({ volume }) => volume > 0);
  const fair = fairVolume(worked.map(({ volume }) => volume));
  const items = worked
    .map((row) => ({ ...row, ranked: row.volume >= fair }))
    .sort(
      (one, other) =>
        Number(other.ranked) - Number(one.ranked) ||
        compareRates(one.rate, other.rate) ||
        other.volume - one.volume,
    );
  return ok({ by, definition: DEFINITIONS[by], fairVolume: fair, items });
}
