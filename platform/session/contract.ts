import { z } from 'zod';
import { route } from '#platform/http/route';

export const Stage = z.enum(['signed_in', 'totp', 'enrol_totp', 'change_password', 'notice']);
const StageReply = z.object({ stage: Stage });
const Code = z
  .string()
  .trim()
  .regex(/^\d{6}$/, '动态口令是 6 位数字');

export const signIn = route({
  method: 'POST',
  path: '/session',
  permission: 'public',
  kind: 'stream',
  summary: '登录：单位代码、账号、密码',
  body: z.object({
    tenantCode: z.string().trim().toLowerCase().min(1, '请填写单位代码').max(40),
    username: z.string().trim().toLowerCase().min(1, '请填写账号').max(40),
    password: z.string().min(1, '请填写密码').max(400),
  }),
  reply: StageReply,
  refusals: { bad_credentials: 401, too_many_attempts: 429 },
});

export const passTotp = route({
  method: 'POST',
  path: '/session/totp',
  permission: 'pending',
  kind: 'stream',
  summary: '登录第二步：动态口令或恢复码',
  body: z.union([z.object({ code: Code }), z.object({ recoveryCode: z.string().trim().min(8).max(40) })]),
  reply: StageReply,
  refusals: { wrong_code: 401, wrong_stage: 409 },
});

export const startTotp = route({
  method: 'POST',
  path: '/session/totp/enrol/start',
  permission: 'pending',
  summary: '绑定动态口令：取得密钥',
  reply: z.object({ secret: z.string(), otpauthUrl: z.string() }),
  refusals: { wrong_stage: 409 },
});

export const enrolTotp = route({
  method: 'POST',
  path: '/session/totp/enrol',
  permission: 'pending',
  summary: '绑定动态口令：确认并取得恢复码',
  body: z.object({ code: Code }),
  reply: z.object({ stage: Stage, recoveryCodes: z.array(z.string()) }),
  refusals: { wrong_code: 401, wrong_stage: 409 },
});

export const rebindTotp = route({
  method: 'POST',
  path: '/session/totp/rebind',
  permission: 'signed_in',
  kind: 'stream',
  summary: '手机丢失后更换动态口令：用密码和一个恢复码证明是本人',
  body: z.object({
    password: z.string().min(1, '请填写密码').max(400),
    recoveryCode: z.string().trim().min(8, '请填写恢复码').max(40),
  }),
  reply: StageReply,
  refusals: { wrong_code: 401, wrong_stage: 409 },
});

export const changePassword = route({
  method: 'POST',
  path: '/session/password',
  permission: 'pending',
  kind: 'stream',
  summary: '修改密码',
  body: z.object({ current: z.string().min(1).max(400), next: z.string().min(1).max(400) }),
  reply: StageReply,
  refusals: { bad_credentials: 401, weak_password: 422, wrong_stage: 409 },
});

export const acceptNotice = route({
  method: 'POST',
  path: '/session/notice',
  permission: 'pending',
  summary: '确认已阅读个人信息处理规则',
  body: z.object({ version: z.string().max(40) }),
  reply: StageReply,
  refusals: { wrong_stage: 409 },
});

export const confirmIdentity = route({
  method: 'POST',
  path: '/session/confirm',
  permission: 'signed_in',
  kind: 'stream',
  summary: '敏感操作前重新验证身份',
  body: z.union([z.object({ code: Code }), z.object({ password: z.string().min(1).max(400) })]),
  reply: z.object({ freshUntil: z.number() }),
  refusals: { wrong_code: 401 },
});

export const currentSession = route({
  method: 'GET',
  path: '/session',
  permission: 'pending',
  summary: '当前登录的人、角色和权限',
  reply: z.object({
    stage: Stage,
    noticeVersion: z.string(),
    user: z.object({ id: z.string(), name: z.string(), username: z.string(), totpEnrolled: z.boolean() }),
    tenant: z.object({
      id: z.string(),
      code: z.string(),
      name: z.string(),
      kind: z.enum(['institution', 'authority']),
    }),
    roles: z.array(z.string()),
    permissions: z.array(z.string()),
  }),
});

export const signOut = route({
  method: 'DELETE',
  path: '/session',
  permission: 'pending',
  summary: '退出登录',
});

export const mySessions = route({
  method: 'GET',
  path: '/sessions',
  permission: 'signed_in',
  summary: '我的登录设备',
  reply: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        current: z.boolean(),
        createdAt: z.number(),
        lastSeenAt: z.number(),
        ip: z.string().nullable(),
        userAgent: z.string().nullable(),
      }),
    ),
  }),
});

export const endSessions = route({
  method: 'DELETE',
  path: '/sessions',
  permission: 'signed_in',
  summary: '结束我的全部登录',
});

/** Public: lets the login page show the college's name, and leave the code out where there is only one. */
export const signInHint = route({
  method: 'GET',
  path: '/session/hint',
  permission: 'public',
  kind: 'stream',
  summary: '登录页显示的单位',
  reply: z.object({ tenant: z.object({ code: z.string(), name: z.string() }).nullable() }),
});
