import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { audit } from '#platform/audit/audit';
import { type Ctx, type Env, system, withTenant } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { type Bearer, hashToken, newToken } from '#platform/http/request-session';
import { newId, type TenantId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { tenantByCode } from '#platform/tenant';
import { checkPassword, hashPassword, isCommonPassword } from './password.ts';
import * as rules from './rules.ts';
import * as store from './store.ts';
import { newTotp, spendTotp } from './totp.ts';

const MINUTE = 60_000;
const FRESH_MS = rules.FRESH_MINUTES * MINUTE;

export interface SignInRules {
  /** Whether somebody with these roles must use a second factor. */
  readonly totpRequired: (roles: readonly string[]) => boolean;
  readonly absoluteHours: number;
}

export interface Credentials {
  readonly tenantCode: string;
  readonly username: string;
  readonly password: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Token of the session that this browser held until now: it ends, so that nobody plants one (ASVS 7.2.4). */
  readonly replaces?: Bearer | null;
}

export interface SignedIn {
  readonly tenantId: TenantId;
  readonly token: string;
  readonly stage: rules.Stage;
}

// One sentence for every cause, so that nobody learns which accounts exist or are locked.
const badCredentials = (): Result<never, Refusal<'bad_credentials'>> =>
  refuse(
    'bad_credentials',
    `单位代码、账号或密码不正确。连续输错 ${rules.FAILURES_BEFORE_LOCK} 次会锁定 ${rules.LOCK_MINUTES} 分钟；忘记密码请联系本单位管理员重置。`,
  );

/** First step: password. Opens a session whose stage says what is still missing. Failures are counted and audited. */
export async function signIn(
  env: Env,
  signInRules: SignInRules,
  given: Credentials,
): Promise<Result<SignedIn, Refusal<'bad_credentials'>>> {
  const tenant = await tenantByCode(env.db, given.tenantCode);
  if (!tenant) {
    await checkPassword(null, given.password);
    return badCredentials();
  }
  // A failure must be kept, so it is a value inside a transaction that commits.
  return withTenant(env, { tenantId: tenant.id, actor: { ...system, ip: given.ip } }, async (ctx) => {
    const account = await store.lockAccount(ctx.tx, tenant.id, { username: given.username });
    const right = await checkPassword(account?.passwordHash ?? null, given.password);
    if (!account) {
      await countNothing(ctx);
      return badCredentials();
    }
    const locked = isLocked(ctx, account);
    const expired = account.initialCodeExpiresAt !== null && account.initialCodeExpiresAt < ctx.now;
    if (!right || locked || expired || !account.open) {
      await countFailure(ctx, account, locked);
      return badCredentials();
    }
    return ok(await openSessionFor(ctx, account, signInRules, given));
  });
}

const isLocked = (ctx: Ctx, account: store.AccountRow): boolean =>
  account.lockedUntil !== null && account.lockedUntil > ctx.now;

/** The same statements as for a real account, so that time does not tell which accounts exist (ASVS 6.3.8). */
async function countNothing(ctx: Ctx): Promise<void> {
  await store.saveFailure(ctx, newId(), 0, null);
  await audit(ctx, { action: 'session.refused', subjectType: 'user', subjectId: null });
}

async function countFailure(ctx: Ctx, account: store.AccountRow, locked: boolean): Promise<void> {
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

async function openSessionFor(
  ctx: Ctx,
  account: store.AccountRow,
  signInRules: SignInRules,
  given: Credentials,
): Promise<SignedIn> {
  const token = newToken();
  const stage = stageOf(account, signInRules, false);
  // With a second factor still to come, the count goes on: or each password would buy five new guesses at the code.
  if (stage !== 'totp') await store.saveFailure(ctx, account.id, 0, null);
  if (given.replaces?.tenantId === ctx.tenantId) await store.endByToken(ctx, hashToken(given.replaces.token));
  await store.insertSession(ctx, {
    id: newId(),
    userId: account.id,
    tokenHash: hashToken(token),
    stage,
    expiresAt: ctx.now + signInRules.absoluteHours * 60 * MINUTE,
    ip: given.ip,
    userAgent: given.userAgent?.slice(0, 300) ?? null,
  });
  await audit(ctx, {
    action: 'session.opened',
    subjectType: 'user',
    subjectId: account.id,
    after: { stage },
  });
  return { tenantId: ctx.tenantId, token, stage };
}

const stageOf = (account: store.AccountRow, signInRules: SignInRules, totpPassed: boolean): rules.Stage =>
  rules.nextStage({
    totpEnrolled: account.totpEnrolled,
    totpPassed,
    totpRequired: signInRules.totpRequired(account.roles),
    mustChangePassword: account.mustChangePassword,
    acceptedNotice: account.noticeVersion,
    currentNotice: rules.NOTICE_VERSION,
  });

/** The account of the request's session, locked. */
async function mine(ctx: Ctx): Promise<store.AccountRow> {
  const account =
    ctx.actor.userId && (await store.lockAccount(ctx.tx, ctx.tenantId, { id: ctx.actor.userId }));
  if (!account) throw new Error('the account of the session is gone');
  return account;
}

const wrongStage = (): Result<never, Refusal<'wrong_stage'>> =>
  refuse('wrong_stage', '登录步骤已经变化，请刷新页面。');
const wrongCode = (message: string): Result<never, Refusal<'wrong_code'>> => refuse('wrong_code', message);

type Proof = { code: string } | { recoveryCode: string };

/**
 * Second step. A code is good once; after five wrong ones the session ends and the account is locked like after wrong
 * passwords. The session gets a new token with its new rights.
 */
export async function passTotp(
  ctx: Ctx,
  signInRules: SignInRules,
  proof: Proof,
): Promise<Result<{ stage: rules.Stage; token: string } | 'wrong', Refusal<'wrong_stage'>>> {
  const pending = await store.readPending(ctx);
  if (pending.stage !== 'totp') return wrongStage();
  const account = await mine(ctx);
  const locked = isLocked(ctx, account);
  if (locked || !(await proves(ctx, account, proof))) {
    await countFailure(ctx, account, locked);
    await countWrongCode(ctx, pending.failures + 1);
    return ok('wrong');
  }
  const stage = stageOf(account, signInRules, true);
  const token = newToken();
  await store.saveFailure(ctx, account.id, 0, null);
  await store.saveStage(ctx, stage, ctx.now + FRESH_MS);
  await store.saveToken(ctx, hashToken(token));
  await audit(ctx, {
    action: 'session.totp_passed',
    subjectType: 'user',
    subjectId: account.id,
    after: { by: Object.keys(proof)[0] },
  });
  return ok({ stage, token });
}

async function proves(ctx: Ctx, account: store.AccountRow, proof: Proof): Promise<boolean> {
  if ('recoveryCode' in proof)
    return store.spendRecoveryCode(ctx, account.id, hashRecoveryCode(proof.recoveryCode));
  return (
    account.totpSecret !== null && spendTotp(ctx, account.id, ctx.vault.open(account.totpSecret), proof.code)
  );
}

async function countWrongCode(ctx: Ctx, failures: number): Promise<void> {
  await sql`update session set totp_failures = ${failures} where tenant_id = ${ctx.tenantId} and id = ${ctx.actor.sessionId}`.execute(
    ctx.tx,
  );
  if (failures >= rules.TOTP_FAILURES_MAX && ctx.actor.userId && ctx.actor.sessionId) {
    await store.endSessionsOf(ctx, ctx.actor.userId, { only: ctx.actor.sessionId, reason: 'wrong_codes' });
  }
  await audit(ctx, { action: 'session.code_refused', subjectType: 'user', subjectId: ctx.actor.userId });
}

export async function startTotp(
  ctx: Ctx,
  tenantCode: string,
): Promise<Result<{ secret: string; otpauthUrl: string }, Refusal<'wrong_stage'>>> {
  const account = await mine(ctx);
  if (account.totpEnrolled) return wrongStage();
  const made = newTotp(`${tenantCode}:${account.username}`);
  await store.savePendingTotp(ctx, ctx.vault.seal(made.secret));
  return ok(made);
}

/** Binds the authenticator and hands out recovery codes, shown once. */
export async function enrolTotp(
  ctx: Ctx,
  signInRules: SignInRules,
  code: string,
): Promise<Result<{ stage: rules.Stage; recoveryCodes: string[] }, Refusal<'wrong_stage' | 'wrong_code'>>> {
  const pending = await store.readPending(ctx);
  const account = await mine(ctx);
  if (!pending.secret || account.totpEnrolled) return wrongStage();
  if (!(await spendTotp(ctx, account.id, ctx.vault.open(pending.secret), code))) {
    return wrongCode('动态口令不正确，请确认手机时间准确后，输入当前显示的 6 位数字。');
  }
  await store.saveTotp(ctx, account.id, ctx.vault.seal(ctx.vault.open(pending.secret)));
  await store.savePendingTotp(ctx, null);
  const recoveryCodes = Array.from({ length: rules.RECOVERY_CODES }, () => newRecoveryCode());
  await store.saveRecoveryCodes(
    ctx,
    account.id,
    recoveryCodes.map((text) => ({ id: newId(), hash: hashRecoveryCode(text) })),
  );
  const stage =
    pending.stage === 'signed_in'
      ? 'signed_in'
      : stageOf({ ...account, totpEnrolled: true }, signInRules, true);
  await store.saveStage(ctx, stage, ctx.now + FRESH_MS);
  await audit(ctx, { action: 'session.totp_enrolled', subjectType: 'user', subjectId: account.id });
  return ok({ stage, recoveryCodes });
}

const newRecoveryCode = (): string =>
  randomBytes(5)
    .toString('hex')
    .replace(/(.{5})(.{5})/, '$1-$2');
const hashRecoveryCode = (text: string): Buffer =>
  createHash('sha256')
    .update(text.toLowerCase().replace(/[^0-9a-f]/g, ''))
    .digest();

/** Changes the password, in the forced step or later; every other session of the person ends. */
export async function changePassword(
  ctx: Ctx,
  signInRules: SignInRules,
  given: { current: string; next: string },
): Promise<Result<{ stage: rules.Stage }, Refusal<'bad_credentials' | 'weak_password' | 'wrong_stage'>>> {
  const pending = await store.readPending(ctx);
  if (pending.stage !== 'change_password' && pending.stage !== 'signed_in') return wrongStage();
  const account = await mine(ctx);
  if (!(await checkPassword(account.passwordHash, given.current)))
    return refuse('bad_credentials', '当前密码不正确，请重新输入。');
  const faults = rules.passwordFaults({
    password: given.next,
    username: account.username,
    name: account.name,
    common: isCommonPassword(given.next),
  });
  if (given.next === given.current) faults.push('新密码不能与当前密码相同。');
  if (faults.length > 0) return refuse('weak_password', faults.join(''));
  await store.savePassword(ctx, account.id, await hashPassword(given.next));
  await store.endSessionsOf(ctx, account.id, {
    ...(ctx.actor.sessionId && { except: ctx.actor.sessionId }),
    reason: 'password_changed',
  });
  const stage =
    pending.stage === 'signed_in'
      ? 'signed_in'
      : stageOf({ ...account, mustChangePassword: false }, signInRules, true);
  await store.saveStage(ctx, stage, null);
  await audit(ctx, { action: 'session.password_changed', subjectType: 'user', subjectId: account.id });
  return ok({ stage });
}

export async function acceptNotice(
  ctx: Ctx,
  version: string,
): Promise<Result<{ stage: rules.Stage }, Refusal<'wrong_stage'>>> {
  const pending = await store.readPending(ctx);
  if (pending.stage !== 'notice' || version !== rules.NOTICE_VERSION || !ctx.actor.userId)
    return wrongStage();
  await store.saveNotice(ctx, ctx.actor.userId, version);
  await store.saveStage(ctx, 'signed_in', null);
  await audit(ctx, {
    action: 'session.notice_accepted',
    subjectType: 'user',
    subjectId: ctx.actor.userId,
    after: { version },
  });
  return ok({ stage: 'signed_in' });
}

/** Fresh proof for a sensitive act: a new code, or the password of somebody who has no second factor. */
export async function confirmIdentity(
  ctx: Ctx,
  proof: { code: string } | { password: string },
): Promise<Result<{ freshUntil: number } | 'wrong', never>> {
  const account = await mine(ctx);
  const right =
    'code' in proof
      ? account.totpSecret !== null &&
        (await spendTotp(ctx, account.id, ctx.vault.open(account.totpSecret), proof.code))
      : !account.totpEnrolled && (await checkPassword(account.passwordHash, proof.password));
  if (!right) {
    await countWrongCode(ctx, (await store.readPending(ctx)).failures + 1);
    return ok('wrong');
  }
  const freshUntil = ctx.now + FRESH_MS;
  await store.saveStage(ctx, 'signed_in', freshUntil);
  await audit(ctx, { action: 'session.confirmed', subjectType: 'user', subjectId: account.id });
  return ok({ freshUntil });
}
