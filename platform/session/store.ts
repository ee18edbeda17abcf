import { sql } from 'kysely';
import type { Tx } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import { publish } from '#platform/http/events';
import type { Instant, TenantId, UserId } from '#platform/ids';
import type { Stage } from './rules.ts';

export interface AccountRow {
  readonly id: UserId;
  readonly username: string;
  readonly name: string;
  readonly passwordHash: string | null;
  readonly mustChangePassword: boolean;
  readonly passwordSince: Instant;
  readonly initialCodeExpiresAt: Instant | null;
  readonly totpSecret: Buffer | null;
  readonly totpEnrolled: boolean;
  readonly failedLogins: number;
  readonly lockedUntil: Instant | null;
  readonly noticeVersion: string | null;
  readonly open: boolean;
  readonly roles: string[];
}

type AccountKey = { id: UserId } | { username: string };

/** Reads and locks an account with its roles: counters of failures must not race. */
export async function lockAccount(tx: Tx, tenantId: TenantId, key: AccountKey): Promise<AccountRow | null> {
  const where = 'id' in key ? sql`u.id = ${key.id}` : sql`u.username = ${key.username}`;
  const { rows } = await sql<AccountRow>`
    select u.id, u.username, u.name, u.password_hash as "passwordHash", u.must_change_password as "mustChangePassword",
      coalesce(u.password_changed_at, u.created_at) as "passwordSince",
      u.initial_code_expires_at as "initialCodeExpiresAt", u.totp_secret as "totpSecret",
      u.totp_enrolled_at is not null as "totpEnrolled", u.failed_logins as "failedLogins", u.locked_until as "lockedUntil",
      u.notice_version as "noticeVersion",
      u.disabled_at is null and (u.expires_on is null or u.expires_on >= (now() at time zone 'Asia/Shanghai')::date) as open,
      array(select r.role from user_role r where r.tenant_id = u.tenant_id and r.user_id = u.id order by 1) as roles
    from user_account u where u.tenant_id = ${tenantId} and ${where} for update of u`.execute(tx);
  return rows[0] ?? null;
}

export async function saveFailure(
  ctx: Ctx,
  userId: UserId,
  failures: number,
  lockedUntil: Instant | null,
): Promise<void> {
  await sql`update user_account set failed_logins = ${failures}, locked_until = ${lockedUntil === null ? null : new Date(lockedUntil)}
    where tenant_id = ${ctx.tenantId} and id = ${userId}`.execute(ctx.tx);
}

export async function savePassword(ctx: Ctx, userId: UserId, hash: string): Promise<void> {
  await sql`update user_account set password_hash = ${hash}, password_changed_at = ${new Date(ctx.now)},
      must_change_password = false, initial_code_expires_at = null
    where tenant_id = ${ctx.tenantId} and id = ${userId}`.execute(ctx.tx);
}

/** The person must choose a new password before going on. */
export async function demandPassword(ctx: Ctx, userId: UserId): Promise<void> {
  await sql`update user_account set must_change_password = true
    where tenant_id = ${ctx.tenantId} and id = ${userId}`.execute(ctx.tx);
}

export async function saveNotice(ctx: Ctx, userId: UserId, version: string): Promise<void> {
  await sql`update user_account set notice_version = ${version}, notice_accepted_at = ${new Date(ctx.now)}
    where tenant_id = ${ctx.tenantId} and id = ${userId}`.execute(ctx.tx);
}

export async function saveTotp(ctx: Ctx, userId: UserId, secret: Buffer): Promise<void> {
  await sql`update user_account set totp_secret = ${secret}, totp_enrolled_at = ${new Date(ctx.now)}
    where tenant_id = ${ctx.tenantId} and id = ${userId}`.execute(ctx.tx);
}

export async function saveRecoveryCodes(
  ctx: Ctx,
  userId: UserId,
  codes: { id: string; hash: Buffer }[],
): Promise<void> {
  await sql`delete from recovery_code where tenant_id = ${ctx.tenantId} and user_id = ${userId}`.execute(
    ctx.tx,
  );
  for (const { id, hash } of codes) {
    await sql`insert into recovery_code (tenant_id, id, user_id, code_hash)
      values (${ctx.tenantId}, ${id}, ${userId}, ${hash})`.execute(ctx.tx);
  }
}

/** True when the code existed and was unused; it is used now. */
export async function spendRecoveryCode(ctx: Ctx, userId: UserId, hash: Buffer): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update recovery_code set used_at = ${new Date(ctx.now)}
    where tenant_id = ${ctx.tenantId} and user_id = ${userId} and code_hash = ${hash} and used_at is null`.execute(
    ctx.tx,
  );
  return numAffectedRows === 1n;
}

export interface NewSession {
  readonly id: string;
  readonly userId: UserId;
  readonly tokenHash: Buffer;
  readonly stage: Stage;
  readonly expiresAt: Instant;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export async function insertSession(ctx: Ctx, session: NewSession): Promise<void> {
  const now = new Date(ctx.now);
  await sql`insert into session (tenant_id, id, user_id, token_hash, stage, created_at, last_seen_at, expires_at, ip, user_agent)
    values (${ctx.tenantId}, ${session.id}, ${session.userId}, ${session.tokenHash}, ${session.stage}, ${now}, ${now},
      ${new Date(session.expiresAt)}, ${session.ip}, ${session.userAgent})`.execute(ctx.tx);
}

export async function saveStage(ctx: Ctx, stage: Stage, freshUntil: Instant | null): Promise<void> {
  await sql`update session set stage = ${stage}, totp_failures = 0,
      fresh_until = coalesce(${freshUntil === null ? null : new Date(freshUntil)}, fresh_until)
    where tenant_id = ${ctx.tenantId} and id = ${ctx.actor.sessionId}`.execute(ctx.tx);
}

export async function saveWrongProofs(ctx: Ctx, failures: number): Promise<void> {
  await sql`update session set totp_failures = ${failures}
    where tenant_id = ${ctx.tenantId} and id = ${ctx.actor.sessionId}`.execute(ctx.tx);
}

/** Gives the session of the request a new token; the old one is worth nothing any more. */
export async function saveToken(ctx: Ctx, hash: Buffer): Promise<void> {
  await sql`update session set token_hash = ${hash}
    where tenant_id = ${ctx.tenantId} and id = ${ctx.actor.sessionId}`.execute(ctx.tx);
}

export async function endByToken(ctx: Ctx, hash: Buffer): Promise<void> {
  await sql`update session set ended_at = ${new Date(ctx.now)}, end_reason = 'replaced'
    where tenant_id = ${ctx.tenantId} and token_hash = ${hash} and ended_at is null`.execute(ctx.tx);
}

export async function savePendingTotp(ctx: Ctx, secret: Buffer | null): Promise<void> {
  await sql`update session set pending_totp_secret = ${secret}
    where tenant_id = ${ctx.tenantId} and id = ${ctx.actor.sessionId}`.execute(ctx.tx);
}

export interface Pending {
  readonly stage: Stage;
  readonly secret: Buffer | null;
  readonly failures: number;
  /** The person has proved who they are a moment ago. */
  readonly fresh: boolean;
}

export async function readPending(ctx: Ctx): Promise<Pending> {
  const { rows } = await sql<Pending>`
    select stage, pending_totp_secret as secret, totp_failures as failures, coalesce(fresh_until >= ${new Date(ctx.now)}, false) as fresh
    from session where tenant_id = ${ctx.tenantId} and id = ${ctx.actor.sessionId} for update`.execute(
    ctx.tx,
  );
  const row = rows[0];
  if (!row) throw new Error('the session of the request is gone');
  return row;
}

/** Topic of the hint that some session of a person is over: who listens must show the session again. */
export const SESSION_ENDED = 'session';

/** Ends sessions of a person at once: all of them, or all but one, or one. Open event streams of the person end too (ASVS 7.4.1). */
export async function endSessionsOf(
  ctx: Ctx,
  userId: UserId,
  which: { only?: string; except?: string; reason: string },
): Promise<number> {
  const { numAffectedRows } = await sql`
    update session set ended_at = ${new Date(ctx.now)}, end_reason = ${which.reason}
    where tenant_id = ${ctx.tenantId} and user_id = ${userId} and ended_at is null
      ${which.only ? sql`and id = ${which.only}` : sql``} ${which.except ? sql`and id <> ${which.except}` : sql``}`.execute(
    ctx.tx,
  );
  const ended = Number(numAffectedRows ?? 0n);
  if (ended > 0) await publish(ctx, { topic: SESSION_ENDED, userId });
  return ended;
}
