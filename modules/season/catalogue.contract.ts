import { z } from 'zod';
import { route } from '#platform/http/route';
import { LevelName, Reason, seasonParams } from './contract.ts';

const Fen = z.number().int().min(0).max(100_000_000);
const Seats = z.number().int().min(0).max(100_000);
const ProvinceCode = z.string().regex(/^\d{2}$/, '省份代码是两位数字');

export const MajorFields = z.object({
  code: z.string().trim().min(1, '请填写专业代码').max(20),
  name: z.string().trim().min(2, '请填写专业名称').max(80),
  level: LevelName,
  art: z.boolean(),
  tuitionFen: Fen,
  seats: Seats,
});
export const MajorView = MajorFields.extend({ id: z.string(), seasonId: z.string() });
export type MajorView = z.output<typeof MajorView>;

const majorParams = z.object({ seasonId: z.uuid(), majorId: z.uuid() });

export const listMajors = route({
  method: 'GET',
  path: '/seasons/:seasonId/majors',
  permission: 'season.read',
  summary: '专业、学费、计划数',
  params: seasonParams,
  reply: z.object({ items: z.array(MajorView) }),
});

export const addMajor = route({
  method: 'POST',
  path: '/seasons/:seasonId/majors',
  permission: 'season.manage',
  summary: '新建专业',
  params: seasonParams,
  body: MajorFields,
  reply: MajorView,
  refusals: { not_found: 404, code_taken: 409 },
});

export const changeMajor = route({
  method: 'PUT',
  path: '/seasons/:seasonId/majors/:majorId',
  permission: 'season.manage',
  summary: '修改专业',
  params: majorParams,
  body: MajorFields,
  refusals: { not_found: 404, code_taken: 409 },
});

export const removeMajor = route({
  method: 'POST',
  path: '/seasons/:seasonId/majors/:majorId/removal',
  permission: 'season.manage',
  summary: '删除没有省份代号引用的专业',
  params: majorParams,
  body: z.object({ reason: Reason }),
  refusals: { not_found: 404, in_use: 409 },
});

/** 专业代号 (ZYDH) means something only with province, batch, 科类 and 计划性质. */
const MajorCodeKey = z.object({
  provinceCode: ProvinceCode,
  batchId: z.uuid(),
  categoryCode: z.string().trim().max(10),
  /** JHXZDM; empty: every 计划性质 without an entry of its own. */
  planNatureCode: z.string().trim().max(10).default(''),
  code: z.string().trim().min(1, '请填写专业代号').max(20),
});
export const MajorCodeFields = MajorCodeKey.extend({
  name: z.string().trim().min(1, '请填写省里公布的专业名称').max(120),
  majorId: z.uuid().nullable(),
  seats: Seats.nullable(),
  tuitionFen: Fen.nullable(),
});
export type MajorCodeView = z.output<typeof MajorCodeFields>;
export type MajorCodeKey = z.output<typeof MajorCodeKey>;
/** With the name that the delivery's code table gives the 计划性质 (null when it has none), and what only the plan table of the province says. */
const MajorCodeRow = MajorCodeFields.extend({
  planNature: z.string().nullable(),
  /** 计划执行数, 预投差额数, 专业调剂优先序号 (JHZXS, YTCES, YXXH of T_JHK). */
  seatsExecuted: z.number().nullable(),
  filingMargin: z.number().nullable(),
  adjustRank: z.number().nullable(),
  remark: z.string().nullable(),
});
export type MajorCodeRow = z.output<typeof MajorCodeRow>;

export const listMajorCodes = route({
  method: 'GET',
  path: '/seasons/:seasonId/major-codes',
  permission: 'season.read',
  summary: '各省专业代号',
  params: seasonParams,
  query: z.object({ provinceCode: ProvinceCode.optional(), batchId: z.uuid().optional() }),
  reply: z.object({ items: z.array(MajorCodeRow), total: z.number() }),
});

export const saveMajorCode = route({
  method: 'PUT',
  path: '/seasons/:seasonId/major-codes',
  permission: 'season.manage',
  summary: '新建或修改一个专业代号',
  params: seasonParams,
  body: MajorCodeFields,
  refusals: { not_found: 404 },
});

export const removeMajorCode = route({
  method: 'POST',
  path: '/seasons/:seasonId/major-codes/removal',
  permission: 'season.manage',
  summary: '删除一个专业代号',
  params: seasonParams,
  body: MajorCodeKey.extend({ reason: Reason }),
  refusals: { not_found: 404 },
});

const LineKey = z.object({
  provinceCode: ProvinceCode,
  batchId: z.uuid(),
  category: z.string().trim().min(1, '请填写科类，例如 物理类').max(20),
  year: z.number().int().min(2000).max(2100),
});
export const LineFields = LineKey.extend({
  scoreMin: z.number().min(0).max(1000),
  rankMin: z.number().int().min(1).max(10_000_000).nullable(),
});
export type LineView = z.output<typeof LineFields>;

export const listLines = route({
  method: 'GET',
  path: '/seasons/:seasonId/past-lines',
  permission: 'season.read',
  summary: '往年录取分数线',
  params: seasonParams,
  query: z.object({ provinceCode: ProvinceCode.optional(), batchId: z.uuid().optional() }),
  reply: z.object({ items: z.array(LineFields), total: z.number() }),
});

export const saveLine = route({
  method: 'PUT',
  path: '/seasons/:seasonId/past-lines',
  permission: 'season.manage',
  summary: '录入或修改一条往年分数线',
  params: seasonParams,
  body: LineFields,
  refusals: { not_found: 404, future_year: 422 },
});

export const removeLine = route({
  method: 'POST',
  path: '/seasons/:seasonId/past-lines/removal',
  permission: 'season.manage',
  summary: '删除一条往年分数线',
  params: seasonParams,
  body: LineKey.extend({ reason: Reason }),
  refusals: { not_found: 404 },
});
