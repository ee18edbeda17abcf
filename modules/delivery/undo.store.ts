import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { deliveredColumns } from './apply.store.ts';

/** What speaks against an undo: people of the import by reason. */
export interface UndoObstacles {
  readonly contacted: number;
  readonly inFollowUp: number;
  readonly changedLater: number;
  /** Created ones with notes, signals, wishes, merges or 勿再来电: work that would go with the file. */
  readonly workedOn: number;
}

const CREATED = (tenantId: string, importId: string): RawBuilder<unknown> => sql`
  select c.id from candidate c where c.tenant_id = ${tenantId} and c.import_id = ${importId}
    and not exists (select from import_change x where x.tenant_id = c.tenant_id and x.import_id = ${importId} and x.candidate_id = c.id)`;

/** Reads attempt, follow_up_case and do_not_call of #follow-up, notes, signals, wishes and merges of #candidate. */
export async function readObstacles({ tx, tenantId }: Ctx, importId: string): Promise<UndoObstacles> {
  const { rows } = await sql<UndoObstacles>`
    with touched as materialized (
      select candidate_id as id, false as created from import_change where tenant_id = ${tenantId} and import_id = ${importId}
      union all select id, true from (${CREATED(tenantId, importId)}) c
    ), cases as materialized (
      select f.candidate_id, f.attempts + f.dials + f.contacts > 0 or f.state = 'leased' as contacted, t.created
      from touched t join follow_up_case f on f.tenant_id = ${tenantId} and f.candidate_id = t.id
    )
    select
      (select count(distinct id) from (
        select candidate_id as id from cases where contacted
        union all
        select t.id from touched t join attempt a on a.tenant_id = ${tenantId} and a.candidate_id = t.id
      ) q) as contacted,
      (select count(distinct candidate_id) from cases where created) as "inFollowUp",
      (select count(distinct x.candidate_id) from import_change x
        join delivery_import i on i.tenant_id = x.tenant_id and i.id = x.import_id and i.state = 'applied'
        where x.tenant_id = ${tenantId} and x.before ->> 'import_id' = ${importId}
      ) as "changedLater",
      (select count(*) from touched t where t.created and (
        exists (select from candidate_note w where w.tenant_id = ${tenantId} and w.candidate_id = t.id)
        or exists (select from candidate_signal w where w.tenant_id = ${tenantId} and w.candidate_id = t.id)
        or exists (select from candidate_wish w where w.tenant_id = ${tenantId} and w.candidate_id = t.id)
        or exists (select from candidate_merge w where w.tenant_id = ${tenantId} and t.id in (w.kept_id, w.merged_id))
        or exists (select from do_not_call w where w.tenant_id = ${tenantId} and w.candidate_id = t.id))
      ) as "workedOn"`.execute(tx);
  return rows[0] ?? { contacted: 0, inFollowUp: 0, changedLater: 0, workedOn: 0 };
}

/** Puts changed candidates back as they were; columns that later work changed and the import did not are left alone. */
export async function restoreChanged({ tx, tenantId }: Ctx, importId: string): Promise<number> {
  await sql`
    delete from candidate_phone p using import_change x
    where x.tenant_id = ${tenantId} and x.import_id = ${importId} and p.tenant_id = x.tenant_id
      and p.candidate_id = x.candidate_id and p.phone_id = any(x.added_phones)`.execute(tx);
  // A number found meanwhile stays, and so does what follows from it.
  const plain = deliveredColumns.filter((column) => column !== 'private' && column !== 'no_phone');
  const names = sql.join(plain.map((column) => sql.ref(column)));
  const values = sql.join(plain.map((column) => sql`r.${sql.ref(column)}`));
  const { numAffectedRows } = await sql`
    update candidate c set (${names}) = (select ${values} from jsonb_populate_record(c, x.before) r),
      private = coalesce(x.before_private, c.private),
      no_phone = not exists (select from candidate_phone p
        where p.tenant_id = c.tenant_id and p.candidate_id = c.id and p.detached_at is null)
    from import_change x
    where x.tenant_id = ${tenantId} and x.import_id = ${importId} and c.tenant_id = x.tenant_id and c.id = x.candidate_id`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0n);
}

/** Takes the created candidates away with everything the platform hung on them before any work began. */
export async function removeCreated({ tx, tenantId }: Ctx, importId: string): Promise<number> {
  await sql`create temp table undone on commit drop as ${CREATED(tenantId, importId)}`.execute(tx);
  await sql`create temp table undone_phone on commit drop as
    select distinct phone_id from candidate_phone where tenant_id = ${tenantId} and candidate_id in (select id from undone)
    union select unnest(added_phones) from import_change where tenant_id = ${tenantId} and import_id = ${importId}`.execute(
    tx,
  );
  await sql`delete from delivered_detail where tenant_id = ${tenantId} and import_id = ${importId}`.execute(
    tx,
  );
  await sql`delete from candidate_phone where tenant_id = ${tenantId} and candidate_id in (select id from undone)`.execute(
    tx,
  );
  await releaseLeads(tenantId).execute(tx);
  const { numAffectedRows } = await sql`
    delete from candidate where tenant_id = ${tenantId} and id in (select id from undone)`.execute(tx);
  await sql`
    delete from phone p using undone_phone u
    where p.tenant_id = ${tenantId} and p.id = u.phone_id and p.last_dialled_at is null and p.state = 'live'
      and not exists (select from candidate_phone x where x.tenant_id = p.tenant_id and x.phone_id = p.id)
      and not exists (select from do_not_call d where d.tenant_id = p.tenant_id and d.phone_id = p.id)`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0n);
}

/**
 * Registrations (lead of #assignment) that the clock judged by these candidates wait for the next list, as if it had not looked at them;
 * where another one holds the student meanwhile, the office decides between the two.
 */
const releaseLeads = (tenantId: string): RawBuilder<unknown> => sql`
  update lead l set candidate_id = null, matched_at = null, state = case when w.waits then 'open' else l.state end,
    dispute = case when l.state = 'disputed' and not w.waits then 'later' end
  from (
    select j.id, j.state = 'matched' or (j.state = 'disputed' and j.dispute <> 'later' and not exists (
      select from lead o where o.tenant_id = j.tenant_id and o.season_id = j.season_id and o.id <> j.id
        and o.candidate_no = j.candidate_no and o.state in ('open', 'matched'))) as waits
    from lead j where j.tenant_id = ${tenantId} and j.candidate_id in (select id from undone)
  ) w
  where l.tenant_id = ${tenantId} and l.id = w.id`;

/** Photos that the import brought, of new candidates and of changed ones. */
export async function photosOf({ tx, tenantId }: Ctx, importId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.photo_file_id as id from candidate c
      where c.tenant_id = ${tenantId} and c.import_id = ${importId} and c.photo_file_id is not null
    union
    select (x.after ->> 'photo_file_id')::uuid from import_change x
      where x.tenant_id = ${tenantId} and x.import_id = ${importId} and x.after ->> 'photo_file_id' is not null`.execute(
    tx,
  );
  return rows.map(({ id }) => id);
}

/** Those of the photos that no candidate has any more. */
export async function withoutCandidate({ tx, tenantId }: Ctx, photos: readonly string[]): Promise<string[]> {
  if (photos.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select p.id from unnest(${[...photos]}::uuid[]) as p(id)
    where not exists (select from candidate c where c.tenant_id = ${tenantId} and c.photo_file_id = p.id)`.execute(
    tx,
  );
  return rows.map(({ id }) => id);
}
