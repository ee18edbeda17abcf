import { z } from 'zod';
import { route } from '#platform/http/route';
import { ExportRecord } from './record.contract.ts';
import { type AnyKind, EXPORT_KINDS, type ExportState, RECEIVER_BASES, type ReceiverBasis } from './rules.ts';

export * from './audit-export.contract.ts';
export { actionWords, NOUNS } from './audit-words.rules.ts';

export const KIND_LABELS: Readonly<Record<AnyKind, string>> = {
  decisions: '录退结果（DBF，报考试院）',
  ledger: '回访台账（XLSX）',
  audit: '审计日志（XLSX）',
};
/** Kinds of personal information that a file holds, for the record of what was shared. */
export const CONTENT_LABELS: Readonly<Record<AnyKind, string>> = {
  decisions: '考生号、录退结果、专业代号、退档原因',
  ledger: '考生号、打码的姓名和电话、省份批次专业、联系经过和备注',
  audit: '工作人员姓名、登录地址、操作内容（已打码）',
};
export const BASIS_LABELS: Readonly<Record<ReceiverBasis, string>> = {
  duty: '履行法定职责或法定义务',
  consent: '已取得本人单独同意',
  entrusted: '委托处理（有协议）',
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

/** Who outside the college gets the file: 个人信息保护法 art. 23, 网络数据安全管理条例 art. 12. */
export const Receiver = z.object({
  name: z.string().trim().min(2, '请写明接收方全称').max(100),
  basis: z.enum(RECEIVER_BASES),
});

export const ExportView = ExportRecord.extend({ kind: z.enum(EXPORT_KINDS), filter: ExportFilter });
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
    /** Null: it stays inside the college. */
    receiver: Receiver.nullable().default(null),
  }),
  reply: ExportView,
  refusals: { no_season: 404, nothing: 422, too_many: 422, receiver_needed: 422 },
});

export const exportPassword = route({
  method: 'POST',
  path: '/exports/:id/password',
  permission: 'ledger.export',
  freshAuth: true,
  summary: '显示导出文件的解压密码（仅申请人，记入日志，随文件删除）',
  params: Id,
  reply: z.object({ password: z.string() }),
  refusals: { not_found: 404, not_yours: 403, not_ready: 409, expired: 410 },
});

export const listShared = route({
  method: 'GET',
  path: '/exports/shared',
  permission: 'ledger.shared',
  summary: '对外提供记录：给了谁、什么内容、为何、依据、谁批准，各年合在一起',
  reply: z.object({
    items: z.array(
      z.object({
        id: z.uuid(),
        kind: z.enum([...EXPORT_KINDS, 'audit']),
        receiver: z.string(),
        receiverBasis: z.enum(RECEIVER_BASES),
        reason: z.string(),
        rows: z.number(),
        mark: z.string(),
        requestedByName: z.string(),
        requestedAt: z.number(),
        approvedByName: z.string().nullable(),
        downloads: z.number(),
      }),
    ),
  }),
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
