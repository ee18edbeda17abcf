import type { z } from 'zod';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId, type UserId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import type * as contract from './contract.ts';
import type { ReturnAll } from './departure.ts';
import * as store from './leave.store.ts';
import {
  type Days,
  decideFault,
  isComplete,
  requestFault,
  STEP_LABELS,
  STEPS,
  type Step,
  stepFor,
  unitApproverOf,
} from './rules.ts';

type Row = z.output<typeof contract.myLeaves.reply>['items'][number];

function rowOf(ctx: Ctx, leave: store.Leave): Row {
  const by: Record<Step, string | null> = {
    unit: leave.unitByName,
    personnel: leave.personnelByName,
    office: leave.officeByName,
  };
  return {
    ...leave,
    approvals: STEPS.map((step) => ({ step, by: by[step] })),
    mine: stepFor(store.factsOf(leave), { id: ctx.actor.userId, roles: ctx.actor.roles }),
  };
}

/** What an approver sees: personnel and the office all, heads and leaders the leaves whose first step is theirs. */
export async function listLeaves(
  ctx: Ctx,
  query: z.output<typeof contract.listLeaves.body>,
): Promise<z.output<typeof contract.listLeaves.reply>> {
  const all = ctx.actor.roles.some((role) => role === 'personnel' || role === 'admissions_office');
  const { items, total } = await store.readLeaves(ctx, { ...query, ...(!all && { onlyUnitOf: me(ctx) }) });
  const page = items.slice(0, query.limit);
  return {
    items: page.map((leave) => rowOf(ctx, leave)),
    nextCursor: items.length > query.limit ? (page.at(-1)?.id ?? null) : null,
    total,
  };
}

function me(ctx: Ctx): UserId {
  if (ctx.actor.userId === null) throw new Error('leave needs a person');
  return ctx.actor.userId;
}

export const myLeaves = async (ctx: Ctx): Promise<Row[]> =>
  (await store.readLeavesOf(ctx, me(ctx))).map((leave) => rowOf(ctx, leave));

/** Asks for leave from today on; the three approvers find it in their list, the first one is told. */
export async function requestLeave(
  ctx: Ctx,
  given: Days & { reason: string },
): Promise<Result<{ id: string }, Refusal<'dates' | 'overlap'>>> {
  const userId = me(ctx);
  const fault = requestFault(given, shanghaiDay(ctx.now), await store.lockOpenLeaves(ctx, userId));
  if (fault) return refuse(fault.code, fault.message);
  const id = newId();
  await store.insertLeave(ctx, { ...given, id, userId });
  await audit(ctx, {
    action: 'leave.requested',
    subjectType: 'leave',
    subjectId: id,
    reason: given.reason,
    after: { startsOn: given.startsOn, endsOn: given.endsOn },
  });
  const leave = await store.lockLeave(ctx, id);
  const first = leave && unitApproverOf(store.factsOf(leave));
  if (first) {
    await notify(ctx, first as UserId, {
      title: `${ctx.actor.name} 请假待审批`,
      body: `${given.startsOn} 至 ${given.endsOn}`,
      link: '/team/leaves',
    });
  }
  return ok({ id });
}

type DecideCode = keyof typeof contract.decideLeave.refusals;
type Decision = z.output<typeof contract.decideLeave.body>;

/** One step approved, or the whole request rejected. When the third approves leave that has begun, open work goes back at once. */
export async function decideLeave(
  ctx: Ctx,
  returnAllOf: ReturnAll,
  given: Decision & { id: string },
): Promise<Result<z.output<typeof contract.decideLeave.reply>, Refusal<DecideCode>>> {
  const leave = await store.lockLeave(ctx, given.id);
  if (!leave) return refuse('not_found', '没有找到这次请假，可能已撤回，请刷新页面。');
  const fault = decideFault(given.step, store.factsOf(leave), {
    id: ctx.actor.userId,
    roles: ctx.actor.roles,
  });
  if (fault) return refuse(fault.code, fault.message);
  if (!given.approved) return reject(ctx, leave, given);
  const approvedBy = { ...store.factsOf(leave).approvedBy, [given.step]: ctx.actor.userId };
  const complete = isComplete(approvedBy);
  await store.saveApproval(ctx, leave.id, given.step, complete);
  await audit(ctx, {
    action: 'leave.approved',
    subjectType: 'leave',
    subjectId: leave.id,
    after: { step: given.step, complete },
    ...(given.note && { reason: given.note }),
  });
  if (!complete) return ok({ state: 'requested', returned: null });
  const days = `${leave.startsOn} 至 ${leave.endsOn}`;
  const after =
    shanghaiDay(ctx.now) <= leave.endsOn ? '，开始那天在办考生会自动交回。' : '，假期已过，在办考生不动。';
  await tell(ctx, leave, '请假已批准', `${days}${after}`);
  // Approved when it is over already, it takes no work from somebody who is back.
  const today = shanghaiDay(ctx.now);
  const begun = leave.startsOn <= today && today <= leave.endsOn;
  const returned = begun ? await beginLeave(ctx, returnAllOf, leave.id) : ok(null);
  return returned.ok ? ok({ state: 'approved', returned: returned.value }) : returned;
}

async function reject(
  ctx: Ctx,
  leave: store.Leave,
  given: Decision,
): Promise<Result<{ state: 'rejected'; returned: null }, Refusal<'note_needed'>>> {
  if (given.note.length < 4) return refuse('note_needed', '不批准时请写明理由，至少 4 个字，申请人会看到。');
  await store.saveRejection(ctx, leave.id, given.note);
  await audit(ctx, {
    action: 'leave.rejected',
    subjectType: 'leave',
    subjectId: leave.id,
    reason: given.note,
    after: { step: given.step },
  });
  await tell(ctx, leave, '请假未批准', `${STEP_LABELS[given.step]}：${given.note}`);
  return ok({ state: 'rejected', returned: null });
}

const tell = (ctx: Ctx, leave: store.Leave, title: string, body: string): Promise<void> =>
  notify(ctx, leave.userId, { title, body, link: '/team/leaves' });

/** Gives the work back at the start of an approved leave; doing it again changes nothing. */
export async function beginLeave(
  ctx: Ctx,
  returnAllOf: ReturnAll,
  id: string,
): Promise<Result<number | null, Refusal<'open_work'>>> {
  const leave = await store.lockLeave(ctx, id);
  if (leave?.state !== 'approved' || leave.returnedCases !== null) return ok(null);
  const returned = await returnAllOf(ctx, leave.userId, `请假 ${leave.startsOn} 至 ${leave.endsOn}`);
  if (!returned.ok) return returned;
  await store.saveReturned(ctx, id, returned.value);
  await audit(ctx, {
    action: 'leave.begun',
    subjectType: 'leave',
    subjectId: id,
    after: { returned: returned.value },
  });
  return returned;
}

/** Takes back a request, or comes back early: from now on the person is given work again. */
export async function endLeave(
  ctx: Ctx,
  id: string,
): Promise<Result<undefined, Refusal<'not_found' | 'decided'>>> {
  const leave = await store.lockLeave(ctx, id);
  if (!leave || leave.userId !== ctx.actor.userId)
    return refuse('not_found', '没有找到您的这次请假，请刷新页面。');
  if (leave.state !== 'requested' && leave.state !== 'approved')
    return refuse('decided', '这次请假已经办结，不用再撤回。');
  await store.saveEnded(ctx, id);
  await audit(ctx, {
    action: 'leave.ended',
    subjectType: 'leave',
    subjectId: id,
    before: { state: leave.state },
  });
  return ok(undefined);
}
