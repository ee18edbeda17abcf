import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { inNameOrder } from '#platform/pinyin';

const MAJORS_MAX = 500;

/** Names of majors as the provinces wrote them, and the college's own. Reads major_code and major of #season. */
export async function majorNames(ctx: Ctx, seasonId: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from major_code where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and name <> ''
    union select name from major where tenant_id = ${ctx.tenantId} and season_id = ${seasonId}
    order by name limit ${MAJORS_MAX}`.execute(ctx.tx);
  return inNameOrder(
    rows.map(({ name }) => name),
    (name) => name,
  );
}
