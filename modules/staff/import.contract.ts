import { z } from 'zod';
import { route } from '#platform/http/route';
import { Id } from './contract.ts';

/** A staff sheet is small: a college has hundreds of people. */
export const IMPORT_ROWS_MAX = 2000;
export const IMPORT_BYTES_MAX = 4 * 1024 * 1024;
export const FINDINGS_SHOWN = 200;

const Preview = z.object({
  id: z.string(),
  fileName: z.string(),
  rows: z.number(),
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  rejected: z.number(),
  newUnits: z.array(z.object({ name: z.string(), kind: z.enum(['school', 'department']) })),
  findings: z.array(z.object({ row: z.number(), column: z.string(), sentence: z.string() })),
  findingCount: z.number(),
});

const refusals = { not_xlsx: 422, too_large: 413, no_headings: 422, not_found: 404, no_file: 422 } as const;

export const importTemplate = route({
  method: 'GET',
  path: '/staff/import-template',
  permission: 'staff.manage',
  kind: 'stream',
  summary: '人员导入模板（XLSX）',
});

export const uploadStaff = route({
  method: 'POST',
  path: '/staff/imports',
  permission: 'staff.manage',
  kind: 'upload',
  summary: '上传人员表并预览，不写入',
  reply: Preview,
  refusals,
});

export const previewStaff = route({
  method: 'GET',
  path: '/staff/imports/:id',
  permission: 'staff.manage',
  summary: '重新查看一次导入的预览',
  params: Id,
  reply: Preview,
  refusals,
});

export const staffErrors = route({
  method: 'GET',
  path: '/staff/imports/:id/errors',
  permission: 'staff.manage',
  kind: 'stream',
  summary: '下载有问题的行（XLSX）',
  params: Id,
  refusals,
});

export const confirmStaff = route({
  method: 'POST',
  path: '/staff/imports/:id/confirm',
  permission: 'staff.manage',
  summary: '确认导入：全部写入或全部不写',
  params: Id,
  reply: z.object({
    created: z.number(),
    updated: z.number(),
    unchanged: z.number(),
    /** Shown once: first passwords of the new accounts. */
    codes: z.array(z.object({ username: z.string(), name: z.string(), initialCode: z.string() })),
  }),
  refusals: { ...refusals, rows_rejected: 422, username_taken: 409 },
});
