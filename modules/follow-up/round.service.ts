import type { z } from 'zod';
import { maskName } from '#candidate/rules';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { publish } from '#platform/http/events';
import { type Refusal, refuse } from '#platform/http/refusal';
import { inNameOrder } from '#platform/pinyin';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import { type Phase, ROUNDS, type Round } from '#season/rules';
import { groupsOf, scopeOf } from '#staff';
import { applyCases } from './case.store.ts';
import { ROUND_LABELS, type roundBoard, type roundCases } from './round.contract.ts';
import { leftOf } from './round.rules.ts';
import {
  type CaseFilter,
  countRoundCases,
  type LeftRow,
  lockBehind,
  openByGroup,
  readRoundCases,
  sumsByRound,
} from './round.store.ts';

const noSeason = () => refuse('no_season', '招办还没有启用本年度录取季，请先在“招生季”里启用。');

type Board = z.output<typeof roundBoard.reply>;

/** What is left in each round and group, of what the reader may see. */
export async function readBoard(
  ctx: Ctx,
  query: { phase?: Phase | undefined },
): Promise<Result<Board, Refusal<'no_season'>>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const scope = await scopeOf(ctx);
  const phase = query.phase ?? season.phase;
  const groups = await groupsOf(ctx, scope);
  const seen = scope.kind === 'all' ? null : groups.map(({ id }) => id);
  const byGroup = await openByGroup(ctx, { seasonId: season.id, phase, groupIds: seen });
  const sums = seen === null ? await sumsByRound(ctx, season.id, phase) : byGroup;
  const nameOf = new Map(groups.map(({ id, name }) => [id as string, name]));
  const perGroup = Map.groupBy(byGroup, ({ groupId, round }) => `${groupId}/${round}`);
  return ok({
    season: { name: season.name, phase: season.phase, round: season.round },
    phase,
    rounds: ROUNDS.map((round) => ({ round, ...leftOf(sums.filter((row) => row.round === round)) })),
    groups: inNameOrder(
      [...perGroup.values()].map((rows) => groupLine(rows, nameOf)),
      ({ groupName }) => groupName,
    ),
    behind: phase === 'filing' && season.phase === 'filing' ? behindOf(sums, season.round) : 0,
  });
}

function groupLine(rows: readonly LeftRow[], nameOf: ReadonlyMap<string, string>): Board['groups'][number] {
  const groupId = rows[0]?.groupId ?? '';
  const round = rows[0]?.round ?? 'first';
  return { groupId, groupName: nameOf.get(groupId) ?? '已解散的小组', round, ...leftOf(rows) };
}

const behindOf = (sums: readonly LeftRow[], round: Round): number =>
  sums
    .filter((row) => row.round !== round && row.state !== 'final')
    .reduce((sum, { cases }) => sum + cases, 0);

type Query = z.output<typeof roundCases.query>;
type Page = z.output<typeof roundCases.reply>;

export async function listRoundCases(ctx: Ctx, query: Query): Promise<Result<Page, Refusal<'no_season'>>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const { kind, userId, groupIds } = await scopeOf(ctx);
  const led = kind === 'group' ? [...groupIds] : null;
  const wanted = query.groupId;
  const within = wanted === undefined ? led : (led ?? [wanted]).filter((id) => id === wanted);
  const [at = '', id = ''] = (query.cursor ?? '').split('/');
  const filter: CaseFilter = {
    seasonId: season.id,
    phase: query.phase ?? season.phase,
    round: query.round,
    disposition: query.disposition,
    groupIds: within,
    ownFor: kind === 'own' ? userId : null,
    after: /^\d+$/.test(at) && /^[0-9a-f-]{36}$/.test(id) ? { at: Number(at), id } : null,
    limit: query.limit + 1,
  };
  const rows = await readRoundCases(ctx, filter);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return ok({
    items: items.map(({ sortAt: _at, ...row }) => ({ ...row, candidateName: maskName(row.candidateName) })),
    nextCursor: rows.length > query.limit && last ? `${last.sortAt}/${last.caseId}` : null,
    total: await countRoundCases(ctx, filter),
  });
}

/** Cases moved in one statement. */
const CHUNK = 500;

/** One portion of moveRound, for a job that commits in between. Returns how many were moved; 0: nothing is left to move now. */
export async function moveSome(ctx: Ctx, seasonId: string, round: Round): Promise<number> {
  const rows = await lockBehind(ctx, { seasonId, round, limit: CHUNK });
  const note = `进入${ROUND_LABELS[round]}`;
  await applyCases(
    ctx,
    rows.map((row) => ({ case: row, kind: 'round' as const, at: ctx.now, note, after: { round } })),
  );
  return rows.length;
}

/**
 * Brings the open filing cases of a season into a round; nothing is closed by it, and cases on the phone follow when they are finished.
 * A round that was advanced by mistake is taken back the same way.
 */
export async function moveRound(ctx: Ctx, seasonId: string, round: Round): Promise<number> {
  let moved = 0;
  for (let some = await moveSome(ctx, seasonId, round); some > 0; some = await moveSome(ctx, seasonId, round))
    moved += some;
  if (moved > 0) await noteMoved(ctx, { seasonId, round, moved });
  return moved;
}

export async function noteMoved(
  ctx: Ctx,
  { seasonId, round, moved }: { seasonId: string; round: Round; moved: number },
): Promise<void> {
  await audit(ctx, {
    action: 'round.moved',
    subjectType: 'season',
    subjectId: seasonId,
    reason: `${moved} 名未办结考生进入${ROUND_LABELS[round]}`,
    after: { round, moved },
  });
  await publish(ctx, { topic: 'round', subjectId: seasonId });
}

/** Open filing cases outside the season's round, from the counters. 0 outside the filing phase: rounds belong to it. */
export async function countBehind(
  ctx: Ctx,
): Promise<{ seasonId: string; round: Round; behind: number } | null> {
  const season = await activeSeason(ctx);
  if (season?.phase !== 'filing') return null;
  const behind = behindOf(await sumsByRound(ctx, season.id, 'filing'), season.round);
  return { seasonId: season.id, round: season.round, behind };
}

/** At once instead of within the minute. */
export async function moveNow(
  ctx: Ctx,
): Promise<Result<{ moved: number; left: number }, Refusal<'no_season'>>> {
  const at = await countBehind(ctx);
  if (!at) return refuse('no_season', '现在不在投档回访阶段，没有轮次需要调整。');
  const moved = await moveRound(ctx, at.seasonId, at.round);
  return ok({ moved, left: at.behind - moved });
}
