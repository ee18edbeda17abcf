import type { z } from 'zod';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One HTTP route as both sides see it: the server checks and serves it, the browser calls it by the same object.
 * `permission` is a name of the tenant's permission list, or one of two words: `public` (no session) and
 * `signed_in` (any session, e.g. to read one's own menu). A route without a permission does not compile,
 * and one with an unknown permission does not start.
 */
export interface RouteSpec {
  readonly method: Method;
  /** Path under /api, with `:name` parameters, e.g. `/candidates/:candidateId`. */
  readonly path: string;
  readonly permission: string;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Shape of a successful reply; absent means 204 without content. */
  readonly reply?: z.ZodType;
  /** HTTP status of each refusal code the use case can return. */
  readonly refusals?: Readonly<Record<string, number>>;
  /** Sensitive acts ask for a fresh second factor (ASVS 7.5.3). */
  readonly freshAuth?: boolean;
  /** A screen that is looked at without being touched, such as one on a wall: asking for it counts as use of the session. */
  readonly keepsSession?: boolean;
  /**
   * A search for names or numbers: a POST, so that the words stand in no address, log of a proxy or history (law.md R30, ASVS
   * 14.2.1). It changes nothing: no idempotency key, and no use of a session that nobody touches.
   */
  readonly searches?: boolean;
  /** `stream`: the handler writes the reply itself (downloads, server-sent events). */
  readonly kind?: 'json' | 'upload' | 'stream';
}

/** Reads only: asked again as often as one likes, without a key. */
export const isRead = ({ method, searches = false }: Pick<RouteSpec, 'method' | 'searches'>): boolean =>
  method === 'GET' || searches;

/** Declares a route; the literal type is kept so that both sides are typed from it. */
export function route<const R extends RouteSpec>(spec: R): R {
  return spec;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Given<S> = S extends z.ZodType ? z.input<S> : undefined;

export type RouteParams<R extends RouteSpec> = Parsed<R['params']>;
export type RouteQuery<R extends RouteSpec> = Parsed<R['query']>;
export type RouteBody<R extends RouteSpec> = Parsed<R['body']>;
export type RouteReply<R extends RouteSpec> = Parsed<R['reply']>;

/** What the browser passes: the parts that the route declares, before defaults are filled in. */
export type RouteInput<R extends RouteSpec> = (R['params'] extends z.ZodType
  ? { params: Given<R['params']> }
  : object) &
  (R['query'] extends z.ZodType ? { query?: Given<R['query']> } : object) &
  (R['body'] extends z.ZodType ? { body: Given<R['body']> } : object);
