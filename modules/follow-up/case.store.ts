import { sql } from 'kysely';
import type { CandidateId } from '#candidate';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import type { Instant, UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { Phase, PolicyId, Round, SeasonId } from '#season/rules';
import type { Disposition } from './outcome.rules.ts';
import type { CaseState } from './rules.ts';
import type { CaseCounts } from './tally.rules.ts';

export type CaseId = string & { readonly brand: 'CaseId' };

/** A case as it stands in the database; instants in milliseconds. */
export interface CaseRow extends CaseCounts {
  readonly id: CaseId;
  readonly season_id: SeasonId;
  readonly policy_id: PolicyId;
  readonly candidate_id: CandidateId;
  readonly phase: Phase;
  readonly round: Round;
  readonly owner_id: UserId | null;
  readonly group_id: string | null;
  readonly state: CaseState;
  readonly disposition: Disposition;
  readonly result: CaseResult | null;
  readonly result_reason: string | null;
  readonly priority: number;
  readonly due_at: Instant | null;
  readonly group_due_at: Instant | null;
  readonly pool_due_at: Instant | null;
  readonly deadline_at: Instant | null;
  readonly required_skill: string | null;
  readonly not_caller_id: UserId | null;
  readonly lease_id: string | null;
  readonly callback_id: string | null;
  readonly escalation_id: string | null;
  readonly blocked_reason: string | null;
  readonly in_charge_id: UserId | null;
  readonly day_parts: Readonly<Record<string, number>>;
  readonly messages: Readonly<Record<string, number>>;
  readonly dialled_on: string | null;
  readonly dialled_today: number;
  readonly last_attempt_id: string | null;
  readonly last_attempt_at: Instant | null;
  readonly last_outcome: string | null;
  readonly skips: number;
  readonly version: number;
}

export type CaseResult = 'admitted' | 'withdrawn' | 'returned' | 'closed';
export type CaseEventKind =
  | 'opened'
  | 'assigned'
  | 'round'
  | 'claimed'
  | 'finished'
  | 'released'
  | 'escalated'
  | 'reopened'
  | 'corrected'
  | 'blocked'
  | 'closed';

/** Columns that an event sets. Instants in milliseconds; they are written as ISO text. */
export type CaseImage = Partial<Omit<CaseRow, 'id' | 'version'>>;

export interface CaseChange {
  /** Version 0 opens a case; `after` then holds all its columns. */
  readonly case: { readonly id: CaseId; readonly version: number };
  readonly kind: CaseEventKind;
  readonly at: Instant;
  readonly causeId?: string | null;
  readonly note?: string | null;
  readonly after: CaseImage;
}

const INSTANTS: ReadonlySet<string> = new Set([
  'due_at',
  'group_due_at',
  'pool_due_at',
  'deadline_at',
  'last_attempt_at',
]);

const written = (image: CaseImage): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(image).map(([column, value]) => [
      column,
      INSTANTS.has(column) && typeof value === 'number' ? new Date(value).toISOString() : value,
    ]),
  );

/**
 * Writes changes of cases with their journal entries and counters, all or none. A change whose version is no longer the
 * one read fails as a serialization error (40001), and the use case starts again.
 */
export async function applyCases(ctx: Ctx, changes: readonly CaseChange[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map((change) => ({
    id: change.case.id,
    version: change.case.version,
    kind: change.kind,
    at: new Date(change.at).toISOString(),
    actorId: ctx.actor.userId,
    causeId: change.causeId ?? null,
    note: maskText(change.note ?? null),
    after: written(change.after),
  }));
  await sql`${prepared}select case_apply(${JSON.stringify(rows)}::jsonb)`.execute(ctx.tx);
}

/** Columns of CaseRow, from follow_up_case c. */
export const caseColumns = sql`c.id, c.season_id, c.policy_id, c.candidate_id, c.phase, c.round, c.owner_id, c.group_id,
  c.state, c.disposition, c.result, c.result_reason, c.priority, c.due_at, c.group_due_at, c.pool_due_at, c.deadline_at,
  c.required_skill, c.not_caller_id, c.lease_id, c.callback_id, c.escalation_id, c.blocked_reason, c.in_charge_id,
  c.attempts, c.dials, c.contacts, c.talk_seconds, c.refusals, c.unanswered, c.considered, c.day_parts, c.messages,
  c.dialled_on, c.dialled_today, c.last_attempt_id, c.last_attempt_at, c.last_outcome, c.skips, c.version`;

export async function readCase(ctx: Ctx, id: string): Promise<CaseRow | null> {
  const { rows } = await sql<CaseRow>`${prepared}
    select ${caseColumns} from follow_up_case c where c.tenant_id = ${ctx.tenantId} and c.id = ${id}`.execute(
    ctx.tx,
  );
  return rows[0] ?? null;
}

export async function readCases(ctx: Ctx, ids: readonly string[]): Promise<CaseRow[]> {
  const { rows } = await sql<CaseRow>`
    select ${caseColumns} from follow_up_case c
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${[...ids]}::uuid[]) order by c.id`.execute(ctx.tx);
  return rows;
}

/** What the columns of `after` held before. */
export const beforeImage = (row: CaseRow, after: CaseImage): CaseImage =>
  Object.fromEntries(Object.keys(after).map((column) => [column, row[column as keyof CaseRow]]));
