import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Ctx } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import { nameKeys } from '#platform/pinyin';
import type { listPeople, PersonRow } from './contract.ts';
import type { Scope } from './scope.ts';

export type Person = z.output<typeof PersonRow>;
export type PeopleQuery = z.output<(typeof listPeople)['body']>;

const today = (ctx: Ctx) => sql`(${new Date(ctx.now)}::timestamptz at time zone 'Asia/Shanghai')::date`;

const stateOf = (ctx: Ctx) => sql`case
  when u.disabled_at is not null then 'disabled'
  when u.expires_on < ${today(ctx)} then 'expired'
  when p.removed_at is not null then 'removed'
  when u.locked_until > ${new Date(ctx.now)} then 'locked'
  else 'active' end`;

const personFrom = (ctx: Ctx) => sql`(
  select u.tenant_id, u.id, u.username, u.name, coalesce(p.kind, 'teacher') as kind, p.staff_no as "staffNo",
    p.unit_id as "unitId", o.name as "unitName", g.id as "groupId", g.name as "groupName",
    array(select r.role from user_role r where r.tenant_id = u.tenant_id and r.user_id = u.id order by 1) as roles,
    array(select s.skill_code from user_skill s where s.tenant_id = u.tenant_id and s.user_id = u.id order by 1) as skills,
    coalesce(p.experienced, false) as experienced, coalesce(p.outstanding_last_year, false) as "outstandingLastYear",
    p.qualified_at as "qualifiedAt", q.name as "qualifiedBy", coalesce(p.open_work_cap, 200) as "openWorkCap",
    u.expires_on as "expiresOn", ${stateOf(ctx)} as state, u.totp_enrolled_at is not null as "factorEnrolled",
    (select max(s.last_seen_at) from session s where s.tenant_id = u.tenant_id and s.user_id = u.id) as "lastSeenAt",
    p.removed_reason as "removedReason"
  from user_account u
  left join staff_profile p on p.tenant_id = u.tenant_id and p.user_id = u.id
  left join org_unit o on o.tenant_id = p.tenant_id and o.id = p.unit_id
  left join staff_group g on g.tenant_id = p.tenant_id and g.id = p.group_id
  left join user_account q on q.tenant_id = p.tenant_id and q.id = p.qualified_by
  where u.tenant_id = ${ctx.tenantId}) as person`;

/** `%` and `_` in what a person typed mean themselves. */
const like = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

function whereOf(query: PeopleQuery, scope: Scope): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [sql`true`];
  if (scope.kind === 'group')
    parts.push(sql`("groupId" = any(${[...scope.groupIds]}::uuid[]) or id = ${scope.userId})`);
  if (query.text)
    parts.push(
      sql`(name like ${like(query.text)} or username like ${like(query.text.toLowerCase())} or "staffNo" like ${like(query.text)})`,
    );
  if (query.group) parts.push(sql`"groupId" = any(${query.group}::uuid[])`);
  if (query.unit) parts.push(sql`"unitId" = any(${query.unit}::uuid[])`);
  if (query.kind) parts.push(sql`kind = any(${query.kind})`);
  if (query.role) parts.push(sql`roles && ${query.role}::text[]`);
  if (query.skill) parts.push(sql`skills @> ${query.skill}::text[]`);
  if (query.state) parts.push(sql`state = any(${query.state})`);
  if (query.qualified)
    parts.push(query.qualified === 'yes' ? sql`"qualifiedAt" is not null` : sql`"qualifiedAt" is null`);
  return sql.join(parts, sql` and `);
}

export interface PageAt {
  readonly value: string;
  readonly id: string;
}

interface Place {
  readonly id: string;
  readonly key: string;
}

/** What a list is ordered by: names by their sound, accounts by their letters. */
const sortKey = (sort: PeopleQuery['sort'], value: string): string =>
  sort.endsWith('username') ? value : nameKeys(value).key;

/** Equal ones by id, so that pages meet. */
const pageOrder =
  (sort: PeopleQuery['sort']) =>
  (one: Place, other: Place): number => {
    const [a, b] = one.key === other.key ? [one.id, other.id] : [one.key, other.key];
    return (a < b ? -1 : Number(a > b)) * (sort.startsWith('-') ? -1 : 1);
  };

/**
 * One page behind a key (sort column, id), and how many there are in all. A college has some thousand people at most: they are put in order
 * here, because the database knows no pinyin.
 */
export async function readPage(
  ctx: Ctx,
  query: PeopleQuery,
  { scope, after }: { scope: Scope; after: PageAt | null },
): Promise<{ items: Person[]; total: number }> {
  const { sort, limit } = query;
  const order = pageOrder(sort);
  const column = sql.ref(sort.replace('-', ''));
  const found = await sql<{ id: string; value: string }>`
    select id, ${column} as value from ${personFrom(ctx)} where ${whereOf(query, scope)}`.execute(ctx.tx);
  const start = after && { id: after.id, key: sortKey(sort, after.value) };
  const ids = found.rows
    .map(({ id, value }) => ({ id, key: sortKey(sort, value) }))
    .filter((place) => start === null || order(place, start) > 0)
    .sort(order)
    .slice(0, limit + 1)
    .map(({ id }) => id);
  const { rows } = await sql<Person>`
    select * from ${personFrom(ctx)} where id = any(${ids}::uuid[])`.execute(ctx.tx);
  const items = rows.toSorted((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
  return { items, total: found.rows.length };
}

export type PersonDetail = Person & { removedReason: string | null };

export async function readPerson(ctx: Ctx, userId: UserId): Promise<PersonDetail | null> {
  const { rows } = await sql<PersonDetail>`select * from ${personFrom(ctx)} where id = ${userId}`.execute(
    ctx.tx,
  );
  return rows[0] ?? null;
}

/** Locks the account for a change of roles or state, so that two administrators do not decide on old facts. */
export async function lockPerson(ctx: Ctx, userId: UserId): Promise<PersonDetail | null> {
  await sql`select 1 from user_account where tenant_id = ${ctx.tenantId} and id = ${userId} for update`.execute(
    ctx.tx,
  );
  return readPerson(ctx, userId);
}

export interface ProfileValues {
  readonly kind: 'teacher' | 'student' | 'admissions';
  readonly unitId: string | null;
  readonly groupId: string | null;
  readonly staffNo: string | null;
  readonly experienced: boolean;
  readonly outstandingLastYear: boolean;
  readonly openWorkCap: number;
  readonly skills: readonly string[];
}

/** Writes profile and skills. Qualification and removal are acts of their own and stay. */
export async function saveProfile(ctx: Ctx, userId: UserId, values: ProfileValues): Promise<void> {
  await sql`insert into staff_profile (tenant_id, user_id, kind, unit_id, group_id, staff_no, experienced, outstanding_last_year, open_work_cap)
    values (${ctx.tenantId}, ${userId}, ${values.kind}, ${values.unitId}, ${values.groupId}, ${values.staffNo}, ${values.experienced},
      ${values.outstandingLastYear}, ${values.openWorkCap})
    on conflict (tenant_id, user_id) do update set kind = excluded.kind, unit_id = excluded.unit_id, group_id = excluded.group_id,
      staff_no = excluded.staff_no, experienced = excluded.experienced, outstanding_last_year = excluded.outstanding_last_year,
      open_work_cap = excluded.open_work_cap`.execute(ctx.tx);
  await sql`delete from user_skill where tenant_id = ${ctx.tenantId} and user_id = ${userId}
    and skill_code <> all(${[...values.skills]}::text[])`.execute(ctx.tx);
  await sql`insert into user_skill (tenant_id, user_id, skill_code)
    select ${ctx.tenantId}, ${userId}, code from unnest(${[...values.skills]}::text[]) code on conflict do nothing`.execute(
    ctx.tx,
  );
}

export async function saveQualified(ctx: Ctx, userId: UserId, passed: boolean): Promise<void> {
  await sql`update staff_profile set qualified_at = ${passed ? new Date(ctx.now) : null}, qualified_by = ${passed ? ctx.actor.userId : null}
    where tenant_id = ${ctx.tenantId} and user_id = ${userId}`.execute(ctx.tx);
}

/** Takes a person off the follow-up, or back on; their group place is freed. */
export async function saveRemoved(ctx: Ctx, userId: UserId, reason: string | null): Promise<void> {
  await sql`update staff_profile set removed_at = ${reason === null ? null : new Date(ctx.now)}, removed_reason = ${maskText(reason)},
      group_id = ${reason === null ? sql`group_id` : null}
    where tenant_id = ${ctx.tenantId} and user_id = ${userId}`.execute(ctx.tx);
}

/** Which of the named skills do not exist. */
export async function missingSkills(ctx: Ctx, codes: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    select code from unnest(${[...codes]}::text[]) code
    where not exists (select from skill s where s.tenant_id = ${ctx.tenantId} and s.code = code.code and s.voided_at is null)`.execute(
    ctx.tx,
  );
  return rows.map((row) => row.code);
}
