import { sql } from 'kysely';
import { maskName } from '#candidate/rules';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';
import type { FaultCode } from './proof.rules.ts';
import type { Fault, FollowUpCheck } from './verify.ts';

/** Runs of the proof and where their subjects lead; reads candidate and job besides the tables of the follow-up. */

export interface RunRow {
  readonly id: string;
  readonly checkedAt: Instant;
  readonly tookMs: number;
  readonly cases: number;
  readonly events: number;
  readonly attempts: number;
  readonly faults: number;
}

const RUNS_MAX = 90;

export async function readRuns({ tx, tenantId }: Ctx): Promise<RunRow[]> {
  const { rows } = await sql<RunRow>`
    select id, checked_at as "checkedAt", took_ms as "tookMs", (result->>'cases')::int as cases, (result->>'events')::int as events,
      (result->>'attempts')::int as attempts, jsonb_array_length(result->'faults') as faults
    from follow_up_proof where tenant_id = ${tenantId} order by checked_at desc, id desc limit ${RUNS_MAX}`.execute(
    tx,
  );
  return rows;
}

export async function readResult({ tx, tenantId }: Ctx, id: string): Promise<FollowUpCheck | null> {
  const { rows } = await sql<{ result: FollowUpCheck }>`
    select result from follow_up_proof where tenant_id = ${tenantId} and id = ${id}`.execute(tx);
  return rows[0]?.result ?? null;
}

/** A run that waits or goes on; one that has said nothing for six hours is not waited for. */
export async function openRun({ tx, tenantId, now }: Ctx, kind: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from job where tenant_id = ${tenantId} and kind = ${kind} and state in ('queued', 'running')
      and created_at > ${new Date(now - 6 * 3_600_000)} order by created_at desc limit 1`.execute(tx);
  return rows[0]?.id ?? null;
}

export interface FaultView {
  readonly what: FaultCode;
  readonly subjectId: string;
  readonly candidateId: string | null;
  readonly candidateName: string | null;
  readonly candidateNoMasked: string | null;
}

/** Follows each subject (case, lease, attempt or call-back) to its candidate. */
export async function withCandidates({ tx, tenantId }: Ctx, faults: readonly Fault[]): Promise<FaultView[]> {
  const ids = faults.map(({ subjectId }) => subjectId).filter((id) => UUID.test(id));
  const { rows } = await sql<{ id: string; candidateId: string; name: string; candidateNo: string }>`
    with subject as (
      select id, id as case_id from follow_up_case where tenant_id = ${tenantId} and id = any(${ids}::uuid[])
      union all select id, case_id from lease where tenant_id = ${tenantId} and id = any(${ids}::uuid[])
      union all select id, case_id from attempt where tenant_id = ${tenantId} and id = any(${ids}::uuid[])
      union all select id, case_id from callback where tenant_id = ${tenantId} and id = any(${ids}::uuid[])
    )
    select s.id, d.id as "candidateId", d.name, d.candidate_no as "candidateNo" from subject s
    join follow_up_case c on c.tenant_id = ${tenantId} and c.id = s.case_id
    join candidate d on d.tenant_id = c.tenant_id and d.id = c.candidate_id`.execute(tx);
  const found = new Map(rows.map((row) => [row.id, row]));
  return faults.map(({ what, subjectId }) => {
    const row = found.get(subjectId);
    return {
      what,
      subjectId,
      candidateId: row?.candidateId ?? null,
      candidateName: row ? maskName(row.name) : null,
      candidateNoMasked: row ? `${row.candidateNo.slice(0, 4)}******${row.candidateNo.slice(-4)}` : null,
    };
  });
}

/** The sums are named by a digest, which looks like an id without being one. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
