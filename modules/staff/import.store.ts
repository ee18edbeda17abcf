import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { shanghaiDay } from '#platform/shanghai';
import type { Known, KnownPerson } from './import-plan.rules.ts';
import { grantableBy } from './rules.ts';

type PersonRow = KnownPerson & { username: string };

/** What a staff sheet is checked against. Locks the groups, so that places stay as counted until the end. */
export async function readKnown(ctx: Ctx, usernames: readonly string[]): Promise<Known> {
  await sql`select 1 from staff_group where tenant_id = ${ctx.tenantId} for update`.execute(ctx.tx);
  const people = await sql<PersonRow>`
    select u.id, u.username, u.name, coalesce(p.kind, 'teacher') as kind, p.staff_no as "staffNo", o.name as "unitName",
      g.name as "groupName", array(select s.skill_code from user_skill s where s.tenant_id = u.tenant_id and s.user_id = u.id) as skills,
      coalesce(p.experienced, false) as experienced, coalesce(p.outstanding_last_year, false) as "outstandingLastYear",
      coalesce(p.open_work_cap, 200) as "openWorkCap", u.expires_on as "expiresOn",
      exists (select from staff_group l where l.tenant_id = u.tenant_id and l.leader_id = u.id and l.dissolved_at is null) as leads,
      array(select r.role from user_role r where r.tenant_id = u.tenant_id and r.user_id = u.id order by 1) as roles
    from user_account u
    left join staff_profile p on p.tenant_id = u.tenant_id and p.user_id = u.id
    left join org_unit o on o.tenant_id = p.tenant_id and o.id = p.unit_id
    left join staff_group g on g.tenant_id = p.tenant_id and g.id = p.group_id
    where u.tenant_id = ${ctx.tenantId} and u.username = any(${[...usernames]}::text[])`.execute(ctx.tx);
  const units = await sql<{
    name: string;
  }>`select name from org_unit where tenant_id = ${ctx.tenantId} and voided_at is null`.execute(ctx.tx);
  const groups = await sql<{ name: string; capacity: number; members: number }>`
    select g.name, g.capacity, (select count(*)::int from staff_profile p
      where p.tenant_id = g.tenant_id and p.group_id = g.id and p.removed_at is null) as members
    from staff_group g where g.tenant_id = ${ctx.tenantId} and g.dissolved_at is null`.execute(ctx.tx);
  const skills = await sql<{ code: string; name: string }>`
    select code, name from skill where tenant_id = ${ctx.tenantId} and voided_at is null`.execute(ctx.tx);
  return {
    people: new Map(people.rows.map(({ username, ...person }) => [username, person])),
    units: new Set(units.rows.map((row) => row.name)),
    groups: new Map(groups.rows.map(({ name, ...group }) => [name, group])),
    skills: new Map(skills.rows.flatMap(({ code, name }) => [[name, code] as const, [code, code] as const])),
    grantable: grantableBy(ctx.actor.roles),
    actor: { id: ctx.actor.userId, roles: ctx.actor.roles },
    today: shanghaiDay(ctx.now),
  };
}

/** Id by name, for units and groups at work. */
export async function idsByName(
  ctx: Ctx,
): Promise<{ units: Map<string, string>; groups: Map<string, string> }> {
  const units = await sql<{
    id: string;
    name: string;
  }>`select id, name from org_unit where tenant_id = ${ctx.tenantId} and voided_at is null`.execute(ctx.tx);
  const groups = await sql<{ id: string; name: string }>`
    select id, name from staff_group where tenant_id = ${ctx.tenantId} and dissolved_at is null`.execute(
    ctx.tx,
  );
  return {
    units: new Map(units.rows.map(({ id, name }) => [name, id])),
    groups: new Map(groups.rows.map(({ id, name }) => [name, id])),
  };
}
