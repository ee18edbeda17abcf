import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, Ctx, Env } from '#platform/db/tenant';
import type { Result } from '#platform/result';
import type { Refusal } from './refusal.ts';
import type { RouteBody, RouteParams, RouteQuery, RouteReply, RouteSpec } from './route.ts';

/** Validated parts of a request; absent parts are undefined. */
export interface Input<R extends RouteSpec> {
  readonly params: RouteParams<R>;
  readonly query: RouteQuery<R>;
  readonly body: RouteBody<R>;
}

type CodeOf<R extends RouteSpec> = R['refusals'] extends object ? keyof R['refusals'] & string : never;

/** Permission and input are checked and the transaction is open when it runs; a refusal rolls back. */
export type Handler<R extends RouteSpec> = (
  ctx: Ctx,
  input: Input<R>,
) => Promise<Result<RouteReply<R>, Refusal<CodeOf<R>>>>;

/** For downloads, uploads and event streams: no transaction is held; open one with inTenant(io.env, io.caller, …). */
export interface StreamIo {
  readonly env: Env;
  readonly caller: Caller;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Whether the session still stands with the same roles. Does not count as use, so that an open stream keeps nobody signed in. */
  readonly stands: () => Promise<boolean>;
}
export type StreamHandler<R extends RouteSpec> = (
  io: StreamIo,
  input: Input<R>,
) => Promise<Result<RouteReply<R> | undefined, Refusal<CodeOf<R>>>>;

export interface Endpoint {
  readonly route: RouteSpec;
  readonly run:
    | { kind: 'json'; handler: Handler<RouteSpec> }
    | { kind: 'stream'; handler: StreamHandler<RouteSpec> };
}

/** Binds a route of a contract to its use case. Types of input, reply and refusal codes come from the route. */
export function handle<const R extends RouteSpec>(route: R, handler: Handler<R>): Endpoint {
  // One list holds endpoints of every type; the route beside the handler keeps both sides true to each other.
  return { route, run: { kind: 'json', handler: handler as unknown as Handler<RouteSpec> } };
}

/** Binds a route of kind `upload` or `stream`. */
export function handleStream<const R extends RouteSpec>(route: R, handler: StreamHandler<R>): Endpoint {
  return { route, run: { kind: 'stream', handler: handler as unknown as StreamHandler<RouteSpec> } };
}
