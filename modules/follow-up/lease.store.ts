import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import type { Instant, UserId } from '#platform/ids';
import type { CaseId, CaseImage, CaseRow } from './case.store.ts';
import { type Clock, clockOf } from './clock.ts';
import type { UndoImage } from './undo-image.ts';

export type EndReason = 'finished' | 'skipped' | 'released' | 'expired' | 'taken_over' | 'undone';
export type How = 'pull' | 'callback' | 'takeover' | 'escalation';

export interface LeaseRow {
  readonly id: string;
  readonly case_id: CaseId;
  readonly candidate_id: string;
  readonly caller_id: UserId;
  readonly how: How;
  readonly phone_id: string | null;
  readonly dial_started_at: Instant | null;
  readonly opened_at: Instant;
  readonly expires_at: Instant;
  readonly ended_at: Instant | null;
  readonly end_reason: EndReason | null;
  /** What a stopped or finished case was before the candidate called; null: it was open. */
  readonly before: CaseImage | null;
  /** The call script in force when the case was taken; null: none was. */
  readonly script_version_id: string | null;
}

const columns = sql`l.id, l.case_id, l.candidate_id, l.caller_id, l.how, l.phone_id, l.dial_started_at, l.opened_at,
  l.expires_at, l.ended_at, l.end_reason, l.before, l.script_version_id`;

export async function readOpenLease(ctx: Ctx, callerId: string): Promise<LeaseRow | null> {
  const { rows } = await sql<LeaseRow>`${prepared}
    select ${columns} from lease l
    where l.tenant_id = ${ctx.tenantId} and l.caller_id = ${callerId} and l.ended_at is null`.execute(ctx.tx);
  return rows[0] ?? null;
}

export interface LockedLease extends LeaseRow {
  /** The time after the locks were held. */
  readonly heldAt: Instant;
}

/**
 * Holds the numbers of a lease, then the lease itself, until the transaction ends: the order in which every use case
 * locks. The lease is looked at only once the numbers have been counted, that is, held; the clock after both.
 */
export async function lockLease(ctx: Ctx, leaseId: string): Promise<LockedLease | null> {
  const { rows } = await sql<LeaseRow & Clock>`${prepared}
    with numbers as materialized (
      select p.id from phone p
      where p.tenant_id = ${ctx.tenantId} and p.id in (
        select lp.phone_id from lease_phone lp where lp.tenant_id = ${ctx.tenantId} and lp.lease_id = ${leaseId})
      order by p.id for no key update
    )
    select held.*, now() as began, clock_timestamp() as at
    from (select count(*) as n from numbers) waited cross join lateral (
      select ${columns} from lease l
      where l.tenant_id = ${ctx.tenantId} and l.id = ${leaseId} and waited.n >= 0 for update
    ) held`.execute(ctx.tx);
  const [row] = rows;
  return row ? { ...row, heldAt: clockOf(ctx, row) } : null;
}

/**
 * Tries to hold the numbers of a candidate without waiting, and reads the clock afterwards. Null: somebody is dialling or deciding one of
 * them just now.
 */
export async function tryPhones(
  ctx: Ctx,
  candidateId: string,
): Promise<{ phoneIds: string[]; heldAt: Instant } | null> {
  const { rows } = await sql<{ wanted: number; got: string[] } & Clock>`${prepared}
    with mine as (
      select p.id from phone p
      where p.tenant_id = ${ctx.tenantId} and p.id in (
        select cp.phone_id from candidate_phone cp
        where cp.tenant_id = ${ctx.tenantId} and cp.candidate_id = ${candidateId} and cp.detached_at is null)
      order by p.id for no key update skip locked
    )
    select (select count(*)::int from candidate_phone cp
      where cp.tenant_id = ${ctx.tenantId} and cp.candidate_id = ${candidateId} and cp.detached_at is null) as wanted,
      held.got, now() as began, clock_timestamp() as at
    from (select coalesce(array_agg(id), '{}')::uuid[] as got from mine) held`.execute(ctx.tx);
  const row = rows[0];
  return row && row.got.length === row.wanted ? { phoneIds: row.got, heldAt: clockOf(ctx, row) } : null;
}

export interface NewLease {
  readonly id: string;
  readonly case: Pick<CaseRow, 'id' | 'candidate_id'>;
  readonly how: How;
  readonly phoneIds: readonly string[];
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
  readonly before: CaseImage | null;
  readonly scriptVersionId: string | null;
}

/**
 * Opens a lease for the actor. Null: the case, the caller or one of the numbers has an open lease. The statement runs after
 * the row locks of the numbers, so it sees every lease that held one of them before.
 */
export async function openLease(ctx: Ctx, given: NewLease): Promise<LeaseRow | null> {
  const { rows } = await sql<LeaseRow>`${prepared}
    with made as (
      insert into lease (tenant_id, id, case_id, candidate_id, caller_id, how, opened_at, heartbeat_at, expires_at, before, script_version_id)
      select ${ctx.tenantId}, ${given.id}, ${given.case.id}, ${given.case.candidate_id}, ${ctx.actor.userId}, ${given.how},
        ${new Date(given.openedAt)}, ${new Date(given.openedAt)}, ${new Date(given.expiresAt)},
        ${given.before === null ? null : JSON.stringify(given.before)}::jsonb, ${given.scriptVersionId}
      where not exists (select from lease_phone o
        where o.tenant_id = ${ctx.tenantId} and o.phone_id = any(${[...given.phoneIds]}::uuid[]) and o.ended_at is null)
      on conflict do nothing returning *
    ), numbers as (
      insert into lease_phone (tenant_id, lease_id, phone_id)
      select ${ctx.tenantId}, made.id, n from made cross join unnest(${[...given.phoneIds]}::uuid[]) n returning phone_id
    )
    select ${columns}, (select count(*) from numbers) from made l`.execute(ctx.tx);
  return rows[0] ?? null;
}

/** Ends a lease, frees its numbers and forgets its draft. */
export async function endLease(
  ctx: Ctx,
  leaseId: string,
  { at, reason, undo = null }: { at: Instant; reason: EndReason; undo?: unknown },
): Promise<void> {
  await sql`${prepared}
    with ended as (
      update lease set ended_at = greatest(opened_at, ${new Date(at)}), end_reason = ${reason},
        undo = ${undo === null ? null : JSON.stringify(undo)}::jsonb
      where tenant_id = ${ctx.tenantId} and id = ${leaseId} and ended_at is null returning id
    ), freed as (
      update lease_phone set ended_at = ${new Date(at)}
      where tenant_id = ${ctx.tenantId} and lease_id = ${leaseId} and ended_at is null returning phone_id
    )
    delete from lease_draft where tenant_id = ${ctx.tenantId} and lease_id = ${leaseId}`.execute(ctx.tx);
}

/** Renews a lease of the actor; null when it is over. */
export async function renewLease(ctx: Ctx, leaseId: string, expiresAt: Instant): Promise<Instant | null> {
  const { rows } = await sql<{ at: Instant }>`
    update lease set heartbeat_at = ${new Date(ctx.now)}, expires_at = ${new Date(expiresAt)}
    where tenant_id = ${ctx.tenantId} and id = ${leaseId} and caller_id = ${ctx.actor.userId} and ended_at is null
    returning expires_at as at`.execute(ctx.tx);
  return rows[0]?.at ?? null;
}

export async function markDialled(ctx: Ctx, leaseId: string, phoneId: string): Promise<void> {
  await sql`update lease set phone_id = ${phoneId}, dial_started_at = ${new Date(ctx.now)}
    where tenant_id = ${ctx.tenantId} and id = ${leaseId}`.execute(ctx.tx);
}

/** Adds a number to an open lease. False: somebody else is dialling it. */
export async function holdPhone(ctx: Ctx, leaseId: string, phoneId: string): Promise<boolean> {
  const { rows } = await sql`
    insert into lease_phone (tenant_id, lease_id, phone_id) values (${ctx.tenantId}, ${leaseId}, ${phoneId})
    on conflict do nothing returning phone_id`.execute(ctx.tx);
  return rows.length === 1;
}

export async function saveDraft(ctx: Ctx, leaseId: string, text: string): Promise<void> {
  await sql`insert into lease_draft (tenant_id, lease_id, body, saved_at)
    values (${ctx.tenantId}, ${leaseId}, ${ctx.vault.seal(text)}, ${new Date(ctx.now)})
    on conflict (tenant_id, lease_id) do update set body = excluded.body, saved_at = excluded.saved_at`.execute(
    ctx.tx,
  );
}

export async function readDraft(ctx: Ctx, leaseId: string): Promise<string | null> {
  const { rows } = await sql<{ body: Buffer }>`${prepared}
    select body from lease_draft where tenant_id = ${ctx.tenantId} and lease_id = ${leaseId}`.execute(ctx.tx);
  return rows[0] ? ctx.vault.open(rows[0].body) : null;
}

/** Leases over their time, the longest first. */
export async function expiredLeases(ctx: Ctx, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select l.id from lease l
    where l.tenant_id = ${ctx.tenantId} and l.ended_at is null and l.expires_at <= ${new Date(ctx.now)}
    order by l.expires_at limit ${limit}`.execute(ctx.tx);
  return rows.map(({ id }) => id);
}

export interface Undoable {
  /** What finishing under the lease changed, as it was before; null: nothing to undo. */
  readonly undo: UndoImage | null;
  readonly how: How;
  readonly before: CaseImage | null;
}

export async function readUndo(ctx: Ctx, leaseId: string): Promise<Undoable | null> {
  const { rows } = await sql<Undoable>`
    select undo, how, before from lease where tenant_id = ${ctx.tenantId} and id = ${leaseId}`.execute(
    ctx.tx,
  );
  return rows[0] ?? null;
}
