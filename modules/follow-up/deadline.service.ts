import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { policyOf } from '#season';
import { caseDeadlineOf, PHASES } from '#season/rules';
import { applyCases, type CaseRow, caseColumns } from './case.store.ts';

/** Cases moved in one transaction. */
const CHUNK = 500;

/**
 * One portion of the open cases whose policy has got another deadline since they were opened: queue, stuck list and decisions go by the
 * case's own. Returns how many were moved; 0: all agree.
 */
export async function moveDeadlines(ctx: Ctx, policyId: string): Promise<number> {
  const policy = await policyOf(ctx, policyId);
  if (!policy) return 0;
  const deadline = caseDeadlineOf(policy);
  const rows = await lockDiffering(ctx, { policyId, seasonId: policy.seasonId, deadline });
  const note = '政策的截止时间已更改';
  await applyCases(
    ctx,
    rows.map((row) => ({
      case: row,
      kind: 'corrected',
      at: ctx.now,
      note,
      after: { deadline_at: deadline },
    })),
  );
  return rows.length;
}

async function lockDiffering(
  ctx: Ctx,
  given: { seasonId: string; policyId: string; deadline: number | null },
): Promise<CaseRow[]> {
  const deadline = given.deadline === null ? null : new Date(given.deadline);
  const { rows } = await sql<CaseRow>`
    select ${caseColumns} from follow_up_case c
    where c.tenant_id = ${ctx.tenantId} and c.season_id = ${given.seasonId} and c.phase = any(${[...PHASES]}::text[])
      and c.policy_id = ${given.policyId} and c.state <> 'final' and c.deadline_at is distinct from ${deadline}::timestamptz
    order by c.id limit ${CHUNK} for update of c`.execute(ctx.tx);
  return rows;
}
