import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant, UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { AuditRange } from './audit-export.contract.ts';
import type { ExportFilter } from './contract.ts';
import type { AnyKind, ExportState, ReceiverBasis } from './rules.ts';

export interface ExportRow {
  readonly id: string;
  /** Null for the audit log. */
  readonly seasonId: string | null;
  readonly kind: AnyKind;
  readonly filter: ExportFilter | AuditRange;
  readonly reason: string;
  readonly rows: number;
  readonly receiver: string | null;
  readonly receiverBasis: ReceiverBasis | null;
  readonly state: ExportState;
  readonly mark: string;
  readonly requestedBy: UserId;
  readonly requestedByName: string;
  readonly requestedAt: Instant;
  readonly approvedByName: string | null;
  readonly decisionNote: string | null;
  readonly jobId: string | null;
  readonly fileId: string | null;
  readonly expiresAt: Instant | null;
  readonly downloads: number;
}

const LIST_LIMIT = 200;
/** A request whose job came to nothing has no file and will get none; why is the job's to say. */
const gaveUp = sql`e.state = 'making' and j.state in ('refused', 'failed')`;
const selected = sql`
  select e.id, e.season_id as "seasonId", e.kind, e.filter, e.reason, e.rows, e.receiver, e.receiver_basis as "receiverBasis", case when ${gaveUp} then 'failed' else e.state end as state, e.mark, e.requested_by as "requestedBy",
    asker.name as "requestedByName", e.requested_at as "requestedAt", approver.name as "approvedByName",
    case when ${gaveUp} then j.error else e.decision_note end as "decisionNote",
    e.job_id as "jobId", e.file_id as "fileId", e.expires_at as "expiresAt", e.downloads
  from export_request e join user_account asker on asker.tenant_id = e.tenant_id and asker.id = e.requested_by
  left join user_account approver on approver.tenant_id = e.tenant_id and approver.id = e.approved_by
  left join job j on j.tenant_id = e.tenant_id and j.id = e.job_id`;

/** Of a season, of the audit log, or whatever went to somebody outside in any season; newest first. */
export async function listRows(
  ctx: Ctx,
  of: { readonly seasonId: string } | 'audit' | 'shared',
): Promise<ExportRow[]> {
  const which =
    of === 'audit'
      ? sql`e.kind = 'audit'`
      : of === 'shared'
        ? sql`e.receiver is not null and e.downloads > 0`
        : sql`e.season_id = ${of.seasonId}`;
  const { rows } = await sql<ExportRow>`${selected} where e.tenant_id = ${ctx.tenantId} and ${which}
    order by e.requested_at desc limit ${LIST_LIMIT}`.execute(ctx.tx);
  return rows;
}

export async function lockRow(ctx: Ctx, id: string): Promise<ExportRow | null> {
  const { rows } =
    await sql<ExportRow>`${selected} where e.tenant_id = ${ctx.tenantId} and e.id = ${id} for update of e`.execute(
      ctx.tx,
    );
  return rows[0] ?? null;
}

/** Rows that the actor has taken out alone since a moment. `hold` makes other requests of the same person wait, so that two at once both count. */
export async function rowsTakenAlone(ctx: Ctx, since: Instant, { hold = false } = {}): Promise<number> {
  if (hold) {
    await sql`select id from user_account where tenant_id = ${ctx.tenantId} and id = ${ctx.actor.userId} for no key update`.execute(
      ctx.tx,
    );
  }
  const { rows } = await sql<{ taken: number }>`
    select coalesce(sum(rows), 0)::int as taken from export_request
    where tenant_id = ${ctx.tenantId} and requested_by = ${ctx.actor.userId} and requested_at > ${new Date(since)}
      and approved_by is null and state in ('making', 'ready')`.execute(ctx.tx);
  return rows[0]?.taken ?? 0;
}

type NewExport = Pick<
  ExportRow,
  'id' | 'seasonId' | 'kind' | 'filter' | 'reason' | 'rows' | 'receiver' | 'receiverBasis' | 'mark'
> & {
  readonly state: 'waiting' | 'making';
};

export async function insertRow(ctx: Ctx, given: NewExport): Promise<void> {
  await sql`insert into export_request (tenant_id, id, season_id, kind, filter, reason, rows, receiver, receiver_basis, state, mark, requested_by, requested_at)
    values (${ctx.tenantId}, ${given.id}, ${given.seasonId}, ${given.kind}, ${JSON.stringify(given.filter)}::jsonb, ${maskText(given.reason)}, ${given.rows},
      ${maskText(given.receiver)}, ${given.receiverBasis}, ${given.state}, ${given.mark}, ${ctx.actor.userId}, ${new Date(ctx.now)})`.execute(
    ctx.tx,
  );
}

export async function saveJob(ctx: Ctx, id: string, jobId: string): Promise<void> {
  await sql`update export_request set state = 'making', job_id = ${jobId} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  );
}

export async function saveDecision(
  ctx: Ctx,
  id: string,
  given: { approve: boolean; note: string },
): Promise<void> {
  await sql`update export_request set state = ${given.approve ? 'making' : 'rejected'}, approved_by = ${ctx.actor.userId},
      decided_at = ${new Date(ctx.now)}, decision_note = ${maskText(given.note)}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

export async function saveFile(
  ctx: Ctx,
  id: string,
  { fileId, password, expiresAt }: { fileId: string; password: string; expiresAt: Instant },
): Promise<void> {
  await sql`update export_request set state = 'ready', file_id = ${fileId}, password = ${ctx.vault.seal(password)}, expires_at = ${new Date(expiresAt)}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

/** Opens the zip; null once it is gone with its file. */
export async function readPassword(ctx: Ctx, id: string): Promise<string | null> {
  const { rows } = await sql<{ password: Buffer | null }>`
    select password from export_request where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
  const sealed = rows[0]?.password ?? null;
  return sealed === null ? null : ctx.vault.open(sealed);
}

export async function forgetPassword(ctx: Ctx, id: string): Promise<void> {
  await sql`update export_request set password = null where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  );
}

export async function countDownload(ctx: Ctx, id: string): Promise<void> {
  await sql`update export_request set downloads = downloads + 1 where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  );
}

export async function expiredFiles(ctx: Ctx, limit: number): Promise<{ id: string; fileId: string }[]> {
  const { rows } = await sql<{ id: string; fileId: string }>`
    select e.id, e.file_id as "fileId" from export_request e
    join stored_file f on f.tenant_id = e.tenant_id and f.id = e.file_id and f.removed_at is null
    where e.tenant_id = ${ctx.tenantId} and e.expires_at < ${new Date(ctx.now)} limit ${limit}`.execute(
    ctx.tx,
  );
  return rows;
}
