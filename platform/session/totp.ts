import { sql } from 'kysely';
import { Secret, TOTP } from 'otpauth';
import type { Ctx } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';

const STEP_SECONDS = 30;
/** Steps of clock difference that are accepted on either side. */
const WINDOW = 1;

const make = (secret: string, label: string): TOTP =>
  new TOTP({
    issuer: '智招',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: STEP_SECONDS,
    secret: Secret.fromBase32(secret),
  });

export function newTotp(label: string): { secret: string; otpauthUrl: string } {
  const secret = new Secret({ size: 20 }).base32;
  return { secret, otpauthUrl: make(secret, label).toString() };
}

/** The step a code belongs to, or null when it is wrong now. */
export function totpStep(secret: string, code: string, now: number): number | null {
  const delta = make(secret, '').validate({ token: code, window: WINDOW, timestamp: now });
  return delta === null ? null : Math.floor(now / 1000 / STEP_SECONDS) + delta;
}

/** The code an authenticator shows now; for demonstrations and tests. */
export const totpCode = (secret: string, now: number): string =>
  make(secret, '').generate({ timestamp: now });

/** Accepts a code once: the step must be later than the last one used, also when two requests race (ASVS 6.5.1). */
export async function spendTotp(ctx: Ctx, userId: UserId, secret: string, code: string): Promise<boolean> {
  const step = totpStep(secret, code, ctx.now);
  if (step === null) return false;
  const { numAffectedRows } = await sql`
    update user_account set totp_last_step = ${step}
    where tenant_id = ${ctx.tenantId} and id = ${userId} and totp_last_step < ${step}`.execute(ctx.tx);
  return numAffectedRows === 1n;
}
