import { z } from 'zod';
import { route } from '#platform/http/route';
import { STEPS } from './rules.ts';

export const LEAVE_LABELS = {
  requested: '审批中',
  approved: '已批准',
  rejected: '未批准',
  ended: '已结束',
} as const;
export const LeaveState = z.enum(['requested', 'approved', 'rejected', 'ended']);

const Id = z.object({ id: z.uuid() });
const Day = z.iso.date('日期应为 YYYY-MM-DD');
const Reason = z.string().trim().min(4, '原因至少 4 个字').max(200, '原因最多 200 字');
const Approval = z.object({ step: z.enum(STEPS), by: z.string().nullable() });

const LeaveRow = z.object({
  id: z.string(),
  userId: z.string(),
  name: z.string(),
  unitName: z.string().nullable(),
  groupName: z.string().nullable(),
  startsOn: z.string(),
  endsOn: z.string(),
  reason: z.string(),
  state: LeaveState,
  approvals: z.array(Approval),
  rejectedBy: z.string().nullable(),
  decisionNote: z.string().nullable(),
  requestedAt: z.number(),
  /** Open cases the person holds now; they go back when the leave begins. */
  openWork: z.number(),
  returnedCases: z.number().nullable(),
  /** The step that the reader may decide now. */
  mine: z.enum(STEPS).nullable(),
});

export const listLeaves = route({
  method: 'POST',
  path: '/absence/leaves/search',
  permission: 'leave.decide',
  summary: '请假申请：待审批和已办',
  searches: true,
  body: z.object({
    state: z.union([LeaveState.transform((one) => [one]), z.array(LeaveState)]).optional(),
    text: z.string().trim().max(40).optional(),
    cursor: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  }),
  reply: z.object({ items: z.array(LeaveRow), nextCursor: z.string().nullable(), total: z.number() }),
});

export const myLeaves = route({
  method: 'GET',
  path: '/absence/leaves/mine',
  permission: 'leave.request',
  summary: '我的请假',
  reply: z.object({ items: z.array(LeaveRow) }),
});

export const requestLeave = route({
  method: 'POST',
  path: '/absence/leaves',
  permission: 'leave.request',
  summary: '申请请假',
  body: z.object({ startsOn: Day, endsOn: Day, reason: Reason }),
  reply: z.object({ id: z.string() }),
  refusals: { dates: 422, overlap: 409 },
});

export const decideLeave = route({
  method: 'POST',
  path: '/absence/leaves/:id/decide',
  permission: 'leave.decide',
  summary: '审批请假：部门、人事处、招办三关，由三个人办',
  params: Id,
  body: z.object({
    step: z.enum(STEPS),
    approved: z.boolean(),
    note: z.string().trim().max(200).default(''),
  }),
  reply: z.object({ state: LeaveState, returned: z.number().nullable() }),
  refusals: {
    not_found: 404,
    decided: 409,
    own_request: 403,
    step_done: 409,
    second_step: 403,
    not_yours: 403,
    note_needed: 422,
    open_work: 409,
  },
});

export const endLeave = route({
  method: 'POST',
  path: '/absence/leaves/:id/end',
  permission: 'leave.request',
  summary: '撤回申请或提前销假',
  params: Id,
  refusals: { not_found: 404, decided: 409 },
});

const departure = {
  not_found: 404,
  self: 403,
  self_grant: 403,
  beyond_own_right: 403,
  excluded_roles: 422,
  expiry: 422,
  capacity: 422,
  no_such_unit: 422,
  no_such_group: 422,
  no_such_skill: 422,
  leads_group: 409,
  open_work: 409,
} as const;

export const disablePerson = route({
  method: 'POST',
  path: '/staff/people/:id/disable',
  permission: 'staff.disable',
  summary: '停用账号：下一次操作即退出，在办考生全部收回',
  params: Id,
  body: z.object({ reason: Reason }),
  reply: z.object({ returned: z.number() }),
  refusals: departure,
});

export const removePerson = route({
  method: 'POST',
  path: '/staff/people/:id/remove',
  permission: 'staff.remove',
  summary: '退出回访：离开小组，在办考生全部收回，账号保留',
  params: Id,
  body: z.object({ reason: Reason }),
  reply: z.object({ returned: z.number() }),
  refusals: departure,
});

export const departureFigures = route({
  method: 'GET',
  path: '/staff/people/:id/open-work',
  permission: 'staff.disable',
  summary: '停用或退出前：此人有多少在办考生',
  params: Id,
  reply: z.object({ open: z.number(), dueToday: z.number() }),
});
