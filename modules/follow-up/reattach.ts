import { sql } from 'kysely';
import { addPhone } from '#candidate';
import type { Ctx } from '#platform/db/tenant';
import type { CaseRow } from './case.store.ts';

/** Gives a candidate the number back that a call took away as a wrong one: that result was undone or corrected. */
export async function reattach(ctx: Ctx, row: CaseRow, phoneId: string | null): Promise<void> {
  const { rows } = await sql<{ number: Buffer; relation: string; source: string; basis: string | null }>`
    select p.number, cp.relation, cp.source, cp.basis from candidate_phone cp
    join phone p on p.tenant_id = cp.tenant_id and p.id = cp.phone_id
    where cp.tenant_id = ${ctx.tenantId} and cp.candidate_id = ${row.candidate_id} and cp.phone_id = ${phoneId}`.execute(
    ctx.tx,
  );
  const [known] = rows;
  if (!known) return;
  await addPhone(ctx, {
    candidateId: row.candidate_id,
    number: ctx.vault.open(known.number),
    relation: known.relation as never,
    source: known.source,
    basis: known.basis ?? '撤销错号',
  });
}
