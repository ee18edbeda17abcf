import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';

export interface ChainFault {
  readonly stripe: number;
  readonly seq: number;
  readonly what: 'missing' | 'changed' | 'head';
}

const FAULT_LIMIT = 100;

/**
 * Recomputes every hash of the tenant's audit chains inside the database and compares numbers, links and heads.
 * Chains begin at what retention removed last. Finds changed, removed and appended-beside rows; not a superuser who rewrites rows and heads alike (publish the heads).
 */
export async function verifyAudit(ctx: Ctx): Promise<{ entries: number; faults: ChainFault[] }> {
  const count = await sql<{ n: number }>`
    select count(*) as n from audit_entry where tenant_id = ${ctx.tenantId}`.execute(ctx.tx);
  const { rows } = await sql<ChainFault>`
    with link as (
      select e.stripe, e.seq, e.hash,
        coalesce(lag(e.seq) over chain, h.base_seq) as seq_before,
        sha256(coalesce(lag(e.hash) over chain, h.base_hash) || convert_to(audit_text(e), 'UTF8')) as expected
      from audit_entry e join audit_head h on h.tenant_id = e.tenant_id and h.stripe = e.stripe
      where e.tenant_id = ${ctx.tenantId}
      window chain as (partition by e.stripe order by e.seq)
    ), last as (
      select distinct on (stripe) stripe, seq, hash from audit_entry
      where tenant_id = ${ctx.tenantId} order by stripe, seq desc
    )
    select stripe, seq, 'missing' as what from link where seq <> seq_before + 1
    union all
    select stripe, seq, 'changed' from link where hash <> expected and seq = seq_before + 1
    union all
    select h.stripe, h.seq, 'head' from audit_head h left join last l on l.stripe = h.stripe
    where h.tenant_id = ${ctx.tenantId} and (h.seq, h.hash) is distinct from (coalesce(l.seq, h.base_seq), coalesce(l.hash, h.base_hash))
    order by 1, 2 limit ${FAULT_LIMIT}`.execute(ctx.tx);
  return { entries: count.rows[0]?.n ?? 0, faults: rows };
}
