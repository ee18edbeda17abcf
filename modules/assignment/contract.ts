import { z } from 'zod';
import { route } from '#platform/http/route';
import type { LeftCause } from './rules.ts';

export { listLoads, reassign } from './change.contract.ts';

/** Assignment runs: preview, release, history. */

export const LEFT_SENTENCES: Readonly<Record<LeftCause, string>> = {
  no_caller_for_skill:
    '没有在岗且通过培训的回访员具备所需技能，请在“团队 > 人员”为回访员登记技能，或取消技能要求。',
  no_caller_for_limits: '参与本次分配的小组都不负责这个省份和批次，请放宽小组范围。',
  no_capacity: '能接的回访员都已到在办上限，请提高上限、增加回访员，或等在办减少后再分配。',
};

export const RUN_STATES = ['previewed', 'releasing', 'released', 'discarded'] as const;
export type RunState = (typeof RUN_STATES)[number];
export const RUN_STATE_LABELS: Readonly<Record<RunState, string>> = {
  previewed: '待放出',
  releasing: '放出中',
  released: '已放出',
  discarded: '已作废',
};

const PLACES_MAX = 60;
const GROUPS_MAX = 60;
const SKILL_RULES_MAX = 20;
const SEED_MAX = 40;

const places = {
  provinceCodes: z.array(z.string().regex(/^\d{2}$/)).max(PLACES_MAX),
  batchIds: z.array(z.uuid()).max(PLACES_MAX),
};

export const RunFilter = z.object({ ...places, importId: z.uuid().nullable() });
export type RunFilter = z.output<typeof RunFilter>;

const cap = z.number().int().min(1).max(10_000).nullable();
export const Limits = z.object({
  groups: z.array(z.object({ ...places, groupId: z.uuid() })).max(GROUPS_MAX),
  skills: z.array(z.object({ ...places, skillCode: z.string().min(1).max(40) })).max(SKILL_RULES_MAX),
  newPerCaller: cap,
  openWorkCap: cap,
});

/** How the candidates of one province and batch are shared out. */
export const PlaceLine = z.object({
  provinceCode: z.string(),
  batchId: z.string(),
  batchName: z.string(),
  total: z.number(),
  noPhone: z.number(),
  lead: z.number(),
  random: z.number(),
  escalation: z.number(),
  left: z.number(),
  blocked: z.number(),
  /** Why some are left or the place is blocked, one sentence each. */
  reasons: z.array(z.string()),
});
export type PlaceLine = z.output<typeof PlaceLine>;

export const CallerLine = z.object({
  userId: z.string(),
  name: z.string(),
  groupId: z.string().nullable(),
  groupName: z.string().nullable(),
  open: z.number(),
  cap: z.number(),
  lead: z.number(),
  random: z.number(),
});
export type CallerLine = z.output<typeof CallerLine>;

export const Figures = z.object({
  total: z.number(),
  lead: z.number(),
  random: z.number(),
  escalation: z.number(),
  left: z.number(),
  blocked: z.number(),
  noPhone: z.number(),
  /** Registered leads whose recruiter makes no calls; they are drawn like the others. */
  leadOfOthers: z.number(),
});
export type Figures = z.output<typeof Figures>;

export const Preview = z.object({
  figures: Figures,
  places: z.array(PlaceLine),
  callers: z.array(CallerLine),
});

export const RunLine = z.object({
  id: z.string(),
  state: z.enum(RUN_STATES),
  candidates: z.number(),
  seed: z.string(),
  stage: z.object({ phase: z.string(), round: z.string() }),
  figures: Figures,
  createdAt: z.number(),
  createdByName: z.string(),
  releasedAt: z.number().nullable(),
  releasedByName: z.string().nullable(),
  jobId: z.string().nullable(),
});
export type RunLine = z.output<typeof RunLine>;

export const RunView = RunLine.extend({ filter: RunFilter, limits: Limits, preview: Preview });
export type RunView = z.output<typeof RunView>;

const id = z.object({ id: z.uuid() });

export const runOptions = route({
  method: 'GET',
  path: '/assignment-runs/options',
  permission: 'assignment.preview',
  summary: '可分配的范围：各省各批次待分配人数、小组、技能、最近的导入',
  reply: z.object({
    stage: z.object({ phase: z.string(), round: z.string() }).nullable(),
    waiting: z.array(
      z.object({
        provinceCode: z.string(),
        batchId: z.string(),
        batchName: z.string(),
        count: z.number(),
        blocked: z.array(z.string()),
      }),
    ),
    groups: z.array(
      z.object({ id: z.string(), name: z.string(), callers: z.number(), open: z.number(), room: z.number() }),
    ),
    skills: z.array(z.object({ code: z.string(), name: z.string(), callers: z.number() })),
    imports: z.array(z.object({ id: z.string(), name: z.string(), at: z.number() })),
  }),
});

export const previewRun = route({
  method: 'POST',
  path: '/assignment-runs',
  permission: 'assignment.preview',
  summary: '预览一次分配：谁得多少、为什么；不改变任何任务',
  body: z.object({
    filter: RunFilter,
    limits: Limits,
    /** Left out: a new one is drawn. The same seed and input give the same result. */
    seed: z.string().trim().min(1).max(SEED_MAX).optional(),
  }),
  reply: RunView,
  refusals: { no_season: 409, nothing_waiting: 409 },
});

export const listRuns = route({
  method: 'GET',
  path: '/assignment-runs',
  permission: 'assignment.preview',
  summary: '分配记录，新的在前',
  query: z.object({
    cursor: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
    sort: z.string().max(20).optional(),
  }),
  reply: z.object({ items: z.array(RunLine), nextCursor: z.string().nullable() }),
});

export const readRun = route({
  method: 'GET',
  path: '/assignment-runs/:id',
  permission: 'assignment.preview',
  summary: '一次分配的预览或结果',
  params: id,
  reply: RunView,
  refusals: { not_found: 404 },
});

export const releaseRun = route({
  method: 'POST',
  path: '/assignment-runs/:id/release',
  permission: 'assignment.release',
  summary: '放出：按预览生成回访任务（录检组）',
  params: id,
  reply: z.object({ jobId: z.string() }),
  refusals: { not_found: 404, already_released: 409, discarded: 409, stale: 409, nothing_to_release: 409 },
});

export const discardRun = route({
  method: 'POST',
  path: '/assignment-runs/:id/discard',
  permission: 'assignment.preview',
  summary: '作废一次没有放出的预览',
  params: id,
  refusals: { not_found: 404, already_released: 409 },
});
