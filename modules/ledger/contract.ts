import { z } from 'zod';
import { route } from '#platform/http/route';
import { EXPORT_KINDS, type ExportKind, type ExportState } from './rules.ts';

export const KIND_LABELS: Readonly<Record<ExportKind, string>> = {
  decisions: '录退结果（DBF，报考试院）',
  ledger: '回访台账（XLSX）',
};
export const EXPORT_STATE_LABELS: Readonly<Record<ExportState, string>> = {
  waiting: '待第二人批准',
  making: '正在生成',
  ready: '可下载',
  rejected: '未批准',
  failed: '没有生成',
};

const Id = z.object({ id: z.uuid() });

/** At most so many candidates chosen one by one. */
export const CHOSEN_MAX = 500;

export const ExportFilter = z.object({
  provinceCode: z
    .string()
    .regex(/^\d{2}$/)
    .optional(),
  batchId: z.uuid().optional(),
  /** Chosen one by one in a list; with the rest of the filter. */
  candidateIds: z.array(z.uuid()).min(1).max(CHOSEN_MAX).optional(),
});
export type ExportFilter = z.output<typeof ExportFilter>;

export const ExportView = z.object({
  id: z.uuid(),
  kind: z.enum(EXPORT_KINDS),
  filter: ExportFilter,
  reason: z.string(),
  rows: z.number(),
  state: z.enum(['waiting', 'making', 'ready', 'rejected', 'failed']),
  mark: z.string(),
  requestedBy: z.string(),
  requestedByName: z.string(),
  requestedAt: z.number(),
  approvedByName: z.string().nullable(),
  decisionNote: z.string().nullable(),
  jobId: z.string().nullable(),
  expiresAt: z.number().nullable(),
  downloads: z.number(),
});

export type ExportView = z.output<typeof ExportView>;

export const listExports = route({
  method: 'GET',
  path: '/exports',
  permission: 'ledger.export',
  summary: '导出记录',
  reply: z.object({ items: z.array(ExportView), approvalRows: z.number() }),
  refusals: { no_season: 404 },
});

export const estimateExport = route({
  method: 'POST',
  path: '/exports/estimate',
  permission: 'ledger.export',
  summary: '申请导出以前：会有多少行、要不要第二人批准',
  body: z.object({ kind: z.enum(EXPORT_KINDS), filter: ExportFilter }),
  reply: z.object({
    rows: z.number(),
    candidates: z.number(),
    /** Rows that this person has taken out in the last 24 hours without a second person. */
    takenAlone: z.number(),
    needsApproval: z.boolean(),
    tooMany: z.boolean(),
  }),
  refusals: { no_season: 404 },
});

export const requestExport = route({
  method: 'POST',
  path: '/exports',
  permission: 'ledger.export',
  freshAuth: true,
  summary: '申请导出：写明用途；超过规定行数须第二人批准',
  body: z.object({
    kind: z.enum(EXPORT_KINDS),
    filter: ExportFilter,
    reason: z.string().trim().min(4, '请写明用途，至少 4 个字').max(300),
  }),
  reply: ExportView,
  refusals: { no_season: 404, nothing: 422, too_many: 422 },
});

export const decideExport = route({
  method: 'POST',
  path: '/exports/:id/decide',
  permission: 'ledger.export',
  freshAuth: true,
  summary: '第二人批准或不批准一次导出',
  params: Id,
  body: z.object({ approve: z.boolean(), note: z.string().trim().max(300).default('') }),
  reply: ExportView,
  refusals: { not_found: 404, same_person: 403, wrong_state: 409, note_needed: 422 },
});

export const downloadExport = route({
  method: 'GET',
  path: '/exports/:id/file',
  permission: 'ledger.export',
  kind: 'stream',
  summary: '下载导出文件（仅申请人，24 小时内）',
  params: Id,
  refusals: { not_found: 404, not_yours: 403, not_ready: 409, expired: 410 },
});
