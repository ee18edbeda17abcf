import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { filingBits } from './carried.rules.ts';
import type { Target } from './classify.store.ts';
import type { PlanRow, UndecidedMajor } from './plan.rules.ts';

/** The plans of the batch as they will be, for this transaction: those of the delivery, and the stored ones that it does not bring anew. */
export async function stagePlans(
  { tx, tenantId }: Ctx,
  target: Target,
  plans: readonly PlanRow[],
): Promise<void> {
  await sql`create temp table staged_plan on commit drop as
    with given as (
      select e.category, e.nature, e.code, coalesce(nullif(e.name, ''), m.name, '') as name
      from jsonb_to_recordset(${JSON.stringify(plans)}::jsonb) as e(category text, nature text, code text, name text)
      left join major_code m on m.tenant_id = ${tenantId} and m.season_id = ${target.seasonId} and m.province_code = ${target.provinceCode}
        and m.batch_id = ${target.batchId} and m.category_code = e.category and m.plan_nature_code = e.nature and m.code = e.code
    )
    select category collate "C" as category, nature collate "C" as nature, code collate "C" as code, name from given
    union all
    select m.category_code, m.plan_nature_code, m.code, m.name from major_code m
    where m.tenant_id = ${tenantId} and m.season_id = ${target.seasonId} and m.province_code = ${target.provinceCode}
      and m.batch_id = ${target.batchId} and not exists (
        select from given g where g.category = m.category_code and g.nature = m.plan_nature_code and g.code = m.code)`.execute(
    tx,
  );
  await sql`create index on staged_plan (code)`.execute(tx);
  await sql`analyze staged_plan`.execute(tx);
}

/**
 * A filing that names no major has the first of its candidate's own preferences of this college, as the wide form has: callers speak of it.
 * For filings beside a table of preferences (T_ZYK).
 */
export async function standInMajors({ tx }: Pick<Ctx, 'tx'>): Promise<void> {
  await sql`
    update staged_filing f set major_code = w.major, filing_has = f.filing_has | ${filingBits.filedMajor}
    from (
      select distinct on (o.n) o.n, e.value ->> 'major' as major
      from staged_filing o join staged_preferences p on p.n = o.n cross join lateral jsonb_array_elements(p.fields) with ordinality e(value, place)
      where o.major_code is null and e.value ->> 'batch' is null and e.value ->> 'major' <> '' and e.value ->> 'unit' = coalesce(o.filing_codes ->> 'unit', e.value ->> 'unit')
      order by o.n, (e.value ->> 'rank')::int, e.place
    ) w
    where f.n = w.n`.execute(tx);
}

/** The largest groups first. */
export async function findUndecided({ tx, tenantId }: Ctx, most: number): Promise<UndecidedMajor[]> {
  const told = await sql`select from staged_plan where nature <> '' limit 1`.execute(tx);
  if (told.rows.length === 0) return [];
  const { rows } = await sql<UndecidedMajor>`
    select d.category, d.code, d.people, m.plans, m.nature, m.name
    from (
      select coalesce(f.category_code, case when f.filing_has & ${filingBits.subjectGroup} = 0 then c.category_code end, '') as category,
        f.major_code as code, count(*)::int as people
      from (
        select n, filing_has, category_code, plan_nature_code, major_code from staged_row where filing_hash is not null
        union all
        select n, filing_has, category_code, plan_nature_code, major_code from staged_filing
      ) f
      join staged_class k on k.n = f.n
      left join candidate c on c.tenant_id = ${tenantId} and c.id = k.candidate_id
      where f.plan_nature_code is null and f.major_code is not null
        and not (f.filing_has & ${filingBits.planNature} = 0 and c.codes is not null and c.codes ? 'planNature')
      group by 1, 2
    ) d
    cross join lateral (${planOf({ category: sql`d.category`, code: sql`d.code` })}) m
    where m.plans > 0 and not m.open
    order by d.people desc, d.category, d.code limit ${most}`.execute(tx);
  return rows;
}

type Fragment = ReturnType<typeof sql>;

/** The plans of a 专业代号 whatever their 计划性质. `open`: one holds for every 计划性质, nothing is undecided. */
const planOf = ({ category, code }: { category: Fragment; code: Fragment }): Fragment => sql`
  select count(*)::int as plans, coalesce(min(p.nature), '') as nature, coalesce(min(p.name), '') as name,
    coalesce(bool_or(p.nature = ''), false) as open
  from (
    select distinct q.nature, q.name from staged_plan q
    where q.code = ${code} and (${category} = '' or q.category in (${category}, ''))
  ) p`;

/**
 * Names of the majors filed, for the province, batch, 计划性质 and 科类 as they will be; else the college's own major of that code. A filing
 * without 计划性质 has the plan of its code where only one fits, and its 计划性质; where several fit it has no name. Settled once for each
 * that occurs, so that the joins of a million rows stay plain. `after`: a column of a changed filing as it will be.
 */
export async function nameMajors(
  { tx, tenantId }: Ctx,
  target: Target,
  after: (column: string) => Fragment,
): Promise<void> {
  await sql`create temp table staged_major on commit drop as
    select d.category_code, d.nature, d.code, nullif(single.nature, '') as plan_nature,
      coalesce(
        (select m.name from staged_plan m where m.code = d.code and m.category in (d.category_code, '') and m.nature in (d.nature, '')
          and m.name <> '' order by m.nature desc, m.category desc limit 1),
        nullif(single.name, ''),
        (select m.name from major m where not coalesce(single.several, false) and m.tenant_id = ${tenantId} and m.season_id = ${target.seasonId}
          and m.code = d.code order by m.level desc limit 1)) as name
    from (
      select distinct coalesce(category_code, '') as category_code, coalesce(plan_nature_code, '') as nature, major_code as code
      from staged_row where major_code is not null
      union
      select distinct coalesce(category_code, ''), coalesce(plan_nature_code, ''), major_code from staged_filing
      where major_code is not null
      union
      select coalesce(${after('category_code')}, ''), coalesce(${after('plan_nature_code')}, ''), ${after('major_code')}
      from staged_class k join candidate c on c.tenant_id = ${tenantId} and c.id = k.candidate_id
      join staged_row r on r.n = k.n left join staged_filing f on f.n = k.n
      where k.kind = 'updated' and coalesce(r.filing_hash, f.filing_hash) is not null
    ) d
    left join lateral (
      select case when m.plans = 1 then m.nature end as nature, case when m.plans = 1 then m.name end as name, m.plans > 1 as several
      from (${planOf({ category: sql`d.category_code`, code: sql`d.code` })}) m
      where d.nature = '' and m.plans > 0 and not m.open
    ) single on true
    where d.code is not null`.execute(tx);
  await sql`analyze staged_major`.execute(tx);
}

/** The list of 专业代号: name, seats and tuition as the province published them. Names and links entered by the office stay where it has none. */
export async function savePlans(
  { tx, tenantId }: Ctx,
  target: Target,
  plans: readonly PlanRow[],
): Promise<void> {
  if (plans.length === 0) return;
  await sql`
    insert into major_code (tenant_id, season_id, province_code, batch_id, category_code, plan_nature_code, code, name,
      seats, tuition_fen, seats_executed, filing_margin, adjust_rank, remark)
    select ${tenantId}, ${target.seasonId}, ${target.provinceCode}, ${target.batchId}, e.category, e.nature, e.code, e.name,
      e.seats, e.tuition, e.executed, e.margin, e."adjustRank", nullif(e.remark, '')
    from jsonb_to_recordset(${JSON.stringify(plans)}::jsonb) as e(category text, nature text, code text, name text, seats int,
      tuition bigint, executed int, margin int, "adjustRank" int, remark text)
    on conflict (tenant_id, season_id, province_code, batch_id, category_code, plan_nature_code, code) do update
      set name = coalesce(nullif(excluded.name, ''), major_code.name), seats = coalesce(excluded.seats, major_code.seats),
        tuition_fen = coalesce(excluded.tuition_fen, major_code.tuition_fen),
        seats_executed = coalesce(excluded.seats_executed, major_code.seats_executed),
        filing_margin = coalesce(excluded.filing_margin, major_code.filing_margin),
        adjust_rank = coalesce(excluded.adjust_rank, major_code.adjust_rank), remark = coalesce(excluded.remark, major_code.remark)`.execute(
    tx,
  );
}
