import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';

/**
 * Seasons that are over since before a moment: no longer the active one, and their last phase (or, without dates, their year) has
 * ended. From then the purposes of following up have ended too (个人信息保护法 art. 19 and 47).
 */
export async function seasonsEndedBefore(ctx: Ctx, before: Instant): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from season s where s.tenant_id = ${ctx.tenantId} and not s.active
      and coalesce((select max(p.ends_at) from season_phase p where p.tenant_id = s.tenant_id and p.season_id = s.id),
        make_timestamptz(s.year + 1, 1, 1, 0, 0, 0, 'Asia/Shanghai')) < ${new Date(before)}`.execute(ctx.tx);
  return rows.map(({ id }) => id);
}
