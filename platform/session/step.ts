import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import type { UserId } from '#platform/ids';
import type { Result } from '#platform/result';
import { tenantSettings } from '#platform/tenant-settings';
import * as rules from './rules.ts';
import * as store from './store.ts';

/** What every step of signing in needs: whose session it is, what is still missing, and the count of failures. */
export const MINUTE = 60_000;

export interface SignInRules {
  /** Whether somebody with these roles must use a second factor. */
  readonly totpRequired: (roles: readonly string[]) => boolean;
  readonly absoluteHours: number;
}

export const stageOf = (
  account: store.AccountRow,
  signInRules: SignInRules,
  totpPassed: boolean,
): rules.Stage =>
  rules.nextStage({
    totpEnrolled: account.totpEnrolled,
    totpPassed,
    totpRequired: signInRules.totpRequired(account.roles),
    mustChangePassword: account.mustChangePassword,
    acceptedNotice: account.noticeVersion,
    currentNotice: rules.NOTICE_VERSION,
  });

const DAY = 86_400_000;

/** GB/T 22239-2019 8.1.4.1 a: a password older than the organisation's period must be changed at the next sign-in. */
export const isPasswordOld = (ctx: Ctx, account: store.AccountRow, passwordDays: number | null): boolean =>
  passwordDays !== null && account.passwordSince < ctx.now - passwordDays * DAY;

/** GB/T 22239-2019 8.1.4.1 b: where the organisation wants it, whoever has signed in completely ends the person's other sessions. */
export async function endOthers(ctx: Ctx, userId: UserId, keep: string | null): Promise<void> {
  const { oneSession } = await tenantSettings(ctx);
  if (!oneSession) return;
  const which = { ...(keep !== null && { except: keep }), reason: 'signed_in_elsewhere' };
  const ended = await store.endSessionsOf(ctx, userId, which);
  if (ended === 0) return;
  await audit(ctx, {
    action: 'session.all_ended',
    subjectType: 'user',
    subjectId: userId,
    reason: '同一账号在别处登录',
    after: { ended },
  });
}

/** The account of the request's session, locked. */
export async function mine(ctx: Ctx): Promise<store.AccountRow> {
  const account =
    ctx.actor.userId && (await store.lockAccount(ctx.tx, ctx.tenantId, { id: ctx.actor.userId }));
  if (!account) throw new Error('the account of the session is gone');
  return account;
}

export const wrongStage = (): Result<never, Refusal<'wrong_stage'>> =>
  refuse('wrong_stage', '登录步骤已经变化，请刷新页面。');
export const isLocked = (ctx: Ctx, account: store.AccountRow): boolean =>
  account.lockedUntil !== null && account.lockedUntil > ctx.now;

export async function countFailure(ctx: Ctx, account: store.AccountRow, locked: boolean): Promise<void> {
  const failures = locked ? account.failedLogins : account.failedLogins + 1;
  const lock = !locked && failures >= rules.FAILURES_BEFORE_LOCK;
  await store.saveFailure(
    ctx,
    account.id,
    lock ? 0 : failures,
    lock ? ctx.now + rules.LOCK_MINUTES * MINUTE : account.lockedUntil,
  );
  await audit(ctx, {
    action: lock ? 'session.locked' : 'session.refused',
    subjectType: 'user',
    subjectId: account.id,
  });
}

/** A wrong code or password of somebody who has a session: the fifth ends the session, so that who found it open cannot try on. */
export async function countWrongProof(ctx: Ctx, failures: number): Promise<void> {
  await store.saveWrongProofs(ctx, failures);
  if (failures >= rules.TOTP_FAILURES_MAX && ctx.actor.userId && ctx.actor.sessionId) {
    await store.endSessionsOf(ctx, ctx.actor.userId, { only: ctx.actor.sessionId, reason: 'wrong_codes' });
  }
  await audit(ctx, { action: 'session.code_refused', subjectType: 'user', subjectId: ctx.actor.userId });
}
