import { sql } from 'kysely';
import type { z } from 'zod';
import type { Ctx, Env } from '#platform/db/tenant';
import type { FileStore } from '#platform/files/store';
import { publish } from '#platform/http/events';
import type { Refusal } from '#platform/http/refusal';
import { type Instant, newId, type TenantId, type UserId } from '#platform/ids';
import type { Log } from '#platform/log';
import type { Result } from '#platform/result';

export interface Progress {
  readonly done: number;
  readonly total: number | null;
  /** What is counted, in Chinese, e.g. 行. */
  readonly unit: string;
  /** What happens just now, in Chinese. */
  readonly step?: string;
}

/** As it is stored: each step counts from nought, so how fast it goes is judged from its own start. */
export interface SavedProgress extends Progress {
  readonly since: Instant;
}

export interface JobContext {
  readonly env: Env;
  readonly files: FileStore;
  readonly log: Log;
  readonly tenantId: TenantId;
  readonly jobId: string;
  readonly createdBy: UserId | null;
  /** Saves progress at most every half second; call it as often as you like. */
  readonly progress: (progress: Progress) => Promise<void>;
}

/** One kind of background work. It may be started again after a crash, so it must find out what is done already. */
export interface JobKind {
  readonly kind: string;
  readonly payload: z.ZodType;
  readonly run: (job: JobContext, payload: never) => Promise<Result<unknown, Refusal>>;
}

export const defineJob = <S extends z.ZodType>(given: {
  kind: string;
  payload: S;
  run: (job: JobContext, payload: z.output<S>) => Promise<Result<unknown, Refusal>>;
}): JobKind => given as JobKind;

/** Work that repeats for every tenant: `everyMinutes` 1 to 1440. */
export interface Recurring {
  readonly name: string;
  readonly everyMinutes: number;
  readonly run: (job: { env: Env; files: FileStore; log: Log; tenantId: TenantId }) => Promise<void>;
}

/** Puts work in the queue; it starts after this transaction commits, once. */
export async function enqueue(ctx: Ctx, kind: string, payload: unknown): Promise<string> {
  const id = newId();
  await sql`insert into job (tenant_id, id, kind, payload, created_by)
    values (${ctx.tenantId}, ${id}, ${kind}, ${JSON.stringify(payload)}::jsonb, ${ctx.actor.userId})`.execute(
    ctx.tx,
  );
  await sql`select enqueue_job(${ctx.tenantId}, ${id})`.execute(ctx.tx);
  return id;
}

export interface JobView {
  readonly id: string;
  readonly kind: string;
  readonly state: 'queued' | 'running' | 'done' | 'refused' | 'failed';
  readonly progress: Partial<SavedProgress>;
  readonly result: unknown;
  readonly error: string | null;
  readonly createdBy: UserId | null;
  readonly createdAt: Instant;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
}

export async function readJob(ctx: Ctx, id: string): Promise<JobView | null> {
  const { rows } = await sql<JobView>`
    select id, kind, state, progress, result, error, created_by as "createdBy", created_at as "createdAt",
      started_at as "startedAt", ended_at as "endedAt"
    from job where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
  return rows[0] ?? null;
}

export async function announceJob(ctx: Ctx, jobId: string): Promise<void> {
  await publish(ctx, { topic: 'job', subjectId: jobId });
}
