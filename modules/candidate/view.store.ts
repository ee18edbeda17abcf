import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { newId, toDate } from '#platform/ids';

export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly query: Record<string, unknown>;
}

export async function readViews(ctx: Ctx, screen: string): Promise<SavedView[]> {
  const { rows } = await sql<SavedView>`
    select id, name, query from saved_view
    where tenant_id = ${ctx.tenantId} and user_id = ${ctx.actor.userId} and screen = ${screen} order by created_at, id`.execute(
    ctx.tx,
  );
  return rows;
}

/** Saves a view of the actor; one of the same name is replaced. */
export async function saveView(
  ctx: Ctx,
  given: { screen: string; name: string; query: Record<string, unknown> },
): Promise<SavedView> {
  const { rows } = await sql<SavedView>`
    insert into saved_view (tenant_id, id, user_id, screen, name, query, created_at)
    values (${ctx.tenantId}, ${newId()}, ${ctx.actor.userId}, ${given.screen}, ${given.name}, ${JSON.stringify(given.query)}::jsonb, ${toDate(ctx.now)})
    on conflict (tenant_id, user_id, screen, name) do update set query = excluded.query returning id, name, query`.execute(
    ctx.tx,
  );
  if (!rows[0]) throw new Error('view not saved');
  return rows[0];
}

export async function deleteView(ctx: Ctx, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from saved_view
    where tenant_id = ${ctx.tenantId} and user_id = ${ctx.actor.userId} and id = ${id}`.execute(ctx.tx);
  return (numAffectedRows ?? 0n) > 0n;
}
