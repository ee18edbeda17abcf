import { z } from 'zod';
import { route } from '#platform/http/route';
import { ExportRecord } from './record.contract.ts';

/** The audit log taken out of the system by the auditor: 等保 8.1.4.3, with the ends of its chains, which can be published. */

/** Days in the college's time, both included. */
export const AuditRange = z.object({ from: z.iso.date(), to: z.iso.date() });
export type AuditRange = z.output<typeof AuditRange>;

export const AuditExportView = ExportRecord.extend({ kind: z.literal('audit'), filter: AuditRange });
export type AuditExportView = z.output<typeof AuditExportView>;

const Id = z.object({ id: z.uuid() });
const refusals = { nothing: 422, too_many: 422, range_bad: 422 } as const;

export const listAuditExports = route({
  method: 'GET',
  path: '/audit/exports',
  permission: 'audit.export',
  summary: '审计日志的导出记录',
  reply: z.object({ items: z.array(AuditExportView), approvalRows: z.number() }),
});

export const estimateAuditExport = route({
  method: 'POST',
  path: '/audit/exports/estimate',
  permission: 'audit.export',
  summary: '导出审计日志以前：会有多少行、要不要第二人批准',
  body: AuditRange,
  reply: z.object({
    rows: z.number(),
    takenAlone: z.number(),
    needsApproval: z.boolean(),
    tooMany: z.boolean(),
  }),
  refusals: { range_bad: 422 },
});

export const requestAuditExport = route({
  method: 'POST',
  path: '/audit/exports',
  permission: 'audit.export',
  freshAuth: true,
  summary: '申请导出一段审计日志：写明用途；超过规定行数须第二人批准',
  body: AuditRange.extend({ reason: z.string().trim().min(4, '请写明用途，至少 4 个字').max(300) }),
  reply: AuditExportView,
  refusals,
});

export const decideAuditExport = route({
  method: 'POST',
  path: '/audit/exports/:id/decide',
  permission: 'audit.export',
  freshAuth: true,
  summary: '第二人批准或不批准导出审计日志',
  params: Id,
  body: z.object({ approve: z.boolean(), note: z.string().trim().max(300).default('') }),
  reply: AuditExportView,
  refusals: { not_found: 404, same_person: 403, wrong_state: 409, note_needed: 422 },
});

export const downloadAuditExport = route({
  method: 'GET',
  path: '/audit/exports/:id/file',
  permission: 'audit.export',
  kind: 'stream',
  summary: '下载导出的审计日志（仅申请人，24 小时内）',
  params: Id,
  refusals: { not_found: 404, not_yours: 403, not_ready: 409, expired: 410 },
});

export const auditExportPassword = route({
  method: 'POST',
  path: '/audit/exports/:id/password',
  permission: 'audit.export',
  freshAuth: true,
  summary: '显示导出的审计日志的解压密码（仅申请人，记入日志，随文件删除）',
  params: Id,
  reply: z.object({ password: z.string() }),
  refusals: { not_found: 404, not_yours: 403, not_ready: 409, expired: 410 },
});
