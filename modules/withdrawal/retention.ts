import { sql } from 'kysely';
import { removeFile } from '#platform/files/files';
import type { RetentionRule } from '#platform/retention';
import { seasonsEndedBefore } from '#season';

/** The photo of the signed request has a date of its own (evidence); the letter that was printed for it goes with the season. */
export const withdrawalRetention: readonly RetentionRule[] = [
  {
    id: 'letters',
    label: '已结束招生季的退档申请书文件删除',
    since: '招生季结束',
    days: { standard: 180, min: 0 },
    run: async (ctx, { before, files }) => {
      const { rows } = await sql<{ fileId: string }>`
        select f.id as "fileId" from withdrawal w
        join follow_up_case c on c.tenant_id = w.tenant_id and c.id = w.case_id
        join stored_file f on f.tenant_id = w.tenant_id and f.id = w.letter_file_id and f.removed_at is null
        where w.tenant_id = ${ctx.tenantId} and c.season_id = any(${await seasonsEndedBefore(ctx, before)}::uuid[])`.execute(
        ctx.tx,
      );
      for (const { fileId } of rows) await removeFile(ctx, files, fileId);
      return rows.length;
    },
  },
];
