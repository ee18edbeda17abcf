import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import { inNameOrder } from '#platform/pinyin';

export type GroupId = string & { readonly brand: 'GroupId' };

/** What other modules may know of a person who works here. */
export interface Profile {
  readonly userId: UserId;
  readonly name: string;
  readonly kind: 'teacher' | 'student' | 'admissions';
  readonly roles: readonly string[];
  readonly unitId: string | null;
  readonly groupId: GroupId | null;
  readonly groupName: string | null;
  readonly experienced: boolean;
  readonly outstandingLastYear: boolean;
  /** Training passed and checked by the supervisor: no call without it. */
  readonly qualified: boolean;
  /** How many open cases the person takes at most. */
  readonly openWorkCap: number;
  readonly skills: readonly string[];
  /** Account open, not expired, not taken off the follow-up. */
  readonly active: boolean;
}

const today = (ctx: Ctx) => sql`(${new Date(ctx.now)}::timestamptz at time zone 'Asia/Shanghai')::date`;

/** Columns of Profile from user_account u, staff_profile p, staff_group g. */
const profileColumns = (ctx: Ctx) => sql`
  u.id as "userId", u.name, coalesce(p.kind, 'teacher') as kind, p.unit_id as "unitId",
  g.id as "groupId", g.name as "groupName", coalesce(p.experienced, false) as experienced,
  coalesce(p.outstanding_last_year, false) as "outstandingLastYear", p.qualified_at is not null as qualified,
  coalesce(p.open_work_cap, 0) as "openWorkCap",
  array(select r.role from user_role r where r.tenant_id = u.tenant_id and r.user_id = u.id order by 1) as roles,
  array(select s.skill_code from user_skill s where s.tenant_id = u.tenant_id and s.user_id = u.id order by 1) as skills,
  u.disabled_at is null and p.removed_at is null and (u.expires_on is null or u.expires_on >= ${today(ctx)}) as active`;

const people = sql`user_account u
  left join staff_profile p on p.tenant_id = u.tenant_id and p.user_id = u.id
  left join staff_group g on g.tenant_id = p.tenant_id and g.id = p.group_id and g.dissolved_at is null`;

/** One person, or null when there is no such account. */
export async function profileOf(ctx: Ctx, userId: UserId): Promise<Profile | null> {
  const { rows } = await sql<Profile>`${prepared}
    select ${profileColumns(ctx)} from ${people}
    where u.tenant_id = ${ctx.tenantId} and u.id = ${userId}`.execute(ctx.tx);
  return rows[0] ?? null;
}

/** Everybody, or the members and leaders of some groups, or one person; active ones first, then by the sound of the name. */
export async function readPeople(
  ctx: Ctx,
  of: { groupIds?: readonly GroupId[]; userId?: UserId | null },
): Promise<Profile[]> {
  const { rows } = await sql<Profile>`
    select ${profileColumns(ctx)} from ${people}
    where u.tenant_id = ${ctx.tenantId}
      ${of.groupIds ? sql`and (p.group_id = any(${[...of.groupIds]}) or u.id = ${of.userId ?? null})` : sql``}
      ${!of.groupIds && of.userId !== undefined ? sql`and u.id = ${of.userId}` : sql``}
    order by u.id`.execute(ctx.tx);
  const named = inNameOrder(rows, ({ name }) => name);
  return [...named.filter(({ active }) => active), ...named.filter(({ active }) => !active)];
}

/** A caller who may be given work now, with what the distribution must know. */
export interface Caller extends Profile {
  /** Cases owned and not final. */
  readonly openWork: number;
  /** Cap less open work, never below 0. */
  readonly room: number;
}

/** Active, qualified people with a calling role who are not on leave today. */
export async function readCallers(
  ctx: Ctx,
  {
    groupIds,
    skills,
    roles,
  }: { groupIds?: readonly GroupId[]; skills?: readonly string[]; roles: readonly string[] },
): Promise<Caller[]> {
  const { rows } = await sql<Caller>`
    select c.*, greatest(0, c."openWorkCap" - c."openWork") as room from (
      select ${profileColumns(ctx)},
        (select count(*)::int from follow_up_case f
         where f.tenant_id = u.tenant_id and f.owner_id = u.id and f.state <> 'final') as "openWork"
      from ${people}
      where u.tenant_id = ${ctx.tenantId} and p.qualified_at is not null and p.removed_at is null
        and u.disabled_at is null and (u.expires_on is null or u.expires_on >= ${today(ctx)})
        and exists (select from user_role r where r.tenant_id = u.tenant_id and r.user_id = u.id and r.role = any(${[...roles]}))
        and not exists (select from staff_leave l where l.tenant_id = u.tenant_id and l.user_id = u.id
          and l.state = 'approved' and ${today(ctx)} between l.starts_on and l.ends_on)
        ${groupIds ? sql`and g.id = any(${[...groupIds]})` : sql``}
        ${
          skills && skills.length > 0
            ? sql`and (select count(*) from user_skill s where s.tenant_id = u.tenant_id and s.user_id = u.id
                and s.skill_code = any(${[...skills]})) = ${skills.length}`
            : sql``
        }
    ) c order by c."userId"`.execute(ctx.tx);
  const named = inNameOrder(
    inNameOrder(rows, ({ name }) => name),
    ({ groupName }) => groupName ?? '',
  );
  return [
    ...named.filter(({ groupName }) => groupName !== null),
    ...named.filter(({ groupName }) => groupName === null),
  ];
}

/** Active people who hold a role. */
export async function readHolders(ctx: Ctx, role: string): Promise<UserId[]> {
  const { rows } = await sql<{ id: UserId }>`
    select u.id from user_role r join user_account u on u.tenant_id = r.tenant_id and u.id = r.user_id
    where r.tenant_id = ${ctx.tenantId} and r.role = ${role} and u.disabled_at is null order by u.id`.execute(
    ctx.tx,
  );
  return rows.map(({ id }) => id);
}
