import { z } from 'zod';
import { route } from '#platform/http/route';
import { MISSING, SORTS } from './list.rules.ts';

/** One chosen value arrives as one text, several as a list. */
const several = <S extends z.ZodType>(item: S) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item).max(60).optional(),
  );

const Day = z.iso.date();

/** The filters of the list, as they stand in an address. */
export const ListFilters = z.object({
  q: z.string().trim().max(64).optional(),
  province: several(z.string().regex(/^\d{2}$/)),
  batch: several(z.uuid()),
  major: several(z.string().min(1).max(100)),
  school: z.string().trim().min(2).max(60).optional(),
  group: several(z.uuid()),
  caller: several(z.uuid().or(z.literal('none'))),
  state: several(z.enum(['ready', 'leased', 'scheduled', 'blocked', 'escalated', 'final'])),
  disposition: several(z.enum(['uncalled', 'confirmed', 'considering', 'unreachable', 'withdrawing'])),
  signal: several(z.string().min(1).max(40)),
  missing: several(z.enum(MISSING)),
  deadlineFrom: Day.optional(),
  deadlineTo: Day.optional(),
  pathway: z.literal('yes').optional(),
});
export type ListFilters = z.infer<typeof ListFilters>;

export const ListQuery = ListFilters.extend({
  sort: z.enum(SORTS).optional(),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});
export type ListQuery = z.infer<typeof ListQuery>;

export const CandidateRow = z.object({
  id: z.string(),
  candidateNo: z.string(),
  /** Masked: 张*明. */
  name: z.string(),
  provinceCode: z.string(),
  batchName: z.string(),
  category: z.string().nullable(),
  majorName: z.string().nullable(),
  schoolName: z.string().nullable(),
  preferenceRank: z.number().nullable(),
  /** Null as well for student callers. */
  score: z.number().nullable(),
  withdrawable: z.boolean().nullable(),
  minor: z.boolean(),
  phones: z.number(),
  /** The first number to dial, masked. */
  phone: z.string().nullable(),
  missing: z.array(z.enum(MISSING)),
  signals: z.array(z.string()),
  pathway: z.boolean(),
  state: z.string().nullable(),
  disposition: z.string().nullable(),
  result: z.string().nullable(),
  ownerName: z.string().nullable(),
  groupName: z.string().nullable(),
  caseId: z.string().nullable(),
  dueAt: z.number().nullable(),
  deadlineAt: z.number().nullable(),
  attempts: z.number(),
  contacts: z.number(),
  lastAttemptAt: z.number().nullable(),
});
export type CandidateRow = z.infer<typeof CandidateRow>;

export const listCandidates = route({
  method: 'POST',
  path: '/candidates/search',
  permission: 'candidate.read',
  summary: '考生列表：筛选、搜索、排序，按权限范围',
  searches: true,
  body: ListQuery,
  reply: z.object({
    items: z.array(CandidateRow),
    nextCursor: z.string().nullable(),
    /** Exact up to 10,000. */
    total: z.number(),
    /** There are more than `total`. */
    capped: z.boolean(),
    /** What to type, when the search text finds nothing by its form. */
    hint: z.string().nullable(),
  }),
  refusals: { no_season: 409, too_broad: 422, cursor_bad: 400 },
});

const Option = z.object({ value: z.string(), label: z.string() });

export const listOptions = route({
  method: 'GET',
  path: '/candidates/options',
  permission: 'candidate.read',
  summary: '考生列表的筛选项：省份、批次、专业、小组、回访员、关注点',
  reply: z.object({
    scope: z.enum(['all', 'group', 'own']),
    defaultSort: z.enum(SORTS),
    provinces: z.array(Option),
    batches: z.array(Option),
    majors: z.array(Option),
    groups: z.array(Option),
    callers: z.array(Option),
    signals: z.array(Option.extend({ help: z.string(), active: z.boolean() })),
  }),
});

export const searchCandidates = route({
  method: 'POST',
  path: '/search',
  permission: 'candidate.read',
  summary: '全局搜索：姓名、拼音首字母、考生号、号码后四位',
  searches: true,
  body: z.object({ q: z.string().trim().min(1).max(64) }),
  reply: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        candidateNo: z.string(),
        name: z.string(),
        provinceCode: z.string(),
        batchName: z.string(),
        majorName: z.string().nullable(),
        ownerName: z.string().nullable(),
        /** Outside the own scope: only good for taking the case over on an inbound call. */
        foreign: z.boolean(),
        caseId: z.string().nullable(),
      }),
    ),
    hint: z.string().nullable(),
  }),
});
