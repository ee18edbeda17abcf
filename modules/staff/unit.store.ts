import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { maskText } from '#platform/personal-text';
import { inNameOrder } from '#platform/pinyin';
import { shanghaiTime } from '#platform/shanghai';

export interface Unit {
  readonly id: string;
  readonly name: string;
  readonly kind: 'school' | 'department';
  readonly headId: string | null;
  readonly headName: string | null;
  /** Staff taking part, without students. */
  readonly people: number;
  readonly experienced: number;
}

/** Units with how many of their staff take part; schools first, each by name. */
export async function readUnits(ctx: Ctx, id?: string): Promise<Unit[]> {
  const taking = sql`from staff_profile p join user_account a on a.tenant_id = p.tenant_id and a.id = p.user_id
    where p.tenant_id = o.tenant_id and p.unit_id = o.id and p.removed_at is null and a.disabled_at is null`;
  const { rows } = await sql<Unit>`
    select o.id, o.name, o.kind, o.head_id as "headId", u.name as "headName",
      (select count(*)::int ${taking} and p.kind <> 'student') as people,
      (select count(*)::int ${taking} and p.kind <> 'student' and p.experienced) as experienced
    from org_unit o left join user_account u on u.tenant_id = o.tenant_id and u.id = o.head_id
    where o.tenant_id = ${ctx.tenantId} and o.voided_at is null ${id === undefined ? sql`` : sql`and o.id = ${id}`}`.execute(
    ctx.tx,
  );
  const named = inNameOrder(rows, ({ name }) => name);
  return [
    ...named.filter(({ kind }) => kind === 'school'),
    ...named.filter(({ kind }) => kind === 'department'),
  ];
}

export interface UnitValues {
  readonly name: string;
  readonly kind: 'school' | 'department';
  readonly headId: string | null;
}

/** Writes a unit; false when another one has the name. */
export async function saveUnit(ctx: Ctx, id: string, values: UnitValues): Promise<boolean> {
  const taken = await sql`select 1 from org_unit
    where tenant_id = ${ctx.tenantId} and name = ${values.name} and id <> ${id}`.execute(ctx.tx);
  if (taken.rows.length > 0) return false;
  await sql`insert into org_unit (tenant_id, id, name, kind, head_id)
    values (${ctx.tenantId}, ${id}, ${values.name}, ${values.kind}, ${values.headId})
    on conflict (tenant_id, id) do update set name = excluded.name, kind = excluded.kind, head_id = excluded.head_id`.execute(
    ctx.tx,
  );
  return true;
}

/** How many profiles name the unit, with students and former staff. */
export async function countOfUnit(ctx: Ctx, id: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from staff_profile where tenant_id = ${ctx.tenantId} and unit_id = ${id}`.execute(
    ctx.tx,
  );
  return rows[0]?.count ?? 0;
}

/** The unit stays, out of every list; its name is free for another one. */
export async function voidUnit(ctx: Ctx, id: string, reason: string): Promise<void> {
  await sql`update org_unit set voided_at = ${new Date(ctx.now)}, void_reason = ${maskText(reason)}, head_id = null,
      name = name || '（已删除 ' || ${shanghaiTime(ctx.now)} || '）'
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

export interface Skill {
  readonly code: string;
  readonly name: string;
  readonly kind: 'dialect' | 'subject' | 'conversation';
  readonly people: number;
}

/** Skills by kind, each by name. */
export async function readSkills(ctx: Ctx): Promise<Skill[]> {
  const { rows } = await sql<Skill>`
    select s.code, s.name, s.kind,
      (select count(*)::int from user_skill u where u.tenant_id = s.tenant_id and u.skill_code = s.code) as people
    from skill s where s.tenant_id = ${ctx.tenantId} and s.voided_at is null`.execute(ctx.tx);
  return inNameOrder(rows, ({ name }) => name).sort((one, other) =>
    one.kind < other.kind ? -1 : Number(one.kind > other.kind),
  );
}

export async function writeSkill(ctx: Ctx, skill: Omit<Skill, 'people'>): Promise<void> {
  await sql`insert into skill (tenant_id, code, name, kind) values (${ctx.tenantId}, ${skill.code}, ${skill.name}, ${skill.kind})
    on conflict (tenant_id, code) do update set name = excluded.name, kind = excluded.kind, voided_at = null, void_reason = null`.execute(
    ctx.tx,
  );
}

export async function voidSkill(ctx: Ctx, code: string, reason: string): Promise<void> {
  await sql`update skill set voided_at = ${new Date(ctx.now)}, void_reason = ${maskText(reason)}
    where tenant_id = ${ctx.tenantId} and code = ${code}`.execute(ctx.tx);
}
