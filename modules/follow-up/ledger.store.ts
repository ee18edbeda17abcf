import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import { tallyOf } from './tally.rules.ts';
import { tallyInsert } from './tally.store.ts';

/** One attempt as it counts now: corrections applied, the original beside it in the table. */
export interface LedgerRow {
  readonly id: string;
  readonly callerId: string;
  readonly callerName: string;
  readonly channel: string;
  readonly direction: 'out' | 'in';
  readonly phoneId: string | null;
  readonly masked: string | null;
  /** Effective code. */
  readonly outcome: string;
  readonly contact: boolean;
  readonly startedAt: Instant;
  readonly talkSeconds: number;
  readonly note: Buffer | null;
  readonly undone: boolean;
  readonly corrected: boolean;
}

const LEDGER_MAX = 200;

/** Columns of LedgerRow from attempt a, its caller u, its number p and its last correction k. */
const columns = sql`a.id, a.caller_id as "callerId", u.name as "callerName", a.channel, a.direction, a.phone_id as "phoneId",
  p.masked, coalesce(k.after->>'outcome', a.outcome) as outcome,
  coalesce((k.after->>'contact')::boolean, a.counts_as_contact) as contact, a.started_at as "startedAt",
  coalesce((k.after->>'talkSeconds')::int, a.talk_seconds) as "talkSeconds", a.note,
  k.kind is not distinct from 'undone' as undone, k.kind is not null and k.kind <> 'undone' as corrected`;

const joins = sql`attempt a
  join user_account u on u.tenant_id = a.tenant_id and u.id = a.caller_id
  left join phone p on p.tenant_id = a.tenant_id and p.id = a.phone_id
  left join lateral (
    select k.kind, k.after from attempt_correction k
    where k.tenant_id = a.tenant_id and k.attempt_id = a.id order by k.corrected_at desc, k.id desc limit 1
  ) k on true`;

/** The ledger of a case, newest first. */
export async function readLedger(ctx: Ctx, caseId: string): Promise<LedgerRow[]> {
  const { rows } = await sql<LedgerRow>`${prepared}
    select ${columns} from ${joins}
    where a.tenant_id = ${ctx.tenantId} and a.case_id = ${caseId}
    order by a.started_at desc, a.id desc limit ${LEDGER_MAX}`.execute(ctx.tx);
  return rows;
}

/** The ledger of a candidate over all phases, a page at a time. */
export async function readContacts(
  ctx: Ctx,
  candidateId: string,
  page: { before: Instant | null; size: number },
): Promise<LedgerRow[]> {
  const { rows } = await sql<LedgerRow>`
    select ${columns} from ${joins}
    where a.tenant_id = ${ctx.tenantId} and a.candidate_id = ${candidateId}
      ${page.before === null ? sql`` : sql`and a.started_at < ${new Date(page.before)}`}
    order by a.started_at desc, a.id desc limit ${page.size}`.execute(ctx.tx);
  return rows;
}

export interface AttemptRow {
  readonly id: string;
  readonly case_id: string;
  readonly candidate_id: string;
  readonly lease_id: string;
  readonly caller_id: string;
  readonly phone_id: string | null;
  readonly channel: string;
  readonly direction: 'out' | 'in';
  readonly group_id: string | null;
  readonly outcome: string;
  readonly contact: boolean;
  readonly incomplete: boolean;
  readonly started_at: Instant;
  readonly ended_at: Instant;
  readonly talk_seconds: number;
  readonly created_at: Instant;
  readonly completed: boolean;
  readonly undone: boolean;
}

const attemptColumns = sql`a.id, a.case_id, a.candidate_id, a.lease_id, a.caller_id, a.phone_id, a.channel, a.direction, a.group_id, a.outcome,
  a.counts_as_contact as contact, a.incomplete,
  a.started_at, a.ended_at, a.talk_seconds, a.created_at,
  exists (select from attempt_correction k where k.tenant_id = a.tenant_id and k.attempt_id = a.id and k.kind = 'completed') as completed,
  exists (select from attempt_correction k where k.tenant_id = a.tenant_id and k.attempt_id = a.id and k.kind = 'undone') as undone`;

export async function readAttempt(ctx: Ctx, id: string): Promise<AttemptRow | null> {
  const { rows } = await sql<AttemptRow>`
    select ${attemptColumns} from attempt a where a.tenant_id = ${ctx.tenantId} and a.id = ${id}`.execute(
    ctx.tx,
  );
  return rows[0] ?? null;
}

/** The text that the rules queued together with this attempt: its key is that of the attempt and `-sms`. */
export async function textSentWith(ctx: Ctx, { id }: Pick<AttemptRow, 'id'>): Promise<AttemptRow | null> {
  const { rows } = await sql<AttemptRow>`
    select ${attemptColumns} from attempt call
    join attempt a on a.tenant_id = call.tenant_id and a.client_key = call.client_key || '-sms'
    where call.tenant_id = ${ctx.tenantId} and call.id = ${id}`.execute(ctx.tx);
  return rows[0] ?? null;
}

/** The attempt that an earlier send of the same form made, if any. */
export async function attemptByKey(ctx: Ctx, clientKey: string): Promise<AttemptRow | null> {
  const { rows } = await sql<AttemptRow>`${prepared}
    select ${attemptColumns} from attempt a
    where a.tenant_id = ${ctx.tenantId} and a.client_key = ${clientKey}`.execute(ctx.tx);
  return rows[0] ?? null;
}

export interface NewAttempt {
  readonly id: string;
  readonly caseId: string;
  readonly candidateId: string;
  readonly seasonId: string;
  readonly policyId: string;
  readonly leaseId: string;
  readonly callerId: string;
  readonly groupId: string | null;
  readonly phase: string;
  readonly round: string;
  readonly channel: string;
  readonly direction: 'out' | 'in';
  readonly phoneId: string | null;
  readonly line: string | null;
  readonly answerer: string | null;
  readonly result: string | null;
  readonly outcome: string;
  readonly contact: boolean;
  readonly policyVersion: number;
  readonly scriptVersionId: string | null;
  readonly startedAt: Instant;
  readonly answeredAt: Instant | null;
  readonly endedAt: Instant;
  readonly talkSeconds: number;
  readonly note: string;
  readonly flagged: readonly string[];
  readonly incomplete: boolean;
  readonly clientKey: string;
}

const stamp = (at: Instant | null): Date | null => (at === null ? null : new Date(at));

/** Adds an attempt to the ledger and to the counters. A key that another send used first fails as a unique violation. */
export async function insertAttempt(ctx: Ctx, given: NewAttempt): Promise<void> {
  await sql`${prepared}
    with counted as (${tallyInsert(ctx, { ...given, at: given.startedAt }, tallyOf(given))})
    insert into attempt (tenant_id, id, case_id, candidate_id, season_id, policy_id, lease_id, caller_id, group_id, phase, round,
      channel, direction, phone_id, line, answerer, result, outcome, counts_as_contact, policy_version, script_version_id,
      started_at, answered_at, ended_at, talk_seconds, note, flagged, incomplete, client_key, created_at)
    values (${ctx.tenantId}, ${given.id}, ${given.caseId}, ${given.candidateId}, ${given.seasonId}, ${given.policyId}, ${given.leaseId},
      ${given.callerId}, ${given.groupId}, ${given.phase}, ${given.round}, ${given.channel}, ${given.direction}, ${given.phoneId},
      ${given.line}, ${given.answerer}, ${given.result}, ${given.outcome}, ${given.contact}, ${given.policyVersion},
      ${given.scriptVersionId}, ${stamp(given.startedAt)}, ${stamp(given.answeredAt)}, ${stamp(given.endedAt)},
      ${given.talkSeconds}, ${given.note === '' ? null : ctx.vault.seal(given.note)}, ${[...given.flagged]}::text[],
      ${given.incomplete}, ${given.clientKey}, ${new Date(ctx.now)})`.execute(ctx.tx);
}

export interface NewCorrection {
  readonly id: string;
  readonly attemptId: string;
  readonly kind: 'undone' | 'corrected' | 'completed';
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string;
  readonly by: string;
}

export async function insertCorrection(ctx: Ctx, given: NewCorrection): Promise<void> {
  await sql`
    insert into attempt_correction (tenant_id, id, attempt_id, kind, before, after, reason, corrected_by, corrected_at)
    values (${ctx.tenantId}, ${given.id}, ${given.attemptId}, ${given.kind}, ${JSON.stringify(given.before)}::jsonb,
      ${JSON.stringify(given.after)}::jsonb, ${maskText(given.reason)}, ${given.by}, ${new Date(ctx.now)})`.execute(
    ctx.tx,
  );
}
