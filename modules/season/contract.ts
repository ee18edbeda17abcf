import { z } from 'zod';
import { route } from '#platform/http/route';
import { LEVELS, type Level, PHASES, type Phase, ROUNDS, type Round, type Stage } from './rules.ts';

export const PHASE_LABELS: Readonly<Record<Phase, string>> = {
  guidance: '志愿填报指导',
  filing: '投档',
  admitted: '录取后',
  arrival: '报到',
};
export const ROUND_LABELS: Readonly<Record<Round, string>> = {
  first: '通打一遍',
  focus: '集中突破',
  final: '最终确认',
};
export const LEVEL_LABELS: Readonly<Record<Level, string>> = {
  undergraduate: '本科',
  junior: '专科',
  upgrade: '专升本',
};

/** 投档·集中突破; the round only where there are rounds. */
export const stageLabel = ({ phase, round }: Stage): string =>
  phase === 'filing' ? `${PHASE_LABELS.filing}·${ROUND_LABELS[round]}` : PHASE_LABELS[phase];

/** A reason that will be read later. */
export const Reason = z.string().trim().min(2, '原因至少 2 个字').max(200, '原因最多 200 个字');

export const PhaseName = z.enum(PHASES);
export const RoundName = z.enum(ROUNDS);
export const LevelName = z.enum(LEVELS);
export const seasonParams = z.object({ seasonId: z.uuid() });

const SeasonFields = z.object({
  name: z.string().trim().min(2, '请填写招生季名称').max(60),
  collegeName: z.string().trim().min(2, '请填写学校全称').max(60),
  homeAreaCode: z.string().regex(/^0\d{2,3}$/, '区号以 0 开头，共 3 至 4 位，例如 028'),
});

export const SeasonView = SeasonFields.extend({
  id: z.string(),
  year: z.number(),
  active: z.boolean(),
  phase: PhaseName,
  round: RoundName,
});
export type SeasonView = z.output<typeof SeasonView>;

const Instant = z.number().int().min(0).max(4_102_444_800_000);

const PhaseDates = z.object({
  phase: PhaseName,
  startsAt: Instant.nullable(),
  endsAt: Instant.nullable(),
});
export type PhaseDates = z.output<typeof PhaseDates>;

/** What stands open in a season: people whose follow-up is not at its end, by where it stands. */
export const Left = z.object({
  total: z.number(),
  final: z.number(),
  uncalled: z.number(),
  considering: z.number(),
  unreachable: z.number(),
  withdrawing: z.number(),
  confirmed: z.number(),
});
export type Left = z.output<typeof Left>;

export const listSeasons = route({
  method: 'GET',
  path: '/seasons',
  permission: 'season.read',
  summary: '全部招生季，新的在前',
  reply: z.object({ items: z.array(SeasonView) }),
});

export const getSeason = route({
  method: 'GET',
  path: '/seasons/:seasonId',
  permission: 'season.read',
  summary: '一个招生季：阶段、起止时间和还剩多少',
  params: seasonParams,
  reply: z.object({ season: SeasonView, phases: z.array(PhaseDates), left: Left }),
  refusals: { not_found: 404 },
});

export const createSeason = route({
  method: 'POST',
  path: '/seasons',
  permission: 'season.manage',
  summary: '新建招生季并设为当前；可沿用上一季的批次、专业、设置',
  body: SeasonFields.extend({
    year: z.number().int().min(2000).max(2100),
    copyFrom: z.uuid().nullable(),
  }),
  reply: SeasonView,
  refusals: { year_taken: 409, not_found: 404 },
});

export const changeSeason = route({
  method: 'PUT',
  path: '/seasons/:seasonId',
  permission: 'season.manage',
  summary: '修改招生季的名称、学校、区号和各阶段起止时间',
  params: seasonParams,
  body: SeasonFields.extend({ phases: z.array(PhaseDates).max(PHASES.length) }),
  refusals: { not_found: 404, dates: 422 },
});

export const moveSeason = route({
  method: 'POST',
  path: '/seasons/:seasonId/stage',
  permission: 'round.manage',
  summary: '进入下一阶段或下一轮（或退回一步）',
  params: seasonParams,
  body: z.object({
    /** Where the person saw the season stand. */
    from: z.object({ phase: PhaseName, round: RoundName }),
    to: z.object({ phase: PhaseName, round: RoundName }),
    reason: Reason,
  }),
  reply: SeasonView,
  refusals: { not_found: 404, changed_meanwhile: 409, not_next: 409, not_active: 409 },
});

export const BatchFields = z.object({
  code: z.string().trim().min(1, '请填写批次代码').max(20),
  name: z.string().trim().min(2, '请填写批次名称').max(40),
  level: LevelName,
  art: z.boolean(),
});
export const BatchView = BatchFields.extend({ id: z.string(), seasonId: z.string() });
export type BatchView = z.output<typeof BatchView>;

export const listBatches = route({
  method: 'GET',
  path: '/seasons/:seasonId/batches',
  permission: 'season.read',
  summary: '批次',
  params: seasonParams,
  reply: z.object({ items: z.array(BatchView) }),
});

export const addBatch = route({
  method: 'POST',
  path: '/seasons/:seasonId/batches',
  permission: 'season.manage',
  summary: '新建批次',
  params: seasonParams,
  body: BatchFields,
  reply: BatchView,
  refusals: { not_found: 404, code_taken: 409 },
});

const batchParams = z.object({ seasonId: z.uuid(), batchId: z.uuid() });

export const changeBatch = route({
  method: 'PUT',
  path: '/seasons/:seasonId/batches/:batchId',
  permission: 'season.manage',
  summary: '修改批次',
  params: batchParams,
  body: BatchFields,
  refusals: { not_found: 404, code_taken: 409 },
});

export const removeBatch = route({
  method: 'POST',
  path: '/seasons/:seasonId/batches/:batchId/removal',
  permission: 'season.manage',
  summary: '删除还没有用过的批次',
  params: batchParams,
  body: z.object({ reason: Reason }),
  refusals: { not_found: 404, in_use: 409 },
});
