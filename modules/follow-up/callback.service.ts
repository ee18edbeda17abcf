import type { Ctx } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { activeSeason, settingsOf } from '#season';
import {
  endCallback,
  insertCallback,
  noteSuccessor,
  type OverdueCallback,
  overdueCallbacks,
} from './callback.store.ts';
import { applyCases } from './case.store.ts';
import { lockCase } from './claim.store.ts';

/** Call-backs that their owner let pass: each has a successor, open to more people: no case ends in silence. */

const AT_ONCE = 200;
const MINUTE_MS = 60_000;

/** Marks missed call-backs and opens their successors. Returns how many. */
export async function succeedMissed(ctx: Ctx): Promise<number> {
  const season = await activeSeason(ctx);
  if (!season) return 0;
  const { callbackOwnerMinutes, callbackGroupMinutes } = await settingsOf(ctx, season.id);
  const overdue = await overdueCallbacks(ctx, ctx.now - callbackOwnerMinutes * MINUTE_MS, AT_ONCE);
  let missed = 0;
  for (const one of overdue) {
    const limit = (callbackOwnerMinutes + (one.scope === 'group' ? callbackGroupMinutes : 0)) * MINUTE_MS;
    if (one.dueAt + limit <= ctx.now) missed += Number(await succeed(ctx, one));
  }
  return missed;
}

/** Ends one as missed and makes its successor: same time and words, open to the group, then to anyone; the owner is told. False: it was dealt with meanwhile. */
async function succeed(ctx: Ctx, one: OverdueCallback): Promise<boolean> {
  const row = await lockCase(ctx, one.caseId);
  if (row?.state !== 'scheduled' || row.callback_id !== one.id) return false;
  const scope = one.scope === 'owner' && row.group_id !== null ? 'group' : 'any';
  const note = one.note ?? '';
  // One open call-back a case: the earlier one ends before its successor begins.
  await endCallback(ctx, one.id, 'missed');
  const callbackId = await insertCallback(ctx, {
    caseId: row.id,
    dueAt: one.dueAt,
    scope,
    note,
    createdBy: one.createdBy,
  });
  await noteSuccessor(ctx, one.id, callbackId);
  await applyCases(ctx, [
    {
      case: row,
      kind: 'released',
      at: ctx.now,
      causeId: one.id,
      note: '回电超时',
      after: {
        callback_id: callbackId,
        ...(scope === 'group'
          ? { group_due_at: Math.min(row.group_due_at ?? ctx.now, ctx.now) }
          : { pool_due_at: ctx.now }),
      },
    },
  ]);
  if (row.owner_id !== null) {
    await notify(ctx, row.owner_id as UserId, {
      title: '约好的回电已超时',
      body: scope === 'group' ? '已放给本组，仍由您负责，请尽快回电。' : '已放给所有回访员，仍由您负责。',
      link: '/queue',
    });
  }
  return true;
}
