import type { FastifyReply } from 'fastify';
import { sql } from 'kysely';
import { audit } from '#platform/audit/audit';
import { type Ctx, withTenant } from '#platform/db/tenant';
import { type Endpoint, handle, handleStream, type StreamIo } from '#platform/http/endpoint';
import { refuse } from '#platform/http/refusal';
import { type Bearer, formatBearer, parseBearer } from '#platform/http/request-session';
import { ok } from '#platform/result';
import { type AttemptLimit, attemptLimit } from './attempt-limit.ts';
import * as contract from './contract.ts';
import * as own from './own-account.ts';
import {
  LOCK_MINUTES,
  NOTICE_VERSION,
  SIGN_IN_FAILURES_OF_ADDRESS,
  SIGN_IN_FAILURES_PER_MINUTE,
  TOTP_FAILURES_MAX,
} from './rules.ts';
import * as factor from './second-factor.ts';
import { signIn } from './sign-in.ts';
import type { SignInRules } from './step.ts';
import { endSessionsOf, readPending } from './store.ts';

export interface SessionRouteOptions extends SignInRules {
  readonly cookieName: string;
  readonly secure: boolean;
}

/** Sign-in, second factor, password, sessions. */
export function sessionEndpoints(options: SessionRouteOptions): Endpoint[] {
  return [...signInEndpoints(options), ...stepEndpoints(options), ...sessionListEndpoints(options)];
}

function setCookie(reply: FastifyReply, options: SessionRouteOptions, bearer: Bearer): void {
  reply.setCookie(options.cookieName, formatBearer(bearer), {
    path: '/',
    httpOnly: true,
    secure: options.secure,
    sameSite: 'strict',
    maxAge: options.absoluteHours * 3600,
  });
}

const TOO_MANY = '这个网络地址在一分钟内登录失败太多次，请一分钟后再试。';

const signInEndpoints = (options: SessionRouteOptions): Endpoint[] => {
  const failures = attemptLimit(SIGN_IN_FAILURES_PER_MINUTE);
  const ofAddress = attemptLimit(SIGN_IN_FAILURES_OF_ADDRESS);
  return signInRoutes(options, { failures, ofAddress });
};

interface SignInLimits {
  /** By address and organisation. */
  readonly failures: AttemptLimit;
  readonly ofAddress: AttemptLimit;
}

const signInRoutes = (options: SessionRouteOptions, { failures, ofAddress }: SignInLimits): Endpoint[] => [
  handleStream(contract.signIn, async (io, { body }) => {
    const userAgent = io.request.headers['user-agent'] ?? null;
    const { ip } = io.request;
    const from = `${ip} ${body.tenantCode}`;
    if (failures.isFull(from, Date.now()) || ofAddress.isFull(ip, Date.now()))
      return refuse('too_many_attempts', TOO_MANY);
    const replaces = parseBearer(io.request.cookies[options.cookieName]);
    const result = await signIn(io.env, options, { ...body, ip, userAgent, replaces });
    if (!result.ok) {
      failures.add(from, Date.now());
      ofAddress.add(ip, Date.now());
      return result;
    }
    setCookie(io.reply, options, result.value);
    return ok({ stage: result.value.stage });
  }),
  handleStream(contract.signInHint, async (io) => {
    const { rows } = await sql<{ code: string; name: string }>`select code, name from tenant limit 2`.execute(
      io.env.db.kysely,
    );
    return ok({ tenant: rows.length === 1 && rows[0] ? rows[0] : null });
  }),
];

const WRONG_CODE = `动态口令或恢复码不正确。连续输错 ${TOTP_FAILURES_MAX} 次需要重新输入密码，账号会锁定 ${LOCK_MINUTES} 分钟。`;

const WRONG_PASSWORD = `当前密码不正确，请重新输入。连续输错 ${TOTP_FAILURES_MAX} 次会退出登录。`;

const inCaller = <T>(io: StreamIo, work: (ctx: Ctx) => Promise<T>): Promise<T> =>
  withTenant(io.env, io.caller, work);

const stepEndpoints = (options: SessionRouteOptions): Endpoint[] => [
  handleStream(contract.passTotp, async (io, { body }) => {
    const result = await inCaller(io, (ctx) => factor.passTotp(ctx, options, body));
    if (!result.ok) return result;
    if (result.value === 'wrong') return refuse('wrong_code', WRONG_CODE);
    setCookie(io.reply, options, { tenantId: io.caller.tenantId, token: result.value.token });
    return ok({ stage: result.value.stage });
  }),
  handleStream(contract.rebindTotp, async (io, { body }) => {
    const result = await inCaller(io, (ctx) => factor.rebindTotp(ctx, body));
    if (!result.ok) return result;
    return result.value === 'wrong'
      ? refuse(
          'wrong_code',
          `密码或恢复码不正确。连续输错 ${TOTP_FAILURES_MAX} 次会退出登录并锁定 ${LOCK_MINUTES} 分钟。`,
        )
      : ok(result.value);
  }),
  handleStream(contract.confirmIdentity, async (io, { body }) => {
    const result = await inCaller(io, (ctx) => factor.confirmIdentity(ctx, body));
    if (!result.ok) return result;
    return result.value === 'wrong' ? refuse('wrong_code', '验证没有通过，请重新输入。') : ok(result.value);
  }),
  handle(contract.startTotp, async (ctx) => factor.startTotp(ctx, (await tenantOf(ctx)).code)),
  handle(contract.enrolTotp, (ctx, { body }) => factor.enrolTotp(ctx, options, body.code)),
  handleStream(contract.changePassword, async (io, { body }) => {
    const result = await inCaller(io, (ctx) => own.changePassword(ctx, options, body));
    if (!result.ok) return result;
    return result.value === 'wrong' ? refuse('bad_credentials', WRONG_PASSWORD) : ok(result.value);
  }),
  handle(contract.acceptNotice, (ctx, { body }) => own.acceptNotice(ctx, body.version)),
];

interface TenantRow {
  id: string;
  code: string;
  name: string;
  kind: 'institution' | 'authority';
}

async function tenantOf(ctx: Ctx): Promise<TenantRow> {
  const { rows } =
    await sql<TenantRow>`select id, code, name, kind from tenant where id = ${ctx.tenantId}`.execute(ctx.tx);
  if (!rows[0]) throw new Error('the tenant of the session is gone');
  return rows[0];
}

const sessionListEndpoints = (options: SessionRouteOptions): Endpoint[] => [
  handle(contract.currentSession, async (ctx) => {
    const { rows } = await sql<{ username: string; enrolled: boolean }>`
      select username, totp_enrolled_at is not null as enrolled from user_account
      where tenant_id = ${ctx.tenantId} and id = ${ctx.actor.userId}`.execute(ctx.tx);
    const { stage } = await readPending(ctx);
    return ok({
      stage,
      noticeVersion: NOTICE_VERSION,
      user: {
        id: ctx.actor.userId ?? '',
        name: ctx.actor.name,
        username: rows[0]?.username ?? '',
        totpEnrolled: rows[0]?.enrolled ?? false,
      },
      tenant: await tenantOf(ctx),
      roles: [...ctx.actor.roles],
      permissions: [...ctx.actor.permissions],
    });
  }),
  handleStream(contract.signOut, async (io) => {
    await inCaller(io, async (ctx) => {
      if (!ctx.actor.userId || !ctx.actor.sessionId) return;
      await endSessionsOf(ctx, ctx.actor.userId, { only: ctx.actor.sessionId, reason: 'signed_out' });
      await audit(ctx, { action: 'session.ended', subjectType: 'user', subjectId: ctx.actor.userId });
    });
    io.reply.clearCookie(options.cookieName, {
      path: '/',
      secure: options.secure,
      sameSite: 'strict',
      httpOnly: true,
    });
    return ok(undefined);
  }),
  handle(contract.mySessions, async (ctx) => {
    const { rows } = await sql<{
      id: string;
      createdAt: number;
      lastSeenAt: number;
      ip: string | null;
      userAgent: string | null;
    }>`
      select id, created_at as "createdAt", last_seen_at as "lastSeenAt", ip, user_agent as "userAgent" from session
      where tenant_id = ${ctx.tenantId} and user_id = ${ctx.actor.userId} and ended_at is null and expires_at > ${new Date(ctx.now)}
      order by last_seen_at desc limit 50`.execute(ctx.tx);
    return ok({ items: rows.map((row) => ({ ...row, current: row.id === ctx.actor.sessionId })) });
  }),
  handle(contract.endSessions, async (ctx) => {
    if (!ctx.actor.userId) return ok(undefined);
    const ended = await endSessionsOf(ctx, ctx.actor.userId, { reason: 'ended_by_user' });
    await audit(ctx, {
      action: 'session.all_ended',
      subjectType: 'user',
      subjectId: ctx.actor.userId,
      after: { ended },
    });
    return ok(undefined);
  }),
];
