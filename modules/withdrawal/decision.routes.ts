import { type Endpoint, handle } from '#platform/http/endpoint';
import * as contract from './decision.contract.ts';
import { confirmDecision, listOfDecisions, proposeDecision, rejectDecision } from './decision.service.ts';

export const finalDecisionEndpoints: Endpoint[] = [
  handle(contract.listDecisions, (ctx, { query }) => listOfDecisions(ctx, query)),
  handle(contract.proposeDecision, (ctx, { body }) => proposeDecision(ctx, body)),
  handle(contract.confirmDecision, (ctx, { params }) => confirmDecision(ctx, params.id)),
  handle(contract.rejectDecision, (ctx, { params, body }) => rejectDecision(ctx, params.id, body.reason)),
];
