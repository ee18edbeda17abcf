import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { removeFile } from '#platform/files/files';
import { changedRows, type RetentionRule } from '#platform/retention';
import { seasonsEndedBefore } from '#season';

/** Deliveries are needed for comparing and undoing as long as their season runs. */
export const deliveryRetention: readonly RetentionRule[] = [
  {
    id: 'deliveries',
    label: '已结束招生季的投档文件、导入差异、问题明细和未入库的随档字段删除',
    since: '招生季结束',
    days: { standard: 180, min: 0 },
    run: async (ctx, { before, files }) => {
      const ids = await importsOf(ctx, await seasonsEndedBefore(ctx, before));
      for (const { fileId } of ids) if (fileId) await removeFile(ctx, files, fileId);
      const list = ids.map(({ id }) => id);
      const of = sql`tenant_id = ${ctx.tenantId} and import_id = any(${list}::uuid[])`;
      await changedRows(
        ctx,
        sql`update delivery_import set file_id = null where tenant_id = ${ctx.tenantId} and id = any(${list}::uuid[])`,
      );
      const details = await changedRows(
        ctx,
        sql`delete from import_finding where ${of}`,
        sql`delete from import_change where ${of}`,
        sql`delete from delivered_detail where ${of}`,
      );
      return details + ids.filter(({ fileId }) => fileId !== null).length;
    },
  },
];

async function importsOf(
  ctx: Ctx,
  seasonIds: readonly string[],
): Promise<{ id: string; fileId: string | null }[]> {
  const { rows } = await sql<{ id: string; fileId: string | null }>`
    select id, file_id as "fileId" from delivery_import
    where tenant_id = ${ctx.tenantId} and season_id = any(${[...seasonIds]}::uuid[])`.execute(ctx.tx);
  return rows;
}
