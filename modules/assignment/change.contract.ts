import { z } from 'zod';
import { route } from '#platform/http/route';

/** 调整归属: reassign, balance, take back, return all; the history of a case. */

export const ASSIGNMENT_LABELS = {
  lead: '报备归属',
  random: '随机分配',
  escalation: '转突击组',
  reassigned: '改派',
  balanced: '均衡',
  taken_back: '收回',
  absent: '缺勤交回',
  taken_over: '来电接手',
} as const;

const SELECTION_MAX = 500;
const Reason = z.string().trim().min(2, '原因至少 2 个字').max(200, '原因最多 200 个字');
const ids = z.array(z.uuid()).max(SELECTION_MAX).default([]);
/** Cases by their own id, or by candidate: then the open case of the present phase. */
const Selection = {
  caseIds: ids,
  candidateIds: ids,
  /** Only says who would move and who would stay. */
  dry: z.boolean().default(false),
};

const Moved = z.object({
  moved: z.number(),
  /** Those that stayed, with the reason. */
  stayed: z.array(z.object({ caseId: z.string(), name: z.string(), why: z.string() })),
});

export const CallerLoad = z.object({
  userId: z.string(),
  name: z.string(),
  groupId: z.string().nullable(),
  groupName: z.string().nullable(),
  /** Active, qualified, not on leave: may be given work. */
  available: z.boolean(),
  open: z.number(),
  untouched: z.number(),
  scheduled: z.number(),
  escalated: z.number(),
  calling: z.boolean(),
  cap: z.number(),
});
export type CallerLoad = z.output<typeof CallerLoad>;

export const listLoads = route({
  method: 'GET',
  path: '/assignments/callers',
  permission: 'assignment.change',
  summary: '回访员的在办（组长只看本组）',
  reply: z.object({
    items: z.array(CallerLoad),
    groups: z.array(z.object({ id: z.string(), name: z.string() })),
    wholeSeason: z.boolean(),
    pool: z.number(),
  }),
});

export const OwnedCase = z.object({
  id: z.string(),
  candidateId: z.string(),
  candidateNo: z.string(),
  name: z.string(),
  provinceCode: z.string(),
  batchName: z.string(),
  state: z.string(),
  disposition: z.string(),
  attempts: z.number(),
  dueAt: z.number().nullable(),
  since: z.number().nullable(),
  kind: z.string().nullable(),
});
export type OwnedCase = z.output<typeof OwnedCase>;

export const listOwned = route({
  method: 'GET',
  path: '/assignments/cases',
  permission: 'assignment.change',
  summary: '一名回访员的在办考生（脱敏）',
  query: z.object({
    userId: z.uuid(),
    cursor: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(50).default(50),
    sort: z.string().max(20).optional(),
  }),
  reply: z.object({ items: z.array(OwnedCase), nextCursor: z.string().nullable() }),
  refusals: { not_found: 404, other_group: 403 },
});

export const caseHistory = route({
  method: 'GET',
  path: '/assignments/history/:caseId',
  permission: 'assignment.change',
  summary: '一名考生的归属经过',
  params: z.object({ caseId: z.uuid() }),
  reply: z.object({
    items: z.array(
      z.object({
        at: z.number(),
        kind: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        group: z.string().nullable(),
        by: z.string().nullable(),
        reason: z.string(),
      }),
    ),
  }),
  refusals: { not_found: 404, other_group: 403 },
});

const refusals = {
  nothing_moved: 409,
  not_available: 409,
  over_cap: 409,
  other_group: 403,
  no_season: 409,
} as const;

export const reassign = route({
  method: 'POST',
  path: '/assignments/reassign',
  permission: 'assignment.change',
  summary: '把所选考生改派给一名回访员',
  body: z.object({ ...Selection, toUserId: z.uuid(), reason: Reason }),
  reply: Moved,
  refusals,
});

export const takeBack = route({
  method: 'POST',
  path: '/assignments/take-back',
  permission: 'assignment.change',
  summary: '把所选考生收回本组或公共池',
  body: z.object({ ...Selection, to: z.enum(['group', 'pool']), reason: Reason }),
  reply: Moved,
  refusals,
});

export const balance = route({
  method: 'POST',
  path: '/assignments/balance',
  permission: 'assignment.change',
  summary: '均衡一个小组或全校的在办；默认只移动没有联系过的考生，不动报备归属',
  body: z.object({
    groupId: z.uuid().nullable(),
    /** Also cases that were called already. */
    started: z.boolean().default(false),
    /** Only says what would move. */
    dry: z.boolean().default(false),
    reason: Reason,
  }),
  reply: z.object({
    moved: z.number(),
    lines: z.array(z.object({ userId: z.string(), name: z.string(), before: z.number(), after: z.number() })),
  }),
  refusals: { other_group: 403, no_season: 409, nothing_moved: 409 },
});

export const returnAll = route({
  method: 'POST',
  path: '/assignments/return-all',
  permission: 'assignment.change',
  summary: '把一名缺勤回访员的在办全部交回小组',
  body: z.object({ userId: z.uuid(), reason: Reason }),
  reply: z.object({ returned: z.number() }),
  refusals: { other_group: 403, nothing_moved: 409, not_found: 404 },
});
