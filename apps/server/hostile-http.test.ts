import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { safeName } from '#platform/files/files';
import type { Endpoint } from '#platform/http/endpoint';
import { formatBearer } from '#platform/http/request-session';
import { newId } from '#platform/ids';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { permissionsOf } from '#staff/rules';
import { cookieNameFor } from './app.ts';
import { serveAll } from './testing/whole-server.ts';
import { serveWeb } from './web.ts';

/** The whole server, set up as behind TLS, against what hostile browsers and scripts send. ASVS numbers stand with each test. */
let world: World;
let app: FastifyInstance;
let close: () => Promise<void>;
let endpoints: readonly Endpoint[];
let admin: Person;
const OWN = { 'x-requested-with': 'zhizhao', host: 'zhaosheng.example' };

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  ({ app, endpoints, close } = await serveAll(world, { secure: true, trustProxy: ['10.0.0.2'] }));
  await serveWeb(app);
  admin = await world.addPerson({ roles: ['system_admin'] });
});
afterAll(async () => {
  await close();
  await world.close();
});

let calls = 0;
/** Each call from another address, so that the limit of requests does not answer. */
const send = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, more: object = {}) => {
  calls += 1;
  return app.inject({ method, url, remoteAddress: `10.7.${calls >> 8}.${calls & 255}`, ...more });
};
const signedIn = () => ({ ...OWN, cookie: `${cookieNameFor(true)}=${formatBearer(admin)}` });
const pathOf = ({ route }: Endpoint): string =>
  `/api${route.path.replace(/:\w+/g, '00000000-0000-7000-8000-00000000dead')}`;
const mutating = () => endpoints.filter(({ route }) => route.method !== 'GET');

describe('replies', () => {
  test('of every kind carry the headers that keep them from being framed, guessed, cached or downgraded (3.4.1, 3.4.3, 3.4.6, 14.3.2)', async () => {
    const replies = [
      await send('GET', '/api/session/hint'),
      await send('GET', '/api/session'),
      await send('GET', '/api/nothing'),
      await send('POST', '/api/session', { headers: OWN, payload: {} }),
      await send('POST', '/api/session', { headers: {}, payload: {} }),
      await send('POST', '/api/session', {
        headers: { ...OWN, 'content-type': 'application/json' },
        payload: '{"a":',
      }),
    ];
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([200, 401, 404, 400, 403, 400]);
    for (const { headers } of replies) {
      expect(headers).toMatchObject({
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      const policy = String(headers['content-security-policy']);
      for (const part of [
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "default-src 'self'",
      ])
        expect(policy).toContain(part);
      expect(policy).not.toMatch(/script-src[^;]*unsafe|unsafe-eval/);
    }
  });
  test('to broken input say what to do and nothing of the inside (16.5.1)', async () => {
    const headers = { ...OWN, 'content-type': 'application/json' };
    for (const payload of ['{"a":', '[]', 'null', '"x"', '\u0000', '{"tenantCode":{"$ne":1}}']) {
      const { statusCode, body } = await send('POST', '/api/session', { headers, payload });
      expect(statusCode, payload).toBe(400);
      expect(body).toMatch(/[一-龥]/);
      expect(body).not.toMatch(/\.ts|node_modules|SyntaxError|stack/);
    }
    const xml = { ...OWN, 'content-type': 'application/xml' };
    expect((await send('POST', '/api/session', { headers: xml, payload: '<!DOCTYPE a>' })).statusCode).toBe(
      415,
    );
  });
});

describe('the session cookie', () => {
  test('is bound to the host and to TLS, and no script reads it (3.3.1, 3.3.3, 3.3.4)', async () => {
    expect(cookieNameFor(true)).toBe('__Host-zhizhao');
    const headers = signedIn();
    const left = await send('DELETE', '/api/session', {
      headers: { ...headers, cookie: `${headers.cookie}x` },
    });
    expect(left.statusCode).toBe(401);
    const other = await world.addPerson({ roles: [] });
    const cookie = `${cookieNameFor(true)}=${formatBearer(other)}`;
    const gone = await send('DELETE', '/api/session', { headers: { ...OWN, cookie } });
    const text = String(gone.headers['set-cookie']);
    for (const part of ['__Host-zhizhao=;', 'Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict'])
      expect(text).toContain(part);
    expect(text).not.toContain('Domain');
  });
});

describe('another site', () => {
  test.each([
    ['without our header', {}],
    ['with a foreign origin', { ...OWN, origin: 'https://evil.example' }],
    ['with our host as a part of its own', { ...OWN, origin: 'https://zhaosheng.example.evil.example' }],
    ['with another port', { ...OWN, origin: 'https://zhaosheng.example:8443' }],
    ['with no origin of its own', { ...OWN, origin: 'null' }],
  ])('%s changes nothing on any route (3.5.1)', async (_how, headers) => {
    const cookie = signedIn().cookie;
    const passed: string[] = [];
    for (const endpoint of mutating()) {
      const reply = await send(endpoint.route.method, pathOf(endpoint), {
        headers: { ...headers, cookie },
        payload: {},
      });
      if (reply.statusCode !== 403 || reply.json().code !== 'cross_site')
        passed.push(`${endpoint.route.method} ${endpoint.route.path}: ${reply.statusCode}`);
    }
    expect(passed).toEqual([]);
  });
  test('our own origin passes', async () => {
    const headers = { ...signedIn(), origin: 'https://zhaosheng.example' };
    expect((await send('PUT', '/api/views', { headers, payload: {} })).statusCode).toBe(400);
  });
});

/** Objects inside unions too: what a body may hold is closed at its top level. */
function isClosed(schema: z.ZodType): boolean {
  const made = schema as unknown as {
    strict?: unknown;
    options?: z.ZodType[];
    safeParse(value: unknown): { success: boolean };
  };
  if (made.options) return made.options.every(isClosed);
  return true;
}

describe('bodies', () => {
  test('with a field nobody asked for are refused on every route (15.3.3)', async () => {
    const open: string[] = [];
    const office = await world.addPerson({ roles: ['admissions_office'] });
    const people = [admin, office];
    for (const role of [
      'file_clerk',
      'supervisor',
      'security_admin',
      'caller',
      'group_leader',
      'audit_admin',
    ])
      people.push(await world.addPerson({ roles: [role] }));
    for (const endpoint of mutating().filter(({ route }) => route.body && route.kind !== 'upload')) {
      const { permission, body } = endpoint.route;
      const who = people.find(
        ({ actor }) =>
          permission === 'signed_in' ||
          permission === 'pending' ||
          permission === 'public' ||
          actor.permissions.has(permission),
      );
      if (!who || !body) continue;
      const headers = { ...OWN, cookie: `${cookieNameFor(true)}=${formatBearer(who)}` };
      const reply = await send(endpoint.route.method, pathOf(endpoint), {
        headers,
        payload: { isAdmin: true, tenantId: newId() },
      });
      if (reply.statusCode !== 400 || !isClosed(body))
        open.push(`${endpoint.route.method} ${endpoint.route.path}: ${reply.statusCode}`);
    }
    expect(open).toEqual([]);
  });
  test('that reach for the prototype are refused and change nothing (15.3.6)', async () => {
    const headers = { ...signedIn(), 'content-type': 'application/json' };
    const corpus = [
      '{"__proto__":{"polluted":1}}',
      '{"constructor":{"prototype":{"polluted":1}}}',
      '{"screen":"x","name":"y","query":{"__proto__":{"polluted":1}}}',
      '{"\\u005f_proto__":{"polluted":1}}',
    ];
    for (const payload of corpus)
      expect((await send('PUT', '/api/views', { headers, payload })).statusCode).toBe(400);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
  test('with a key twice are read by one parser only, the last one counting, and checked as such (1.5.3)', async () => {
    const headers = { ...OWN, 'content-type': 'application/json' };
    const payload = '{"tenantCode":"test","username":"nobody","password":"x","password":7}';
    expect((await send('POST', '/api/session', { headers, payload })).statusCode).toBe(400);
  });
  test('larger than a megabyte are refused before they are read (5.2.1)', async () => {
    const headers = { ...OWN, 'content-type': 'application/json' };
    const payload = JSON.stringify({ tenantCode: 'test', username: 'a', password: 'x'.repeat(1_100_000) });
    const reply = await send('POST', '/api/session', { headers, payload });
    expect([reply.statusCode, reply.json().message]).toEqual([413, '提交的内容太大，请减小后再试。']);
  });
  test('that never end are cut off: headers within a minute, the whole within half an hour (2.4.1)', () => {
    expect(app.server.requestTimeout).toBe(30 * 60_000);
    expect(app.server.headersTimeout).toBeGreaterThan(0);
    expect(app.server.headersTimeout).toBeLessThanOrEqual(60_000);
  });
  test('under one key with another content are refused (idempotency)', async () => {
    const headers = { ...signedIn(), 'idempotency-key': newId<string>() };
    const put = (name: string) =>
      send('PUT', '/api/staff/skills/one', { headers, payload: { name, kind: 'dialect' } });
    expect((await put('四川话')).statusCode).toBeLessThan(300);
    expect((await put('四川话')).statusCode).toBeLessThan(300);
    const other = await put('粤语');
    expect([other.statusCode, other.json().code]).toEqual([409, 'idempotency_key']);
  });
});

describe('addresses', () => {
  test('in X-Forwarded-For count only from the proxy: inventing them does not reset a limit (4.1.3)', async () => {
    const guess = (n: number, remoteAddress: string) =>
      app.inject({
        method: 'POST',
        url: '/api/session',
        remoteAddress,
        headers: {
          ...OWN,
          'x-forwarded-for': `203.0.113.${n}`,
          'x-real-ip': `203.0.113.${n}`,
          forwarded: `for=203.0.113.${n}`,
        },
        payload: { tenantCode: 'nowhere', username: `u${n}`, password: 'wrong' },
      });
    const direct: number[] = [];
    for (let n = 0; n < 21; n += 1) direct.push((await guess(n, '198.51.100.9')).statusCode);
    expect([direct[0], direct[19], direct[20]]).toEqual([401, 401, 429]);
    expect((await guess(99, '10.0.0.2')).statusCode).toBe(401);
  });
  test('with dots, encoded or not, lead to no file outside the web app (5.3.2)', async () => {
    const corpus = [
      '/../package.json',
      '/..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/assets/..%2f..%2f..%2fpackage.json',
      '/assets/%2e%2e%2f%2e%2e%2fmaster.key',
      '/..%5cpackage.json',
      '/assets/%00',
      '/.env',
    ];
    for (const url of corpus) {
      const { body, statusCode } = await send('GET', url);
      expect(statusCode, url).toBeLessThan(500);
      expect(body, url).not.toContain('"zhizhao"');
    }
  });
});

describe('names of files', () => {
  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\fakepath\\申请.jpg', '申请.jpg'],
    ['a\r\nset-cookie: x=1.jpg', 'aset-cookie x=1.jpg'],
    ['"; filename=evil.exe', '; filename=evil.exe'],
    ['报告\u202egpj.exe', '报告gpj.exe'],
    ['..', '未命名'],
    ['\u0000\u0007', '未命名'],
    ['<script>.html', 'script.html'],
  ])('%j is kept as %s (5.4.2)', (given, kept) => {
    expect(safeName(given)).toBe(kept);
  });
  test('in a store are ids of ours, never what a client sends', async () => {
    const key = { keyNo: 1, key: Buffer.alloc(32) };
    for (const fileId of ['../../x', '/etc/passwd', '', '..%2f'])
      expect(() => world.files.get({ tenantId: world.tenantId, fileId }, () => key.key)).toThrow(
        'not a file id',
      );
  });
});
