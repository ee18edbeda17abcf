import { sql } from 'kysely';
import type { Tally } from '#follow-up/rules';
import type { Ctx } from '#platform/db/tenant';

const MEASURES = sql`sum(attempts) as attempts, sum(dials) as dials, sum(contacts) as contacts, sum(refusals) as refusals,
  sum(unreached) as unreached, sum(unknown_eligibility) as "unknownEligibility", sum(not_eligible) as "notEligible",
  sum(confirmed) as confirmed, sum(considering) as considering, sum(withdrawing) as withdrawing, sum(talk_seconds) as "talkSeconds",
  sum(discarded) as discarded`;
const COLUMNS = sql`attempts, dials, contacts, refusals, unreached, unknown_eligibility, not_eligible, confirmed, considering, withdrawing,
  talk_seconds, discarded`;

export interface SumsByCaller extends Tally {
  readonly callerId: string;
  readonly groupId: string;
}

/** Contacts of each caller, of one day or of the whole season, in the group they were in then. */
export async function sumsByCaller(ctx: Ctx, seasonId: string, day: string | null): Promise<SumsByCaller[]> {
  const { rows } = await sql<SumsByCaller>`
    select caller_id as "callerId", group_id as "groupId", ${MEASURES} from (
      select caller_id, group_id, ${COLUMNS} from contact_tally
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and grain = ${day === null ? 'caller' : 'caller_day'}
        ${day === null ? sql`` : sql`and day = ${day}::date`}
      union all
      select caller_id, group_id, ${COLUMNS} from contact_tally_delta
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} ${day === null ? sql`` : sql`and day = ${day}::date`}
    ) s group by 1, 2`.execute(ctx.tx);
  return rows;
}

export interface SumsByPolicy extends Tally {
  readonly policyId: string;
}

/** Contacts by province and batch, of one day or of the whole season. */
export async function sumsByPolicy(ctx: Ctx, seasonId: string, day: string | null): Promise<SumsByPolicy[]> {
  const { rows } = await sql<SumsByPolicy>`
    select policy_id as "policyId", ${MEASURES} from (
      select policy_id, ${COLUMNS} from contact_tally
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and grain = ${day === null ? 'policy' : 'policy_day'}
        ${day === null ? sql`` : sql`and day = ${day}::date`}
      union all
      select policy_id, ${COLUMNS} from contact_tally_delta
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} ${day === null ? sql`` : sql`and day = ${day}::date`}
    ) s group by 1`.execute(ctx.tx);
  return rows;
}

export interface SumsByDay extends Tally {
  readonly day: string;
}

/** Contacts of each day, oldest first. */
export async function sumsByDay(ctx: Ctx, seasonId: string): Promise<SumsByDay[]> {
  const { rows } = await sql<SumsByDay>`
    select day, ${MEASURES} from (
      select day, ${COLUMNS} from contact_tally
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and grain = 'policy_day'
      union all
      select day, ${COLUMNS} from contact_tally_delta where tenant_id = ${ctx.tenantId} and season_id = ${seasonId}
    ) s group by 1 order by 1`.execute(ctx.tx);
  return rows;
}

export interface SumsByHour {
  readonly weekday: number;
  readonly hour: number;
  readonly attempts: number;
  readonly contacts: number;
}

/** For the map of best hours: weekday 0 is Sunday, hour in Beijing time. */
export async function sumsByHour(ctx: Ctx, seasonId: string): Promise<SumsByHour[]> {
  const { rows } = await sql<SumsByHour>`
    select weekday, hour, sum(attempts) as attempts, sum(contacts) as contacts from (
      select weekday, hour, attempts, contacts from contact_tally
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and grain = 'hour'
      union all
      select weekday, hour, attempts, contacts from contact_tally_delta
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId}
    ) s group by 1, 2 order by 1, 2`.execute(ctx.tx);
  return rows;
}

interface CaseSums {
  readonly state: string;
  readonly disposition: string;
  readonly result: string;
  readonly cases: number;
}

export interface CaseSumsByOwner extends CaseSums {
  readonly phase: string;
  readonly ownerId: string;
  readonly groupId: string;
}

/** How many cases of each caller stand where, by phase; of the given groups, or of all. */
export async function caseSumsByOwner(
  ctx: Ctx,
  seasonId: string,
  groupIds?: readonly string[],
): Promise<CaseSumsByOwner[]> {
  const within = groupIds ? sql`and group_id = any(${[...groupIds]}::uuid[])` : sql``;
  const { rows } = await sql<CaseSumsByOwner>`
    select phase, owner_id as "ownerId", group_id as "groupId", state, disposition, result, sum(cases) as cases from (
      select phase, owner_id, group_id, state, disposition, result, cases from case_tally
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and grain = 'owner' ${within}
      union all
      select phase, owner_id, group_id, state, disposition, result, cases from case_tally_delta
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} ${within}
    ) s group by 1, 2, 3, 4, 5, 6 having sum(cases) <> 0`.execute(ctx.tx);
  return rows;
}

export interface CaseSumsByPolicy extends CaseSums {
  readonly policyId: string;
  readonly phase: string;
  readonly round: string;
}

/** How many cases of each province and batch stand where, by phase and round. */
export async function caseSumsByPolicy(ctx: Ctx, seasonId: string): Promise<CaseSumsByPolicy[]> {
  const { rows } = await sql<CaseSumsByPolicy>`
    select policy_id as "policyId", phase, round, state, disposition, result, sum(cases) as cases from (
      select policy_id, phase, round, state, disposition, result, cases from case_tally
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and grain = 'policy'
      union all
      select policy_id, phase, round, state, disposition, result, cases from case_tally_delta
      where tenant_id = ${ctx.tenantId} and season_id = ${seasonId}
    ) s group by 1, 2, 3, 4, 5, 6 having sum(cases) <> 0`.execute(ctx.tx);
  return rows;
}
