import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Target } from './classify.store.ts';

/** Every number once in the tenant, in the order of its index: brothers share a father's number. */
export async function insertPhones({ tx, tenantId }: Ctx): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into phone (tenant_id, id, number, number_blind, masked, kind, area_code)
    select ${tenantId}, new_id(), s.number, s.number_blind, s.masked, s.kind, s.area_code
    from (
      select distinct on (s.number_blind) s.* from staged_phone s
      join staged_class k on k.n = s.n and k.kind in ('created', 'updated')
      order by s.number_blind
    ) s
    on conflict (tenant_id, number_blind) do nothing`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

const INFORMANTS = ['teacher', 'school', 'neighbour', 'village'];
/** Numbers of conflicting rows stand behind the candidate's own. */
const EXTRA_AFTER = 10;

/** Attaches the numbers of new candidates. */
export async function attachPhones({ tx, tenantId, now }: Ctx): Promise<void> {
  for (const extra of [false, true]) {
    await sql`${attaching(tenantId, { kind: 'created', extra, at: new Date(now) })}`.execute(tx);
  }
}

/** Attaches what is new of changed candidates and notes it for undo; a number that is there, detached too, stays as it is. */
export async function attachToChanged({ tx, tenantId, now }: Ctx, target: Target): Promise<void> {
  for (const extra of [false, true]) {
    await sql`
      with added as (
        ${attaching(tenantId, { kind: 'updated', extra, at: new Date(now) })} returning candidate_id, phone_id
      )
      update import_change x set added_phones = x.added_phones || n.phones
      from (select candidate_id, array_agg(phone_id) as phones from added group by candidate_id) n
      where x.tenant_id = ${tenantId} and x.import_id = ${target.importId} and x.candidate_id = n.candidate_id`.execute(
      tx,
    );
  }
}

const attaching = (tenantId: string, which: { kind: string; extra: boolean; at: Date }) => sql`
  insert into candidate_phone (tenant_id, candidate_id, phone_id, relation, source, basis, position, informant, added_at)
  select ${tenantId}, k.candidate_id, p.id, s.relation, s.source, '省级下发档案',
    s.position + ${which.extra ? EXTRA_AFTER : 0}::int, s.relation = any(${INFORMANTS}), ${which.at}
  from staged_phone s
  join staged_class k on k.n = s.n and k.kind = ${which.kind}
  join phone p on p.tenant_id = ${tenantId} and p.number_blind = s.number_blind
  where s.extra = ${which.extra}
  order by k.candidate_id
  on conflict (tenant_id, candidate_id, phone_id) do nothing`;
