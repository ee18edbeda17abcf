import type { FastifyInstance } from 'fastify';
import { type Actor, type Caller, type Ctx, type Env, system, withTenant } from '#platform/db/tenant';
import { openEvents } from '#platform/http/events';
import { formatBearer, hashToken, newToken } from '#platform/http/request-session';
import type { RouteInput, RouteReply, RouteSpec } from '#platform/http/route';
import { type Instant, newId, type TenantId, type UserId } from '#platform/ids';
import { makeLog } from '#platform/log';
import type { Runtime } from '#platform/runtime';
import { createAccount } from '#platform/session/accounts';
import { hashPassword } from '#platform/session/password';
import { NOTICE_VERSION } from '#platform/session/rules';
import { insertSession, saveNotice, savePassword, saveStage, saveTotp } from '#platform/session/store';
import { permissionsOf, totpRequired } from '#staff/rules';
import { buildServer } from '../server/app.ts';

export interface DemoPerson {
  readonly userId: UserId;
  readonly username: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly totpSecret: string | null;
  readonly cookie: string;
  readonly actor: Actor;
}

/** The real server without a port, a clock that can be set back, and people who use it through its routes. */
export interface Stage {
  readonly env: Env;
  readonly runtime: Runtime;
  readonly tenantId: TenantId;
  setClock(at: Instant): void;
  now(): Instant;
  addPerson(given: {
    username: string;
    name: string;
    roles: string[];
    totpSecret: string;
  }): Promise<DemoPerson>;
  /** Calls a route as a person; a refusal is a fault of the demonstration and throws. */
  act<const R extends RouteSpec>(who: DemoPerson, route: R, input: RouteInput<R>): Promise<RouteReply<R>>;
  /** The same where a refusal is part of the story: null. */
  attempt<const R extends RouteSpec>(
    who: DemoPerson,
    route: R,
    input: RouteInput<R>,
  ): Promise<RouteReply<R> | null>;
  asSystem<T>(work: (ctx: Ctx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const COOKIE = 'zhizhao_session';
const FILE_BYTES = 50_000_000;
const SESSION_MS = 6 * 3_600_000;

export async function openStage(runtime: Runtime, tenantId: TenantId, password: string): Promise<Stage> {
  let clock = Date.now();
  const env: Env = { ...runtime.env, clock: () => clock, story: true };
  const log = makeLog('error');
  const events = await openEvents(runtime.appUrl, log);
  const passwordHash = await hashPassword(password);
  const app = await buildServer({
    ...{ env, events, log, files: runtime.files, fileBytes: FILE_BYTES, trustProxy: false, secure: false },
    ...{ idleMinutes: 60, absoluteHours: 12, requestsPerMinute: Number.MAX_SAFE_INTEGER },
  });
  const caller: Caller = { tenantId, actor: { ...system, name: '演示' } };
  return {
    env,
    runtime,
    tenantId,
    setClock: (at) => {
      clock = at;
    },
    now: () => clock,
    addPerson: (given) => withTenant(env, caller, (ctx) => addPerson(ctx, given, passwordHash)),
    act: async (who, route, input) => must(route, await send(app, who, route, input)),
    attempt: async (who, route, input) => (await send(app, who, route, input)).body,
    asSystem: (work) => withTenant(env, caller, work),
    close: async () => {
      await app.close();
      await events.close();
    },
  };
}

interface NewPerson {
  username: string;
  name: string;
  roles: string[];
  totpSecret: string;
}

/** An account that is past its first sign-in, with a session to act through. */
async function addPerson(ctx: Ctx, given: NewPerson, passwordHash: string): Promise<DemoPerson> {
  const { username, name, roles } = given;
  // Everybody gets the one printed password at once: no code of their own that would have to be hashed first.
  const made = await createAccount(ctx, {
    username,
    name,
    roles,
    initialCode: { code: '', hash: passwordHash },
  });
  if (!made.ok) throw new Error(made.error.message);
  const { userId } = made.value;
  const totpSecret = totpRequired(roles) ? given.totpSecret : null;
  await savePassword(ctx, userId, passwordHash);
  await saveNotice(ctx, userId, NOTICE_VERSION);
  if (totpSecret) await saveTotp(ctx, userId, ctx.vault.seal(totpSecret));
  const token = newToken();
  const sessionId = newId();
  const wall = Date.now();
  // Its own clock runs in the past; sessions live by the database's.
  await insertSession(
    { ...ctx, now: wall },
    {
      ...{
        id: sessionId,
        userId,
        tokenHash: hashToken(token),
        stage: 'signed_in',
        ip: null,
        userAgent: 'demo',
      },
      expiresAt: wall + SESSION_MS,
    },
  );
  const actor: Actor = { userId, name, roles, permissions: permissionsOf(roles), sessionId, ip: null };
  // Second factor just typed: decisions ask for it.
  await saveStage({ ...ctx, actor }, 'signed_in', wall + SESSION_MS);
  return {
    userId,
    username,
    name,
    roles,
    totpSecret,
    cookie: formatBearer({ tenantId: ctx.tenantId, token }),
    actor,
  };
}

interface Sent {
  readonly status: number;
  readonly body: never | null;
  readonly text: string;
}

async function send(app: FastifyInstance, who: DemoPerson, route: RouteSpec, input: object): Promise<Sent> {
  const {
    params = {},
    query = {},
    body,
  } = input as { params?: Record<string, string>; query?: Record<string, string>; body?: object };
  const path = route.path.replace(/:(\w+)/g, (_whole, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = new URLSearchParams(query).toString();
  const response = await app.inject({
    method: route.method,
    url: `/api${path}${search && `?${search}`}`,
    headers: {
      'x-requested-with': 'zhizhao',
      cookie: `${COOKIE}=${who.cookie}`,
      ...(route.method !== 'GET' && { 'idempotency-key': newId() }),
    },
    ...(body !== undefined && { payload: body }),
  });
  const done = response.statusCode < 300;
  return {
    status: response.statusCode,
    body: done && response.body ? (response.json() as never) : null,
    text: response.body,
  };
}

function must(route: RouteSpec, sent: Sent): never {
  if (sent.status >= 300)
    throw new Error(`demonstration: ${route.method} ${route.path} answered ${sent.status}: ${sent.text}`);
  return sent.body as never;
}
