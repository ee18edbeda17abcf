import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { startOfDay } from '#platform/shanghai';
import type { Scope } from '#staff';
import type { ListFilters } from './list.contract.ts';
import { type Sort, sortKey } from './list.rules.ts';
import type { SearchTerm } from './search.rules.ts';

/** Conditions of the candidate list as SQL. No expression, LIKE or function stands before a column: see list.store.ts. */

export type Condition = RawBuilder<unknown>;

export interface ListRequest {
  readonly seasonId: string;
  readonly phase: string;
  readonly scope: Scope;
  readonly filters: ListFilters;
  readonly term: SearchTerm | null;
  readonly sort: Sort;
  readonly after: { readonly key: string | number; readonly id: string } | null;
  readonly limit: number;
}

export const all = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);

const oneOf = (column: Condition, values: readonly string[] | undefined): Condition[] =>
  values && values.length > 0 ? [sql`${column} = any(${[...values]})`] : [];

/** Conditions on the candidate itself, alias c. */
export function candidateConditions(ctx: Ctx, request: ListRequest): Condition[] {
  const { filters, term, seasonId } = request;
  return [
    sql`c.tenant_id = ${ctx.tenantId}`,
    sql`c.season_id = ${seasonId}`,
    ...(term?.kind === 'candidate_no' ? [] : [sql`c.merged_into is null`]),
    ...oneOf(sql`c.province_code`, filters.province),
    ...oneOf(sql`c.batch_id`, filters.batch),
    ...fileConditions(ctx, request),
  ];
}

/** What only the file knows. Without such a condition a list of cases never looks at the files to be counted. */
export function fileConditions(ctx: Ctx, { seasonId, filters, term }: ListRequest): Condition[] {
  const { major, school } = filters;
  return [
    ...oneOf(sql`c.major_name`, major),
    ...(school
      ? [/^\d+$/.test(school) ? sql`c.school_code = ${school}` : sql`c.school_name = ${school}`]
      : []),
    ...missingCondition(filters),
    ...(filters.pathway ? [sql`c.pathway`] : []),
    ...(term ? [termCondition(ctx, seasonId, term)] : []),
  ];
}

function missingCondition({ missing = [] }: ListFilters): Condition[] {
  const flags = { phone: sql`c.no_phone`, name: sql`c.name_lost`, id: sql`c.id_bad` };
  if (missing.length === 0) return [];
  return [
    sql`(${sql.join(
      missing.map((flag) => flags[flag]),
      sql` or `,
    )})`,
  ];
}

function termCondition(ctx: Ctx, seasonId: string, term: SearchTerm): Condition {
  const own = sql`x.tenant_id = ${ctx.tenantId}`;
  switch (term.kind) {
    case 'candidate_no':
      return sql`c.candidate_no = ${term.no}`;
    case 'no_prefix':
      return sql`c.candidate_no >= ${term.from} and c.candidate_no < ${term.until}`;
    case 'name':
      return sql`c.name collate "C" >= ${term.from} and c.name collate "C" < ${term.until}`;
    case 'sound':
      return term.whole
        ? sql`c.name_key >= ${term.from} and c.name_key < ${term.until}`
        : sql`c.name_initials >= ${term.from} and c.name_initials < ${term.until}`;
    case 'id_number':
      return sql`c.id_blind = ${ctx.vault.blind(term.idNumber)}`;
    case 'phone':
      return sql`c.id in (select x.candidate_id from phone p join candidate_phone x on x.tenant_id = p.tenant_id and x.phone_id = p.id
        where ${own} and p.tenant_id = ${ctx.tenantId} and p.number_blind = ${ctx.vault.blind(term.number)} and x.detached_at is null)`;
    case 'tail':
      return sql`c.id in (select x.id from candidate x where ${own} and x.season_id = ${seasonId} and x.no_tail = ${term.tail}
        union select x.candidate_id from phone p join candidate_phone x on x.tenant_id = p.tenant_id and x.phone_id = p.id
        where ${own} and p.tenant_id = ${ctx.tenantId} and p.tail = ${term.tail} and x.detached_at is null)`;
    case 'nothing':
      return sql`false`;
  }
}

/** Conditions on the case of the phase, alias f; empty when the list needs no case. */
export function caseConditions(ctx: Ctx, request: ListRequest): Condition[] {
  const parts = scopeParts(request.scope);
  const scope = parts.length === 0 ? [] : [sql`(${sql.join(parts, sql` or `)})`];
  return [...scope, ...askedOfCase(ctx, request)];
}

function askedOfCase(ctx: Ctx, { filters, sort }: ListRequest): Condition[] {
  const { group, caller, state, disposition, deadlineFrom, deadlineTo } = filters;
  return [
    ...oneOf(sql`f.group_id`, group),
    ...callerCondition(caller),
    ...oneOf(sql`f.state`, state),
    ...oneOf(sql`f.disposition`, disposition),
    ...(deadlineFrom ? [sql`f.deadline_at >= ${startOf(deadlineFrom)}`] : []),
    ...(deadlineTo ? [sql`f.deadline_at < ${startOf(deadlineTo, 1)}`] : []),
    ...(deadlineFrom || deadlineTo ? [sql`f.state <> 'final'`] : []),
    ...(sortKey(sort) === 'due' ? [sql`f.state in ('ready', 'scheduled')`] : []),
    ...policyCondition(ctx, filters),
  ];
}

const DAY_MS = 86_400_000;
const startOf = (day: string, plus = 0): Date => new Date(startOfDay(day) + plus * DAY_MS);

/** Leaders see their groups' cases and their own, callers their own. The parts have no case in common. */
function scopeParts({ kind, userId, groupIds }: Scope): Condition[] {
  if (kind === 'all') return [];
  if (kind === 'own' || groupIds.length === 0) return [sql`f.owner_id = ${userId}`];
  const groups = sql`f.group_id = any(${[...groupIds]})`;
  return [groups, sql`(f.owner_id = ${userId} and (${groups}) is not true)`];
}

function callerCondition(callers: readonly string[] | undefined): Condition[] {
  if (!callers || callers.length === 0) return [];
  const named = callers.filter((caller) => caller !== 'none');
  if (named.length === callers.length) return oneOf(sql`f.owner_id`, named);
  return [
    named.length === 0 ? sql`f.owner_id is null` : sql`(f.owner_id is null or f.owner_id = any(${named}))`,
  ];
}

/** Province and batch again, as the case knows them: spares a look at each candidate of a group or caller. */
function policyCondition(ctx: Ctx, { province, batch }: ListFilters): Condition[] {
  const wanted = [...oneOf(sql`y.province_code`, province), ...oneOf(sql`y.batch_id`, batch)];
  if (wanted.length === 0) return [];
  return [
    sql`f.policy_id = any(array(select y.id from province_policy y where y.tenant_id = ${ctx.tenantId} and ${all(wanted)}))`,
  ];
}

/** Whether the request looks at cases at all. The policy alone does not make it do so. */
export const needsCase = (ctx: Ctx, request: ListRequest): boolean =>
  caseConditions(ctx, request).length > policyCondition(ctx, request.filters).length;

/** Conditions on what hangs on the candidate. `fence` keeps the planner from turning a look-up into a join. */
export function hangingConditions(
  ctx: Ctx,
  { seasonId, filters }: ListRequest,
  fence: Condition,
): Condition[] {
  const { signal } = filters;
  if (!signal || signal.length === 0) return [];
  return [
    sql`exists (select from candidate_signal s where s.tenant_id = ${ctx.tenantId} and s.season_id = ${seasonId} and s.candidate_id = c.id
      and s.code = any(${[...signal]}) ${fence})`,
  ];
}

/**
 * The cases of the list with all that is asked of them, as a table f. The parts of a scope are read one after the other: joined by "or" they
 * have no index in common, and every case would be looked up to be counted.
 */
export function casesOf(ctx: Ctx, request: ListRequest): Condition {
  const asked = [caseJoin(ctx, request), ...askedOfCase(ctx, request)];
  const parts = scopeParts(request.scope).map((part) => all([...asked, part]));
  const wheres = parts.length === 0 ? [all(asked)] : parts;
  return sql`(${sql.join(
    wheres.map((where) => sql`select f.* from follow_up_case f where ${where}`),
    sql` union all `,
  )}) f`;
}

/** The case of the list's phase. */
export const caseJoin = (ctx: Ctx, { seasonId, phase }: ListRequest): Condition =>
  sql`f.tenant_id = ${ctx.tenantId} and f.season_id = ${seasonId} and f.phase = ${phase}`;
