import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId, type UserId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { hashPassword } from './password.ts';
import { INITIAL_CODE_DAYS } from './rules.ts';
import { endSessionsOf } from './store.ts';

const DAY = 86_400_000;

/** A first password: random, short-lived, must be changed at first sign-in. No look-alike characters. */
function newInitialCode(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  return [...randomBytes(14)]
    .map((byte) => alphabet[byte % alphabet.length])
    .join('')
    .replace(/^(.{4})(.{5})/, '$1-$2-');
}

export interface InitialCode {
  readonly code: string;
  readonly hash: string;
}

/** First passwords for many accounts, hashed a few at a time. */
export async function newInitialCodes(count: number): Promise<InitialCode[]> {
  const codes = Array.from({ length: count }, () => newInitialCode());
  return Promise.all(codes.map(async (code) => ({ code, hash: await hashPassword(code) })));
}

export interface NewAccount {
  readonly username: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Last day the account works, YYYY-MM-DD; for student helpers and temporary staff. */
  readonly expiresOn?: string | null;
  /** Made beforehand, when many accounts are created at once. */
  readonly initialCode?: InitialCode;
}

/** Creates an account with a one-time first password, returned once and stored hashed. Refuses a taken username. */
export async function createAccount(
  ctx: Ctx,
  given: NewAccount,
): Promise<Result<{ userId: UserId; initialCode: string }, Refusal<'username_taken'>>> {
  const userId = newId<UserId>();
  const initialCode = given.initialCode ?? (await newInitialCodes(1))[0];
  if (!initialCode) throw new Error('no initial code was made');
  const { numAffectedRows } = await sql`
    insert into user_account (tenant_id, id, username, name, password_hash, initial_code_expires_at, expires_on)
    values (${ctx.tenantId}, ${userId}, ${given.username.toLowerCase()}, ${given.name}, ${initialCode.hash},
      ${new Date(ctx.now + INITIAL_CODE_DAYS * DAY)}, ${given.expiresOn ?? null})
    on conflict (tenant_id, username) do nothing`.execute(ctx.tx);
  if (numAffectedRows === 0n) return refuse('username_taken', `账号 ${given.username} 已被使用，请换一个。`);
  for (const role of given.roles) await insertRole(ctx, userId, role);
  await audit(ctx, {
    action: 'account.created',
    subjectType: 'user',
    subjectId: userId,
    after: { username: given.username, roles: given.roles },
  });
  return ok({ userId, initialCode: initialCode.code });
}

const insertRole = (ctx: Ctx, userId: UserId, role: string): Promise<unknown> =>
  sql`insert into user_role (tenant_id, user_id, role, granted_by, granted_at)
    values (${ctx.tenantId}, ${userId}, ${role}, ${ctx.actor.userId}, ${new Date(ctx.now)}) on conflict do nothing`.execute(
    ctx.tx,
  );

export async function rolesOf(ctx: Ctx, userId: UserId): Promise<string[]> {
  const { rows } = await sql<{ role: string }>`
    select role from user_role where tenant_id = ${ctx.tenantId} and user_id = ${userId} order by role`.execute(
    ctx.tx,
  );
  return rows.map((row) => row.role);
}

/** Replaces the roles of a person; it counts from the person's next request. Who may grant what is the caller's rule. */
export async function setRoles(
  ctx: Ctx,
  userId: UserId,
  roles: readonly string[],
  reason?: string,
): Promise<void> {
  const before = await rolesOf(ctx, userId);
  await sql`delete from user_role where tenant_id = ${ctx.tenantId} and user_id = ${userId}
    and role <> all(${[...roles]}::text[])`.execute(ctx.tx);
  for (const role of roles) await insertRole(ctx, userId, role);
  await audit(ctx, {
    action: 'account.roles_changed',
    subjectType: 'user',
    subjectId: userId,
    ...(reason !== undefined && { reason }),
    before: { roles: before },
    after: { roles },
  });
}

/** Changes the name shown and the last day the account works (null: no end). */
export async function setNameAndExpiry(
  ctx: Ctx,
  userId: UserId,
  given: { name: string; expiresOn: string | null },
): Promise<void> {
  await sql`update user_account set name = ${given.name}, expires_on = ${given.expiresOn}
    where tenant_id = ${ctx.tenantId} and id = ${userId}`.execute(ctx.tx);
}

/** Makes a new first password; the administrator passes it on and never chooses one (ASVS 6.4.6). Ends all sessions. */
export async function resetPassword(
  ctx: Ctx,
  userId: UserId,
  reason: string,
): Promise<{ initialCode: string }> {
  const initialCode = newInitialCode();
  await sql`update user_account set password_hash = ${await hashPassword(initialCode)}, must_change_password = true,
      initial_code_expires_at = ${new Date(ctx.now + INITIAL_CODE_DAYS * DAY)}, failed_logins = 0, locked_until = null
    where tenant_id = ${ctx.tenantId} and id = ${userId}`.execute(ctx.tx);
  await endSessionsOf(ctx, userId, { reason: 'password_reset' });
  await audit(ctx, { action: 'account.password_reset', subjectType: 'user', subjectId: userId, reason });
  return { initialCode };
}

/** Unbinds a lost authenticator and voids the recovery codes; the next sign-in binds a new one. Ends all sessions. */
export async function resetFactor(ctx: Ctx, userId: UserId, reason: string): Promise<void> {
  await sql`update user_account set totp_secret = null, totp_enrolled_at = null
    where tenant_id = ${ctx.tenantId} and id = ${userId}`.execute(ctx.tx);
  await sql`delete from recovery_code where tenant_id = ${ctx.tenantId} and user_id = ${userId}`.execute(
    ctx.tx,
  );
  await endSessionsOf(ctx, userId, { reason: 'factor_reset' });
  await audit(ctx, { action: 'account.factor_reset', subjectType: 'user', subjectId: userId, reason });
}

/** Sends open sessions of a person who now needs a second factor to bind one before they go on (ASVS 6.3.3). */
export async function demandFactor(ctx: Ctx, userId: UserId): Promise<void> {
  await sql`update session set stage = 'enrol_totp'
    where tenant_id = ${ctx.tenantId} and user_id = ${userId} and ended_at is null and stage in ('signed_in', 'notice')
      and not exists (select from user_account u where u.tenant_id = session.tenant_id and u.id = session.user_id
        and u.totp_enrolled_at is not null)`.execute(ctx.tx);
}

/** Shuts or reopens an account; a shut one is out at its next request. */
export async function setDisabled(
  ctx: Ctx,
  userId: UserId,
  disabled: boolean,
  reason: string,
): Promise<void> {
  await sql`update user_account set disabled_at = ${disabled ? new Date(ctx.now) : null}
    where tenant_id = ${ctx.tenantId} and id = ${userId}`.execute(ctx.tx);
  if (disabled) await endSessionsOf(ctx, userId, { reason: 'disabled' });
  await audit(ctx, {
    action: disabled ? 'account.disabled' : 'account.enabled',
    subjectType: 'user',
    subjectId: userId,
    reason,
  });
}
