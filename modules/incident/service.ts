import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import { tenantName, tenantSettings } from '#platform/tenant-settings';
import { holdersOf } from '#staff';
import type { IncidentInput, IncidentView } from './contract.ts';
import {
  ALARM_HOURS,
  type Audience,
  type CloseFault,
  closeFault,
  draftOf,
  dueAt,
  missingFor,
} from './rules.ts';
import {
  type IncidentRow,
  insertIncident,
  insertNotice,
  lockIncident,
  type NewNotice,
  readIncident,
  readIncidents,
  readNotices,
  saveClosed,
  saveIncident,
  takeAlarming,
} from './store.ts';

/** 个人信息安全事件: written down when found, told in time, closed when told. 个人信息保护法 art. 57. */

const HOUR = 3_600_000;
const notFound = () => refuse('not_found', '没有找到这起事件，请刷新后重试。');
const closed = () => refuse('closed', '这起事件已经办结，只能查看；有新情况请另行登记。');

async function withNotices(ctx: Ctx, rows: readonly IncidentRow[]): Promise<IncidentView[]> {
  const all = await readNotices(
    ctx,
    rows.map(({ id }) => id),
  );
  const of = Map.groupBy(all, ({ incidentId }) => incidentId);
  return rows.map((row) => ({
    ...row,
    notices: (of.get(row.id) ?? []).map(({ incidentId: _of, ...notice }) => notice),
  }));
}

async function viewOf(ctx: Ctx, id: string): Promise<IncidentView> {
  const row = await readIncident(ctx, id);
  const [view] = row ? await withNotices(ctx, [row]) : [];
  if (!view) throw new Error('the incident vanished');
  return view;
}

export async function listIncidents(
  ctx: Ctx,
  view: 'open' | 'closed',
): Promise<Result<{ items: IncidentView[]; hours: number }, never>> {
  const { incidentHours } = await tenantSettings(ctx);
  return ok({ items: await withNotices(ctx, await readIncidents(ctx, view)), hours: incidentHours });
}

type TimesWrong = Refusal<'times_wrong'>;

/** Nothing is found before it happens, and nothing in the future. */
function timesWrong({ foundAt, happenedAt }: IncidentInput, now: number) {
  if (foundAt > now) return refuse('times_wrong', '发现时间在将来，请核对。');
  if (happenedAt !== null && happenedAt > foundAt)
    return refuse('times_wrong', '发生时间晚于发现时间，请核对。');
  return null;
}

/** Writes an incident down; the hours to the report run from its discovery. */
export async function registerIncident(
  ctx: Ctx,
  given: IncidentInput,
): Promise<Result<IncidentView, TimesWrong>> {
  const wrong = timesWrong(given, ctx.now);
  if (wrong) return wrong;
  const { incidentHours } = await tenantSettings(ctx);
  const id = newId<string>();
  const authorityDueAt = dueAt(given.foundAt, incidentHours);
  await insertIncident(ctx, id, { ...given, authorityDueAt });
  await audit(ctx, {
    action: 'incident.registered',
    subjectType: 'incident',
    subjectId: id,
    after: { ...given, authorityDueAt },
  });
  return ok(await viewOf(ctx, id));
}

/** Adds to or corrects an open incident; what stood there before is in the audit log. */
export async function changeIncident(
  ctx: Ctx,
  id: string,
  { reason, ...given }: IncidentInput & { readonly reason: string },
): Promise<Result<IncidentView, TimesWrong | Refusal<'not_found' | 'closed'>>> {
  const row = await lockIncident(ctx, id);
  if (!row) return notFound();
  if (row.closedAt !== null) return closed();
  const wrong = timesWrong(given, ctx.now);
  if (wrong) return wrong;
  const { incidentHours } = await tenantSettings(ctx);
  const moved = given.foundAt !== row.foundAt;
  const authorityDueAt = moved ? dueAt(given.foundAt, incidentHours) : row.authorityDueAt;
  await saveIncident(ctx, id, { ...given, authorityDueAt });
  const changed = (Object.keys(given) as (keyof IncidentInput)[]).filter(
    (field) => given[field] !== row[field],
  );
  const pick = (from: IncidentInput) => Object.fromEntries(changed.map((field) => [field, from[field]]));
  await audit(ctx, {
    ...{ action: 'incident.changed', subjectType: 'incident', subjectId: id, reason },
    ...{ before: pick(row), after: pick(given) },
  });
  return ok(await viewOf(ctx, id));
}

export async function draftIncident(
  ctx: Ctx,
  id: string,
  audience: Audience,
): Promise<Result<{ text: string; missing: string[] }, Refusal<'not_found'>>> {
  const row = await readIncident(ctx, id);
  if (!row) return notFound();
  return ok({ text: draftOf(row, audience, await tenantName(ctx)), missing: missingFor(row, audience) });
}

/** Writes down that somebody was told, in which words and when; it cannot be changed afterwards. */
export async function recordNotice(
  ctx: Ctx,
  id: string,
  given: NewNotice,
): Promise<Result<IncidentView, TimesWrong | Refusal<'not_found' | 'closed'>>> {
  const row = await lockIncident(ctx, id);
  if (!row) return notFound();
  if (row.closedAt !== null) return closed();
  if (given.sentAt > ctx.now || given.sentAt < row.foundAt)
    return refuse('times_wrong', '告知时间应在发现以后、现在以前，请核对。');
  await insertNotice(ctx, id, given);
  const { audience, receiver, channel, sentAt } = given;
  await audit(ctx, {
    action: 'incident.told',
    subjectType: 'incident',
    subjectId: id,
    after: {
      audience,
      receiver,
      channel,
      sentAt,
      late: audience === 'authority' && sentAt > row.authorityDueAt,
    },
  });
  return ok(await viewOf(ctx, id));
}

/** Closes an incident of which everybody whom the law names has been told. */
export async function closeIncident(
  ctx: Ctx,
  id: string,
  conclusion: string,
): Promise<Result<IncidentView, Refusal<'not_found' | 'closed' | CloseFault['code']>>> {
  const row = await lockIncident(ctx, id);
  if (!row) return notFound();
  if (row.closedAt !== null) return closed();
  const told = (await readNotices(ctx, [id])).map(({ audience }) => audience);
  const fault = closeFault(row, told);
  if (fault) return refuse(fault.code, fault.message);
  await saveClosed(ctx, id, conclusion);
  await audit(ctx, {
    action: 'incident.closed',
    subjectType: 'incident',
    subjectId: id,
    reason: conclusion,
  });
  return ok(await viewOf(ctx, id));
}

/** The hours run out and the authority has not been told: the security administrator and the office hear of it, once. */
export async function alarmIncidents(ctx: Ctx): Promise<number> {
  const late = await takeAlarming(ctx, ctx.now + ALARM_HOURS * HOUR);
  if (late.length === 0) return 0;
  const people = new Set([
    ...(await holdersOf(ctx, 'security_admin')),
    ...(await holdersOf(ctx, 'admissions_office')),
  ]);
  for (const { title, dueAt: end } of late) {
    const left = Math.floor((end - ctx.now) / HOUR);
    const body =
      left >= 0
        ? `“${title}”还有不到 ${left + 1} 小时到报告时限，还没有登记报告。`
        : `“${title}”已过报告时限，还没有登记报告。`;
    for (const userId of people)
      await notify(ctx, userId, { title: '个人信息安全事件要报告', body, link: '/supervision/incidents' });
  }
  return late.length;
}
