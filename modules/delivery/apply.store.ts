import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { filingCodeBits, filingColumnBits, personCodeBits, personColumnBits } from './carried.rules.ts';
import type { Target } from './classify.store.ts';
import { filingColumns, personColumns } from './staging.store.ts';

const FROM_STAGING = sql`
  staged_class k
  join staged_row r on r.n = k.n
  left join staged_filing f on f.n = k.n
  left join staged_preferences p on p.n = k.n
  left join staged_scores s on s.n = k.n
  left join staged_photo h on h.n = k.n`;

/** The same for a stretch: each table is entered by its index, however long it is. */
const stretchOfStaging = ({ from, until }: { from: number; until: number }): RawBuilder<unknown> => {
  const within = (alias: string): RawBuilder<unknown> =>
    sql`${sql.ref(`${alias}.n`)} between ${from} and ${until}`;
  return sql`
    (select * from staged_class k where ${within('k')}) k
    join staged_row r on r.n = k.n and ${within('r')}
    left join staged_filing f on f.n = k.n and ${within('f')}
    left join staged_preferences p on p.n = k.n and ${within('p')}
    left join staged_scores s on s.n = k.n and ${within('s')}
    left join staged_photo h on h.n = k.n and ${within('h')}`;
};

/** What a name stands for, within a province and batch. */
const MAJOR_KEY = ['category_code', 'plan_nature_code', 'major_code'] as const;

const majorIs = (filed: (column: string) => RawBuilder<unknown>): RawBuilder<unknown> => sql`
  m.category_code = coalesce(${filed('category_code')}, '') and m.nature = coalesce(${filed('plan_nature_code')}, '')
    and m.code = ${filed('major_code')}`;

/** Columns of candidate that a delivery decides, beside those of person and filing. */
const DECIDED = [
  ...['batch_id', 'province_code', 'policy_id', 'import_id', 'art_school_exam', 'major_name', 'codes'],
  ...['content_hash', 'no_phone', 'updated_at', 'photo_file_id'],
];
const PLAIN_FILING = filingColumns.filter(
  (column) => !['filing_codes', 'scores', 'preferences'].includes(column),
);
const PLAIN_PERSON = personColumns.filter((column) => column !== 'person_codes');
export const deliveredColumns = [...PLAIN_PERSON, ...PLAIN_FILING, 'scores', 'preferences', ...DECIDED];

const list = (columns: readonly string[]): RawBuilder<unknown> =>
  sql.join(columns.map((column) => sql.ref(column)));

/** The last row of the delivery, for going through it in stretches. */
export async function lastStagedRow({ tx }: Ctx): Promise<number> {
  const { rows } = await sql<{ last: number }>`select coalesce(max(n), 0) as last from staged_class`.execute(
    tx,
  );
  return rows[0]?.last ?? 0;
}

/** A filing that does not say its 计划性质 has that of its plan, where only one fits (plan.store.ts). */
const orDerived = (column: string, filed: RawBuilder<unknown>): RawBuilder<unknown> => {
  if (column === 'raw') return sql`coalesce(${filed}, '{}')`;
  return column === 'plan_nature_code' ? sql`coalesce(${filed}, m.plan_nature)` : filed;
};

/** Adds the new candidates among the rows `from` to `until`. */
export async function insertCandidates(
  { tx, tenantId, now }: Ctx,
  target: Target,
  stretch: { from: number; until: number },
): Promise<number> {
  const filing = (column: string): RawBuilder<unknown> =>
    sql`case when r.filing_hash is not null then r.${sql.ref(column)} else f.${sql.ref(column)} end`;
  const at = new Date(now);
  const { numAffectedRows } = await sql`
    insert into candidate (tenant_id, id, season_id, candidate_no, created_at, ${list(deliveredColumns)})
    select ${tenantId}, k.candidate_id, ${target.seasonId}, r.candidate_no, ${at},
      ${sql.join(PLAIN_PERSON.map((column) => sql`r.${sql.ref(column)}`))},
      ${sql.join(PLAIN_FILING.map((column) => orDerived(column, filing(column))))},
      coalesce(s.fields, r.scores, '{}'), coalesce(p.fields, r.preferences, '[]'),
      ${target.batchId}, ${target.provinceCode}, y.id, ${target.importId}, coalesce(y.art_school_exam, false), m.name,
      coalesce(r.person_codes, '{}') || coalesce(${filing('filing_codes')}, '{}'), k.hash,
      not (r.has_phone or e.n is not null), ${at}, h.file_id
    from ${stretchOfStaging(stretch)}
    left join staged_extra e on e.n = k.n
    left join staged_major m on ${majorIs(filing)}
    left join staged_policy y on y.district_code = coalesce(r.district_code, '')
    where k.kind = 'created'
    order by k.n`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** The policy of each district that occurs, in the delivery or before it: its own, else that of the province. Made in one small table for the joins. */
export async function findPolicies({ tx, tenantId }: Ctx, target: Target): Promise<void> {
  await sql`create temp table staged_policy on commit drop as
    select d.district_code, y.id, y.art_school_exam
    from (
      select coalesce(district_code, '') as district_code from staged_row
      union
      select coalesce(c.district_code, '') from staged_class k
      join candidate c on c.tenant_id = ${tenantId} and c.id = k.candidate_id where k.kind = 'updated'
    ) d
    cross join lateral (
      select id, art_school_exam from province_policy y
      where y.tenant_id = ${tenantId} and y.season_id = ${target.seasonId} and y.province_code = ${target.provinceCode}
        and y.batch_id = ${target.batchId} and y.district_code in (d.district_code, '')
      order by y.district_code desc limit 1
    ) y`.execute(tx);
  await sql`analyze staged_policy`.execute(tx);
}

const bit = (given: number | undefined): RawBuilder<unknown> => sql.lit(given ?? 0);

/** A column of a person as it will be: what the table does not carry, or nobody's table does, stays. */
const personAfter = (column: string): RawBuilder<unknown> => {
  const [old, given] = [sql.ref(`c.${column}`), sql.ref(`r.${column}`)];
  const known = personColumnBits.get(column);
  return known === undefined
    ? sql`case when r.person_hash is null then ${old} else ${given} end`
    : sql`case when r.person_hash is null then ${old} when r.person_has & ${bit(known)} = 0 then coalesce(${old}, ${given})
      else ${given} end`;
};

/** A 计划性质 that was derived from a plan is derived anew: the filing may be of another code now. */
const DELIVERED_NATURE = sql`case when c.codes ? 'planNature' then c.plan_nature_code end`;

/** The same of a filing: on the row itself, else in a table beside it. */
export const filingAfter = (column: string): RawBuilder<unknown> => {
  const old = column === 'plan_nature_code' ? DELIVERED_NATURE : sql.ref(`c.${column}`);
  const from = (table: 'r' | 'f'): RawBuilder<unknown> => {
    const given = sql.ref(`${table}.${column}`);
    return sql`case when ${sql.ref(`${table}.filing_has`)} & ${bit(filingColumnBits.get(column))} = 0 then coalesce(${old}, ${given})
      else ${given} end`;
  };
  return sql`case when r.filing_hash is not null then ${from('r')} when f.n is not null then ${from('f')}
    else ${sql.ref(`c.${column}`)} end`;
};

/** Keys of candidate.codes that the delivery carries: an empty cell takes its key away. */
const carriedCodes = (has: RawBuilder<unknown>, bits: ReadonlyMap<string, number>): RawBuilder<unknown> =>
  sql.join([...bits].map(([key, one]) => sql`case when ${has} & ${bit(one)} <> 0 then ${sql.lit(key)} end`));

const codesAfter = (): RawBuilder<unknown> => {
  const personHas = sql`case when r.person_hash is null then 0 else r.person_has end`;
  const filingHas = sql`case when r.filing_hash is not null then r.filing_has else coalesce(f.filing_has, 0) end`;
  return sql`
    (c.codes - array_remove(array[${carriedCodes(personHas, personCodeBits)}, ${carriedCodes(filingHas, filingCodeBits)}]::text[], null))
      || coalesce(r.person_codes, '{}')
      || coalesce(case when r.filing_hash is not null then r.filing_codes else f.filing_codes end, '{}')`;
};

/** What the changed candidates will be: columns as in candidate. What was not delivered stays as it is. */
export async function prepareUpdates({ tx, tenantId, now }: Ctx, target: Target): Promise<void> {
  const named = (column: string, after: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`${after} as ${sql.ref(column)}`;
  await sql`create temp table staged_after on commit drop as
    select c.id, k.n, r.person_has, ${sql.join(PLAIN_PERSON.map((column) => named(column, personAfter(column))))},
      ${sql.join(PLAIN_FILING.map((column) => named(column, orDerived(column, filingAfter(column)))))},
      coalesce(s.fields, r.scores, c.scores) as scores, coalesce(p.fields, r.preferences, c.preferences) as preferences,
      ${target.batchId}::uuid as batch_id, ${target.provinceCode}::text as province_code, coalesce(y.id, c.policy_id) as policy_id,
      ${target.importId}::uuid as import_id, coalesce(y.art_school_exam, c.art_school_exam) as art_school_exam,
      case when m.name is null and (${sql.join(MAJOR_KEY.map(filingAfter))}) is not distinct from (${sql.join(MAJOR_KEY.map((column) => sql.ref(`c.${column}`)))})
        then c.major_name else m.name end as major_name,
      ${codesAfter()} as codes, k.hash as content_hash,
      not (r.has_phone or e.n is not null or exists (
        select from candidate_phone x where x.tenant_id = ${tenantId} and x.candidate_id = c.id and x.detached_at is null)) as no_phone,
      ${new Date(now)}::timestamptz as updated_at, coalesce(h.file_id, c.photo_file_id) as photo_file_id,
      r.person_hash is not null and r.person_hash <> substr(encode(c.content_hash, 'hex'), 1, 16) as private_changed
    from ${FROM_STAGING}
    join candidate c on c.tenant_id = ${tenantId} and c.id = k.candidate_id
    left join staged_extra e on e.n = k.n
    left join staged_major m on ${majorIs(filingAfter)}
    left join staged_policy y on y.district_code = coalesce(${personAfter('district_code')}, '')
    where k.kind = 'updated'`.execute(tx);
  await sql`create index on staged_after (n)`.execute(tx);
  await sql`analyze staged_after`.execute(tx);
}

/** Keeps what the update changes, before and after; `most` bounds a preview. */
export async function saveChanges(
  { tx, tenantId }: Ctx,
  target: Target,
  most: number | null,
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into import_change (tenant_id, import_id, candidate_id, before, after, before_private, after_private, changed)
    select ${tenantId}, ${target.importId}, a.id, coalesce(d.before, '{}'), coalesce(d.after, '{}'),
      case when a.private_changed then c.private end, case when a.private_changed then a.private end, coalesce(d.changed, '{}')
    from (select * from staged_after order by n limit ${most}) a
    join candidate c on c.tenant_id = ${tenantId} and c.id = a.id
    cross join lateral (
      select jsonb_object_agg(o.key, o.value) as before, jsonb_object_agg(o.key, w.value) as after,
        array_agg(o.key order by o.key) as changed
      from jsonb_each(to_jsonb(c) - 'private') o join jsonb_each(to_jsonb(a) - 'private') w on w.key = o.key
      where o.value is distinct from w.value
    ) d`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

export async function updateCandidates({ tx, tenantId }: Ctx): Promise<number> {
  const columns = deliveredColumns;
  const { numAffectedRows } = await sql`
    update candidate c set ${sql.join(columns.map((column) => sql`${sql.ref(column)} = a.${sql.ref(column)}`))}
    from staged_after a where c.tenant_id = ${tenantId} and c.id = a.id`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
