import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';

/** Where a delivery goes. */
export interface Target {
  readonly importId: string;
  readonly seasonId: string;
  readonly provinceCode: string;
  readonly batchId: string;
}

/** What becomes of the candidates of a delivery. */
export interface ClassCounts {
  created: number;
  updated: number;
  unchanged: number;
  locked: number;
}

/** The five parts of content_hash, 8 bytes each: person, filing, preferences, scores, photo. A part not delivered keeps its old value. */
const part = (place: number): ReturnType<typeof sql> =>
  sql`substr(rpad(coalesce(encode(c.content_hash, 'hex'), ''), 80, '0'), ${sql.lit(place * 16 + 1)}, 16)`;

/** Joins the parts, compares with what is stored, and decides each candidate once. */
export async function classify(ctx: Ctx, target: Target): Promise<ClassCounts> {
  await joinParts(ctx);
  await compare(ctx, target);
  await findNewNumbers(ctx);
  return countClasses(ctx);
}

async function joinParts({ tx }: Ctx): Promise<void> {
  await sql`create temp table staged_extra on commit drop as select distinct n from staged_phone where extra`.execute(
    tx,
  );
  for (const table of [
    'staged_row',
    'staged_filing',
    'staged_preferences',
    'staged_scores',
    'staged_photo',
  ]) {
    await sql`create index on ${sql.table(table)} (n)`.execute(tx);
  }
  // Only what the joins ask about: to sample wide sealed columns costs more than the joins.
  await sql`analyze staged_row (n, candidate_no), staged_filing (n), staged_preferences (n), staged_scores (n), staged_photo (n),
    staged_phone (n, number_blind, extra), staged_extra`.execute(tx);
  await mergeRuns({ tx }, 'staged_preferences', sql`jsonb_agg(e.value order by s.run, e.place)`);
  await mergeRuns({ tx }, 'staged_scores', sql`jsonb_object_agg(e.key, e.value order by s.run)`);
}

/** A table in the order of candidates has one run each; where rows of a candidate stand apart, their runs become one. */
async function mergeRuns(
  { tx }: Pick<Ctx, 'tx'>,
  table: 'staged_preferences' | 'staged_scores',
  merged: ReturnType<typeof sql>,
): Promise<void> {
  const items =
    table === 'staged_preferences'
      ? sql`jsonb_array_elements(s.fields) with ordinality as e(value, place)`
      : sql`jsonb_each(s.fields) as e`;
  await sql`
    with repeated as (
      select n, left(md5(string_agg(hash, '' order by run)), 16) as hash from ${sql.table(table)} group by n having count(*) > 1
    ), gone as (
      delete from ${sql.table(table)} t using repeated r where t.n = r.n returning t.*
    )
    insert into ${sql.table(table)} (n, run, hash, fields)
    select r.n, 0, r.hash, ${merged} from repeated r join gone s on s.n = r.n cross join lateral ${items} group by r.n, r.hash`.execute(
    tx,
  );
}

/** `locked`: the stored file is finished or returned (KSZT 5, 3) and the delivery would change it. */
async function compare({ tx, tenantId }: Ctx, target: Target): Promise<void> {
  await sql`create temp table staged_class on commit drop as
    select j.n, coalesce(j.old_id, new_id()) as candidate_id, decode(j.hash, 'hex') as hash,
      case
        when j.old_id is null then 'created'
        when j.hash = j.old_hash and j.batch_id = ${target.batchId} and j.province_code = ${target.provinceCode} then 'unchanged'
        when j.exam_state in ('3', '5') then 'locked'
        else 'updated'
      end as kind
    from (
      select r.n, c.id as old_id, c.batch_id, c.province_code, c.exam_state, encode(c.content_hash, 'hex') as old_hash,
        coalesce(r.person_hash, ${part(0)}) || coalesce(r.filing_hash, f.filing_hash, ${part(1)})
          || coalesce(p.hash, ${part(2)}) || coalesce(s.hash, ${part(3)}) || coalesce(h.photo_hash, ${part(4)}) as hash
      from staged_row r
      left join staged_filing f on f.n = r.n
      left join staged_preferences p on p.n = r.n
      left join staged_scores s on s.n = r.n
      left join staged_photo h on h.n = r.n
      left join candidate c on c.tenant_id = ${tenantId} and c.season_id = ${target.seasonId} and c.candidate_no = r.candidate_no
    ) j`.execute(tx);
  await sql`create index on staged_class (n)`.execute(tx);
  await sql`analyze staged_class`.execute(tx);
}

/** A conflicting row may bring a number although the first row is as it was: that is an update. */
async function findNewNumbers({ tx, tenantId }: Ctx): Promise<void> {
  await sql`update staged_class k set kind = 'updated'
    from candidate c
    where k.kind = 'unchanged' and c.tenant_id = ${tenantId} and c.id = k.candidate_id and coalesce(c.exam_state, '') not in ('3', '5')
      and exists (select from staged_phone s where s.extra and s.n = k.n and not exists (
        select from candidate_phone x join phone p on p.tenant_id = x.tenant_id and p.id = x.phone_id
        where x.tenant_id = ${tenantId} and x.candidate_id = k.candidate_id and p.number_blind = s.number_blind))
      and k.n in (select n from staged_extra)`.execute(tx);
}

async function countClasses({ tx }: Ctx): Promise<ClassCounts> {
  const { rows } = await sql<{ kind: keyof ClassCounts; count: number }>`
    select kind, count(*) as count from staged_class group by kind`.execute(tx);
  const counts: ClassCounts = { created: 0, updated: 0, unchanged: 0, locked: 0 };
  for (const { kind, count } of rows) counts[kind] = count;
  return counts;
}

/** Numbers that several candidates of the delivery share: an information, one for each number. Returns how many. */
export async function findSharedNumbers({ tx }: Ctx, message: string, most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with twice as (
      select number_blind from staged_phone group by number_blind having min(n) <> max(n)
    ), shared as (
      select min(s.masked) as masked, count(distinct s.n) as people
      from staged_phone s join twice t on t.number_blind = s.number_blind group by s.number_blind
    ), listed as (
      insert into staged_finding (no, code, severity, file, excerpt, message)
      select (select coalesce(max(no), 0) from staged_finding) + row_number() over (), 'phone_shared', 'info', '',
        masked || '，' || people || ' 人', ${message}
      from (select * from shared order by people desc, masked limit ${most}) s
    )
    select count(*) as count from shared`.execute(tx);
  return rows[0]?.count ?? 0;
}
