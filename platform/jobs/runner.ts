import { EventEmitter } from 'node:events';
import type { Logger as QueueLogger, Runner, TaskList, WorkerEvents } from 'graphile-worker';
import { sql } from 'kysely';
import { closeDb, openDb } from '#platform/db/pool';
import { type Caller, system, tenantIds, withTenant } from '#platform/db/tenant';
import { newId, type TenantId, type UserId } from '#platform/ids';
import {
  announceJob,
  type JobContext,
  type JobKind,
  type Progress,
  type Recurring,
  type SavedProgress,
} from './job.ts';

export interface RunnerOptions extends Pick<JobContext, 'env' | 'files' | 'log'> {
  /** The owner's connection: the queue's own tables are not the application's. */
  readonly ownerUrl: string;
  readonly kinds: readonly JobKind[];
  readonly recurring: readonly Recurring[];
}

const SCHEMA = 'job_queue';
const CONCURRENCY = 2;
const HEARTBEAT_MS = 10_000;
const DEAD_AFTER_SECONDS = 45;
const PROGRESS_EVERY_MS = 500;
const ATTEMPTS = 3;

/** Starts working on jobs in this process. Jobs of a process that died are taken over within a minute. */
export async function startJobs(options: RunnerOptions): Promise<{ stop: () => Promise<void> }> {
  // A job is locked in the name of the pool, which is told once, while the pool starts.
  const locks: string[] = [];
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:create', ({ workerPool }) => locks.push(workerPool.id));
  const { run } = await loadQueue();
  const worker = await run({
    events,
    connectionString: options.ownerUrl,
    schema: SCHEMA,
    concurrency: CONCURRENCY,
    pollInterval: 1000,
    noHandleSignals: true,
    maxPoolSize: CONCURRENCY + 2,
    taskList: taskList(options),
    parsedCronItems: [],
    logger: await queueLogger(options),
  });
  const stopHeartbeat = await startHeartbeat(options, worker, locks);
  const stops = options.recurring.map((item) => startRecurring(options, item));
  return {
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
      await worker.stop();
      await stopHeartbeat();
    },
  };
}

/** Large, and not needed before the server listens. */
const loadQueue = () => import('graphile-worker');

async function queueLogger({ log }: RunnerOptions): Promise<QueueLogger> {
  const { Logger } = await loadQueue();
  return new Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning') log.warn({ queue: message });
  });
}

const taskList = (options: RunnerOptions): TaskList => ({
  run_job: async (payload, helpers) => {
    const { tenantId, jobId } = payload as { tenantId: TenantId; jobId: string };
    await runJob(options, { tenantId, jobId, lastTry: helpers.job.attempts >= ATTEMPTS });
  },
});

interface JobRow {
  kind: string;
  payload: unknown;
  created_by: UserId | null;
}

async function runJob(
  options: RunnerOptions,
  at: { tenantId: TenantId; jobId: string; lastTry: boolean },
): Promise<void> {
  const caller: Caller = { tenantId: at.tenantId, actor: system };
  const row = await withTenant(options.env, caller, async (ctx) => {
    const { rows } = await sql<JobRow>`
      update job set state = 'running', started_at = coalesce(started_at, clock_timestamp())
      where tenant_id = ${at.tenantId} and id = ${at.jobId} and state in ('queued', 'running')
      returning kind, payload, created_by`.execute(ctx.tx);
    return rows[0];
  });
  if (!row) return;
  const kind = options.kinds.find((known) => known.kind === row.kind);
  if (!kind) throw new Error(`no such kind of job: ${row.kind}`);
  try {
    const context: JobContext = {
      ...options,
      ...at,
      createdBy: row.created_by,
      progress: progressSaver(options, caller, at.jobId),
    };
    const result = await kind.run(context, kind.payload.parse(row.payload) as never);
    await finish(
      options,
      caller,
      at.jobId,
      result.ok ? { state: 'done', result: result.value } : { state: 'refused', error: result.error.message },
    );
  } catch (error) {
    options.log.error({ err: error, job: at.jobId, kind: row.kind }, 'job failed');
    if (!at.lastTry) throw error;
    await finish(options, caller, at.jobId, {
      state: 'failed',
      error: '系统出错了，这项任务没有完成，也没有留下一半的结果。请重试；若仍不行，请联系管理员。',
    });
  }
}

interface Outcome {
  state: 'done' | 'refused' | 'failed';
  result?: unknown;
  error?: string;
}

async function finish(
  options: RunnerOptions,
  caller: Caller,
  jobId: string,
  outcome: Outcome,
): Promise<void> {
  await withTenant(options.env, caller, async (ctx) => {
    await sql`update job set state = ${outcome.state}, result = ${JSON.stringify(outcome.result ?? null)}::jsonb,
        error = ${outcome.error ?? null}, ended_at = clock_timestamp()
      where tenant_id = ${ctx.tenantId} and id = ${jobId}`.execute(ctx.tx);
    await announceJob(ctx, jobId);
  });
}

function progressSaver(options: RunnerOptions, caller: Caller, jobId: string): JobContext['progress'] {
  let savedAt = 0;
  let step: string | undefined;
  let since = Date.now();
  return async (progress: Progress) => {
    const now = Date.now();
    if (progress.step !== step) since = now;
    step = progress.step;
    if (now - savedAt < PROGRESS_EVERY_MS) return;
    savedAt = now;
    const saved: SavedProgress = { ...progress, since };
    await withTenant(options.env, caller, async (ctx) => {
      await sql`update job set progress = ${JSON.stringify(saved)}::jsonb
        where tenant_id = ${ctx.tenantId} and id = ${jobId}`.execute(ctx.tx);
      await announceJob(ctx, jobId);
    });
  };
}

/** Says that this process lives, and frees the jobs of processes that no longer do. */
async function startHeartbeat(
  options: RunnerOptions,
  worker: Runner,
  locks: readonly string[],
): Promise<() => Promise<void>> {
  const id = newId();
  const owner = openDb(options.ownerUrl, { max: 1 });
  const { makeWorkerUtils } = await loadQueue();
  const utils = await makeWorkerUtils({ pgPool: owner.pool, schema: SCHEMA });
  const beat = async (): Promise<void> => {
    await sql`insert into server_instance (id, seen_at, workers) values (${id}, clock_timestamp(), ${[...locks]})
      on conflict (id) do update set seen_at = excluded.seen_at, workers = excluded.workers`.execute(
      owner.kysely,
    );
    const { rows } = await sql<{ workers: string[] }>`
      delete from server_instance where seen_at < clock_timestamp() - ${DEAD_AFTER_SECONDS} * interval '1 second'
      returning workers`.execute(owner.kysely);
    const dead = rows.flatMap((row) => row.workers);
    if (dead.length > 0) await utils.forceUnlockWorkers(dead);
  };
  await beat();
  worker.events.on(
    'job:start',
    () => void beat().catch((error: unknown) => options.log.warn({ err: error }, 'heartbeat')),
  );
  const timer = setInterval(
    () => void beat().catch((error: unknown) => options.log.warn({ err: error }, 'heartbeat')),
    HEARTBEAT_MS,
  );
  return async () => {
    clearInterval(timer);
    await sql`delete from server_instance where id = ${id}`.execute(owner.kysely);
    await utils.release();
    await closeDb(owner);
  };
}

/** Repeats work for every tenant; a run that is still going on skips the next turn. */
function startRecurring(options: RunnerOptions, item: Recurring): () => Promise<void> {
  let running: Promise<void> | undefined;
  const turn = async (): Promise<void> => {
    for (const tenantId of await tenantIds(options.env)) {
      await item
        .run({ ...options, tenantId })
        .catch((error: unknown) =>
          options.log.error({ err: error, recurring: item.name }, 'recurring work failed'),
        );
    }
  };
  const timer = setInterval(() => {
    running ??= turn()
      .catch((error: unknown) =>
        options.log.error({ err: error, recurring: item.name }, 'recurring work failed'),
      )
      .finally(() => {
        running = undefined;
      });
  }, item.everyMinutes * 60_000);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
