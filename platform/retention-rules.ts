import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { removeFile } from '#platform/files/files';
import { changedRows, type RetentionRule } from './retention.ts';

const date = (ms: number): Date => new Date(ms);
/** A removed file is asked to be gone once more for so long: the process may have died between commit and disk. */
const AGAIN_DAYS = 7;

/** What ends in the platform's own tables. */
export const platformRetention: readonly RetentionRule[] = [
  {
    id: 'sessions',
    label: '登录记录（地址、浏览器）删除',
    since: '登录结束',
    days: { standard: 180, min: 7 },
    run: (ctx, { before }) =>
      changedRows(
        ctx,
        // The last one of an account in use stays without its address: the report on unused accounts needs its time.
        sql`delete from session s where s.tenant_id = ${ctx.tenantId} and coalesce(s.ended_at, s.expires_at) < ${date(before)}
          and not (s.id = (select l.id from session l where l.tenant_id = s.tenant_id and l.user_id = s.user_id
              order by l.last_seen_at desc, l.id desc limit 1)
            and exists (select from user_account u where u.tenant_id = s.tenant_id and u.id = s.user_id and u.disabled_at is null))`,
        sql`update session set ip = null, user_agent = null where tenant_id = ${ctx.tenantId}
          and coalesce(ended_at, expires_at) < ${date(before)} and ip is not null`,
      ),
  },
  {
    id: 'idempotency_keys',
    label: '重复提交的应答删除',
    since: '提交',
    days: { standard: 2, min: 1 },
    run: (ctx, { before }) =>
      changedRows(
        ctx,
        sql`delete from idempotency_key where tenant_id = ${ctx.tenantId} and created_at < ${date(before)}`,
      ),
  },
  {
    id: 'notices',
    label: '站内提醒删除',
    since: '发出',
    days: { standard: 365, min: 1 },
    run: (ctx, { before }) =>
      changedRows(
        ctx,
        sql`delete from notice where tenant_id = ${ctx.tenantId} and created_at < ${date(before)}`,
      ),
  },
  {
    id: 'jobs',
    label: '后台任务的参数和结果删除',
    since: '任务结束',
    days: { standard: 365, min: 7 },
    run: (ctx, { before }) =>
      changedRows(ctx, sql`delete from job where tenant_id = ${ctx.tenantId} and ended_at < ${date(before)}`),
  },
  {
    id: 'outbox',
    label: '已发出、收回和发送失败的短信（号码、正文）删除',
    since: '发出或收回',
    days: { standard: 180, min: 30 },
    run: (ctx, { before }) =>
      changedRows(
        ctx,
        sql`delete from outbox_message where tenant_id = ${ctx.tenantId} and state in ('sent', 'failed', 'recalled')
          and coalesce(sent_at, next_at) < ${date(before)}`,
      ),
  },
  {
    id: 'files',
    label: '到了移除日期的文件（导入的人员名单、导出文件等）删除',
    since: '文件的移除日期',
    days: { standard: 0, min: 0 },
    run: async (ctx, { before, files }) => {
      const due = await filesDue(ctx, before);
      for (const { id, removed } of due) {
        if (removed) await files.remove({ tenantId: ctx.tenantId, fileId: id });
        else await removeFile(ctx, files, id);
      }
      return due.filter(({ removed }) => !removed).length;
    },
  },
  {
    id: 'orphans',
    label: '没有登记的文件（上传中断、登记被撤回后留下的）删除',
    since: '写入',
    days: { standard: 7, min: 1 },
    run: async (ctx, { before, files }) => {
      let removed = await files.removeHalves(ctx.tenantId, before);
      for await (const ids of files.olderThan(ctx.tenantId, before)) {
        const unknown = await unknownFiles(ctx, ids);
        for (const fileId of unknown) await files.remove({ tenantId: ctx.tenantId, fileId });
        removed += unknown.length;
      }
      return removed;
    },
  },
  {
    id: 'accounts',
    label: '已停用账号的姓名、账号和登录凭证匿名化',
    since: '停用',
    days: { standard: 1095, min: 183 },
    run: (ctx, { before }) =>
      changedRows(
        ctx,
        sql`update user_account set name = '已注销人员', username = 'gone-' || left(id::text, 35), password_hash = null, totp_secret = null
          where tenant_id = ${ctx.tenantId} and disabled_at < ${date(before)} and name <> '已注销人员'`,
      ),
  },
  {
    id: 'audit',
    label: '审计日志删除',
    since: '记录',
    days: { standard: 1095, min: 183 },
    run: async (ctx, { before }) => {
      const { rows } = await sql<{ count: number }>`select audit_forget(${date(before)}) as count`.execute(
        ctx.tx,
      );
      return rows[0]?.count ?? 0;
    },
  },
];

/** Objects are written before their row: a transaction that did not commit leaves one that nothing knows. */
async function unknownFiles(ctx: Ctx, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select known.id from unnest(${[...ids]}::uuid[]) known(id)
    where not exists (select from stored_file f where f.tenant_id = ${ctx.tenantId} and f.id = known.id and f.removed_at is null)`.execute(
    ctx.tx,
  );
  return rows.map(({ id }) => id);
}

async function filesDue(ctx: Ctx, before: number): Promise<{ id: string; removed: boolean }[]> {
  const { rows } = await sql<{ id: string; removed: boolean }>`
    select id, removed_at is not null as removed from stored_file
    where tenant_id = ${ctx.tenantId} and (remove_after < ${date(before)} and removed_at is null
      or removed_at > ${date(ctx.now)}::timestamptz - ${AGAIN_DAYS} * interval '1 day')
    for update skip locked`.execute(ctx.tx);
  return rows;
}
