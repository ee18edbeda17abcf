import { sql } from 'kysely';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { type Instant, newId } from '#platform/ids';
import { enqueue } from '#platform/jobs/job';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import { holdersOf } from '#staff';
import { localTime } from './day-part.rules.ts';
import { type FaultView, openRun, type RunRow, readResult, readRuns, withCandidates } from './proof.store.ts';
import { type FollowUpCheck, verifyFollowUp } from './verify.ts';

/** The proof obligations, run every night and kept: conservation, no double call, no silent end, replay (docs/architecture.md, "The follow-up case"). */

export const PROOF_JOB = 'follow-up.proof';

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

export interface ProofPage {
  readonly latest:
    | (Omit<RunRow, 'faults'> & { readonly byState: Record<string, number>; readonly faults: FaultView[] })
    | null;
  readonly runs: RunRow[];
  readonly jobId: string | null;
}

/** The runs of the last weeks, and what the latest found, each subject with its candidate. */
export async function readProofs(ctx: Ctx): Promise<Result<ProofPage, never>> {
  const runs = await readRuns(ctx);
  const [latest] = runs;
  const result = latest ? await readResult(ctx, latest.id) : null;
  return ok({
    runs,
    jobId: await openRun(ctx, PROOF_JOB),
    latest:
      latest && result
        ? { ...latest, byState: { ...result.byState }, faults: await withCandidates(ctx, result.faults) }
        : null,
  });
}

/** Somebody wants to know now: a job, since it reads the whole journal. One at a time. */
export async function askForProof(ctx: Ctx): Promise<Result<{ jobId: string }, Refusal<'running'>>> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} ${PROOF_JOB}`}, 0))`.execute(
    ctx.tx,
  );
  if (await openRun(ctx, PROOF_JOB))
    return refuse('running', '核对正在进行，结束后本页会显示结果；请等这一次做完，再开始下一次。');
  const jobId = await enqueue(ctx, PROOF_JOB, {});
  await audit(ctx, { action: 'proof.begun', subjectType: 'proof', subjectId: jobId });
  return ok({ jobId });
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
        body: '请打开“督查 > 回访核对”查看是哪几项、哪些考生；核对只读，没有改动任何记录。',
        link: '/supervision/proof',
      });
  return { ...check, checkedAt: ctx.now, tookMs };
}
