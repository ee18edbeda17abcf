import { type Endpoint, handle } from '#platform/http/endpoint';
import { readPlaybook, recordPlaybook } from './playbook.contract.ts';
import { playbook, recordStep } from './playbook.service.ts';

export const playbookEndpoints: Endpoint[] = [
  handle(readPlaybook, (ctx, { params }) => playbook(ctx, params.caseId)),
  handle(recordPlaybook, (ctx, { params, body }) => recordStep(ctx, params.caseId, body)),
];
