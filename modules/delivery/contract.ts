import { z } from 'zod';
import { route } from '#platform/http/route';
import { severities } from './rules.ts';

export const importStates = [
  ...(['uploaded', 'reading', 'previewed', 'applying', 'applied', 'refused', 'undone', 'discarded'] as const),
] as const;
export type ImportState = (typeof importStates)[number];

export const importStateLabels: Readonly<Record<ImportState, string>> = {
  uploaded: '等待读取',
  reading: '正在读取',
  previewed: '待确认',
  applying: '正在写入',
  applied: '已导入',
  refused: '不能导入',
  undone: '已撤销',
  discarded: '已放弃',
};

/** Largest upload, the whole delivery together. */
export const DELIVERY_BYTES_MAX = 2 ** 31;
/** Most files of one upload; more come as a ZIP. */
export const DELIVERY_FILES_MAX = 2000;

const Table = z.object({
  file: z.string(),
  kind: z.string(),
  name: z.string(),
  encoding: z.string(),
  rows: z.number(),
  deletedRows: z.number(),
  rejected: z.number(),
});
export type StoredTable = z.output<typeof Table>;

const StoredNoteShape = z.object({
  code: z.string(),
  file: z.string(),
  detail: z.string(),
  message: z.string(),
});
export type StoredNote = z.output<typeof StoredNoteShape>;

const Heading = z.object({
  heading: z.string(),
  column: z.string().nullable(),
  certainty: z.enum(['exact', 'similar', 'given', 'none']),
});

const count = z.number();
export const Figures = z.object({
  ...{ rows: count, deletedRows: count, candidates: count, created: count, updated: count, unchanged: count },
  ...{ merged: count, conflicts: count, rejected: count, locked: count, noPhone: count, namesLost: count },
  badId: count,
  findings: z.record(z.string(), z.number()),
});

const Summary = z.object({
  id: z.string(),
  provinceCode: z.string(),
  batchName: z.string(),
  state: z.enum(importStates),
  fileName: z.string(),
  counts: Figures.partial(),
  createdByName: z.string().nullable(),
  createdAt: z.number(),
  appliedAt: z.number().nullable(),
  undoneAt: z.number().nullable(),
  undoReason: z.string().nullable(),
});
export type ImportSummary = z.output<typeof Summary>;

const View = Summary.extend({
  seasonId: z.string(),
  year: z.number(),
  batchId: z.string(),
  form: z.string().nullable(),
  encoding: z.string().nullable(),
  tables: z.array(Table),
  notes: z.array(StoredNoteShape),
  headings: z.array(Heading),
  error: z
    .object({
      ...{ code: z.string(), file: z.string(), message: z.string(), hint: z.string() },
      row: z.number().optional(),
      column: z.string().optional(),
    })
    .nullable(),
  jobId: z.string().nullable(),
});
export type ImportView = z.output<typeof View>;

const Id = z.object({ id: z.uuid() });
const refusals = { not_found: 404, wrong_state: 409 } as const;
const Started = z.object({ id: z.string(), jobId: z.string() });
const Page = { cursor: z.string().optional(), limit: z.coerce.number().int().min(1).max(100).default(50) };

export const uploadDelivery = route({
  method: 'POST',
  path: '/imports',
  permission: 'delivery.import',
  kind: 'upload',
  summary: '上传省级下发的档案：一个压缩包、DBF、XLSX、CSV，或一个文件夹里的全部文件',
  query: z.object({
    province: z.string().regex(/^\d{2}$/),
    batchId: z.uuid(),
    /** How many files follow: more than one are packed together. */
    files: z.coerce.number().int().min(1).max(DELIVERY_FILES_MAX).default(1),
  }),
  reply: Started,
  refusals: {
    no_file: 422,
    too_large: 413,
    unknown_type: 422,
    not_found: 404,
    no_season: 409,
    unknown_province: 422,
  },
});

export const listImports = route({
  method: 'GET',
  path: '/imports',
  permission: 'delivery.read',
  summary: '本季全部导入，新的在前',
  query: z.object(Page),
  reply: z.object({ items: z.array(Summary), nextCursor: z.string().nullable() }),
});

export const readImportRoute = route({
  method: 'GET',
  path: '/imports/:id',
  permission: 'delivery.read',
  summary: '一次导入：识别到的表、数字、状态',
  params: Id,
  reply: View,
  refusals: { not_found: 404 },
});

export const Finding = z.object({
  no: z.number(),
  code: z.string(),
  severity: z.enum(severities),
  file: z.string(),
  row: z.number().nullable(),
  field: z.string().nullable(),
  excerpt: z.string().nullable(),
  message: z.string(),
});
export type FindingView = z.output<typeof Finding>;

export const listFindings = route({
  method: 'GET',
  path: '/imports/:id/findings',
  permission: 'delivery.read',
  summary: '逐行问题',
  params: Id,
  query: z.object({ ...Page, code: z.string().max(40).optional(), severity: z.enum(severities).optional() }),
  reply: z.object({ items: z.array(Finding), nextCursor: z.string().nullable() }),
  refusals: { not_found: 404 },
});

const Difference = z.object({ field: z.string(), label: z.string(), before: z.string(), after: z.string() });
export const Change = z.object({
  candidateId: z.string(),
  candidateNo: z.string(),
  name: z.string(),
  differences: z.array(Difference),
});
export type ChangeView = z.output<typeof Change>;

export const listChanges = route({
  method: 'GET',
  path: '/imports/:id/changes',
  permission: 'delivery.read',
  summary: '更新的考生：逐项前后对照，敏感内容打码',
  params: Id,
  query: z.object(Page),
  reply: z.object({ items: z.array(Change), nextCursor: z.string().nullable() }),
  refusals: { not_found: 404 },
});

export const findingsFile = route({
  method: 'GET',
  path: '/imports/:id/findings.xlsx',
  permission: 'delivery.read',
  kind: 'stream',
  summary: '下载问题清单（XLSX）',
  params: Id,
  refusals: { not_found: 404 },
});

export const findingsText = route({
  method: 'GET',
  path: '/imports/:id/findings.csv',
  permission: 'delivery.read',
  kind: 'stream',
  summary: '下载问题清单（CSV，UTF-8）',
  params: Id,
  refusals: { not_found: 404 },
});

export const mapColumns = route({
  method: 'POST',
  path: '/imports/:id/mapping',
  permission: 'delivery.import',
  summary: '指定表格各列的含义并重新读取；同样表头的文件以后自动套用',
  params: Id,
  body: z.object({ mapping: z.record(z.string().max(200), z.string().max(20).nullable()) }),
  reply: Started,
  refusals,
});

export const readImportAgain = route({
  method: 'POST',
  path: '/imports/:id/read-again',
  permission: 'delivery.import',
  summary: '重新核对一次未写入的导入：按现在的档案重算预览',
  params: Id,
  reply: Started,
  refusals,
});

export const confirmImport = route({
  method: 'POST',
  path: '/imports/:id/confirm',
  permission: 'delivery.import',
  summary: '确认导入：全部写入或全部不写',
  params: Id,
  reply: Started,
  refusals: { ...refusals, stale: 409 },
});

export const discardImport = route({
  method: 'POST',
  path: '/imports/:id/discard',
  permission: 'delivery.import',
  summary: '放弃一次未写入的导入',
  params: Id,
  refusals,
});

export const undoImport = route({
  method: 'POST',
  path: '/imports/:id/undo',
  permission: 'delivery.import',
  summary: '撤销导入：首次联系之前可以撤销',
  params: Id,
  body: z.object({ reason: z.string().trim().min(2).max(500) }),
  reply: z.object({ removed: z.number(), restored: z.number() }),
  refusals: { ...refusals, contacted: 409, in_follow_up: 409, changed_later: 409, worked_on: 409 },
});
