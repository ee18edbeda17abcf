import { z } from 'zod';
import { route } from '#platform/http/route';

const id = z.object({ id: z.uuid() });

export const jobStatus = route({
  method: 'GET',
  path: '/jobs/:id',
  permission: 'signed_in',
  summary: '一项后台任务的进度和结果',
  params: id,
  reply: z.object({
    id: z.string(),
    kind: z.string(),
    state: z.enum(['queued', 'running', 'done', 'refused', 'failed']),
    progress: z
      .object({
        done: z.number(),
        total: z.number().nullable(),
        unit: z.string(),
        step: z.string().optional(),
        since: z.number().optional(),
      })
      .partial(),
    result: z.unknown(),
    error: z.string().nullable(),
    createdAt: z.number(),
    startedAt: z.number().nullable(),
    endedAt: z.number().nullable(),
  }),
  refusals: { not_found: 404 },
});

export const eventStream = route({
  method: 'GET',
  path: '/events',
  permission: 'signed_in',
  kind: 'stream',
  summary: '变化提示（服务器推送）：job、notice、queue、import 等，收到后重新查询',
});

export const myNotices = route({
  method: 'GET',
  path: '/notices',
  permission: 'signed_in',
  summary: '我的提醒',
  query: z.object({ unread: z.stringbool().optional() }),
  reply: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        body: z.string(),
        link: z.string().nullable(),
        createdAt: z.number(),
        readAt: z.number().nullable(),
      }),
    ),
  }),
});

export const readNotice = route({
  method: 'POST',
  path: '/notices/:id/read',
  permission: 'signed_in',
  summary: '提醒标为已读',
  params: id,
});

const Day = z.iso.date().optional();
const pageSize = { default: 20, max: 50 };

export const listAudit = route({
  method: 'POST',
  path: '/audit/search',
  permission: 'audit.read',
  summary: '审计日志，新的在前',
  searches: true,
  body: z.object({
    actor: z.string().trim().max(50).optional(),
    action: z.string().trim().max(80).optional(),
    subject: z.string().trim().max(80).optional(),
    atFrom: Day,
    atTo: Day,
    cursor: z
      .string()
      .regex(/^\d{1,3}\.\d{1,15}$/)
      .optional(),
    limit: z.coerce.number().int().min(1).max(pageSize.max).default(pageSize.default),
  }),
  reply: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        at: z.number(),
        actorName: z.string(),
        ip: z.string().nullable(),
        action: z.string(),
        subjectType: z.string(),
        subjectId: z.string().nullable(),
        reason: z.string().nullable(),
        /** What changed, as JSON text; masked. */
        body: z.string(),
      }),
    ),
    nextCursor: z.string().nullable(),
  }),
});

const SecurityView = z.object({
  oneSession: z.boolean(),
  passwordDays: z.number().nullable(),
  incidentHours: z.number(),
});

export const securitySettings = route({
  method: 'GET',
  path: '/security-settings',
  permission: 'security.manage',
  summary: '本单位的登录规则',
  reply: SecurityView,
});

export const changeSecuritySettings = route({
  method: 'PUT',
  path: '/security-settings',
  permission: 'security.manage',
  summary: '修改安全规则：同一账号只保留一处登录、密码更换期限、事件报告时限',
  body: z.object({
    oneSession: z.boolean(),
    passwordDays: z.number().int().min(30, '最少 30 天').max(730, '最多 730 天').nullable(),
    /** 个人信息保护法 art. 57: from the discovery of an incident to the report. */
    incidentHours: z.number().int().min(1, '最少 1 小时').max(72, '最多 72 小时').optional(),
    reason: z.string().trim().min(4, '理由至少 4 个字').max(200),
  }),
  reply: SecurityView,
  freshAuth: true,
});

export const verifyAuditLog = route({
  method: 'POST',
  path: '/audit/verify',
  permission: 'audit.read',
  summary: '校验审计日志的链：有没有被改动或删除',
  reply: z.object({
    entries: z.number(),
    faults: z.array(
      z.object({ stripe: z.number(), seq: z.number(), what: z.enum(['missing', 'changed', 'head']) }),
    ),
  }),
});

export const auditHeads = route({
  method: 'GET',
  path: '/audit/heads',
  permission: 'audit.read',
  summary: '审计日志各链的链尾：公布以后，日志再被整条改写也能看出来',
  reply: z.object({
    at: z.number(),
    digest: z.string(),
    heads: z.array(z.object({ stripe: z.number(), seq: z.number(), hash: z.string() })),
  }),
});
