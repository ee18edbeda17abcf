import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import { newId } from '#platform/ids';
import { PHASES } from '#season/rules';
import type { Tally } from './tally.rules.ts';

export interface TallyKey {
  readonly seasonId: string;
  readonly callerId: string;
  readonly groupId: string | null;
  readonly policyId: string;
  readonly phase: string;
  readonly at: number;
}

const NIL = '00000000-0000-0000-0000-000000000000';

/** The row that one attempt adds to the counters, as an insert that may stand in a larger statement. */
export const tallyInsert = (ctx: Ctx, key: TallyKey, tally: Tally) => sql`
  insert into contact_tally_delta (tenant_id, id, season_id, caller_id, group_id, policy_id, phase, day, weekday, hour, attempts,
    dials, contacts, refusals, unreached, unknown_eligibility, not_eligible, confirmed, considering, withdrawing, talk_seconds,
    discarded)
  select ${ctx.tenantId}, ${newId()}, ${key.seasonId}, ${key.callerId}, ${key.groupId ?? NIL}, ${key.policyId}, ${key.phase},
    l.at::date, extract(dow from l.at), extract(hour from l.at), ${tally.attempts}, ${tally.dials}, ${tally.contacts},
    ${tally.refusals}, ${tally.unreached}, ${tally.unknownEligibility}, ${tally.notEligible}, ${tally.confirmed}, ${tally.considering},
    ${tally.withdrawing}, ${tally.talkSeconds}, ${tally.discarded}
  from (select ${new Date(key.at)}::timestamptz at time zone 'Asia/Shanghai' as at) l`;

/** Adds (or, with a negative tally, takes back) what one attempt counts. Writers never wait for each other. */
export async function addTally(ctx: Ctx, key: TallyKey, tally: Tally): Promise<void> {
  await sql`${prepared}${tallyInsert(ctx, key, tally)}`.execute(ctx.tx);
}

/** Cases of an owner by phase and state, sums and what is not folded yet: a few rows, however long the season is. */
export const casesOfOwner = (ctx: Ctx, userId: string, seasonId: string) => sql`
  select phase, state, cases from case_tally
  where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and grain = 'owner' and policy_id = ${NIL}
    and phase = any(${[...PHASES]}::text[]) and round = '' and owner_id = ${userId}
  union all
  select phase, state, cases from case_tally_delta
  where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and owner_id = ${userId}`;

/** Contacts of a caller: the rows of one day (`today`) and those of the whole season (`ever`). */
export const contactsOfCaller = (ctx: Ctx, given: { userId: string; seasonId: string; day: string }) => sql`
  select true as today, false as ever, attempts, dials, contacts, confirmed, talk_seconds from contact_tally
  where tenant_id = ${ctx.tenantId} and season_id = ${given.seasonId} and grain = 'caller_day' and day = ${given.day}::date
    and caller_id = ${given.userId}
  union all
  select false, true, attempts, dials, contacts, confirmed, talk_seconds from contact_tally
  where tenant_id = ${ctx.tenantId} and season_id = ${given.seasonId} and grain = 'caller' and day = '1970-01-01'
    and caller_id = ${given.userId}
  union all
  select day = ${given.day}::date, true, attempts, dials, contacts, confirmed, talk_seconds from contact_tally_delta
  where tenant_id = ${ctx.tenantId} and season_id = ${given.seasonId} and caller_id = ${given.userId}`;
