import { type Endpoint, handle, handleStream } from '#platform/http/endpoint';
import { ok } from '#platform/result';
import { activeSeason } from '#season';
import * as contract from './contract.ts';
import { readGroupBoard, readLeaderboard } from './group.service.ts';
import { readStuck } from './stuck.service.ts';
import { listSummaries, makeTheSummary, saveTheSummary } from './summary.service.ts';
import { sumsByDay, sumsByHour } from './sums.store.ts';
import { noSeason, readWallboard } from './wallboard.service.ts';
import { streamWallboard } from './wallboard.stream.ts';

export const reportEndpoints = (): Endpoint[] => [
  handle(contract.wallboard, (ctx) => readWallboard(ctx)),
  handleStream(contract.wallboardStream, async (io) => {
    streamWallboard(io);
    return ok(undefined);
  }),
  handle(contract.groupBoard, (ctx, { query }) => readGroupBoard(ctx, query.groupId)),
  handle(contract.stuckList, (ctx, { query }) => readStuck(ctx, query)),
  handle(contract.leaderboard, (ctx, { query }) => readLeaderboard(ctx, query.by)),
  handle(contract.bestHours, async (ctx) => {
    const season = await activeSeason(ctx);
    return season ? ok({ items: await sumsByHour(ctx, season.id) }) : noSeason();
  }),
  handle(contract.dailyTrend, async (ctx) => {
    const season = await activeSeason(ctx);
    return season ? ok({ items: await sumsByDay(ctx, season.id) }) : noSeason();
  }),
  handle(contract.listSummaries, (ctx) => listSummaries(ctx)),
  handle(contract.makeSummary, (ctx, { body }) => makeTheSummary(ctx, body)),
  handle(contract.saveSummary, (ctx, { params, body }) => saveTheSummary(ctx, params.id, body)),
];
