import { sql } from 'kysely';
import { changedRows, type RetentionRule } from '#platform/retention';

const GONE = '已到期删除';

/** Why somebody was away concerns nobody after the years in which it may be asked. */
export const absenceRetention: readonly RetentionRule[] = [
  {
    id: 'leaves',
    label: '请假原因和审批意见删除，保留起止日期',
    since: '假期结束',
    days: { standard: 1095, min: 0 },
    run: (ctx, { before }) =>
      changedRows(
        ctx,
        sql`update staff_leave set reason = ${GONE}, decision_note = null
          where tenant_id = ${ctx.tenantId} and ends_on < (${new Date(before)}::timestamptz at time zone 'Asia/Shanghai')::date and reason <> ${GONE}`,
      ),
  },
];
