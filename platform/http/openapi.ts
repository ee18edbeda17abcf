import type { SwaggerTransform } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { isRead, type RouteSpec } from './route.ts';

/** What /api/docs says of a route beyond its shapes. Documentation only: nothing is checked or written by it. */

type Json = Readonly<Record<string, unknown>>;

/** A route as `serve` registers it: the declaration travels in its configuration. */
export interface Documented {
  readonly spec?: RouteSpec;
}

/** Parts of the document that every route refers to. `cookieName` is the session's. */
export const openApi = (cookieName: string) => ({
  openapi: '3.1.0',
  info: {
    title: '智招 API',
    version: '1',
    description:
      '每个接口都写明所需权限；没有权限一律 403，并记入审计日志。出错时统一返回 Error：code 供程序判断，message 是给人看的一句话。时间是 1970 年以来的毫秒数。',
  },
  components: {
    schemas: { Error: ERROR },
    securitySchemes: { session: { type: 'apiKey' as const, in: 'cookie' as const, name: cookieName } },
  },
});

const ERROR = {
  type: 'object' as const,
  required: ['code', 'message'],
  properties: {
    code: { type: 'string' as const, description: '供程序判断的代码' },
    message: { type: 'string' as const, description: '发生了什么、下一步怎么办' },
    details: { type: 'object' as const, additionalProperties: true, description: '比较过的数字' },
    requestId: { type: 'string' as const, description: '在日志和审计中查这次请求' },
  },
};

/** Shapes by zod, and beside them permission, headers, files and every refusal with its status. Routes of libraries stay out. */
export const describeRoute: SwaggerTransform = (document) => {
  const { spec } = (document.route.config ?? {}) as Documented;
  const { schema, url } = jsonSchemaTransform(document as Parameters<typeof jsonSchemaTransform>[0]);
  if (!spec) return { schema: { hide: true } as typeof schema, url };
  const response = responsesOf(spec, (schema as { response?: Json }).response);
  return { schema: { ...schema, ...factsOf(spec), response }, url };
};

const WHO: Readonly<Record<string, string>> = {
  public: '无需登录。',
  pending: '登录过程中即可调用。',
  signed_in: '任何已登录的人，只涉及本人或本人可见的范围。',
};

function factsOf(spec: RouteSpec): Json {
  const { permission, freshAuth, kind, method } = spec;
  const headers = isRead(spec) ? ORIGIN_HEADER : MUTATION_HEADERS;
  const who = WHO[permission] ?? `所需权限：${permission}。`;
  const fresh = freshAuth ? '须在 10 分钟内用 POST /api/session/confirm 重新验证过身份。' : '';
  return {
    description: `${who}${fresh}`,
    'x-permission': permission,
    security: permission === 'public' ? [] : [{ session: [] }],
    ...(method !== 'GET' && { headers }),
    ...(kind === 'upload' && { consumes: ['multipart/form-data'], body: FILES }),
  };
}

/** A search is sent like a change, its words in the body, and may be sent again without a key. */
const ORIGIN_HEADER = {
  type: 'object',
  required: ['x-requested-with'],
  properties: {
    'x-requested-with': { type: 'string', enum: ['zhizhao'], description: '证明请求来自本平台的页面' },
  },
};

const MUTATION_HEADERS = {
  ...ORIGIN_HEADER,
  properties: {
    ...ORIGIN_HEADER.properties,
    'idempotency-key': {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]{8,100}$',
      description: '同一操作重发时用同一个值：只执行一次，返回第一次的结果',
    },
  },
};

const FILES = {
  type: 'object',
  required: ['file'],
  properties: { file: { type: 'array', items: { type: 'string', format: 'binary' } } },
};

/** A body that is too long, too slow, or no JSON and no upload. */
const UNREADABLE: [status: number, code: string][] = [
  [408, 'too_slow'],
  [413, '内容太大'],
  [415, '内容类型不对'],
];

/** Refusals of the platform itself, before any use case runs. */
function platformRefusals(spec: RouteSpec): [status: number, code: string][] {
  const open = spec.permission === 'public';
  const named = !['public', 'pending', 'signed_in'].includes(spec.permission);
  return [
    ...(spec.params || spec.query || spec.body ? [[400, 'invalid_input'] as [number, string]] : []),
    ...(open ? [] : [[401, 'not_signed_in'] as [number, string]]),
    ...(open || spec.permission === 'pending' ? [] : [[403, 'stage'] as [number, string]]),
    ...(named ? [[403, 'forbidden'] as [number, string]] : []),
    ...(spec.freshAuth ? [[403, 'fresh_auth_required'] as [number, string]] : []),
    ...(spec.method === 'GET' ? [] : [[403, 'cross_site'] as [number, string]]),
    ...(spec.body || spec.kind === 'upload' ? UNREADABLE : []),
    ...(isRead(spec) || open ? [] : [[409, 'idempotency_key'] as [number, string]]),
    [429, 'too_many_requests'],
    [500, 'fault'],
  ];
}

function responsesOf(spec: RouteSpec, shapes: Json | undefined): Json {
  const codes = new Map<number, string[]>();
  for (const [status, code] of [...platformRefusals(spec), ...ownRefusals(spec)])
    codes.set(status, [...(codes.get(status) ?? []), code]);
  const refused = [...codes].map(([status, list]) => [
    status,
    { description: list.join('、'), content: { 'application/json': { schema: REFERENCE } } },
  ]);
  return { ...success(spec, shapes), ...Object.fromEntries(refused) };
}

const REFERENCE = { $ref: '#/components/schemas/Error' };

const ownRefusals = ({ refusals = {} }: RouteSpec): [status: number, code: string][] =>
  Object.entries(refusals).map(([code, status]) => [status, code]);

function success({ kind, reply }: RouteSpec, shapes: Json | undefined): Json {
  if (reply) return { 200: { ...(shapes?.[200] as Json), description: '成功' } };
  if (kind !== 'stream') return { 204: { type: 'null', description: '成功，没有内容' } };
  const bytes = { schema: { type: 'string', format: 'binary' } };
  return { 200: { description: '文件或事件流', content: { 'application/octet-stream': bytes } } };
}
