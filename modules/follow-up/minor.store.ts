import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import { shanghaiDay } from '#platform/shanghai';
import { type CaseRow, caseColumns } from './case.store.ts';

/** Reads minor_until of the candidate. */

export async function isUnderAge(ctx: Ctx, candidateId: string): Promise<boolean> {
  const { rows } = await sql<{ minor: boolean }>`${prepared}
    select coalesce(minor_until > ${shanghaiDay(ctx.now)}::date, false) as minor from candidate
    where tenant_id = ${ctx.tenantId} and id = ${candidateId}`.execute(ctx.tx);
  return rows[0]?.minor ?? false;
}

const SOME = 500;
/** By this note in the journal the kept ones are known: other waiting cases may have no time for the pool either. */
export const KEPT = '未成年，组外取用未经批准';

/**
 * Waiting and promised cases that were kept from the pool for a minor's sake, and need not be any more: approved since, or of age. Row-locked.
 * Candidate and journal are asked case by case (a scalar is no join): so the few kept ones are walked by their index case_kept_from_all, and
 * never all candidates of the season.
 */
export async function lockKept(ctx: Ctx, seasonId: string, approved: boolean): Promise<CaseRow[]> {
  const { rows } = await sql<CaseRow>`
    select ${caseColumns} from follow_up_case c
    where c.tenant_id = ${ctx.tenantId} and c.season_id = ${seasonId} and c.state in ('ready', 'scheduled')
      and c.pool_due_at is null
      and (select ${approved} or d.minor_until <= ${shanghaiDay(ctx.now)}::date from candidate d
        where d.tenant_id = c.tenant_id and d.id = c.candidate_id and d.minor_until is not null)
      and (select true from case_event e where e.tenant_id = c.tenant_id and e.case_id = c.id and e.note = ${KEPT} limit 1)
    order by c.id limit ${SOME} for update of c skip locked`.execute(ctx.tx);
  return rows;
}
