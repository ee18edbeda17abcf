import { type Endpoint, handle } from '#platform/http/endpoint';
import { escalateFromFile } from './escalate-file.service.ts';
import * as contract from './escalation.contract.ts';
import { escalationDetail, listOfEscalations } from './escalation.service.ts';
import { acceptEscalation, giveBackEscalation, passOnEscalation } from './escalation-act.service.ts';
import { workEscalation } from './escalation-work.service.ts';

export const escalationEndpoints: Endpoint[] = [
  handle(contract.listEscalations, (ctx, { query }) => listOfEscalations(ctx, query)),
  handle(contract.readEscalation, (ctx, { params }) => escalationDetail(ctx, params.id)),
  handle(contract.escalateCaseRoute, (ctx, { params, body }) => escalateFromFile(ctx, params.caseId, body)),
  handle(contract.acceptEscalation, (ctx, { params }) => acceptEscalation(ctx, params.id)),
  handle(contract.returnEscalation, (ctx, { params, body }) =>
    giveBackEscalation(ctx, params.id, body.reason),
  ),
  handle(contract.passOnEscalation, (ctx, { params, body }) => passOnEscalation(ctx, params.id, body)),
  handle(contract.workEscalation, (ctx, { params }) => workEscalation(ctx, params.id)),
];
