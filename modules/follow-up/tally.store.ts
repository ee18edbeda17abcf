import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import { newId } from '#platform/ids';
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

/** Adds (or, with a negative tally, takes back) what one attempt counts. Writers never wait for each other. */
export async function addTally(ctx: Ctx, key: TallyKey, tally: Tally): Promise<void> {
  await sql`${prepared}
    insert into contact_tally_delta (tenant_id, id, season_id, caller_id, group_id, policy_id, phase, day, weekday, hour, attempts,
      dials, contacts, refusals, unreached, unknown_eligibility, confirmed, considering, withdrawing, talk_seconds)
    select ${ctx.tenantId}, ${newId()}, ${key.seasonId}, ${key.callerId}, ${key.groupId ?? NIL}, ${key.policyId}, ${key.phase},
      l.at::date, extract(dow from l.at), extract(hour from l.at), ${tally.attempts}, ${tally.dials}, ${tally.contacts},
      ${tally.refusals}, ${tally.unreached}, ${tally.unknownEligibility}, ${tally.confirmed}, ${tally.considering},
      ${tally.withdrawing}, ${tally.talkSeconds}
    from (select ${new Date(key.at)}::timestamptz at time zone 'Asia/Shanghai' as at) l`.execute(ctx.tx);
}
