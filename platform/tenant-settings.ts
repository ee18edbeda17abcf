import { sql } from 'kysely';
import { z } from 'zod';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';

/** What an organisation decides about signing in and keeping, with the values that hold while it has decided nothing. */
export const TenantSettings = z.object({
  /** GB/T 22239-2019 8.1.4.1 b: signing in ends the other sessions of the same person. */
  oneSession: z.boolean().default(false),
  /** GB/T 22239-2019 8.1.4.1 a: after so many days the password must be changed; null: never by age alone. */
  passwordDays: z.number().int().min(30).max(730).nullable().default(null),
  /** 个人信息保护法 art. 57: hours from the discovery of an incident to the report to the authority. */
  incidentHours: z.number().int().min(1).max(72).default(24),
  /** Days by retention rule, where they differ from the standard. */
  retention: z.record(z.string(), z.number().int().min(0).max(3650)).default({}),
});
export type TenantSettings = z.output<typeof TenantSettings>;

/** Settings of the tenant of the transaction. */
export async function tenantSettings(ctx: Pick<Ctx, 'tx' | 'tenantId'>): Promise<TenantSettings> {
  const { rows } = await sql<{ settings: unknown }>`
    select settings from tenant where id = ${ctx.tenantId}`.execute(ctx.tx);
  return TenantSettings.parse(rows[0]?.settings ?? {});
}

/** The name of the organisation, as it stands on what it sends out. */
export async function tenantName({ tx, tenantId }: Pick<Ctx, 'tx' | 'tenantId'>): Promise<string> {
  const { rows } = await sql<{ name: string }>`select name from tenant where id = ${tenantId}`.execute(tx);
  return rows[0]?.name ?? '';
}

/** Changes some settings and leaves the others as they are; before and after stand in the audit log. */
export async function changeTenantSettings(
  ctx: Ctx,
  change: Partial<TenantSettings>,
  reason: string,
): Promise<TenantSettings> {
  await sql`select 1 from tenant where id = ${ctx.tenantId} for update`.execute(ctx.tx);
  const before = await tenantSettings(ctx);
  const after = TenantSettings.parse({ ...before, ...change });
  await sql`update tenant set settings = settings || ${JSON.stringify(after)}::jsonb where id = ${ctx.tenantId}`.execute(
    ctx.tx,
  );
  await audit(ctx, {
    action: 'security.changed',
    subjectType: 'tenant',
    subjectId: ctx.tenantId,
    reason,
    before,
    after,
  });
  return after;
}
