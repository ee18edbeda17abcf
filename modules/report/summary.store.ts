import { sql } from 'kysely';
import type { Tally } from '#follow-up/rules';
import type { Ctx } from '#platform/db/tenant';
import { maskText } from '#platform/personal-text';
import { inNameOrder } from '#platform/pinyin';

export interface SummaryRow<Figures> {
  readonly id: string;
  readonly groupId: string;
  readonly groupName: string;
  readonly leaderId: string | null;
  readonly weekStartsOn: string;
  readonly figures: Figures;
  readonly remarks: string;
  readonly state: 'draft' | 'sent';
  readonly writtenByName: string;
  readonly createdAt: number;
  readonly sentAt: number | null;
}

const LIMIT = 200;
const selected = sql`
  select w.id, w.group_id as "groupId", g.name as "groupName", g.leader_id as "leaderId", w.week_starts_on as "weekStartsOn", w.figures,
    w.remarks, w.state, u.name as "writtenByName", w.created_at as "createdAt", w.sent_at as "sentAt"
  from weekly_summary w join staff_group g on g.tenant_id = w.tenant_id and g.id = w.group_id
  join user_account u on u.tenant_id = w.tenant_id and u.id = w.written_by`;

/** Sent ones of every group in scope, drafts only of the groups the reader leads; the latest week first, groups by name. */
export async function listRows<F>(
  ctx: Ctx,
  seasonId: string,
  led: readonly string[] | null,
): Promise<SummaryRow<F>[]> {
  const scope = led === null ? sql`w.state = 'sent'` : sql`w.group_id = any(${[...led]}::uuid[])`;
  const { rows } = await sql<SummaryRow<F>>`${selected}
    where w.tenant_id = ${ctx.tenantId} and w.season_id = ${seasonId} and ${scope}
    order by w.week_starts_on desc, w.id limit ${LIMIT}`.execute(ctx.tx);
  return inNameOrder(rows, ({ groupName }) => groupName).sort((one, other) =>
    one.weekStartsOn < other.weekStartsOn ? 1 : -Number(one.weekStartsOn > other.weekStartsOn),
  );
}

export async function lockRow<F>(ctx: Ctx, id: string): Promise<SummaryRow<F> | null> {
  const { rows } = await sql<
    SummaryRow<F>
  >`${selected} where w.tenant_id = ${ctx.tenantId} and w.id = ${id} for update of w`.execute(ctx.tx);
  return rows[0] ?? null;
}

interface NewSummary {
  readonly id: string;
  readonly seasonId: string;
  readonly groupId: string;
  readonly weekStartsOn: string;
  readonly figures: unknown;
}

/** Makes this week's summary or renews the figures of its draft; null when it was sent already. */
export async function upsertRow(ctx: Ctx, given: NewSummary): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    insert into weekly_summary as w (tenant_id, id, season_id, group_id, week_starts_on, figures, written_by, created_at)
    values (${ctx.tenantId}, ${given.id}, ${given.seasonId}, ${given.groupId}, ${given.weekStartsOn}, ${JSON.stringify(given.figures)}::jsonb,
      ${ctx.actor.userId}, ${new Date(ctx.now)})
    on conflict (tenant_id, season_id, group_id, week_starts_on) do update set figures = excluded.figures where w.state = 'draft'
    returning id`.execute(ctx.tx);
  return rows[0]?.id ?? null;
}

export async function saveRow(
  ctx: Ctx,
  id: string,
  given: { remarks: string; send: boolean },
): Promise<void> {
  await sql`update weekly_summary set remarks = ${maskText(given.remarks)}, state = ${given.send ? 'sent' : 'draft'},
      sent_at = ${given.send ? new Date(ctx.now) : null}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

/** Whether the week has a summary already, sent or not. */
export async function hasDraft(
  ctx: Ctx,
  given: { seasonId: string; groupId: string; weekStartsOn: string },
): Promise<boolean> {
  const { rows } = await sql`
    select from weekly_summary where tenant_id = ${ctx.tenantId} and season_id = ${given.seasonId} and group_id = ${given.groupId}
      and week_starts_on = ${given.weekStartsOn}::date`.execute(ctx.tx);
  return rows.length > 0;
}

/** Contacts of a group in the week from a Monday on, out of the counters by caller and day. */
export async function sumsOfWeek(
  ctx: Ctx,
  seasonId: string,
  groupId: string,
  monday: string,
): Promise<Tally[]> {
  const inWeek = sql`day >= ${monday}::date and day < ${monday}::date + 7`;
  const columns = sql`attempts, dials, contacts, refusals, unreached, unknown_eligibility as "unknownEligibility",
    not_eligible as "notEligible", confirmed, considering, withdrawing, talk_seconds as "talkSeconds", discarded`;
  const { rows } = await sql<Tally>`
    select ${columns} from contact_tally where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and grain = 'caller_day'
      and group_id = ${groupId} and ${inWeek}
    union all
    select ${columns} from contact_tally_delta where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and group_id = ${groupId}
      and ${inWeek}`.execute(ctx.tx);
  return rows;
}
