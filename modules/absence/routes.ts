import { type Endpoint, handle } from '#platform/http/endpoint';
import type { UserId } from '#platform/ids';
import { ok } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import * as contract from './contract.ts';
import { disablePerson, type ReturnAll, removePerson } from './departure.ts';
import * as leave from './leave.service.ts';
import { openWorkOf } from './leave.store.ts';

/** Leave, and leaving: both give open work back. */
export const absenceEndpoints = (returnAllOf: ReturnAll): Endpoint[] => [
  handle(contract.listLeaves, async (ctx, { body }) => ok(await leave.listLeaves(ctx, body))),
  handle(contract.myLeaves, async (ctx) => ok({ items: await leave.myLeaves(ctx) })),
  handle(contract.requestLeave, (ctx, { body }) => leave.requestLeave(ctx, body)),
  handle(contract.decideLeave, (ctx, { params, body }) =>
    leave.decideLeave(ctx, returnAllOf, { ...body, id: params.id }),
  ),
  handle(contract.endLeave, (ctx, { params }) => leave.endLeave(ctx, params.id)),
  handle(contract.disablePerson, (ctx, { params, body }) =>
    disablePerson(ctx, returnAllOf, { userId: params.id as UserId, reason: body.reason }),
  ),
  handle(contract.removePerson, (ctx, { params, body }) =>
    removePerson(ctx, returnAllOf, { userId: params.id as UserId, reason: body.reason }),
  ),
  handle(contract.departureFigures, async (ctx, { params }) =>
    ok(await openWorkOf(ctx, params.id as UserId, shanghaiDay(ctx.now))),
  ),
];
