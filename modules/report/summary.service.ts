import type { z } from 'zod';
import { NO_TALLY, type Tally } from '#follow-up/rules';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import { activeSeason } from '#season';
import { scopeOf } from '#staff';
import type { makeSummary } from './contract.ts';
import { ratesOf } from './rules.ts';
import { addUp, inPhase, peopleOf, standingOf } from './standing.rules.ts';
import { readStuck } from './stuck.service.ts';
import {
  hasDraft,
  listRows,
  lockRow,
  type SummaryRow,
  saveRow,
  sumsOfWeek,
  upsertRow,
} from './summary.store.ts';
import { caseSumsByOwner } from './sums.store.ts';
import { noSeason } from './wallboard.service.ts';
import { mondayOf, openWeeks } from './week.rules.ts';

type Summary = z.output<typeof makeSummary.reply>;
type Row = SummaryRow<Summary['figures']>;

const viewOf = ({ leaderId: _leader, ...view }: Row): Summary => view;
const notYours = (): { ok: false; error: Refusal<'not_yours'> } =>
  refuse('not_yours', '周报由本组组长填写，这个小组不归您负责。');
const alreadySent = (): { ok: false; error: Refusal<'already_sent'> } =>
  refuse('already_sent', '这一周的周报已经发送，不能再改；从下周一起可以写下一份。');

export async function listSummaries(ctx: Ctx): Promise<Result<{ items: Summary[] }, Refusal<'no_season'>>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const scope = await scopeOf(ctx);
  const rows = await listRows<Summary['figures']>(
    ctx,
    season.id,
    scope.kind === 'all' ? null : scope.groupIds,
  );
  return ok({ items: rows.map(viewOf) });
}

/**
 * Writes the figures of a week from the ledger's counters; asked again before sending, they are renewed. Without a day it is this week; one
 * of the last four can be begun too, and a draft keeps its week however old: contacts are those of the week, what stands where is that of
 * now. Seed 001 part 四.
 */
export async function makeTheSummary(
  ctx: Ctx,
  given: { groupId: string; weekStartsOn?: string | undefined },
): Promise<Result<Summary, Refusal<'no_season' | 'not_yours' | 'already_sent' | 'week_not_open'>>> {
  const { groupId } = given;
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  if (!(await scopeOf(ctx)).groupIds.some((led) => led === groupId)) return notYours();
  const open = openWeeks(shanghaiDay(ctx.now));
  const weekStartsOn = mondayOf(given.weekStartsOn ?? shanghaiDay(ctx.now));
  if (!open.includes(weekStartsOn) && !(await hasDraft(ctx, { seasonId: season.id, groupId, weekStartsOn })))
    return refuse(
      'week_not_open',
      `${weekStartsOn} 起一周没有草稿，只能补写最近几周的周报（${open.at(-1)} 起至 ${open[0]} 起），请另选一周。`,
    );
  const cases = await caseSumsByOwner(ctx, season.id, [groupId]);
  const standing = standingOf(inPhase(cases, season.phase));
  const week = addUp<Tally>(await sumsOfWeek(ctx, season.id, groupId, weekStartsOn), NO_TALLY);
  const stuck = await readStuck(ctx, { groupId });
  const figures: Summary['figures'] = {
    standing,
    week,
    rates: ratesOf(week, peopleOf(cases)),
    considering: standing.considering,
    unreachable: standing.unreachable,
    stuck: stuck.ok ? stuck.value.counts : {},
  };
  const id = await upsertRow(ctx, { id: newId(), seasonId: season.id, groupId, weekStartsOn, figures });
  const row = id === null ? null : await lockRow<Summary['figures']>(ctx, id);
  if (!row) return alreadySent();
  await audit(ctx, { action: 'summary.made', subjectType: 'summary', subjectId: row.id });
  return ok(viewOf(row));
}

/** The leader's own words, and sending: a sent summary never changes. */
export async function saveTheSummary(
  ctx: Ctx,
  id: string,
  given: { remarks: string; send: boolean },
): Promise<Result<Summary, Refusal<'not_found' | 'not_yours' | 'already_sent' | 'remarks_needed'>>> {
  const row = await lockRow<Summary['figures']>(ctx, id);
  if (!row) return refuse('not_found', '没有找到这份周报。');
  if (!(await scopeOf(ctx)).groupIds.some((led) => led === row.groupId)) return notYours();
  if (row.state === 'sent') return alreadySent();
  if (given.send && given.remarks.length < 10)
    return refuse('remarks_needed', '发送之前请补写本周说明（至少 10 个字）：考生动态、困难和下周安排。');
  await saveRow(ctx, id, given);
  await audit(ctx, {
    action: given.send ? 'summary.sent' : 'summary.saved',
    subjectType: 'summary',
    subjectId: id,
  });
  const saved = await lockRow<Summary['figures']>(ctx, id);
  return saved ? ok(viewOf(saved)) : refuse('not_found', '没有找到这份周报。');
}
