import { isRead, type RouteInput, type RouteReply, type RouteSpec } from '#platform/http/route';
import { noteServerTime } from './clock.tsx';
import { gate } from './session-gate.tsx';

const apiRoot = '/api';

/** Statuses after which nobody knows whether the server did it: only these may be sent again. */
const unknownOutcome = new Set([0, 408, 502, 503, 504]);

/** A refusal or a fault, with the sentence to show. `status` 0 means that the server could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string | null;

  constructor(status: number, body: ErrorBody) {
    super(body.message);
    this.name = 'ApiError';
    this.status = status;
    this.code = body.code;
    this.details = body.details ?? {};
    this.requestId = body.requestId ?? null;
  }

  /** True when a retry with the same idempotency key is both safe and sensible. */
  get isRetryable(): boolean {
    return unknownOutcome.has(this.status);
  }
}

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly requestId?: string | undefined;
}

/** What follows the route in a call: the input, which may be left out when the route needs none, then options. */
export type CallArgs<R extends RouteSpec, Options = never> =
  object extends RouteInput<R>
    ? [input?: RouteInput<R> | undefined, options?: Options]
    : [input: RouteInput<R>, options?: Options];

interface Parts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** Address of a route with its parameters filled in; empty query values are left out, lists are repeated. */
export function urlOf<R extends RouteSpec>(route: R, ...[input]: CallArgs<R>): string {
  return fillUrl(route.path, (input ?? {}) as Parts);
}

function fillUrl(pattern: string, { params = {}, query = {} }: Parts): string {
  const path = pattern.replace(/:(\w+)/g, (_match, name: string) => {
    const value = params[name];
    if (value === undefined || value === null || value === '') throw new Error(`${pattern} lacks ${name}`);
    return encodeURIComponent(String(value));
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null && item !== '') search.append(name, String(item));
    }
  }
  return apiRoot + path + (search.size > 0 ? `?${search}` : '');
}

const statusWords: Readonly<Record<number, string>> = {
  0: '连不上服务器，请检查网络后重试；已填写的内容仍在页面上。',
  401: '登录已过期，请重新登录。',
  403: '您没有进行这项操作的权限，如需使用请联系管理员。',
  404: '没有找到这条记录，可能已被删除或转给他人。',
  408: '服务器等待超时，请重试。',
  413: '文件太大，请压缩或拆分后再上传。',
  429: '操作太频繁，请稍等片刻再试。',
  502: '服务器正在重启，请稍后重试。',
  503: '服务器正忙或正在维护，请稍后重试。',
  504: '服务器处理时间过长，请稍后刷新查看结果。',
};

/** Reads the server's error body; what is not one becomes a sentence that fits the status. */
export function toApiError(status: number, body: unknown): ApiError {
  const fallback = statusWords[status] ?? '系统出了故障，已记录。请稍后重试，仍不行请联系管理员。';
  if (typeof body !== 'object' || body === null) {
    return new ApiError(status, { code: `http_${status}`, message: fallback });
  }
  const { code, message, details, requestId } = body as Record<string, unknown>;
  return new ApiError(status, {
    code: typeof code === 'string' ? code : `http_${status}`,
    message: typeof message === 'string' && message !== '' ? message : fallback,
    details:
      typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
  });
}

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Names the act, not the attempt: a retry passes the same one. */
  readonly idempotencyKey?: string | undefined;
}

/** A random name for one act. Works on plain http in an office network too, where randomUUID does not exist. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, index) => {
    const fixed = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte;
    return fixed.toString(16).padStart(2, '0');
  }).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const UNATTENDED_MS = 60_000;
let touchedAt = Date.now();
const touch = (): void => {
  touchedAt = Date.now();
};
if (typeof window !== 'undefined') {
  for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel'])
    window.addEventListener(event, touch, { capture: true, passive: true });
}

/** Headers of one act. What a page asks by itself while nobody sits before it says so, and keeps no session alive. A route without a body sends no content type, which the server would want a body for. */
export function headersFor(route: RouteSpec, key: string, hasBody: boolean): Record<string, string> {
  return {
    accept: 'application/json',
    'x-requested-with': 'zhizhao',
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...(isRead(route) ? {} : { 'idempotency-key': key }),
    ...(Date.now() - touchedAt > UNATTENDED_MS ? { 'x-unattended': '1' } : {}),
  };
}

/** Sends once; when the act wants a fresh second factor, asks for it and sends the same act again. */
export async function send<R extends RouteSpec>(
  route: R,
  input: RouteInput<R> | undefined,
  options: SendOptions = {},
): Promise<RouteReply<R>> {
  const key = options.idempotencyKey ?? newKey();
  const parts = (input ?? {}) as Parts;
  const { body } = parts;
  const attempt = () =>
    read(
      fetch(fillUrl(route.path, parts), {
        method: route.method,
        credentials: 'same-origin',
        headers: headersFor(route, key, body !== undefined),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(options.signal ? { signal: options.signal } : {}),
      }),
    ) as Promise<RouteReply<R>>;
  return withGate(attempt);
}

/** No session, or one that has not finished signing in. Wrong passwords and codes are 401 too, but not this. */
const sessionOver = new Set(['not_signed_in', 'stage']);

/** Runs an attempt behind the session gate. */
export async function withGate<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'fresh_auth_required' && (await gate().confirmIdentity())) return attempt();
    if (sessionOver.has(error.code)) gate().signedOut();
    throw error;
  }
}

async function read(pending: Promise<Response>): Promise<unknown> {
  const response = await pending.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw toApiError(0, null);
  });
  noteServerTime(response.headers.get('date'));
  if (response.status === 204) return undefined;
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toApiError(response.status, body);
  return body;
}
