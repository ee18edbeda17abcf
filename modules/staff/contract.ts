import { z } from 'zod';
import { route } from '#platform/http/route';
import { ROLES } from './rules.ts';

export const KIND_LABELS = { teacher: '教师', student: '学生', admissions: '招就处' } as const;
export const STATE_LABELS = {
  active: '在用',
  locked: '已锁定',
  removed: '已退出回访',
  expired: '已到期',
  disabled: '已停用',
} as const;

export const Kind = z.enum(['teacher', 'student', 'admissions']);
export const AccountState = z.enum(['active', 'locked', 'removed', 'expired', 'disabled']);
export const RoleName = z.enum(ROLES);
export const Reason = z.string().trim().min(4, '原因至少 4 个字').max(200, '原因最多 200 字');
export const Id = z.object({ id: z.uuid() });
const Day = z.iso.date('日期应为 YYYY-MM-DD');

/** One value arrives as a text, several as a list. */
const oneOrMany = <T extends z.ZodType>(item: T) => z.union([item.transform((one) => [one]), z.array(item)]);

const Username = z
  .string()
  .trim()
  .toLowerCase()
  .min(2, '账号至少 2 个字符')
  .max(40, '账号最多 40 个字符')
  .regex(/^[a-z0-9._-]+$/, '账号只能用字母、数字、点、横线和下划线，一般用工号或学号');
const PersonName = z.string().trim().min(1, '请填写姓名').max(40, '姓名最多 40 字');

const Profile = {
  name: PersonName,
  kind: Kind,
  unitId: z.uuid().nullable().default(null),
  groupId: z.uuid().nullable().default(null),
  staffNo: z.string().trim().max(30, '工号最多 30 个字符').nullable().default(null),
  experienced: z.boolean().default(false),
  outstandingLastYear: z.boolean().default(false),
  openWorkCap: z.int().min(0, '上限不能小于 0').max(10_000, '上限最多 10000').default(200),
  expiresOn: Day.nullable().default(null),
  skills: z.array(z.string().max(40)).max(30, '技能最多 30 项').default([]),
};

export const PersonRow = z.object({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  kind: Kind,
  staffNo: z.string().nullable(),
  unitId: z.string().nullable(),
  unitName: z.string().nullable(),
  groupId: z.string().nullable(),
  groupName: z.string().nullable(),
  roles: z.array(z.string()),
  skills: z.array(z.string()),
  experienced: z.boolean(),
  outstandingLastYear: z.boolean(),
  qualifiedAt: z.number().nullable(),
  qualifiedBy: z.string().nullable(),
  openWorkCap: z.number(),
  expiresOn: z.string().nullable(),
  state: AccountState,
  factorEnrolled: z.boolean(),
  lastSeenAt: z.number().nullable(),
});

export const listPeople = route({
  method: 'POST',
  path: '/staff/people/search',
  permission: 'staff.read',
  summary: '人员和账号',
  searches: true,
  body: z.object({
    text: z.string().trim().max(40).optional(),
    group: oneOrMany(z.uuid()).optional(),
    unit: oneOrMany(z.uuid()).optional(),
    kind: oneOrMany(Kind).optional(),
    role: oneOrMany(RoleName).optional(),
    skill: oneOrMany(z.string().max(40)).optional(),
    state: oneOrMany(AccountState).optional(),
    qualified: z.enum(['yes', 'no']).optional(),
    sort: z.enum(['name', '-name', 'username', '-username']).default('name'),
    cursor: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  }),
  reply: z.object({ items: z.array(PersonRow), nextCursor: z.string().nullable(), total: z.number() }),
  refusals: { bad_cursor: 400 },
});

const HistoryLine = z.object({
  at: z.number(),
  actorName: z.string(),
  action: z.string(),
  reason: z.string().nullable(),
});

export const readPerson = route({
  method: 'GET',
  path: '/staff/people/:id',
  permission: 'staff.read',
  summary: '一个人的资料和变更记录',
  params: Id,
  reply: PersonRow.extend({ removedReason: z.string().nullable(), history: z.array(HistoryLine) }),
  refusals: { not_found: 404 },
});

const accountRefusals = {
  not_found: 404,
  self_grant: 403,
  beyond_own_right: 403,
  excluded_roles: 422,
  self: 403,
  expiry: 422,
  capacity: 422,
  no_such_unit: 422,
  no_such_group: 422,
  no_such_skill: 422,
  leads_group: 409,
} as const;

export const createPerson = route({
  method: 'POST',
  path: '/staff/people',
  permission: 'staff.manage',
  summary: '新建账号，返回一次性初始密码',
  body: z.object({ username: Username, ...Profile, roles: z.array(RoleName).max(12).default([]) }),
  reply: z.object({ id: z.string(), initialCode: z.string() }),
  refusals: { ...accountRefusals, username_taken: 409 },
});

export const changePerson = route({
  method: 'PUT',
  path: '/staff/people/:id',
  permission: 'staff.manage',
  summary: '修改人员资料',
  params: Id,
  body: z.object(Profile),
  refusals: accountRefusals,
});

export const changeRoles = route({
  method: 'PUT',
  path: '/staff/people/:id/roles',
  permission: 'staff.grant',
  summary: '授予和收回角色，下一次操作即生效',
  params: Id,
  body: z.object({ roles: z.array(RoleName).max(12), reason: Reason }),
  refusals: accountRefusals,
  freshAuth: true,
});

export const resetCode = route({
  method: 'POST',
  path: '/staff/people/:id/reset-code',
  permission: 'staff.reset_code',
  summary: '重置密码，返回一次性初始密码',
  params: Id,
  body: z.object({ reason: Reason }),
  reply: z.object({ initialCode: z.string() }),
  refusals: accountRefusals,
  freshAuth: true,
});

export const resetFactor = route({
  method: 'POST',
  path: '/staff/people/:id/reset-factor',
  permission: 'staff.reset_factor',
  summary: '解除动态口令绑定，下次登录重新绑定',
  params: Id,
  body: z.object({ reason: Reason }),
  refusals: accountRefusals,
  freshAuth: true,
});

export const enablePerson = route({
  method: 'POST',
  path: '/staff/people/:id/enable',
  permission: 'staff.disable',
  summary: '重新启用账号',
  params: Id,
  body: z.object({ reason: Reason }),
  refusals: accountRefusals,
});

export const qualifyPerson = route({
  method: 'POST',
  path: '/staff/people/:id/qualify',
  permission: 'staff.qualify',
  summary: '资格审查：培训通过后才能拨打电话',
  params: Id,
  body: z.object({ passed: z.boolean(), note: z.string().trim().min(4, '说明至少 4 个字').max(200) }),
  refusals: { not_found: 404, self: 403, not_a_caller: 422 },
});

export const personSessions = route({
  method: 'GET',
  path: '/staff/people/:id/sessions',
  permission: 'staff.disable',
  summary: '一个人的登录',
  params: Id,
  reply: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        createdAt: z.number(),
        lastSeenAt: z.number(),
        endedAt: z.number().nullable(),
        ip: z.string().nullable(),
        userAgent: z.string().nullable(),
      }),
    ),
  }),
  refusals: { not_found: 404 },
});

export const endPersonSessions = route({
  method: 'DELETE',
  path: '/staff/people/:id/sessions',
  permission: 'staff.disable',
  summary: '结束一个人的全部登录',
  params: Id,
  reply: z.object({ ended: z.number() }),
  refusals: { not_found: 404 },
});

export const REPORT_LABELS = {
  never_used: '从未登录',
  stale: '长期未登录',
  ending: '即将到期',
  expired: '已到期仍有角色',
  shared: '疑似多人共用',
  no_factor: '应绑定动态口令而未绑定',
} as const;

export const accountReport = route({
  method: 'GET',
  path: '/staff/account-report',
  permission: 'staff.report',
  summary: '账号检查：长期不用、到期、疑似共用',
  reply: z.object({
    checkedAt: z.number(),
    accounts: z.number(),
    items: z.array(
      z.object({
        finding: z.enum(['never_used', 'stale', 'ending', 'expired', 'shared', 'no_factor']),
        id: z.string(),
        name: z.string(),
        username: z.string(),
        roles: z.array(z.string()),
        sentence: z.string(),
      }),
    ),
  }),
});
