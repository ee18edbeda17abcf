import { z } from 'zod';
import { route } from '#platform/http/route';
import { Reason, seasonParams } from './contract.ts';

const Instant = z.number().int().min(0).max(4_102_444_800_000);
const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '时间写成 09:00 的样子');
const ProvinceCode = z.string().regex(/^\d{2}$/, '省份代码是两位数字');

/** What the office enters; null: not known yet. */
export const PolicyFacts = z.object({
  withdrawable: z.boolean().nullable(),
  phoneShielded: z.boolean().nullable(),
  newExam: z.boolean().nullable(),
  artSchoolExam: z.boolean(),
  seats: z.number().int().min(0).max(100_000).nullable(),
  batchStartsAt: Instant.nullable(),
  batchEndsAt: Instant.nullable(),
  withdrawalDeadlineAt: Instant.nullable(),
  callingFrom: Clock,
  callingUntil: Clock,
});
export type PolicyFacts = z.output<typeof PolicyFacts>;

const PolicyPlace = z.object({
  provinceCode: ProvinceCode,
  batchId: z.uuid(),
  /** Six digits for a district with rules of its own; empty for the whole province. */
  districtCode: z.string().regex(/^(\d{6})?$/, '区县代码是六位数字'),
});

export const PolicyView = PolicyFacts.extend({
  id: z.string(),
  provinceCode: z.string(),
  batchId: z.string(),
  batchName: z.string(),
  districtCode: z.string(),
  version: z.number(),
  updatedAt: z.number(),
  /** Sentences; empty: may be released. */
  missing: z.array(z.string()),
  pastLines: z.number(),
  /** People in follow-up under this policy. */
  cases: z.number(),
});
export type PolicyView = z.output<typeof PolicyView>;

export const POLICY_LABELS: Readonly<Record<keyof PolicyFacts, string>> = {
  withdrawable: '能否退档',
  phoneShielded: '考生电话',
  newExam: '高考模式',
  artSchoolExam: '艺术校考',
  seats: '计划数',
  batchStartsAt: '批次开始',
  batchEndsAt: '批次结束',
  withdrawalDeadlineAt: '退档截止',
  callingFrom: '拨打时段从',
  callingUntil: '拨打时段到',
};

export const listPolicies = route({
  method: 'GET',
  path: '/seasons/:seasonId/policies',
  permission: 'season.read',
  summary: '各省政策，带缺项',
  params: seasonParams,
  reply: z.object({ items: z.array(PolicyView) }),
});

export const addPolicies = route({
  method: 'POST',
  path: '/seasons/:seasonId/policies',
  permission: 'policy.manage',
  summary: '补录政策：给省份和批次建立空白政策',
  params: seasonParams,
  body: z.object({ places: z.array(PolicyPlace).min(1, '请选择省份和批次').max(300) }),
  reply: z.object({ created: z.number(), existed: z.number() }),
  refusals: { not_found: 404, unknown_province: 422 },
});

const policyParams = z.object({ seasonId: z.uuid(), policyId: z.uuid() });

export const changePolicy = route({
  method: 'PUT',
  path: '/seasons/:seasonId/policies/:policyId',
  permission: 'policy.manage',
  summary: '修改一个省份批次的政策',
  params: policyParams,
  body: z.object({
    facts: PolicyFacts,
    /** Version that the person saw. */
    version: z.number().int().min(1),
    /** Needed when something already entered is changed. */
    reason: Reason.nullable(),
  }),
  refusals: { not_found: 404, changed_meanwhile: 409, contradiction: 422, reason_missing: 422 },
});

export const policyHistory = route({
  method: 'GET',
  path: '/seasons/:seasonId/policies/:policyId/history',
  permission: 'season.read',
  summary: '一条政策的修改记录',
  params: policyParams,
  reply: z.object({
    items: z.array(
      z.object({
        at: z.number(),
        actorName: z.string(),
        action: z.string(),
        reason: z.string().nullable(),
        changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
      }),
    ),
  }),
  refusals: { not_found: 404 },
});

export const copyPolicies = route({
  method: 'POST',
  path: '/seasons/:seasonId/policies/copy',
  permission: 'policy.manage',
  summary: '从上一季或另一省份补齐空着的政策，已填写的不覆盖',
  params: seasonParams,
  body: z.discriminatedUnion('source', [
    z.object({ source: z.literal('last_season') }),
    z.object({
      source: z.literal('province'),
      fromProvinceCode: ProvinceCode,
      toProvinceCodes: z.array(ProvinceCode).min(1, '请选择要补齐的省份').max(40),
    }),
  ]),
  reply: z.object({ created: z.number(), filled: z.number(), unchanged: z.number() }),
  refusals: { not_found: 404, nothing_to_copy: 409 },
});
