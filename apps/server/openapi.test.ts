import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Endpoint } from '#platform/http/endpoint';
import { isRead } from '#platform/http/route';
import { makeWorld, type World } from '#platform/testing/app';
import { PERMISSIONS } from '#staff/rules';
import { serveAll } from './testing/whole-server.ts';

/** /api/docs, generated from the router: what every route owes a reader who has nothing else. */

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly 'x-permission'?: string;
  readonly parameters?: readonly { name: string; in: string; schema?: object }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
}

let world: World;
let app: FastifyInstance;
let endpoints: readonly Endpoint[];
let document: Document;
let close: () => Promise<void>;

beforeAll(async () => {
  world = await makeWorld();
  ({ app, endpoints, close } = await serveAll(world, { secure: true }));
  const reply = await app.inject({ url: '/api/docs/json' });
  document = reply.json() as Document;
});
afterAll(async () => {
  await close();
  await world.close();
});

const pathOf = ({ route }: Endpoint): string => `/api${route.path.replace(/:(\w+)/g, '{$1}')}`;
function operationOf(endpoint: Endpoint): Operation {
  const found = document.paths[pathOf(endpoint)]?.[endpoint.route.method.toLowerCase()];
  if (!found) throw new Error(`${endpoint.route.method} ${endpoint.route.path} is not described`);
  return found;
}
const nameOf = ({ route }: Endpoint): string => `${route.method} ${route.path}`;
/** The routes that break a rule. */
const wrong = (isRight: (operation: Operation, endpoint: Endpoint) => boolean): string[] =>
  endpoints.filter((endpoint) => !isRight(operationOf(endpoint), endpoint)).map(nameOf);

test('every route is there, and nothing else', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(endpoints.map((one) => `${one.route.method} ${pathOf(one)}`).sort());
  expect(document.openapi).toBe('3.1.0');
});

test('each has a Chinese summary of its own, a tag and its permission', () => {
  expect(wrong(({ summary, tags }) => /[一-龥]{2}/.test(summary ?? '') && (tags ?? []).length === 1)).toEqual(
    [],
  );
  expect(
    wrong((operation, { route }) => {
      const named = PERMISSIONS.has(route.permission);
      return (
        operation['x-permission'] === route.permission &&
        (!named || (operation.description ?? '').includes(route.permission)) &&
        operation.security?.length === (route.permission === 'public' ? 0 : 1)
      );
    }),
  ).toEqual([]);
  expect(document.components.securitySchemes.session).toMatchObject({ in: 'cookie', name: '__Host-zhizhao' });
});

test('each parameter of an address, each query and each body has a schema', () => {
  expect(
    wrong(({ parameters = [] }, { route }) => {
      const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      const declared = Object.keys(route.params?.shape ?? {});
      const described = parameters.filter((one) => one.in === 'path' && one.schema).map(({ name }) => name);
      return [declared.sort(), described.sort()].every((names) => names.join() === [...inPath].sort().join());
    }),
  ).toEqual([]);
  expect(
    wrong(({ parameters = [] }, { route }) =>
      Object.keys(route.query?.shape ?? {}).every((name) =>
        parameters.some((one) => one.in === 'query' && one.name === name && one.schema),
      ),
    ),
  ).toEqual([]);
  expect(
    wrong(({ requestBody }, { route }) => {
      const type = route.kind === 'upload' ? 'multipart/form-data' : 'application/json';
      if (!route.body && route.kind !== 'upload') return requestBody === undefined;
      return Object.keys(requestBody?.content[type]?.schema ?? {}).length > 0;
    }),
  ).toEqual([]);
});

test('a change names the header that proves where it comes from, and the key that makes it happen once', () => {
  const headersOf = (route: Endpoint['route']) =>
    route.method === 'GET' ? '' : isRead(route) ? 'x-requested-with' : 'idempotency-key,x-requested-with';
  expect(
    wrong(({ parameters = [] }, { route }) => {
      const found = parameters.filter((one) => one.in === 'header').map(({ name }) => name);
      return found.sort().join() === headersOf(route);
    }),
  ).toEqual([]);
});

test('each says what it answers, and every refusal with its status and the one shape of errors', () => {
  expect(document.components.schemas.Error).toMatchObject({ required: ['code', 'message'] });
  expect(
    wrong(({ responses }, { route }) => {
      const success = responses[route.reply || route.kind === 'stream' ? 200 : 204];
      const shaped =
        !route.reply || Object.keys(success?.content?.['application/json']?.schema ?? {}).length > 0;
      return success !== undefined && shaped;
    }),
  ).toEqual([]);
  expect(
    wrong(({ responses }, { route }) =>
      Object.entries(route.refusals ?? {}).every(([code, status]) => {
        const response = responses[status];
        const schema = response?.content?.['application/json']?.schema as { $ref?: string } | undefined;
        return (
          response?.description.split('、').includes(code) && schema?.$ref === '#/components/schemas/Error'
        );
      }),
    ),
  ).toEqual([]);
  expect(
    wrong(({ responses }, { route }) => {
      const refused = ['429', '500', ...(route.permission === 'public' ? [] : ['401'])];
      return (
        refused.every((status) => status in responses) &&
        (!PERMISSIONS.has(route.permission) || '403' in responses)
      );
    }),
  ).toEqual([]);
});

test('an error that comes has the shape that is described', async () => {
  const refused = await app.inject({ url: '/api/session' });
  expect(
    Object.keys(refused.json()).every((key) => ['code', 'message', 'details', 'requestId'].includes(key)),
  ).toBe(true);
});

test('the page itself loads, and its own files pass the content policy', async () => {
  const page = await app.inject({ url: '/api/docs/' });
  expect(page.statusCode).toBe(200);
  expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/);
  expect(page.body).not.toMatch(/(?:src|href)="https?:/);
});
