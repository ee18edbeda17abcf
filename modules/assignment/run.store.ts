import { sql } from 'kysely';
import type { z } from 'zod';
import type { Ctx } from '#platform/db/tenant';
import type { Figures, Preview, RunFilter, RunState, RunView } from './contract.ts';
import type { RunLimits } from './rules.ts';

/** What a preview was computed from, so that a release can say what has changed since. */
export interface InputMarks {
  readonly candidates: string;
  readonly leads: string;
  readonly policies: string;
  readonly callers: string;
  readonly stage: string;
}

export interface StoredPreview extends z.output<typeof Preview> {
  readonly marks: InputMarks;
  readonly stage: { readonly phase: string; readonly round: string };
}

export interface Run {
  readonly id: string;
  readonly seasonId: string;
  readonly seed: string;
  readonly filter: RunFilter;
  readonly limits: RunLimits;
  readonly preview: StoredPreview;
  readonly state: RunState;
  readonly candidates: number;
  readonly inputHash: Buffer;
  readonly jobId: string | null;
  readonly createdBy: string;
  readonly createdByName: string;
  readonly createdAt: number;
  readonly releasedBy: string | null;
  readonly releasedByName: string | null;
  readonly releasedAt: number | null;
}

const columns = sql`r.id, r.season_id as "seasonId", r.seed, r.filter, r.limits, r.preview, r.state, r.candidates,
  r.input_hash as "inputHash", r.job_id as "jobId", r.created_by as "createdBy", u.name as "createdByName",
  r.created_at as "createdAt", r.released_by as "releasedBy", v.name as "releasedByName", r.released_at as "releasedAt"`;
const joined = sql`assignment_run r
  join user_account u on u.tenant_id = r.tenant_id and u.id = r.created_by
  left join user_account v on v.tenant_id = r.tenant_id and v.id = r.released_by`;

export async function insertRun(
  ctx: Ctx,
  run: Pick<Run, 'id' | 'seasonId' | 'seed' | 'filter' | 'limits' | 'preview' | 'candidates' | 'inputHash'>,
): Promise<void> {
  await sql`
    insert into assignment_run (tenant_id, id, season_id, seed, filter, limits, preview, candidates, input_hash, created_by, created_at)
    values (${ctx.tenantId}, ${run.id}, ${run.seasonId}, ${run.seed}, ${JSON.stringify(run.filter)}::jsonb,
      ${JSON.stringify(run.limits)}::jsonb, ${JSON.stringify(run.preview)}::jsonb, ${run.candidates}, ${run.inputHash},
      ${ctx.actor.userId}, ${new Date(ctx.now)})`.execute(ctx.tx);
}

export async function readRun(ctx: Ctx, id: string, { lock = false } = {}): Promise<Run | null> {
  const { rows } = await sql<Run>`
    select ${columns} from ${joined} where r.tenant_id = ${ctx.tenantId} and r.id = ${id}
    ${lock ? sql`for update of r` : sql``}`.execute(ctx.tx);
  return rows[0] ?? null;
}

export type RunSummary = Omit<Run, 'preview' | 'filter' | 'limits' | 'inputHash'> & {
  readonly figures: Figures;
  readonly stage: RunView['stage'];
};

/** Newest first; ids are time-ordered, so the last id is the cursor. */
export async function readRuns(
  ctx: Ctx,
  seasonId: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<RunSummary[]> {
  const { rows } = await sql<RunSummary>`
    select r.id, r.season_id as "seasonId", r.seed, r.state, r.candidates, r.job_id as "jobId", r.created_by as "createdBy",
      u.name as "createdByName", r.created_at as "createdAt", r.released_by as "releasedBy", v.name as "releasedByName",
      r.released_at as "releasedAt", r.preview->'figures' as figures, r.preview->'stage' as stage
    from ${joined}
    where r.tenant_id = ${ctx.tenantId} and r.season_id = ${seasonId}
      ${cursor === undefined ? sql`` : sql`and r.id < ${cursor}::uuid`}
    order by r.id desc limit ${limit + 1}`.execute(ctx.tx);
  return rows;
}

/** Writes where a run stands; released_by is who pressed the button, also while the job runs. */
export async function setRunState(
  ctx: Ctx,
  id: string,
  given: { state: RunState; jobId?: string | null; releasedBy?: string | null; releasedAt?: number | null },
): Promise<void> {
  await sql`
    update assignment_run set state = ${given.state}
      ${given.jobId === undefined ? sql`` : sql`, job_id = ${given.jobId}`}
      ${given.releasedBy === undefined ? sql`` : sql`, released_by = ${given.releasedBy}`}
      ${given.releasedAt === undefined ? sql`` : sql`, released_at = ${given.releasedAt === null ? null : new Date(given.releasedAt)}`}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

/** One release of a season at a time: the second sees what the first has opened. */
export async function lockReleases(ctx: Ctx, seasonId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`assignment ${ctx.tenantId} ${seasonId}`}, 0))`.execute(
    ctx.tx,
  );
}
