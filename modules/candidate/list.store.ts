import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { CandidateId } from './ids.ts';
import { COUNTED_MAX, isDescending, type Sort, type SortKey, sortKey } from './list.rules.ts';
import {
  all,
  type Condition,
  candidateConditions,
  caseConditions,
  caseJoin,
  casesOf,
  fileConditions,
  hangingConditions,
  type ListRequest,
  needsCase,
} from './list-conditions.store.ts';

/*
 * Lists over a million candidates. A list of at most COUNTED_MAX rows is collected by its most selective condition and sorted (narrow);
 * a longer one is walked along the index of its order, which meets a page of rows soon because more than one in a hundred fits (wide).
 * No expression, LIKE or function stands in an index condition: under row-level security such a condition is not used as one.
 * Reads follow_up_case of #follow-up.
 */

export interface Found {
  readonly id: CandidateId;
  readonly key: string | number;
}

/** What a row is sorted by; microseconds for instants, so that a cursor is exact. */
const KEYS: Readonly<Record<SortKey, Condition>> = {
  name: sql`c.name_key`,
  number: sql`c.candidate_no`,
  due: sql`(extract(epoch from f.due_at) * 1000000)::bigint`,
  score: sql`coalesce(c.score, -1)`,
};

/** How many cases fit, at most COUNTED_MAX + 1, from indexes alone; null when files must be looked at too. */
export async function countCases(ctx: Ctx, request: ListRequest): Promise<number | null> {
  const files = [...fileConditions(ctx, request), ...hangingConditions(ctx, request, sql``)];
  if (!needsCase(ctx, request) || files.length > 0) return null;
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select from ${casesOf(ctx, request)} limit ${COUNTED_MAX + 1}) m`.execute(
    ctx.tx,
  );
  return rows[0]?.count ?? 0;
}

/**
 * How many candidates have the signals asked for, when nothing else is: from the index alone, which says whether to collect or to walk
 * before ten thousand files are looked up. Null when that says nothing.
 */
export async function countSignals(ctx: Ctx, request: ListRequest): Promise<number | null> {
  const { filters, seasonId, term } = request;
  const { signal = [], province, batch } = filters;
  const more = province?.length || batch?.length || term || fileConditions(ctx, request).length > 0;
  if (signal.length === 0 || more || needsCase(ctx, request)) return null;
  // Of one signal a candidate has one row: counting may stop at the limit. Telling candidates apart reads all of them.
  const each = signal.length === 1 ? sql`` : sql`distinct`;
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select ${each} s.candidate_id from candidate_signal s
      where s.tenant_id = ${ctx.tenantId} and s.season_id = ${seasonId} and s.code = any(${[...signal]}) limit ${COUNTED_MAX + 1}) m`.execute(
    ctx.tx,
  );
  return rows[0]?.count ?? 0;
}

/** Collects at most COUNTED_MAX + 1 matches and sorts them. `count` above COUNTED_MAX: the rows mean nothing, walk instead. */
export async function findNarrow(ctx: Ctx, request: ListRequest): Promise<{ count: number; found: Found[] }> {
  const { sort, limit } = request;
  const { from, where, id } = matchesOf(ctx, request);
  const { rows } = await sql<{ count: number; id: CandidateId | null; key: string | number }>`
    with m as materialized (select ${id} as id, ${KEYS[sortKey(sort)]} as key from ${from} where ${all(where)} limit ${COUNTED_MAX + 1}),
    page as (select id, key from m where ${beyond(request, sql`key`, sql`id`)} ${orderBy(sort, sql`key`, sql`id`)} limit ${limit})
    select n.count, page.id, page.key from (select count(*)::int as count from m) n left join page on true
    ${orderBy(sort, sql`page.key`, sql`page.id`)}`.execute(ctx.tx);
  const found = rows.flatMap(({ id: found, key }) => (found === null ? [] : [{ id: found, key }]));
  return { count: rows[0]?.count ?? 0, found };
}

/** Province and batch are asked of the case where there is one, of the file where there is none. */
function matchesOf(ctx: Ctx, request: ListRequest): { from: Condition; where: Condition[]; id: Condition } {
  const hanging = hangingConditions(ctx, request, sql``);
  const files = fileConditions(ctx, request);
  if (!needsCase(ctx, request))
    return {
      from: sql`candidate c`,
      where: [...candidateConditions(ctx, request), ...hanging],
      id: sql`c.id`,
    };
  const cases = casesOf(ctx, request);
  if (files.length + hanging.length === 0 && sortKey(request.sort) === 'due')
    return { from: cases, where: [], id: sql`f.candidate_id` };
  return {
    from: sql`${cases} join candidate c on c.tenant_id = f.tenant_id and c.id = f.candidate_id`,
    where: [sql`c.season_id = ${request.seasonId}`, ...files, ...hanging],
    id: sql`c.id`,
  };
}

/** Walks the index of the order and looks each candidate up. Only for lists known to be long. */
export async function findWide(ctx: Ctx, request: ListRequest): Promise<Found[]> {
  const key = sortKey(request.sort);
  if (key === 'due') return walkDue(ctx, request);
  const { province = [], batch = [] } = request.filters;
  return key === 'number' && province.length > 0
    ? walkFilings(ctx, request, { provinces: province, batches: batch })
    : walkCandidates(ctx, request);
}

async function walkCandidates(ctx: Ctx, request: ListRequest): Promise<Found[]> {
  const { sort, limit, term } = request;
  const key = KEYS[sortKey(sort)];
  const bounds =
    term?.kind === 'name' && term.keys
      ? [sql`c.name_key >= ${term.keys.from} and c.name_key < ${term.keys.until}`]
      : [];
  const { rows } = await sql<Found>`
    select c.id, ${key} as key from candidate c
    where ${all([...probes(ctx, request), ...bounds, beyond(request, key, sql`c.id`)])}
    ${orderBy(sort, key, sql`c.id`)} limit ${limit}`.execute(ctx.tx);
  return rows;
}

/** By number within provinces: an ordered walk for each province and batch, merged. */
async function walkFilings(
  ctx: Ctx,
  request: ListRequest,
  of: { provinces: readonly string[]; batches: readonly string[] },
): Promise<Found[]> {
  const { sort, limit, seasonId } = request;
  const batches = of.batches.length > 0 ? sql`and b.id = any(${[...of.batches]})` : sql``;
  const { rows } = await sql<Found>`
    select w.id, w.key from unnest(${[...of.provinces]}::text[]) p(code)
    cross join (select b.id from batch b where b.tenant_id = ${ctx.tenantId} and b.season_id = ${seasonId} ${batches}) b
    cross join lateral (
      select c.id, c.candidate_no as key from candidate c
      where c.province_code = p.code and c.batch_id = b.id
        and ${all([...probes(ctx, request), beyond(request, sql`c.candidate_no`, sql`c.id`)])}
      ${orderBy(sort, sql`c.candidate_no`, sql`c.id`)} limit ${limit}
    ) w ${orderBy(sort, sql`w.key`, sql`w.id`)} limit ${limit}`.execute(ctx.tx);
  return rows;
}

const DISPOSITIONS = ['uncalled', 'confirmed', 'considering', 'unreachable', 'withdrawing'];

/** By next step: an ordered walk of the cases for each disposition, merged. */
async function walkDue(ctx: Ctx, request: ListRequest): Promise<Found[]> {
  const { sort, limit, filters, after } = request;
  const dispositions = filters.disposition?.length ? [...filters.disposition] : DISPOSITIONS;
  const direction = isDescending(sort) ? sql`<` : sql`>`;
  const start = after
    ? sql`(f.due_at, f.candidate_id) ${direction} (timestamptz 'epoch' + ${after.key}::bigint * interval '1 microsecond', ${after.id}::uuid)`
    : sql`true`;
  const files = [...fileConditions(ctx, request), ...hangingConditions(ctx, request, sql`offset 0`)];
  const known =
    files.length === 0
      ? sql`true`
      : sql`exists (select from candidate c where c.tenant_id = ${ctx.tenantId} and c.id = f.candidate_id and ${all(files)} offset 0)`;
  const { rows } = await sql<Found>`
    select w.id, (extract(epoch from w.due_at) * 1000000)::bigint as key from unnest(${dispositions}::text[]) d(disposition)
    cross join lateral (
      select f.candidate_id as id, f.due_at from follow_up_case f
      where ${caseJoin(ctx, request)} and f.disposition = d.disposition and f.due_at is not null and ${start}
        and ${all(caseConditions(ctx, request))}
        and ${known}
      ${orderBy(sort, sql`f.due_at`, sql`f.candidate_id`)} limit ${limit}
    ) w ${orderBy(sort, sql`w.due_at`, sql`w.id`)} limit ${limit}`.execute(ctx.tx);
  return rows;
}

/** All conditions, those on other tables as look-ups. */
function probes(ctx: Ctx, request: ListRequest): Condition[] {
  const own = [...candidateConditions(ctx, request), ...hangingConditions(ctx, request, sql`offset 0`)];
  if (!needsCase(ctx, request)) return own;
  const wanted = all([caseJoin(ctx, request), ...caseConditions(ctx, request)]);
  return [
    ...own,
    sql`exists (select from follow_up_case f where f.candidate_id = c.id and ${wanted} offset 0)`,
  ];
}

function orderBy(sort: Sort, key: Condition, id: Condition): Condition {
  return isDescending(sort) ? sql`order by ${key} desc, ${id} desc` : sql`order by ${key}, ${id}`;
}

/** Rows after the cursor, in the order of the list. */
function beyond({ after, sort }: ListRequest, key: Condition, id: Condition): Condition {
  if (!after) return sql`true`;
  return sql`(${key}, ${id}) ${isDescending(sort) ? sql`<` : sql`>`} (${after.key}, ${after.id}::uuid)`;
}
