import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { newId, toDate } from '#platform/ids';
import type { Audience, SavedView } from './view.contract.ts';

export type OfferedView = SavedView;

/** The actor's own views of a screen, then those that others offer to one of `groupIds` or to all. */
export async function readViews(
  ctx: Ctx,
  screen: string,
  groupIds: readonly string[],
): Promise<OfferedView[]> {
  const { rows } = await sql<OfferedView>`
    select v.id, v.name, v.query, v.audience, v.user_id = ${ctx.actor.userId} as mine, u.name as "ownerName",
      v.is_default and v.user_id = ${ctx.actor.userId} as "isDefault"
    from saved_view v join user_account u on u.tenant_id = v.tenant_id and u.id = v.user_id
    where v.tenant_id = ${ctx.tenantId} and v.screen = ${screen}
      and (v.user_id = ${ctx.actor.userId} or v.audience = 'all'
        or (v.audience = 'group' and v.group_id = any(${[...groupIds]}::uuid[])))
    order by mine desc, v.created_at, v.id limit 100`.execute(ctx.tx);
  return rows;
}

export async function readOwnNames(ctx: Ctx, screen: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from saved_view
    where tenant_id = ${ctx.tenantId} and user_id = ${ctx.actor.userId} and screen = ${screen}`.execute(
    ctx.tx,
  );
  return rows.map(({ name }) => name);
}

interface OwnView {
  readonly screen: string;
  readonly name: string;
  readonly audience: Audience;
  readonly groupId: string | null;
  readonly isDefault: boolean;
}

/** A view of the actor's own, locked; null when there is none or it is somebody else's. */
export async function readView(ctx: Ctx, id: string): Promise<OwnView | null> {
  const { rows } = await sql<OwnView>`
    select screen, name, audience, group_id as "groupId", is_default as "isDefault" from saved_view
    where tenant_id = ${ctx.tenantId} and user_id = ${ctx.actor.userId} and id = ${id} for update`.execute(
    ctx.tx,
  );
  return rows[0] ?? null;
}

/** Saves a view of the actor; one of the same name gets the new filters and keeps the rest. */
export async function insertView(
  ctx: Ctx,
  given: { screen: string; name: string; query: Record<string, unknown> },
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into saved_view (tenant_id, id, user_id, screen, name, query, created_at)
    values (${ctx.tenantId}, ${newId()}, ${ctx.actor.userId}, ${given.screen}, ${given.name}, ${JSON.stringify(given.query)}::jsonb, ${toDate(ctx.now)})
    on conflict (tenant_id, user_id, screen, name) do update set query = excluded.query returning id`.execute(
    ctx.tx,
  );
  if (!rows[0]) throw new Error('view not saved');
  return rows[0].id;
}

/** One default a person and screen: before a new one is set the old one goes. */
export async function clearDefault(ctx: Ctx, screen: string): Promise<void> {
  await sql`update saved_view set is_default = false
    where tenant_id = ${ctx.tenantId} and user_id = ${ctx.actor.userId} and screen = ${screen} and is_default`.execute(
    ctx.tx,
  );
}

export async function updateView(ctx: Ctx, id: string, view: Omit<OwnView, 'screen'>): Promise<void> {
  await sql`update saved_view set name = ${view.name}, audience = ${view.audience}, group_id = ${view.groupId},
      is_default = ${view.isDefault}
    where tenant_id = ${ctx.tenantId} and user_id = ${ctx.actor.userId} and id = ${id}`.execute(ctx.tx);
}

export async function deleteView(ctx: Ctx, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from saved_view
    where tenant_id = ${ctx.tenantId} and user_id = ${ctx.actor.userId} and id = ${id}`.execute(ctx.tx);
  return (numAffectedRows ?? 0n) > 0n;
}
