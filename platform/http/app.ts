import { setTimeout as sleep } from 'node:timers/promises';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import { newId } from '#platform/ids';
import type { Log } from '#platform/log';
import { describeRoute, openApi } from './openapi.ts';

z.config(z.locales.zhCN());

const BODY_BYTES = 1024 * 1024;
const REQUESTS_PER_MINUTE = 1200;
/** A form that has not arrived by then is refused. */
const BODY_MS = 60_000;
/** How long a stop waits for answers that are under way: less than whoever stops us waits before killing. */
const CLOSING_MS = 10_000;
const CLOSING_LOOK_MS = 20;
/** A request that has not arrived whole by then is cut off; long enough for a delivery over a slow line. */
const REQUEST_MS = 30 * 60_000;

const CONTENT_POLICY = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  styleSrc: ["'self'", "'unsafe-inline'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

export interface AppOptions {
  readonly log: Log;
  readonly trustProxy: boolean | string[];
  readonly secure: boolean;
  /** The session's, as the documentation names it. */
  readonly cookieName?: string;
  /** For each sign-in of an address; default 1200. The demonstration raises it. */
  readonly requestsPerMinute?: number;
  /** Upload limit in bytes. */
  readonly fileBytes: number;
  /** Address that users type, where it is known: a proxy in front may give us another Host. */
  readonly publicUrl?: string | null;
  /** How long a form may take to arrive, in milliseconds; default a minute. Files have half an hour. */
  readonly bodyMs?: number;
}

/** The web server before its routes: headers, limits, cookies, documentation, and the one handler of faults. */
export async function makeApp(options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    trustProxy: options.trustProxy,
    bodyLimit: BODY_BYTES,
    forceCloseConnections: true,
    requestTimeout: REQUEST_MS,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error: FastifyError, request, reply) =>
    reply.code(statusOf(error)).send(bodyOf(error, request.id, options.log)),
  );
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ code: 'not_found', message: '没有这个地址，请检查链接或返回首页。', requestId: request.id }),
  );
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: CONTENT_POLICY,
    },
    hsts: options.secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  const publicHost = options.publicUrl ? new URL(options.publicUrl).host : null;
  // After the headers: a refusal carries them too.
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    if (request.method !== 'GET' && request.method !== 'HEAD' && isForeign(request.headers, publicHost)) {
      await reply.code(403).send({
        code: 'cross_site',
        message: '请求来源不被允许，请从本平台页面操作。',
        requestId: request.id,
      });
    }
  });
  answerBeforeClosing(app);
  refuseSlowBodies(app, options.bodyMs ?? BODY_MS);
  await app.register(cookie);
  await limitRequests(app, options.requestsPerMinute ?? REQUESTS_PER_MINUTE);
  await app.register(multipart, {
    // Without `parts` the library stops at a thousand.
    limits: { fileSize: options.fileBytes, files: 2000, fields: 20, parts: 2020, fieldSize: 10_000 },
  });
  await app.register(swagger, {
    openapi: openApi(options.cookieName ?? 'zhizhao_session'),
    transform: describeRoute,
  });
  await app.register(swaggerUi, { routePrefix: '/api/docs' });
  return app;
}

/** A stop answers what is under way, or a caller would not know whether the result was kept. Streams of events have no end and are cut. */
function answerBeforeClosing(app: FastifyInstance): void {
  const open = new Set<FastifyReply>();
  const isAwaited = ({ sent, raw }: FastifyReply): boolean =>
    !(sent && raw.headersSent && !raw.writableEnded);
  app.addHook('onRequest', async (_request, reply) => {
    open.add(reply);
    for (const end of ['finish', 'close']) reply.raw.once(end, () => open.delete(reply));
  });
  app.addHook('preClose', async () => {
    const end = Date.now() + CLOSING_MS;
    while ([...open].some(isAwaited) && Date.now() < end) await sleep(CLOSING_LOOK_MS);
  });
}

/** A form is a megabyte at most: who sends it drop by drop is cut off, and holds no connection for half an hour (ASVS 15.1.3). */
function refuseSlowBodies(app: FastifyInstance, bodyMs: number): void {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();
  app.addHook('onRequest', async (request, reply) => {
    const { headers, raw } = request;
    const isForm = !String(headers['content-type'] ?? '').startsWith('multipart/');
    if (!isForm || !(headers['content-length'] || headers['transfer-encoding'])) return;
    const timer = setTimeout(() => {
      reply.hijack();
      reply.raw.writeHead(408, { 'content-type': 'application/json; charset=utf-8', connection: 'close' });
      reply.raw.end(JSON.stringify({ ...SLOW, requestId: request.id }), () => raw.socket.destroy());
    }, bodyMs);
    timers.set(request, timer);
    reply.raw.once('close', () => clearTimeout(timer));
  });
  app.addHook('preValidation', async (request) => clearTimeout(timers.get(request)));
}

const SLOW = { code: 'too_slow', message: '提交的内容太久没有传完，这次没有保存；请检查网络后再提交一次。' };

/** A mutation must come from our own pages: the header cannot be sent across origins, and Origin must be our host. */
function isForeign(
  headers: Record<string, string | string[] | undefined>,
  publicHost: string | null,
): boolean {
  const { origin, host } = headers;
  if (headers['x-requested-with'] !== 'zhizhao') return true;
  if (typeof origin !== 'string') return false;
  return !URL.canParse(origin) || ![host, publicHost].includes(new URL(origin).host);
}

/** What an address may ask, in limits of one sign-in: a hundred callers at an office's address, each far below their own limit. */
const ADDRESS_FACTOR = 20;

/**
 * So many requests a minute of the API for each sign-in of an address; what comes without one counts together. Cookies cost nothing to invent, so the address
 * as a whole is limited too. Pages and their files are cheap, and a whole office opens them at the same minute: free.
 */
async function limitRequests(app: FastifyInstance, perMinute: number): Promise<void> {
  const free = (request: FastifyRequest): boolean => !request.url.startsWith('/api/');
  await app.register(rateLimit, {
    ...{ max: perMinute, timeWindow: '1 minute', allowList: free, errorResponseBuilder: tooMany },
    keyGenerator: (request) => `${request.ip} ${request.headers.cookie ?? ''}`,
  });
  const ofAddress = app.createRateLimit({
    ...{ max: perMinute * ADDRESS_FACTOR, timeWindow: '1 minute', allowList: free },
    keyGenerator: (request) => request.ip,
  });
  app.addHook('onRequest', async (request) => {
    const limit = await ofAddress(request);
    if (!limit.isAllowed && limit.isExceeded) throw tooMany(request, limit);
  });
}

const tooMany = (_request: unknown, context: { ttl: number }): Error =>
  Object.assign(new Error(`操作过于频繁，请 ${Math.ceil(context.ttl / 1000)} 秒后再试。`), {
    statusCode: 429,
    code: 'too_many_requests',
  });

function statusOf(error: FastifyError): number {
  // The library calls an upload that is none 406, which is about what a client accepts.
  if (error.code === 'FST_INVALID_MULTIPART_CONTENT_TYPE') return 415;
  if (hasZodFastifySchemaValidationErrors(error)) return 400;
  return error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500;
}

/** What stands in an address was not typed by the person who follows it: an old link, or one cut off on its way. */
const LINK_FAULTS: Readonly<Record<string, string>> = {
  params: '这个链接指向的记录编号不完整或有误，可能是复制时少了一段。请回到列表重新打开。',
  querystring: '有查询条件读不出来，可能是旧链接或没有填完整。请改好，或点“重置”后重新选择。',
};

/** Faults say nothing of the inside; the request id leads to the log. */
function bodyOf(error: FastifyError, requestId: string, log: Log): object {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.map((issue) => ({
      field: issue.instancePath.slice(1).replaceAll('/', '.'),
      message: issue.message ?? '',
    }));
    const place = fields.map(({ field, message }) => `${field || '请求'}：${message}`).join('；');
    return {
      code: 'invalid_input',
      message:
        LINK_FAULTS[error.validationContext ?? ''] ??
        `提交的内容有 ${fields.length} 处不符合要求：${place}。`,
      details: { fields },
      requestId,
    };
  }
  const status = statusOf(error);
  if (status < 500)
    return { code: error.code ?? 'bad_request', message: sentenceOf(status, error), requestId };
  log.error({ err: error, requestId }, 'fault');
  return {
    code: 'fault',
    message: `系统出错了，您的操作没有生效。请稍后重试；若仍不行，请把编号 ${requestId} 告诉管理员。`,
    requestId,
  };
}

function sentenceOf(status: number, error: FastifyError): string {
  if (status === 429) return error.message;
  if (status === 413) return '提交的内容太大，请减小后再试。';
  return '请求格式不正确，请刷新页面后重试。';
}
