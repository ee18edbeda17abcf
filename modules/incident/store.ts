import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { type Instant, newId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { IncidentInput, IncidentView } from './contract.ts';
import type { Audience } from './rules.ts';

export type IncidentRow = Omit<IncidentView, 'notices'>;

const columns = sql`
  i.id, i.kind, i.title, i.found_at as "foundAt", i.happened_at as "happenedAt", i.data_kinds as "dataKinds", i.affected, i.cause, i.harm,
  i.measures, i.self_help as "selfHelp", i.contact, i.subjects_told as "subjectsTold", i.subjects_reason as "subjectsReason",
  i.authority_due_at as "authorityDueAt", r.name as "registeredByName", i.registered_at as "registeredAt", i.conclusion,
  c.name as "closedByName", i.closed_at as "closedAt"`;
const joined = sql`incident i join user_account r on r.tenant_id = i.tenant_id and r.id = i.registered_by
  left join user_account c on c.tenant_id = i.tenant_id and c.id = i.closed_by`;

const LIST_MAX = 200;

/** The most urgent first; closed ones the last closed first. */
export async function readIncidents(ctx: Ctx, view: 'open' | 'closed'): Promise<IncidentRow[]> {
  const { rows } = await sql<IncidentRow>`
    select ${columns} from ${joined} where i.tenant_id = ${ctx.tenantId} and (i.closed_at is null) = ${view === 'open'}
    order by i.closed_at desc nulls last, i.authority_due_at, i.id limit ${LIST_MAX}`.execute(ctx.tx);
  return rows;
}

export async function readIncident(ctx: Ctx, id: string): Promise<IncidentRow | null> {
  const { rows } = await sql<IncidentRow>`
    select ${columns} from ${joined} where i.tenant_id = ${ctx.tenantId} and i.id = ${id}`.execute(ctx.tx);
  return rows[0] ?? null;
}

/** Holds the incident until the transaction ends. */
export async function lockIncident(ctx: Ctx, id: string): Promise<IncidentRow | null> {
  await sql`select 1 from incident where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
    ctx.tx,
  );
  return readIncident(ctx, id);
}

export async function insertIncident(
  ctx: Ctx,
  id: string,
  given: IncidentInput & { readonly authorityDueAt: Instant },
): Promise<void> {
  await sql`
    insert into incident (tenant_id, id, kind, title, found_at, happened_at, data_kinds, affected, cause, harm, measures, self_help,
      contact, authority_due_at, subjects_told, subjects_reason, registered_by, registered_at)
    values (${ctx.tenantId}, ${id}, ${given.kind}, ${maskText(given.title)}, ${new Date(given.foundAt)}, ${stamp(given.happenedAt)},
      ${maskText(given.dataKinds)}, ${given.affected}, ${maskText(given.cause)}, ${maskText(given.harm)}, ${maskText(given.measures)},
      ${maskText(given.selfHelp)}, ${given.contact}, ${new Date(given.authorityDueAt)}, ${given.subjectsReason === null},
      ${maskText(given.subjectsReason)}, ${ctx.actor.userId}, ${new Date(ctx.now)})`.execute(ctx.tx);
}

export async function saveIncident(
  ctx: Ctx,
  id: string,
  given: IncidentInput & { readonly authorityDueAt: Instant },
): Promise<void> {
  await sql`
    update incident set kind = ${given.kind}, title = ${maskText(given.title)}, found_at = ${new Date(given.foundAt)},
      happened_at = ${stamp(given.happenedAt)}, data_kinds = ${maskText(given.dataKinds)}, affected = ${given.affected},
      cause = ${maskText(given.cause)}, harm = ${maskText(given.harm)}, measures = ${maskText(given.measures)},
      self_help = ${maskText(given.selfHelp)}, contact = ${given.contact}, authority_due_at = ${new Date(given.authorityDueAt)},
      subjects_told = ${given.subjectsReason === null}, subjects_reason = ${maskText(given.subjectsReason)}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

const stamp = (at: Instant | null): Date | null => (at === null ? null : new Date(at));

export async function saveClosed(ctx: Ctx, id: string, conclusion: string): Promise<void> {
  await sql`update incident set conclusion = ${maskText(conclusion)}, closed_by = ${ctx.actor.userId}, closed_at = ${new Date(ctx.now)}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

export interface NewNotice {
  readonly audience: Audience;
  readonly receiver: string;
  readonly channel: string;
  readonly body: string;
  readonly sentAt: Instant;
}

export async function insertNotice(ctx: Ctx, incidentId: string, given: NewNotice): Promise<string> {
  const id = newId<string>();
  await sql`
    insert into incident_notice (tenant_id, id, incident_id, audience, receiver, channel, body, sent_at, recorded_by, recorded_at)
    values (${ctx.tenantId}, ${id}, ${incidentId}, ${given.audience}, ${maskText(given.receiver)}, ${maskText(given.channel)},
      ${maskText(given.body)}, ${new Date(given.sentAt)}, ${ctx.actor.userId}, ${new Date(ctx.now)})`.execute(
    ctx.tx,
  );
  return id;
}

type Notice = IncidentView['notices'][number] & { readonly incidentId: string };

/** Notices of these incidents in the order they went out. */
export async function readNotices(ctx: Ctx, incidentIds: readonly string[]): Promise<Notice[]> {
  const { rows } = await sql<Notice>`
    select n.id, n.incident_id as "incidentId", n.audience, n.receiver, n.channel, n.body, n.sent_at as "sentAt", u.name as "recordedByName"
    from incident_notice n join user_account u on u.tenant_id = n.tenant_id and u.id = n.recorded_by
    where n.tenant_id = ${ctx.tenantId} and n.incident_id = any(${[...incidentIds]}::uuid[])
    order by n.sent_at, n.id`.execute(ctx.tx);
  return rows;
}

/** Open incidents that nobody has reported yet and whose time runs out by `dueBefore`; each is taken once. */
export async function takeAlarming(
  ctx: Ctx,
  dueBefore: Instant,
): Promise<{ title: string; dueAt: Instant }[]> {
  const { rows } = await sql<{ title: string; dueAt: Instant }>`
    update incident i set alarmed_at = ${new Date(ctx.now)}
    where i.tenant_id = ${ctx.tenantId} and i.closed_at is null and i.alarmed_at is null and i.authority_due_at <= ${new Date(dueBefore)}
      and not exists (select from incident_notice n where n.tenant_id = i.tenant_id and n.incident_id = i.id and n.audience = 'authority')
    returning i.title, i.authority_due_at as "dueAt"`.execute(ctx.tx);
  return rows;
}
