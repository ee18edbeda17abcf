import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import { type ScriptInForce, scriptsInForce } from '#script';
import { currentSeason } from '#season';
import type { FollowUpSettings, Policy, Season } from '#season/rules';
import { type Profile, profileOf } from '#staff';
import { casesOfOwner } from './tally.store.ts';

/** The person at the queue, and the season they work in. */
export interface Me {
  readonly userId: UserId;
  readonly profile: Profile;
  /** Null: the office has not opened a season. */
  readonly season: Season | null;
  readonly settings: FollowUpSettings;
  readonly policies: readonly Policy[];
  /** Approved scripts of the season. */
  readonly scripts: readonly ScriptInForce[];
  readonly escalationTeam: boolean;
}

/** Reads who is asking. The route's permission has made sure that somebody is. */
export async function readMe(ctx: Ctx): Promise<Me> {
  const { userId, roles } = ctx.actor;
  const profile = userId === null ? null : await profileOf(ctx, userId);
  if (userId === null || profile === null) throw new Error('the queue is worked by a person with an account');
  const current = await currentSeason(ctx);
  const { season } = current;
  return {
    ...current,
    userId,
    profile,
    scripts: season ? await scriptsInForce(ctx, season.id) : [],
    escalationTeam: roles.includes('escalation_member'),
  };
}

/** Open cases that a person owns, from the counters. */
export async function openWork(ctx: Ctx, userId: string, seasonId: string): Promise<number> {
  const { rows } = await sql<{ open: number }>`${prepared}
    select coalesce(sum(cases), 0)::int as open from (${casesOfOwner(ctx, userId, seasonId)}) s
    where state <> 'final'`.execute(ctx.tx);
  return rows[0]?.open ?? 0;
}

/** How many calls the person still owes a result: one index probe, where the full list joins five tables. */
export async function countIncomplete(ctx: Ctx, userId: string): Promise<number> {
  const { rows } = await sql<{ left: number }>`${prepared}
    select count(*)::int as left from attempt a
    where a.tenant_id = ${ctx.tenantId} and a.caller_id = ${userId} and a.incomplete
      and not exists (select from attempt_correction k
        where k.tenant_id = a.tenant_id and k.attempt_id = a.id and k.kind in ('completed', 'undone'))`.execute(
    ctx.tx,
  );
  return rows[0]?.left ?? 0;
}

/** Attempts that were dialled and never given a result, oldest first. */
export async function incompleteAttempts(
  ctx: Ctx,
  userId: string,
): Promise<
  {
    attemptId: string;
    candidateName: string;
    masked: string | null;
    startedAt: number;
    withdrawable: boolean;
    relation: string;
  }[]
> {
  const { rows } = await sql<{
    attemptId: string;
    candidateName: string;
    masked: string | null;
    startedAt: number;
    withdrawable: boolean;
    relation: string;
  }>`
    select a.id as "attemptId", c.name as "candidateName", p.masked, a.started_at as "startedAt",
      coalesce(o.withdrawable, false) as withdrawable, coalesce(cp.relation, 'unknown') as relation
    from attempt a
    join candidate c on c.tenant_id = a.tenant_id and c.id = a.candidate_id
    join province_policy o on o.tenant_id = a.tenant_id and o.id = a.policy_id
    left join phone p on p.tenant_id = a.tenant_id and p.id = a.phone_id
    left join candidate_phone cp on cp.tenant_id = a.tenant_id and cp.candidate_id = a.candidate_id and cp.phone_id = a.phone_id
    where a.tenant_id = ${ctx.tenantId} and a.caller_id = ${userId} and a.incomplete
      and not exists (select from attempt_correction k
        where k.tenant_id = a.tenant_id and k.attempt_id = a.id and k.kind in ('completed', 'undone'))
    order by a.started_at`.execute(ctx.tx);
  return rows;
}
