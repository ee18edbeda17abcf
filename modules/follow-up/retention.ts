import { sql } from 'kysely';
import { changedRows, type RetentionRule } from '#platform/retention';
import { seasonsEndedBefore } from '#season';

const GONE = '已到期删除';

/** The ledger of contacts stays as figures; what people wrote about a conversation goes. */
export const followUpRetention: readonly RetentionRule[] = [
  {
    id: 'call_notes',
    label: '已结束招生季的通话备注、回电备注、转交说明、查找记录和草稿删除',
    since: '招生季结束',
    days: { standard: 1095, min: 0 },
    run: async (ctx, { before }) => {
      const seasonIds = await seasonsEndedBefore(ctx, before);
      if (seasonIds.length === 0) return 0;
      const cases = sql`select c.id from follow_up_case c where c.tenant_id = ${ctx.tenantId} and c.season_id = any(${seasonIds}::uuid[])`;
      const of = sql`tenant_id = ${ctx.tenantId} and case_id in (${cases})`;
      return changedRows(
        ctx,
        sql`delete from lease_draft where tenant_id = ${ctx.tenantId}
          and lease_id in (select l.id from lease l where l.tenant_id = ${ctx.tenantId} and l.case_id in (${cases}))`,
        sql`update lease set undo = null where ${of} and undo is not null`,
        sql`update attempt set note = null where ${of} and note is not null`,
        sql`update callback set note = null where ${of} and note is not null`,
        sql`update case_skip set note = null where ${of} and note is not null`,
        sql`update playbook_step set detail = null where ${of} and detail is not null`,
        sql`update escalation set summary = ${GONE}, end_note = null where ${of} and summary <> ${GONE}`,
      );
    },
  },
  {
    id: 'presence',
    label: '在岗和暂停的记录删除',
    since: '当次结束',
    days: { standard: 365, min: 30 },
    run: (ctx, { before }) =>
      changedRows(
        ctx,
        sql`delete from presence where tenant_id = ${ctx.tenantId} and until < ${new Date(before)}`,
      ),
  },
];
