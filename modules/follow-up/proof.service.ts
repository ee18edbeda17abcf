import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { type Instant, newId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { holdersOf } from '#staff';
import { localTime } from './day-part.rules.ts';
import { type FollowUpCheck, verifyFollowUp } from './verify.ts';

/** The proof obligations, run every night and kept: conservation, no double call, no silent end, replay (docs/architecture.md, "The follow-up case"). */

export interface Proof extends FollowUpCheck {
  readonly checkedAt: Instant;
  readonly tookMs: number;
}

/** The latest run; null: none yet. */
export async function latestProof(ctx: Ctx): Promise<Proof | null> {
  const { rows } = await sql<{ checkedAt: Instant; tookMs: number; result: FollowUpCheck }>`
    select checked_at as "checkedAt", took_ms as "tookMs", result from follow_up_proof
    where tenant_id = ${ctx.tenantId} order by checked_at desc limit 1`.execute(ctx.tx);
  const [row] = rows;
  return row ? { ...row.result, checkedAt: row.checkedAt, tookMs: row.tookMs } : null;
}

const HOUR_MS = 3_600_000;
const KEPT_DAYS = 90;
/** Between one and five in the morning nobody calls. */
const NIGHT = { fromMinute: 60, untilMinute: 300 };
const AGAIN_AFTER_MS = 12 * HOUR_MS;

/** Whether it is time for a run: at night, and the last one was not this night. */
export async function isProofDue(ctx: Ctx): Promise<boolean> {
  const { minute } = localTime(ctx.now);
  if (minute < NIGHT.fromMinute || minute >= NIGHT.untilMinute) return false;
  const last = await latestProof(ctx);
  return last === null || ctx.now - last.checkedAt >= AGAIN_AFTER_MS;
}

/** Checks everything, keeps the result, and tells the office when something does not hold. */
export async function prove(ctx: Ctx): Promise<Proof> {
  const began = performance.now();
  const check = await verifyFollowUp(ctx);
  const tookMs = Math.round(performance.now() - began);
  await sql`insert into follow_up_proof (tenant_id, id, checked_at, took_ms, result)
    values (${ctx.tenantId}, ${newId()}, ${new Date(ctx.now)}, ${tookMs}, ${JSON.stringify(check)}::jsonb)`.execute(
    ctx.tx,
  );
  await sql`delete from follow_up_proof
    where tenant_id = ${ctx.tenantId} and checked_at < ${new Date(ctx.now - KEPT_DAYS * 24 * HOUR_MS)}`.execute(
    ctx.tx,
  );
  if (check.faults.length > 0)
    for (const userId of await holdersOf(ctx, 'admissions_office'))
      await notify(ctx, userId, {
        title: `回访数据核对发现 ${check.faults.length} 处不符`,
        body: '请运维人员运行 zhizhao verify follow-up 查看明细；核对只读，没有改动任何记录。',
        link: '/reports/wallboard',
      });
  return { ...check, checkedAt: ctx.now, tookMs };
}
