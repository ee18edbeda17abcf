import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { audit } from '#platform/audit/audit';
import type { Tx } from '#platform/db/pool';
import type { Caller, Ctx } from '#platform/db/tenant';
import { type Env, makeCtx, withTenant } from '#platform/db/tenant';
import { fail, ok, type Result } from '#platform/result';
import type { Endpoint, Input } from './endpoint.ts';
import { once } from './idempotency.ts';
import type { Documented } from './openapi.ts';
import type { Refusal } from './refusal.ts';
import {
  type LiveSession,
  openSession,
  parseBearer,
  type SessionRules,
  sessionStands,
} from './request-session.ts';
import { isRead, type RouteSpec } from './route.ts';

export interface ServeOptions {
  readonly env: Env;
  readonly session: SessionRules;
  readonly cookieName: string;
  /** Every permission that exists; a route that names another one stops the start. */
  readonly permissions: ReadonlySet<string>;
}

/** `public`: nobody need be signed in. `pending`: a session at any stage of signing in. `signed_in`: any full session. */
const WORDS: ReadonlySet<string> = new Set(['public', 'pending', 'signed_in']);
const STATUS: Readonly<Record<string, number>> = {
  not_signed_in: 401,
  stage: 403,
  forbidden: 403,
  fresh_auth_required: 403,
  idempotency_key: 409,
  not_found: 404,
};
const RETRIES = 4;

/** Registers endpoints under /api. Throws when a route lacks a known permission or stands twice. */
export function serve(app: FastifyInstance, endpoints: readonly Endpoint[], options: ServeOptions): void {
  const seen = new Set<string>();
  for (const endpoint of endpoints) {
    const { method, path, permission } = endpoint.route;
    if (!WORDS.has(permission) && !options.permissions.has(permission)) {
      throw new Error(`route ${method} ${path} names no known permission: ${permission}`);
    }
    if (seen.has(`${method} ${path}`)) throw new Error(`route ${method} ${path} stands twice`);
    seen.add(`${method} ${path}`);
    app.route({
      method,
      url: `/api${path}`,
      config: { spec: endpoint.route } satisfies Documented,
      schema: schemaOf(endpoint.route),
      attachValidation: true,
      handler: (request, reply) => respond(endpoint, request, reply, options),
    });
  }
}

function schemaOf(route: RouteSpec): Record<string, unknown> {
  return {
    summary: route.summary,
    tags: [route.path.split('/')[1] ?? 'api'],
    ...(route.params && { params: route.params.strict() }),
    ...(route.query && { querystring: route.query.strict() }),
    ...(route.body && {
      body: 'strict' in route.body ? (route.body as { strict(): unknown }).strict() : route.body,
    }),
    ...(route.reply && { response: { 200: route.reply } }),
  };
}

async function respond(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  options: ServeOptions,
): Promise<unknown> {
  const result = await answer(endpoint, request, reply, options);
  if (reply.sent) return reply;
  if (result.ok) {
    reply.header('cache-control', 'no-store');
    return result.value === undefined || result.value === null
      ? reply.code(204).send()
      : reply.send(result.value);
  }
  const { code } = result.error;
  reply.code(endpoint.route.refusals?.[code] ?? STATUS[code] ?? 422).header('cache-control', 'no-store');
  return reply.send({ ...result.error, requestId: request.id });
}

type Answer = Result<unknown, Refusal>;

async function answer(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  options: ServeOptions,
): Promise<Answer> {
  const input: Input<RouteSpec> = {
    params: request.params as undefined,
    query: request.query as undefined,
    body: request.body as undefined,
  } as never;
  if (endpoint.route.permission === 'public') {
    checkShape(request);
    return answerPublic(endpoint, { request, reply, options }, input);
  }
  const bearer = parseBearer(request.cookies[options.cookieName]);
  if (!bearer) return fail(notSignedIn);
  return retrying(async () => {
    const seen: { forbidden?: Caller } = {};
    const outcome = await options.env.db.kysely
      .transaction()
      .execute(async (tx) => {
        const from = { ip: request.ip, used: isUsed(endpoint.route, request) };
        const session = await openSession(tx, bearer, options.session, from);
        const barred = session ? bar(endpoint.route, session) : notSignedIn;
        if (!session) return rollBackUnless<Answer>(fail(notSignedIn));
        const caller: Caller = { tenantId: bearer.tenantId, actor: session.actor, requestId: request.id };
        if (barred?.code === 'forbidden') seen.forbidden = caller;
        if (barred) return rollBackUnless<Answer>(fail(barred));
        checkShape(request);
        if (endpoint.run.kind === 'stream') return ok(caller);
        return rollBackUnless(
          await runJson(endpoint, { env: options.env, tx, caller, session, request }, input),
        );
      })
      .catch(refusalOf);
    if (seen.forbidden) await noteForbidden(options.env, seen.forbidden, endpoint.route);
    if (endpoint.run.kind !== 'stream' || !outcome.ok) return outcome;
    const { env, session: rules } = options;
    const caller = outcome.value as Caller;
    const stands = () => withTenant(env, caller, (ctx) => sessionStands(ctx, caller.actor, rules));
    return endpoint.run.handler({ env, caller, request, reply, stands }, input);
  });
}

/** Our pages say when nobody has touched them for a minute; a stream reconnects by itself. What changes something was done by somebody. */
const isUsed = ({ keepsSession = false, ...route }: RouteSpec, { headers }: FastifyRequest): boolean =>
  keepsSession ||
  !isRead(route) ||
  (headers['x-unattended'] === undefined && headers.accept !== 'text/event-stream');

/** Screens offer nobody what they may not do, so an attempt says something (ASVS 16.3.2): it stands in the log, though nothing else was written. */
function noteForbidden(env: Env, caller: Caller, { method, path, permission }: RouteSpec): Promise<void> {
  const entry = { subjectType: 'route', subjectId: `${method} ${path}`, after: { permission } };
  return withTenant(env, caller, (ctx) => audit(ctx, { action: 'access.refused', ...entry }));
}

/** The shape of the input is checked after the permission: who may not act learns nothing of what the act takes. */
function checkShape(request: FastifyRequest): void {
  if (request.validationError) throw request.validationError;
}

interface Opened {
  env: Env;
  tx: Tx;
  caller: Caller;
  session: LiveSession;
  request: FastifyRequest;
}

async function runJson(endpoint: Endpoint, opened: Opened, input: Input<RouteSpec>): Promise<Answer> {
  if (endpoint.run.kind !== 'json') throw new Error('not a json endpoint');
  const { handler } = endpoint.run;
  const { request } = opened;
  const ctx: Ctx = await makeCtx(opened.env, opened.tx, opened.caller, opened.session.now);
  if (isRead(endpoint.route)) return handler(ctx, input);
  const key = request.headers['idempotency-key'];
  const text = `${endpoint.route.method} ${request.url} ${JSON.stringify(request.body ?? null)}`;
  return once(ctx, { key: typeof key === 'string' ? key : undefined, request: text }, () =>
    handler(ctx, input),
  );
}

/** Public routes find their tenant themselves and open their own transactions, so they are stream handlers. */
async function answerPublic(
  endpoint: Endpoint,
  at: { request: FastifyRequest; reply: FastifyReply; options: ServeOptions },
  input: Input<RouteSpec>,
): Promise<Answer> {
  if (endpoint.run.kind !== 'stream')
    throw new Error(`public route ${endpoint.route.path} must be a stream handler`);
  return endpoint.run.handler(
    { env: at.options.env, caller: nobody, request: at.request, reply: at.reply, stands: async () => false },
    input,
  );
}

const nobody: Caller = {
  tenantId: '00000000-0000-0000-0000-000000000000' as Caller['tenantId'],
  actor: { userId: null, name: '未登录', roles: [], permissions: new Set(), sessionId: null, ip: null },
};

const notSignedIn: Refusal = { code: 'not_signed_in', message: '登录已失效，请重新登录。' };

/** What keeps a session from a route, or null. */
function bar(route: RouteSpec, session: LiveSession): Refusal | null {
  if (route.permission === 'pending') return null;
  if (session.stage !== 'signed_in')
    return { code: 'stage', message: '请先完成登录步骤。', details: { stage: session.stage } };
  if (route.permission !== 'signed_in' && !session.actor.permissions.has(route.permission)) {
    return {
      code: 'forbidden',
      message: '您的角色没有这项操作的权限，如确需办理请联系招办管理员。',
      details: { permission: route.permission },
    };
  }
  if (route.freshAuth && (session.freshUntil === null || session.freshUntil < session.now)) {
    return { code: 'fresh_auth_required', message: '此操作需要重新验证身份，请输入动态口令。' };
  }
  return null;
}

class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Inside the transaction a refusal must throw, or what was written before it would be committed. */
function rollBackUnless<R extends Answer>(result: R): R {
  if (!result.ok) throw new Refused(result.error);
  return result;
}

function refusalOf(error: unknown): Answer {
  if (error instanceof Refused) return fail(error.refusal);
  throw error;
}

async function retrying(run: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const code = (error as { code?: unknown } | null)?.code;
      if (attempt >= RETRIES || (code !== '40001' && code !== '40P01')) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
    }
  }
}
