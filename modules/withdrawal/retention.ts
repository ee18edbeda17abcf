import { sql } from 'kysely';
import { removeFile } from '#platform/files/files';
import { changedRows, type RetentionRule } from '#platform/retention';
import { seasonsEndedBefore } from '#season';

const GONE = '已到期删除';

/** The photo of an ended request has a date of its own (evidence); the letter that was printed for it, and the photo of a request that never ended, go with the season. */
export const withdrawalRetention: readonly RetentionRule[] = [
  {
    id: 'letters',
    label: '已结束招生季的退档申请书文件和没有办完的申请的材料照片删除',
    since: '招生季结束',
    days: { standard: 180, min: 0 },
    run: async (ctx, { before, files }) => {
      const { rows } = await sql<{ fileId: string }>`
        select f.id as "fileId" from withdrawal w
        join follow_up_case c on c.tenant_id = w.tenant_id and c.id = w.case_id
        join stored_file f on f.tenant_id = w.tenant_id and f.removed_at is null
          and (f.id = w.letter_file_id or (f.id = w.evidence_file_id and w.remove_evidence_after is null))
        where w.tenant_id = ${ctx.tenantId} and c.season_id = any(${await seasonsEndedBefore(ctx, before)}::uuid[])`.execute(
        ctx.tx,
      );
      for (const { fileId } of rows) await removeFile(ctx, files, fileId);
      return rows.length;
    },
  },
  {
    id: 'withdrawals',
    label: '已结束招生季的退档理由和误退说明删除，保留办理过程',
    since: '招生季结束',
    days: { standard: 1095, min: 183 },
    run: async (ctx, { before }) => {
      const of = sql`select w.id from withdrawal w join follow_up_case c on c.tenant_id = w.tenant_id and c.id = w.case_id
        where w.tenant_id = ${ctx.tenantId} and c.season_id = any(${await seasonsEndedBefore(ctx, before)}::uuid[])`;
      return changedRows(
        ctx,
        sql`update wrongful_withdrawal set description = ${GONE}, finding = null
          where tenant_id = ${ctx.tenantId} and description <> ${GONE} and withdrawal_id in (${of})`,
        sql`update withdrawal set reason_text = ${GONE}, rejected_reason = null
          where tenant_id = ${ctx.tenantId} and reason_text <> ${GONE} and id in (${of})`,
      );
    },
  },
];
