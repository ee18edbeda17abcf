import { z } from 'zod';
import { route } from '#platform/http/route';
import { AUDIENCES, INCIDENT_KINDS } from './rules.ts';

/** 个人信息安全事件登记: found, assessed, told, closed. 个人信息保护法 art. 57. */

const Text = z.string().trim().max(2000);
const Instant = z.int().min(0);

/** What somebody writes down; what is not known yet stays empty and is added later. */
export const IncidentInput = z.object({
  kind: z.enum(INCIDENT_KINDS),
  title: z.string().trim().min(4, '请写明发生了什么，至少 4 个字').max(100),
  foundAt: Instant,
  happenedAt: Instant.nullable().default(null),
  dataKinds: z.string().trim().min(2, '请写明涉及哪些个人信息').max(500),
  affected: z.int().min(0).max(100_000_000).nullable().default(null),
  cause: Text.default(''),
  harm: Text.default(''),
  measures: Text.default(''),
  selfHelp: Text.default(''),
  contact: z.string().trim().min(2, '请写明对外的联系方式').max(200),
  /** Null: the persons are told. Otherwise why they need not be: the measures keep all harm away. */
  subjectsReason: z
    .string()
    .trim()
    .min(4, '请写明不告知个人的理由，至少 4 个字')
    .max(500)
    .nullable()
    .default(null),
});
export type IncidentInput = z.output<typeof IncidentInput>;

export const IncidentNotice = z.object({
  id: z.string(),
  audience: z.enum(AUDIENCES),
  receiver: z.string(),
  channel: z.string(),
  body: z.string(),
  sentAt: z.number(),
  recordedByName: z.string(),
});

export const IncidentView = IncidentInput.extend({
  id: z.string(),
  subjectsTold: z.boolean(),
  authorityDueAt: z.number(),
  registeredByName: z.string(),
  registeredAt: z.number(),
  conclusion: z.string().nullable(),
  closedByName: z.string().nullable(),
  closedAt: z.number().nullable(),
  notices: z.array(IncidentNotice),
});
export type IncidentView = z.output<typeof IncidentView>;

const params = z.object({ id: z.uuid() });
const faults = { not_found: 404, closed: 409, times_wrong: 422 } as const;

export const listIncidents = route({
  method: 'GET',
  path: '/incidents',
  permission: 'incident.read',
  summary: '个人信息安全事件：在办的或已办结的，带告知记录',
  query: z.object({ view: z.enum(['open', 'closed']).default('open') }),
  reply: z.object({
    items: z.array(IncidentView),
    /** Hours from the discovery to the report, as the organisation has set them. */
    hours: z.number(),
  }),
});

export const registerIncident = route({
  method: 'POST',
  path: '/incidents',
  permission: 'incident.manage',
  summary: '登记一起个人信息安全事件，从发现时刻起算报告时限',
  body: IncidentInput,
  reply: IncidentView,
  refusals: { times_wrong: 422 },
});

export const changeIncident = route({
  method: 'PUT',
  path: '/incidents/:id',
  permission: 'incident.manage',
  summary: '补充或更正一起事件（写明理由，前后内容记入日志）',
  params,
  body: IncidentInput.extend({ reason: z.string().trim().min(4, '请写明理由，至少 4 个字').max(200) }),
  reply: IncidentView,
  refusals: faults,
});

export const incidentDraft = route({
  method: 'GET',
  path: '/incidents/:id/drafts/:audience',
  permission: 'incident.read',
  summary: '告知书草稿：给主管部门或给个人，缺什么一并列出',
  params: params.extend({ audience: z.enum(AUDIENCES) }),
  reply: z.object({ text: z.string(), missing: z.array(z.string()) }),
  refusals: { not_found: 404 },
});

export const recordNotice = route({
  method: 'POST',
  path: '/incidents/:id/notices',
  permission: 'incident.manage',
  summary: '登记一次告知：什么时候、告知了谁、用什么方式、内容',
  params,
  body: z.object({
    audience: z.enum(AUDIENCES),
    receiver: z.string().trim().min(2, '请写明告知了谁').max(200),
    channel: z.string().trim().min(2, '请写明告知方式').max(100),
    body: z.string().trim().min(10, '请粘贴告知的内容').max(5000),
    sentAt: Instant,
  }),
  reply: IncidentView,
  refusals: faults,
});

export const closeIncident = route({
  method: 'POST',
  path: '/incidents/:id/close',
  permission: 'incident.manage',
  summary: '办结一起事件：主管部门和个人都已告知，写明结论',
  params,
  body: z.object({ conclusion: z.string().trim().min(4, '请写明结论，至少 4 个字').max(2000) }),
  reply: IncidentView,
  refusals: { ...faults, authority_not_told: 422, subjects_not_told: 422 },
});
