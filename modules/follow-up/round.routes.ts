import { type Endpoint, handle } from '#platform/http/endpoint';
import { moveRoundRoute, roundBoard, roundCases } from './round.contract.ts';
import { listRoundCases, moveNow, readBoard } from './round.service.ts';

export const roundEndpoints: Endpoint[] = [
  handle(roundBoard, (ctx, { query }) => readBoard(ctx, query)),
  handle(roundCases, (ctx, { query }) => listRoundCases(ctx, query)),
  handle(moveRoundRoute, (ctx) => moveNow(ctx)),
];
