import { z } from 'zod';
import { route } from '#platform/http/route';

/** Steps of signing in; only `signed_in` opens the workbench. */
export const SessionStage = z.enum(['signed_in', 'totp', 'enrol_totp', 'change_password']);
export type SessionStage = z.infer<typeof SessionStage>;

const StageReply = z.object({ stage: SessionStage });

export const SessionReply = z.object({
  user: z.object({ id: z.string(), name: z.string(), username: z.string() }),
  tenant: z.object({
    id: z.string(),
    code: z.string(),
    name: z.string(),
    kind: z.enum(['institution', 'authority']),
    devMode: z.boolean(),
  }),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
  stage: SessionStage,
  /** Version of the processing rules that this person accepted last; `null` before the first time. */
  noticeAccepted: z.string().nullish(),
});

export const SessionRow = z.object({
  id: z.string(),
  startedAt: z.union([z.number(), z.string()]),
  lastSeenAt: z.union([z.number(), z.string()]),
  ip: z.string().nullable(),
  device: z.string().nullable(),
  current: z.boolean(),
});

export const sessionRoutes = {
  read: route({
    method: 'GET',
    path: '/session',
    permission: 'signed_in',
    summary: '当前登录人',
    reply: SessionReply,
  }),
  signIn: route({
    method: 'POST',
    path: '/session',
    permission: 'public',
    summary: '登录',
    body: z.object({ tenantCode: z.string(), username: z.string(), password: z.string() }),
    reply: StageReply,
  }),
  totp: route({
    method: 'POST',
    path: '/session/totp',
    permission: 'public',
    summary: '动态验证码',
    body: z.object({ code: z.string().optional(), recoveryCode: z.string().optional() }),
    reply: StageReply.partial().optional(),
  }),
  enrolStart: route({
    method: 'POST',
    path: '/session/totp/enrol/start',
    permission: 'public',
    summary: '开始绑定动态验证码',
    reply: z.object({ secret: z.string(), otpauthUrl: z.string() }),
  }),
  enrol: route({
    method: 'POST',
    path: '/session/totp/enrol',
    permission: 'public',
    summary: '完成绑定',
    body: z.object({ code: z.string() }),
    reply: z.object({ recoveryCodes: z.array(z.string()) }),
  }),
  password: route({
    method: 'POST',
    path: '/session/password',
    permission: 'signed_in',
    summary: '修改密码',
    body: z.object({ current: z.string(), next: z.string() }),
    reply: StageReply.partial().optional(),
  }),
  confirm: route({
    method: 'POST',
    path: '/session/confirm',
    permission: 'signed_in',
    summary: '再次确认身份',
    body: z.object({ code: z.string() }),
  }),
  acceptNotice: route({
    method: 'POST',
    path: '/session/notice',
    permission: 'signed_in',
    summary: '接受个人信息处理规则',
    body: z.object({ version: z.string() }),
  }),
  signOut: route({ method: 'DELETE', path: '/session', permission: 'signed_in', summary: '退出' }),
  list: route({
    method: 'GET',
    path: '/sessions',
    permission: 'signed_in',
    summary: '我的会话',
    reply: z.object({ items: z.array(SessionRow) }),
  }),
  endAll: route({
    method: 'DELETE',
    path: '/sessions',
    permission: 'signed_in',
    summary: '结束全部会话',
  }),
} as const;
