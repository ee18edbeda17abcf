import { sql } from 'kysely';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { settingsOf } from '#season';
import type { EscalationTier } from '#season/rules';
import { holdersOf } from '#staff';
import { applyCases, type CaseId, type CaseRow, readCases } from './case.store.ts';
import { TIER_ROLES } from './escalation.rules.ts';

/** Somebody is responsible at every moment: what an absent person answered for is answered for by somebody who is there. */

interface Held {
  readonly id: string;
  readonly caseId: CaseId;
  readonly tier: EscalationTier;
  readonly state: 'open' | 'accepted';
  readonly fromUserId: UserId | null;
  readonly ownerId: UserId | null;
  readonly leaderId: UserId | null;
}

/**
 * Hand-overs that a person had accepted wait to be accepted again, with their full time; those that still waited while this person answered
 * for them go on waiting. The owner of the case answers meanwhile, else the leader of the group, who handed it over, or the office. Returns
 * how many of them the person did not own.
 */
export async function returnHandOvers(ctx: Ctx, userId: UserId, reason: string): Promise<number> {
  const held = await lockHeld(ctx, userId);
  if (held.length === 0) return 0;
  const office = (await holdersOf(ctx, TIER_ROLES.office)).find((one) => one !== userId) ?? null;
  const moves = held.flatMap((one) => {
    const next = [one.ownerId, one.leaderId, one.fromUserId, office].find(
      (who) => who !== null && who !== userId,
    );
    return next ? [{ ...one, next }] : [];
  });
  const cases = new Map(
    (
      await readCases(
        ctx,
        moves.map(({ caseId }) => caseId),
      )
    ).map((row) => [row.id, row]),
  );
  for (const move of moves) {
    const row = cases.get(move.caseId);
    if (row) await handBack(ctx, { ...move, row, userId, reason });
  }
  await tell(ctx, moves, reason);
  return moves.filter(({ ownerId }) => ownerId !== userId).length;
}

async function lockHeld(ctx: Ctx, userId: UserId): Promise<Held[]> {
  const { rows } = await sql<Held>`
    select e.id, e.case_id as "caseId", e.tier, e.state, e.from_user_id as "fromUserId", k.owner_id as "ownerId", u.id as "leaderId"
    from escalation e
    join follow_up_case k on k.tenant_id = e.tenant_id and k.id = e.case_id
    left join staff_group g on g.tenant_id = k.tenant_id and g.id = k.group_id
    left join user_account u on u.tenant_id = g.tenant_id and u.id = g.leader_id and u.disabled_at is null
    where e.tenant_id = ${ctx.tenantId} and e.responsible_id = ${userId} and e.ended_at is null
    order by e.id for update of e`.execute(ctx.tx);
  return rows;
}

interface Move extends Held {
  readonly next: UserId;
  readonly row: CaseRow;
  readonly userId: UserId;
  readonly reason: string;
}

async function handBack(ctx: Ctx, { id, tier, state, next, row, userId, reason }: Move): Promise<void> {
  const { acceptMinutes, resolveMinutes } = (await settingsOf(ctx, row.season_id)).escalation[tier];
  const acceptBy = ctx.now + acceptMinutes * 60_000;
  await sql`
    update escalation set responsible_id = ${next}, to_user_id = nullif(to_user_id, ${userId})
      ${
        state === 'accepted'
          ? sql`, state = 'open', accepted_at = null, accepted_by = null, told_late = null, accept_by = ${new Date(acceptBy)},
              resolve_by = ${new Date(acceptBy + resolveMinutes * 60_000)}`
          : sql``
      }
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
  if (row.in_charge_id === userId)
    await applyCases(ctx, [
      {
        case: row,
        kind: 'assigned',
        at: ctx.now,
        causeId: id,
        note: `${reason}，等待接手`,
        after: { in_charge_id: next },
      },
    ]);
  await audit(ctx, {
    action: 'escalation.reopened',
    subjectType: 'escalation',
    subjectId: id,
    reason,
    after: { caseId: row.id, responsible: next },
  });
}

/** One notice a person, however many. */
async function tell(ctx: Ctx, moves: readonly { next: UserId }[], reason: string): Promise<void> {
  for (const [next, theirs] of Map.groupBy(moves, (move) => move.next))
    await notify(ctx, next, {
      title: `${theirs.length} 名转交的考生暂时由您负责`,
      body: `原接手人${reason}，正等别人接手；接手之前由您负责。`,
      link: '/escalations?view=all',
    });
}
