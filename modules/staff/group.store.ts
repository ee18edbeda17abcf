import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import { inNameOrder } from '#platform/pinyin';
import { shanghaiTime } from '#platform/shanghai';
import type { GroupId } from './people.store.ts';

/** A group of callers as other modules see it. */
export interface Group {
  readonly id: GroupId;
  readonly name: string;
  readonly leaderId: UserId | null;
  readonly leaderName: string | null;
  readonly supervisorId: UserId | null;
  readonly supervisorName: string | null;
  readonly capacity: number;
  /** People in it who are not removed. */
  readonly members: number;
}

const groupColumns = sql`
  g.id, g.name, g.leader_id as "leaderId", l.name as "leaderName", g.supervisor_id as "supervisorId",
  s.name as "supervisorName", g.capacity,
  (select count(*)::int from staff_profile p where p.tenant_id = g.tenant_id and p.group_id = g.id and p.removed_at is null) as members`;

const groups = sql`staff_group g
  left join user_account l on l.tenant_id = g.tenant_id and l.id = g.leader_id
  left join user_account s on s.tenant_id = g.tenant_id and s.id = g.supervisor_id`;

/** Groups at work, all or the given ones, by name. */
export async function readGroups(ctx: Ctx, groupIds?: readonly GroupId[]): Promise<Group[]> {
  const { rows } = await sql<Group>`
    select ${groupColumns} from ${groups}
    where g.tenant_id = ${ctx.tenantId} and g.dissolved_at is null
      ${groupIds ? sql`and g.id = any(${[...groupIds]})` : sql``}`.execute(ctx.tx);
  return inNameOrder(rows, ({ name }) => name);
}

/** The groups a person leads. */
export async function ledBy(ctx: Ctx, userId: UserId): Promise<GroupId[]> {
  const { rows } = await sql<{ id: GroupId }>`
    select id from staff_group
    where tenant_id = ${ctx.tenantId} and leader_id = ${userId} and dissolved_at is null order by id`.execute(
    ctx.tx,
  );
  return rows.map((row) => row.id);
}

export interface GroupDetail extends Group {
  readonly leaderException: string | null;
  readonly qualified: number;
  readonly students: number;
}

/** Groups for the 小组 screen, with how many members are qualified and how many are students. */
export async function readGroupDetails(ctx: Ctx, groupIds?: readonly GroupId[]): Promise<GroupDetail[]> {
  const counted = (condition: string) => sql`(select count(*)::int from staff_profile p
    where p.tenant_id = g.tenant_id and p.group_id = g.id and p.removed_at is null and ${sql.raw(condition)})`;
  const { rows } = await sql<GroupDetail>`
    select ${groupColumns}, g.leader_exception as "leaderException",
      ${counted('p.qualified_at is not null')} as qualified, ${counted("p.kind = 'student'")} as students
    from ${groups}
    where g.tenant_id = ${ctx.tenantId} and g.dissolved_at is null
      ${groupIds ? sql`and g.id = any(${[...groupIds]}::uuid[])` : sql``}`.execute(ctx.tx);
  return inNameOrder(rows, ({ name }) => name);
}

/** Locks a group at work, so that its places are counted once at a time. */
export async function lockGroup(ctx: Ctx, groupId: string): Promise<Group | null> {
  await sql`select 1 from staff_group where tenant_id = ${ctx.tenantId} and id = ${groupId} for update`.execute(
    ctx.tx,
  );
  const [group] = await readGroups(ctx, [groupId as GroupId]);
  return group ?? null;
}

export interface GroupValues {
  readonly name: string;
  readonly leaderId: string | null;
  readonly leaderException: string | null;
  readonly supervisorId: string | null;
  readonly capacity: number;
}

/** Writes a group; false when another group at work or dissolved has the name. */
export async function saveGroup(ctx: Ctx, id: string, values: GroupValues): Promise<boolean> {
  const taken = await sql`select 1 from staff_group
    where tenant_id = ${ctx.tenantId} and name = ${values.name} and id <> ${id}`.execute(ctx.tx);
  if (taken.rows.length > 0) return false;
  await sql`insert into staff_group (tenant_id, id, name, leader_id, leader_exception, supervisor_id, capacity)
    values (${ctx.tenantId}, ${id}, ${values.name}, ${values.leaderId}, ${maskText(values.leaderException)}, ${values.supervisorId}, ${values.capacity})
    on conflict (tenant_id, id) do update set name = excluded.name, leader_id = excluded.leader_id,
      leader_exception = excluded.leader_exception, supervisor_id = excluded.supervisor_id, capacity = excluded.capacity`.execute(
    ctx.tx,
  );
  return true;
}

/** Dissolves a group; its name is free for another one afterwards. */
export async function saveDissolved(ctx: Ctx, id: string): Promise<void> {
  await sql`update staff_group set dissolved_at = ${new Date(ctx.now)}, leader_id = null, supervisor_id = null,
      name = name || '（已解散 ' || ${shanghaiTime(ctx.now)} || '）'
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

/** Puts people into a group; those without a profile get one. */
export async function joinGroup(ctx: Ctx, groupId: string, userIds: readonly string[]): Promise<void> {
  await sql`insert into staff_profile (tenant_id, user_id, group_id)
    select ${ctx.tenantId}, id, ${groupId} from unnest(${[...userIds]}::uuid[]) id
    on conflict (tenant_id, user_id) do update set group_id = excluded.group_id`.execute(ctx.tx);
}
