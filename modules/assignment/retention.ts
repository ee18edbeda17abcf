import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { changedRows, type RetentionRule } from '#platform/retention';
import { seasonsEndedBefore } from '#season';

const GONE = '已匿名';

/** A registration decides who follows up; after the season only who registered how many is of interest. */
export const assignmentRetention: readonly RetentionRule[] = [
  {
    id: 'leads',
    label: '已结束招生季的报备考生姓名、电话和证件标记删除，保留报备人和数量',
    since: '招生季结束',
    days: { standard: 180, min: 0 },
    run: async (ctx, { before }) =>
      changedRows(
        ctx,
        sql`update lead set name = ${GONE}, phone = null, phone_blind = null, candidate_no = null,
            id_blind = sha256(uuid_send(id) || ${randomBytes(32)}::bytea)
          where tenant_id = ${ctx.tenantId} and name <> ${GONE}
            and season_id = any(${await seasonsEndedBefore(ctx, before)}::uuid[])`,
      ),
  },
];
