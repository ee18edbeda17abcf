import { createHash, randomBytes } from 'node:crypto';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { hashToken, newToken } from '#platform/http/request-session';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { checkPassword } from './password.ts';
import * as rules from './rules.ts';
import {
  countFailure,
  countWrongProof,
  endOthers,
  isLocked,
  MINUTE,
  mine,
  type SignInRules,
  stageOf,
  wrongStage,
} from './step.ts';
import * as store from './store.ts';
import { newTotp, spendTotp } from './totp.ts';

const FRESH_MS = rules.FRESH_MINUTES * MINUTE;

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
    await countWrongProof(ctx, pending.failures + 1);
    return ok('wrong');
  }
  const stage = stageOf(account, signInRules, true);
  const token = newToken();
  await store.saveFailure(ctx, account.id, 0, null);
  await store.saveStage(ctx, stage, ctx.now + FRESH_MS);
  await store.saveToken(ctx, hashToken(token));
  await endOthers(ctx, account.id, ctx.actor.sessionId);
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

/** A session that somebody left open binds nobody's telephone: outside the step that asks for it, a fresh proof is wanted (ASVS 7.5.1). */
const mayBind = (account: store.AccountRow, pending: store.Pending): boolean =>
  pending.stage === 'enrol_totp' || (pending.stage === 'signed_in' && !account.totpEnrolled && pending.fresh);

export async function startTotp(
  ctx: Ctx,
  tenantCode: string,
): Promise<Result<{ secret: string; otpauthUrl: string }, Refusal<'wrong_stage'>>> {
  const account = await mine(ctx);
  if (!mayBind(account, await store.readPending(ctx))) return wrongStage();
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
  if (!pending.secret || !mayBind(account, pending)) return wrongStage();
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

/**
 * For who lost the phone and got in with a recovery code: password and one more recovery code lead to binding a new authenticator.
 * The old one stays good until the new one has shown a code, so that an attempt left half-way opens nothing. Other sessions end.
 */
export async function rebindTotp(
  ctx: Ctx,
  given: { password: string; recoveryCode: string },
): Promise<Result<{ stage: rules.Stage } | 'wrong', Refusal<'wrong_stage'>>> {
  const account = await mine(ctx);
  if (!account.totpEnrolled || !ctx.actor.sessionId) return wrongStage();
  const locked = isLocked(ctx, account);
  const right = (await checkPassword(account.passwordHash, given.password)) && !locked;
  if (!right || !(await proves(ctx, account, { recoveryCode: given.recoveryCode }))) {
    await countFailure(ctx, account, locked);
    await countWrongProof(ctx, (await store.readPending(ctx)).failures + 1);
    return ok('wrong');
  }
  await store.saveStage(ctx, 'enrol_totp', null);
  await store.endSessionsOf(ctx, account.id, { except: ctx.actor.sessionId, reason: 'factor_rebound' });
  await audit(ctx, { action: 'session.factor_rebound', subjectType: 'user', subjectId: account.id });
  return ok({ stage: 'enrol_totp' });
}

const newRecoveryCode = (): string =>
  randomBytes(5)
    .toString('hex')
    .replace(/(.{5})(.{5})/, '$1-$2');
const hashRecoveryCode = (text: string): Buffer =>
  createHash('sha256')
    .update(text.toLowerCase().replace(/[^0-9a-f]/g, ''))
    .digest();

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
    await countWrongProof(ctx, (await store.readPending(ctx)).failures + 1);
    return ok('wrong');
  }
  const freshUntil = ctx.now + FRESH_MS;
  await store.saveStage(ctx, 'signed_in', freshUntil);
  await audit(ctx, { action: 'session.confirmed', subjectType: 'user', subjectId: account.id });
  return ok({ freshUntil });
}
