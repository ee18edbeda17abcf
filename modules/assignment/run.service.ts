import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import { callersFor, groupsOf, skillsOf } from '#staff';
import type { listRuns, RunFilter, RunLine, RunView, runOptions } from './contract.ts';
import { matchLeads } from './match.service.ts';
import { blockedPlaces, inputHash, makePlan, nameOf, readInput } from './plan.ts';
import type { RunLimits } from './rules.ts';
import { insertRun, type Run, type RunSummary, readRun, readRuns, setRunState } from './run.store.ts';
import { readRecentImports } from './waiting.store.ts';

/** Assignment runs before and after the release. */

export const noSeason = (): { ok: false; error: Refusal<'no_season'> } =>
  refuse('no_season', '还没有招生季，请招办先到“设置 > 招生季”新建。');

const noRun = (): { ok: false; error: Refusal<'not_found'> } =>
  refuse('not_found', '没有找到这次分配，请刷新后重试。');

/** Nobody left out, no cap but each caller's own. */
export const OPEN_LIMITS: RunLimits = { groups: [], skills: [], newPerCaller: null, openWorkCap: null };
const EVERYONE: RunFilter = { provinceCodes: [], batchIds: [], importId: null };

/** What can be chosen: who waits where and what blocks it, groups with their room, skills, deliveries. */
export async function readOptions(ctx: Ctx): Promise<z.output<typeof runOptions.reply>> {
  const season = await activeSeason(ctx);
  if (!season) return { stage: null, waiting: [], groups: [], skills: [], imports: [] };
  const input = await readInput(ctx, season, { filter: EVERYONE, limits: OPEN_LIMITS, seed: '' });
  const sentences = blockedPlaces(input);
  const places = Map.groupBy(input.tallies, ({ provinceCode, batchId }) => `${provinceCode}/${batchId}`);
  const callers = await callersFor(ctx);
  return {
    stage: { phase: season.phase, round: season.round },
    waiting: [...places.values()].flatMap((tallies) => {
      const [first] = tallies;
      if (!first) return [];
      const blocked = tallies.flatMap(
        (tally) => sentences.get(`${tally.provinceCode}/${tally.batchId}/${tally.policyId ?? ''}`) ?? [],
      );
      return {
        provinceCode: first.provinceCode,
        batchId: first.batchId,
        batchName: nameOf(input.batches, first.batchId),
        count: tallies.reduce((sum, { count }) => sum + count, 0),
        blocked: [...new Set(blocked)],
      };
    }),
    groups: (await groupsOf(ctx)).map(({ id, name }) => {
      const mine = callers.filter(({ groupId }) => groupId === id);
      const sum = (key: 'openWork' | 'room') => mine.reduce((total, caller) => total + caller[key], 0);
      return { id, name, callers: mine.length, open: sum('openWork'), room: sum('room') };
    }),
    skills: (await skillsOf(ctx)).map(({ code, name }) => ({
      code,
      name,
      callers: callers.filter(({ skills }) => skills.includes(code)).length,
    })),
    imports: await readRecentImports(ctx, season.id),
  };
}

/** Computes and keeps a preview; opens nothing. Leads are matched first, so that who registered gets the candidate. */
export async function previewRun(
  ctx: Ctx,
  given: { filter: RunFilter; limits: RunLimits; seed?: string | undefined },
): Promise<Result<RunView, Refusal<'no_season' | 'nothing_waiting'>>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  await matchLeads(ctx, given.filter.importId);
  const asked = { filter: given.filter, limits: given.limits, seed: given.seed ?? newSeed() };
  const input = await readInput(ctx, season, asked);
  const { preview } = makePlan(input, asked);
  if (preview.figures.total === 0)
    return refuse('nothing_waiting', '所选范围内没有待分配的考生（0 名），请放宽范围，或先导入考生文件。', {
      total: 0,
    });
  const id = newId<string>();
  const stored = { ...preview, marks: input.marks, stage: { phase: season.phase, round: season.round } };
  await insertRun(ctx, {
    ...asked,
    id,
    seasonId: season.id,
    preview: stored,
    candidates: preview.figures.total,
    inputHash: inputHash(input.marks),
  });
  await audit(ctx, {
    action: 'assignment.previewed',
    subjectType: 'assignment_run',
    subjectId: id,
    after: { ...asked, figures: preview.figures },
  });
  const run = await readRun(ctx, id);
  if (!run) throw new Error(`run ${id} was not stored`);
  return ok(viewOf(run));
}

const newSeed = (): string => randomBytes(6).toString('hex');

const lineOf = (run: RunSummary): RunLine => ({
  id: run.id,
  state: run.state,
  candidates: run.candidates,
  seed: run.seed,
  stage: run.stage,
  figures: run.figures,
  createdAt: run.createdAt,
  createdByName: run.createdByName,
  releasedAt: run.releasedAt,
  releasedByName: run.releasedByName,
  jobId: run.jobId,
});

export const viewOf = (run: Run): RunView => ({
  ...lineOf({ ...run, figures: run.preview.figures, stage: run.preview.stage }),
  filter: run.filter,
  limits: run.limits as RunView['limits'],
  preview: { figures: run.preview.figures, places: run.preview.places, callers: run.preview.callers },
});

export async function listTheRuns(
  ctx: Ctx,
  { cursor, limit }: z.output<typeof listRuns.query>,
): Promise<z.output<typeof listRuns.reply>> {
  const season = await activeSeason(ctx);
  if (!season) return { items: [], nextCursor: null };
  const rows = await readRuns(ctx, season.id, { cursor, limit });
  const items = rows.slice(0, limit).map(lineOf);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export async function readTheRun(ctx: Ctx, id: string): Promise<Result<RunView, Refusal<'not_found'>>> {
  const run = await readRun(ctx, id);
  return run ? ok(viewOf(run)) : noRun();
}

export async function discardRun(
  ctx: Ctx,
  id: string,
): Promise<Result<undefined, Refusal<'not_found' | 'already_released'>>> {
  const run = await readRun(ctx, id, { lock: true });
  if (!run) return noRun();
  if (run.state === 'released' || run.state === 'releasing')
    return refuse('already_released', '这次分配已经放出，不能作废；需要调整请到“团队 > 调整归属”。');
  await setRunState(ctx, id, { state: 'discarded' });
  await audit(ctx, { action: 'assignment.discarded', subjectType: 'assignment_run', subjectId: id });
  return ok(undefined);
}
