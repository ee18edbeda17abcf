import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { type Instant, newId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import { ok, type Result } from '#platform/result';

export type PresenceState = 'working' | 'wrap_up' | 'paused' | 'offline';
export interface Presence {
  readonly state: PresenceState;
  readonly reason: string | null;
  readonly since: Instant | null;
}

export async function readPresence(ctx: Ctx, userId: string): Promise<Presence> {
  const { rows } = await sql<Presence>`${prepared}
    select state, reason, since from presence
    where tenant_id = ${ctx.tenantId} and user_id = ${userId} and until is null`.execute(ctx.tx);
  return rows[0] ?? { state: 'offline', reason: null, since: null };
}

/** Says what a person is doing: a coaching signal, never a lock-out. A pause has a reason. */
export async function setPresence(
  ctx: Ctx,
  state: PresenceState,
  reason: string | null,
): Promise<
  Result<{ state: PresenceState; reason: string | null; since: Instant }, Refusal<'reason_needed'>>
> {
  const { userId } = ctx.actor;
  if (userId === null) throw new Error('presence belongs to a person');
  if (state === 'paused' && (reason === null || reason === ''))
    return refuse('reason_needed', '暂停需要说明原因，请选择一项。');
  const now = await readPresence(ctx, userId);
  if (now.state === state && now.reason === reason && now.since !== null)
    return ok({ state, reason, since: now.since });
  await sql`update presence set until = greatest(since, ${new Date(ctx.now)})
    where tenant_id = ${ctx.tenantId} and user_id = ${userId} and until is null`.execute(ctx.tx);
  await sql`insert into presence (tenant_id, id, user_id, state, reason, since)
    values (${ctx.tenantId}, ${newId()}, ${userId}, ${state}, ${maskText(reason)}, ${new Date(ctx.now)})
    on conflict (tenant_id, user_id) where until is null do nothing`.execute(ctx.tx);
  return ok({ state, reason, since: ctx.now });
}

/** Whoever takes a case works; written only when it changes. */
export async function nowWorking(ctx: Ctx, userId: string): Promise<Presence> {
  const now = await readPresence(ctx, userId);
  if (now.state === 'working') return now;
  const set = await setPresence(ctx, 'working', null);
  return set.ok ? set.value : now;
}
