import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';

/** The last line of one chain: whoever knows it from elsewhere sees whether the lines before it were rewritten. */
export interface ChainHead {
  readonly stripe: number;
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
}

export interface Heads {
  readonly at: number;
  /** SHA-256 over all heads, for a notice board: 64 signs stand for the whole log. */
  readonly digest: string;
  readonly heads: readonly ChainHead[];
}

/** Ends of the tenant's chains now; empty chains have none. To be published outside the system, where nobody inside can change them. */
export async function readHeads(ctx: Ctx): Promise<Heads> {
  const { rows } = await sql<ChainHead>`
    select stripe, seq, encode(hash, 'hex') as hash from audit_head
    where tenant_id = ${ctx.tenantId} and seq > 0 order by stripe`.execute(ctx.tx);
  return { at: ctx.now, digest: digestOf(rows), heads: rows };
}

/** The same for the same heads, in whatever order they come. */
export function digestOf(heads: readonly ChainHead[]): string {
  const lines = heads
    .toSorted((one, other) => one.stripe - other.stripe)
    .map(({ stripe, seq, hash }) => `${stripe}:${seq}:${hash}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/**
 * Published heads that the log no longer bears out: another line stands there, or none. A line that retention has removed since proves
 * nothing any more and is left out.
 */
export async function contradicted(ctx: Ctx, published: readonly ChainHead[]): Promise<ChainHead[]> {
  const { rows } = await sql<ChainHead>`
    select p.stripe, p.seq, p.hash from jsonb_to_recordset(${JSON.stringify(published)}::jsonb) p(stripe smallint, seq bigint, hash text)
    left join audit_head h on h.tenant_id = ${ctx.tenantId} and h.stripe = p.stripe
    left join audit_entry e on e.tenant_id = ${ctx.tenantId} and e.stripe = p.stripe and e.seq = p.seq
    where coalesce(p.seq, 0) >= coalesce(h.base_seq, 0)
      and p.hash is distinct from encode(case when p.seq = h.base_seq then h.base_hash else e.hash end, 'hex')
    order by p.stripe`.execute(ctx.tx);
  return rows;
}
