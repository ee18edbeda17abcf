import { z } from 'zod';
import { route } from '#platform/http/route';
import { PHASE_LABELS, ROUND_LABELS } from '#season/contract';
import { PHASES, ROUNDS } from '#season/rules';
import {
  isPattern,
  OCCASIONS,
  type Occasion,
  PHRASE_KINDS,
  type PhraseKind,
  type Place,
  SCRIPT_KINDS,
  type ScriptKind,
  VERSION_STATES,
  type VersionState,
} from './rules.ts';

export const KIND_LABELS: Readonly<Record<ScriptKind, string>> = { call: '通话话术', sms: '短信模板' };
export const STATE_LABELS: Readonly<Record<VersionState, string>> = {
  draft: '草稿',
  submitted: '待审批',
  approved: '使用中',
  rejected: '已驳回',
  retired: '已停用',
};
export const PHRASE_KIND_LABELS: Readonly<Record<PhraseKind, string>> = {
  promise: '许诺',
  threat: '恐吓',
  discouragement: '劝退',
  other: '其他',
};

export const OCCASION_LABELS: Readonly<Record<Occasion, string>> = {
  no_answer: '无人接听后自动发',
  switched_off: '关机后自动发',
  declined: '拒接后自动发',
};

/** 可退档 · 投档 · 通打一遍; 全部 where it fits everything. */
export function placeLabel({ withdrawable, phase, round, occasion }: Omit<Place, 'kind'>): string {
  const parts = [
    withdrawable === null ? null : withdrawable ? '可退档' : '不可退档',
    phase && PHASE_LABELS[phase],
    round && ROUND_LABELS[round],
    occasion && OCCASION_LABELS[occasion],
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(' · ') : '全部情形';
}

const Reason = z.string().trim().min(2, '原因至少 2 个字').max(200, '原因最多 200 个字');
const Id = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, '编号只用小写字母、数字和短横线');
const Title = z.string().trim().min(1, '请填写标题').max(40);
const Text = z.string().max(2000);

export const Body = z.object({
  steps: z
    .array(
      z.object({
        id: Id,
        title: Title,
        say: Text,
        ask: z.string().max(400),
        branches: z.array(z.object({ label: z.string().max(40), to: Id })).max(9),
      }),
    )
    .max(60),
  objections: z
    .array(
      z.object({
        id: Id,
        title: Title,
        keyword: z.string().max(200),
        say: Text,
        source: z.string().max(200),
      }),
    )
    .max(40),
});
export type Body = z.output<typeof Body>;

const FlagView = z.object({
  phraseId: z.string(),
  pattern: z.string(),
  kind: z.enum(PHRASE_KINDS),
  advice: z.string(),
  rule: z.string(),
  excerpt: z.string(),
  where: z.string(),
  source: z.string().nullable(),
});

const PlaceFields = z.object({
  kind: z.enum(SCRIPT_KINDS),
  withdrawable: z.boolean().nullable(),
  phase: z.enum(PHASES).nullable(),
  round: z.enum(ROUNDS).nullable(),
  occasion: z.enum(OCCASIONS).nullable(),
});

const VersionLine = z.object({ id: z.string(), version: z.number(), state: z.enum(VERSION_STATES) });
export const ScriptLine = PlaceFields.extend({
  id: z.string(),
  name: z.string(),
  retiredAt: z.number().nullable(),
  inForce: VersionLine.nullable(),
  /** A draft, or what waits for approval, or the last refusal. */
  pending: VersionLine.extend({ flags: z.number(), mine: z.boolean() }).nullable(),
});
export type ScriptLine = z.output<typeof ScriptLine>;

export const VersionView = VersionLine.extend({
  body: Body,
  flagged: z.array(FlagView),
  authors: z.array(z.string()),
  writtenAt: z.number(),
  submittedAt: z.number().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: z.number().nullable(),
  note: z.string().nullable(),
  /** The reader wrote on it, and so may not decide on it. */
  mine: z.boolean(),
});
export type VersionView = z.output<typeof VersionView>;

const scriptParams = z.object({ scriptId: z.uuid() });
const states = { not_found: 404, wrong_state: 409 } as const;

export const listScripts = route({
  method: 'GET',
  path: '/scripts',
  permission: 'script.read',
  summary: '话术和短信模板',
  query: z.object({ seasonId: z.uuid() }),
  reply: z.object({ items: z.array(ScriptLine) }),
});

export const getScript = route({
  method: 'GET',
  path: '/scripts/:scriptId',
  permission: 'script.read',
  summary: '一份话术和它的各个版本',
  params: scriptParams,
  reply: PlaceFields.extend({
    id: z.string(),
    seasonId: z.string(),
    name: z.string(),
    retiredAt: z.number().nullable(),
    versions: z.array(VersionView),
  }),
  refusals: { not_found: 404 },
});

export const createScript = route({
  method: 'POST',
  path: '/scripts',
  permission: 'script.write',
  summary: '新建话术（草稿）',
  body: PlaceFields.extend({
    seasonId: z.uuid(),
    name: z.string().trim().min(2, '请填写名称').max(60),
    /** Copies the words of another script. */
    copyFrom: z.uuid().nullable(),
  }),
  reply: z.object({ scriptId: z.string() }),
  refusals: { not_found: 404, name_taken: 409, spot_taken: 409 },
});

export const saveDraft = route({
  method: 'PUT',
  path: '/scripts/:scriptId/draft',
  permission: 'script.write',
  summary: '保存草稿；没有草稿时从使用中的版本新开一版',
  params: scriptParams,
  body: z.object({
    body: Body,
    citations: z
      .array(z.object({ phraseId: z.uuid(), where: z.string().max(60), source: z.string().trim().max(200) }))
      .max(200),
    /** When the newest version was last written, as the person saw it: whoever began from older words would undo newer ones. */
    seenAt: z.number(),
  }),
  reply: z.object({ versionId: z.string(), writtenAt: z.number(), flagged: z.array(FlagView) }),
  refusals: { ...states, changed_meanwhile: 409 },
});

export const submitDraft = route({
  method: 'POST',
  path: '/scripts/:scriptId/submission',
  permission: 'script.write',
  summary: '提交审批',
  params: scriptParams,
  refusals: { ...states, invalid: 422, source_missing: 422 },
});

export const takeBackDraft = route({
  method: 'POST',
  path: '/scripts/:scriptId/take-back',
  permission: 'script.write',
  summary: '撤回待审批的版本继续修改',
  params: scriptParams,
  refusals: states,
});

export const decideVersion = route({
  method: 'POST',
  path: '/scripts/:scriptId/decision',
  permission: 'script.approve',
  summary: '审批：由没有参与编写的人通过或驳回',
  params: scriptParams,
  body: z.object({
    versionId: z.uuid(),
    decision: z.enum(['approve', 'reject']),
    note: z.string().trim().max(200),
  }),
  refusals: { ...states, own_work: 403, source_missing: 422, invalid: 422, note_missing: 422 },
});

export const retireScript = route({
  method: 'POST',
  path: '/scripts/:scriptId/retirement',
  permission: 'script.write',
  summary: '停用话术',
  params: scriptParams,
  body: z.object({ reason: Reason }),
  refusals: states,
});

export const installPack = route({
  method: 'POST',
  path: '/scripts/pack',
  permission: 'script.write',
  summary: '装入默认话术和敏感用语；已有同名的不动，装入后待审批',
  body: z.object({ seasonId: z.uuid() }),
  reply: z.object({ scripts: z.number(), phrases: z.number() }),
  refusals: { not_found: 404 },
});

const PhraseFields = z.object({
  pattern: z
    .string()
    .trim()
    .min(2, '至少 2 个字')
    .max(60, '最多 60 个字')
    .refine(isPattern, '除星号外至少 2 个字；星号最多 3 个，前后都要有字，也不能挨在一起'),
  kind: z.enum(PHRASE_KINDS),
  advice: z.string().trim().min(4, '请写明建议怎么说').max(200),
  rule: z.string().trim().min(4, '请写明依据的规定').max(200),
  active: z.boolean(),
});
export const PhraseView = PhraseFields.extend({ id: z.string() });
export type PhraseView = z.output<typeof PhraseView>;

export const listPhrases = route({
  method: 'GET',
  path: '/phrases',
  permission: 'script.read',
  summary: '敏感用语表',
  reply: z.object({ items: z.array(PhraseView) }),
});

export const addPhrase = route({
  method: 'POST',
  path: '/phrases',
  permission: 'script.write',
  summary: '新增敏感用语',
  body: PhraseFields,
  reply: PhraseView,
  refusals: { taken: 409 },
});

export const changePhrase = route({
  method: 'PUT',
  path: '/phrases/:phraseId',
  permission: 'script.write',
  summary: '修改或停用敏感用语',
  params: z.object({ phraseId: z.uuid() }),
  body: PhraseFields.extend({ reason: Reason }),
  refusals: { not_found: 404, taken: 409 },
});
