import { audit } from '#platform/audit/audit';
import { type Ctx, type Env, system, withTenant } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { type Bearer, hashToken, newToken } from '#platform/http/request-session';
import { newId, type TenantId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { tenantByCode } from '#platform/tenant';
import { tenantSettings } from '#platform/tenant-settings';
import { checkPassword } from './password.ts';
import * as rules from './rules.ts';
import {
  countFailure,
  endOthers,
  isLocked,
  isPasswordOld,
  MINUTE,
  type SignInRules,
  stageOf,
} from './step.ts';
import * as store from './store.ts';

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

/** The same statements as for a real account, so that time does not tell which accounts exist (ASVS 6.3.8). */
async function countNothing(ctx: Ctx): Promise<void> {
  await store.saveFailure(ctx, newId(), 0, null);
  await audit(ctx, { action: 'session.refused', subjectType: 'user', subjectId: null });
}

async function openSessionFor(
  ctx: Ctx,
  account: store.AccountRow,
  signInRules: SignInRules,
  given: Credentials,
): Promise<SignedIn> {
  const token = newToken();
  const { passwordDays } = await tenantSettings(ctx);
  const old = isPasswordOld(ctx, account, passwordDays);
  if (old) await store.demandPassword(ctx, account.id);
  const stage = stageOf(
    { ...account, mustChangePassword: account.mustChangePassword || old },
    signInRules,
    false,
  );
  // With a second factor still to come, the count goes on: or each password would buy five new guesses at the code.
  if (stage !== 'totp') {
    await store.saveFailure(ctx, account.id, 0, null);
    await endOthers(ctx, account.id, null);
  }
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
