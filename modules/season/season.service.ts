import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { publish } from '#platform/http/events';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { type Left, PHASE_LABELS, type PhaseDates, type SeasonView, stageLabel } from './contract.ts';
import {
  copyCatalogue,
  readLeft,
  readPhases,
  savePhases,
  updateSeason,
  updateStage,
} from './lifecycle.store.ts';
import { notFound } from './policy.service.ts';
import { canMoveTo, type Season, type SeasonId, type Stage, settingsFrom } from './rules.ts';
import { insertSettings, readSettings } from './settings.store.ts';
import { insertSeason, lockSeason, readSeason, readSeasonOfYear, readSeasons } from './store.ts';

export const listTheSeasons = async (ctx: Ctx): Promise<Result<{ items: Season[] }, never>> =>
  ok({ items: await readSeasons(ctx) });

/** A season with its dates and what is left in it. */
export async function getTheSeason(
  ctx: Ctx,
  seasonId: string,
): Promise<Result<{ season: SeasonView; phases: PhaseDates[]; left: Left }, Refusal<'not_found'>>> {
  const season = await readSeason(ctx, seasonId);
  if (!season) return notFound();
  const phases = await readPhases(ctx, seasonId);
  return ok({ season, phases, left: await readLeft(ctx, season) });
}

export interface SeasonDraft {
  readonly year: number;
  readonly name: string;
  readonly collegeName: string;
  readonly homeAreaCode: string;
  readonly copyFrom: string | null;
}

/** A new season becomes the active one. Batches, majors and settings may come from an earlier season. */
export async function createTheSeason(
  ctx: Ctx,
  { copyFrom, ...draft }: SeasonDraft,
): Promise<Result<Season, Refusal<'year_taken' | 'not_found'>>> {
  const taken = await readSeasonOfYear(ctx, draft.year);
  if (taken) {
    return refuse('year_taken', `${draft.year} 年已有招生季“${taken.name}”，一年只能有一个，请直接修改它。`);
  }
  if (copyFrom && !(await readSeason(ctx, copyFrom))) return notFound();
  const season: Season = {
    ...draft,
    id: newId<SeasonId>(),
    active: true,
    phase: 'guidance',
    round: 'first',
  };
  await insertSeason(ctx, season);
  if (copyFrom) await copyFromSeason(ctx, copyFrom, season);
  await audit(ctx, {
    action: 'season.created',
    subjectType: 'season',
    subjectId: season.id,
    after: { ...season, copyFrom },
  });
  return ok(season);
}

async function copyFromSeason(ctx: Ctx, from: string, { id, year }: Season): Promise<void> {
  await copyCatalogue(ctx, { from, to: id });
  const settings = await readSettings(ctx, from);
  if (!settings) return;
  const body = settingsFrom(settings.body);
  await insertSettings(ctx, { seasonId: id, version: 1, body, reason: `新建 ${year} 年招生季时沿用上一季` });
}

export interface SeasonChange extends Omit<SeasonDraft, 'year' | 'copyFrom'> {
  readonly phases: readonly PhaseDates[];
}

export async function changeTheSeason(
  ctx: Ctx,
  seasonId: string,
  change: SeasonChange,
): Promise<Result<undefined, Refusal<'not_found' | 'dates'>>> {
  const season = await lockSeason(ctx, seasonId);
  if (!season) return notFound();
  const wrong = change.phases.find(
    ({ startsAt, endsAt }) => startsAt !== null && endsAt !== null && startsAt >= endsAt,
  );
  if (wrong) {
    return refuse('dates', `“${PHASE_LABELS[wrong.phase]}”阶段的结束时间要晚于开始时间，请检查两个时间。`);
  }
  const before = { ...season, phases: await readPhases(ctx, seasonId) };
  await updateSeason(ctx, { ...season, ...change });
  await savePhases(ctx, seasonId, change.phases);
  await audit(ctx, {
    action: 'season.changed',
    subjectType: 'season',
    subjectId: seasonId,
    before,
    after: { ...season, ...change },
  });
  return ok(undefined);
}

export interface StageMove {
  readonly from: Stage;
  readonly to: Stage;
  readonly reason: string;
}

/** One step forward (or one back, after a mistake). Who is not finished stays in the follow-up; nothing is closed by it. */
export async function moveTheSeason(
  ctx: Ctx,
  seasonId: string,
  { from, to, reason }: StageMove,
): Promise<Result<Season, Refusal<'not_found' | 'changed_meanwhile' | 'not_next' | 'not_active'>>> {
  const season = await lockSeason(ctx, seasonId);
  if (!season) return notFound();
  if (!season.active) return refuse('not_active', `“${season.name}”已不是当前招生季，不能再推进。`);
  if (season.phase !== from.phase || season.round !== from.round) {
    return refuse('changed_meanwhile', `招生季已被别人推进到“${stageLabel(season)}”，请刷新后再看。`);
  }
  if (!canMoveTo(from, to)) {
    return refuse(
      'not_next',
      `现在是“${stageLabel(from)}”，每次只能前进或退回一步，不能直接到“${stageLabel(to)}”。`,
    );
  }
  const left = await readLeft(ctx, season);
  await updateStage(ctx, seasonId, to);
  await audit(ctx, {
    action: 'season.moved',
    subjectType: 'season',
    subjectId: seasonId,
    reason,
    before: { ...from, left },
    after: to,
  });
  await publish(ctx, { topic: 'season', subjectId: seasonId });
  return ok({ ...season, ...to });
}
