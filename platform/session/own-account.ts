import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { checkPassword, hashPassword, isCommonPassword } from './password.ts';
import * as rules from './rules.ts';
import { countWrongProof, mine, type SignInRules, stageOf, wrongStage } from './step.ts';
import * as store from './store.ts';

/**
 * Changes the password, in the forced step or later; every other session of the person ends. A wrong current password is counted like a
 * wrong code, or an open session would be a place to guess it (ASVS 6.3.1); the count is kept, so `wrong` is a value.
 */
export async function changePassword(
  ctx: Ctx,
  signInRules: SignInRules,
  given: { current: string; next: string },
): Promise<Result<{ stage: rules.Stage } | 'wrong', Refusal<'weak_password' | 'wrong_stage'>>> {
  const pending = await store.readPending(ctx);
  if (pending.stage !== 'change_password' && pending.stage !== 'signed_in') return wrongStage();
  const account = await mine(ctx);
  if (!(await checkPassword(account.passwordHash, given.current))) {
    await countWrongProof(ctx, pending.failures + 1);
    return ok('wrong');
  }
  const faults = rules.passwordFaults({
    password: given.next,
    username: account.username,
    name: account.name,
    common: await isCommonPassword(given.next),
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
