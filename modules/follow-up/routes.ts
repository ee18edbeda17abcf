import { type Endpoint, handle } from '#platform/http/endpoint';
import { ok } from '#platform/result';
import { aids } from './aids.service.ts';
import { barNumber } from './barred-number.ts';
import * as cases from './case.contract.ts';
import { claim } from './claim.service.ts';
import { candidateContacts, caseEvents } from './contacts.ts';
import * as queue from './contract.ts';
import { complete, correct } from './correct.service.ts';
import { liftDoNotCall, listDoNotCall, reopenByHand } from './do-not-call.ts';
import { escalationEndpoints } from './escalation.routes.ts';
import { finishAndNext } from './finish.service.ts';
import { noteInbound } from './inbound-note.service.ts';
import * as held from './lease.service.ts';
import { readMe } from './me.ts';
import { playbookEndpoints } from './playbook.routes.ts';
import { setPresence } from './presence.ts';
import * as proof from './proof.contract.ts';
import { askForProof, readProofs } from './proof.service.ts';
import { skip } from './release.service.ts';
import { roundEndpoints } from './round.routes.ts';
import { sharedNumbers } from './shared-number.ts';
import { findInbound, takeOver } from './takeover.service.ts';
import { readDialects } from './trained.ts';
import { undo } from './undo.service.ts';
import { readWork } from './work.ts';

export const followUpEndpoints = (): Endpoint[] => [
  ...queueEndpoints,
  ...leaseEndpoints,
  ...caseEndpoints,
  ...escalationEndpoints,
  ...playbookEndpoints,
  ...roundEndpoints,
];

const queueEndpoints: Endpoint[] = [
  handle(queue.myWork, async (ctx) => ok(await readWork(ctx, await readMe(ctx)))),
  handle(queue.dialectsRoute, async (ctx) =>
    ok({ items: await readDialects(ctx, (await readMe(ctx)).userId) }),
  ),
  handle(queue.claimRoute, (ctx, { body }) => claim(ctx, body)),
  handle(queue.finishRoute, (ctx, { params, body }) => finishAndNext(ctx, params.leaseId, body)),
  handle(queue.skipRoute, (ctx, { params, body }) => skip(ctx, params.leaseId, body)),
  handle(queue.undoRoute, (ctx, { params }) => undo(ctx, params.attemptId)),
  handle(cases.completeRoute, (ctx, { params, body }) => complete(ctx, params.attemptId, body)),
  handle(cases.correctRoute, (ctx, { params, body }) => correct(ctx, params.attemptId, body)),
  handle(cases.presenceRoute, (ctx, { body }) => setPresence(ctx, body.state, body.reason)),
  handle(cases.aidsRoute, (ctx, { query }) => aids(ctx, query)),
  handle(cases.inboundRoute, (ctx, { body }) => findInbound(ctx, body.text)),
  handle(cases.noteInboundRoute, (ctx, { params, body }) => noteInbound(ctx, params.caseId, body)),
  handle(cases.takeOverRoute, (ctx, { params, body }) => takeOver(ctx, params.caseId, body.reason)),
];

const leaseEndpoints: Endpoint[] = [
  handle(queue.heartbeatRoute, (ctx, { params }) => held.heartbeat(ctx, params.leaseId)),
  handle(queue.draftRoute, (ctx, { params, body }) => held.draft(ctx, params.leaseId, body.text)),
  handle(queue.dialRoute, (ctx, { params, body }) => held.dial(ctx, params.leaseId, body.phoneId)),
  handle(queue.addNumberRoute, (ctx, { params, body }) => held.addNumber(ctx, params.leaseId, body)),
  handle(queue.messageRoute, (ctx, { params, body }) => held.message(ctx, params.leaseId, body)),
  handle(queue.signalsRoute, (ctx, { params, body }) => held.signals(ctx, params.leaseId, body.codes)),
  handle(queue.wishRoute, (ctx, { params, body }) => held.wish(ctx, params.leaseId, body)),
  handle(cases.sharedRoute, (ctx, { params }) => sharedNumbers(ctx, params.leaseId)),
  handle(cases.escalateRoute, (ctx, { params, body }) => held.escalateInHand(ctx, params.leaseId, body)),
];

const caseEndpoints: Endpoint[] = [
  handle(cases.contactsRoute, (ctx, { params, query }) =>
    candidateContacts(ctx, params.candidateId, query.before),
  ),
  handle(cases.caseHistoryRoute, (ctx, { params }) => caseEvents(ctx, params.caseId)),
  handle(proof.proofRoute, (ctx) => readProofs(ctx)),
  handle(proof.proveNow, (ctx) => askForProof(ctx)),
  handle(cases.doNotCallList, (ctx, { query }) => listDoNotCall(ctx, query.view)),
  handle(cases.barNumberRoute, (ctx, { body }) => barNumber(ctx, body)),
  handle(cases.liftRoute, (ctx, { params, body }) => liftDoNotCall(ctx, params.id, body.reason)),
  handle(cases.reopenRoute, (ctx, { params, body }) =>
    reopenByHand(ctx, { caseId: params.caseId, reason: body.reason }),
  ),
];
