import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
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
      ${groupIds ? sql`and g.id = any(${[...groupIds]})` : sql``}
    order by g.name`.execute(ctx.tx);
  return rows;
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
