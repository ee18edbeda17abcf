import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { route } from '#platform/http/route';
import { actFor } from './api.tsx';
import { ApiError, headersFor, newKey, send, toApiError, urlOf } from './request.tsx';
import { installGate } from './session-gate.tsx';

const read = route({
  method: 'GET',
  path: '/candidates/:candidateId/notes',
  permission: 'candidate.read',
  summary: '',
  params: z.object({ candidateId: z.string() }),
  query: z.object({
    q: z.string().optional(),
    state: z.array(z.string()).optional(),
    limit: z.number().optional(),
  }),
  reply: z.object({ items: z.array(z.string()) }),
});

const write = route({
  method: 'POST',
  path: '/candidates',
  permission: 'candidate.edit',
  summary: '',
  body: z.object({ name: z.string() }),
  reply: z.object({ id: z.string() }),
});

describe('the address of a route', () => {
  test('has its parameters encoded and its empty query values left out', () => {
    const url = urlOf(read, { params: { candidateId: 'a/b 1' }, query: { q: '', limit: 20 } });
    expect(url).toBe('/api/candidates/a%2Fb%201/notes?limit=20');
  });

  test('repeats lists', () => {
    const url = urlOf(read, { params: { candidateId: '1' }, query: { state: ['x', 'y'] } });
    expect(url).toBe('/api/candidates/1/notes?state=x&state=y');
  });

  test('is a fault when a parameter is missing', () => {
    expect(() => urlOf(read, { params: { candidateId: '' } })).toThrow('candidateId');
  });
});

test.each<[what: string, given: [status: number, body: unknown], shown: [code: string, words: string]]>([
  [
    'the sentence of the server',
    [422, { code: 'over_quota', message: '超出 3 人。' }],
    ['over_quota', '超出 3 人。'],
  ],
  ['a proxy answering with a page', [502, null], ['http_502', '服务器正在重启，请稍后重试。']],
  ['a body of another shape', [500, { error: 'x' }], ['http_500', '系统出了故障']],
  ['an empty sentence', [404, { code: 'not_found', message: '' }], ['not_found', '没有找到这条记录']],
  ['no server at all', [0, null], ['http_0', '连不上服务器']],
])('an error shows %s', (_what, [status, body], [code, words]) => {
  const error = toApiError(status, body);
  expect(error.code).toBe(code);
  expect(error.message).toContain(words);
});

test.each<[status: number, retryable: boolean]>([
  [0, true],
  [502, true],
  [503, true],
  [504, true],
  [500, false],
  [409, false],
  [422, false],
  [429, false],
])('status %i may be sent again: %s', (status, retryable) => {
  expect(toApiError(status, null).isRetryable).toBe(retryable);
});

test('only commands carry an idempotency key, and only a body has a content type', () => {
  expect(headersFor(read, 'k', false)).not.toHaveProperty('idempotency-key');
  expect(headersFor(write, 'k', true)).toMatchObject({
    'idempotency-key': 'k',
    'content-type': 'application/json',
    'x-requested-with': 'zhizhao',
  });
  expect(headersFor(write, 'k', false)).not.toHaveProperty('content-type');
  const search = headersFor({ ...write, searches: true }, 'k', true);
  expect(search).not.toHaveProperty('idempotency-key');
  expect(search).toMatchObject({ 'content-type': 'application/json', 'x-requested-with': 'zhizhao' });
});

test('a key is a random UUID', () => {
  expect(newKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(newKey()).not.toBe(newKey());
});

test('the same input while the outcome is unknown keeps its key, another input gets a new one', () => {
  const first = actFor(null, '{"name":"a"}');
  expect(actFor(first, '{"name":"a"}').key).toBe(first.key);
  expect(actFor(first, '{"name":"b"}').key).not.toBe(first.key);
  expect(actFor(null, '{"name":"a"}').key).not.toBe(first.key);
});

describe('sending', () => {
  const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
  const answers = (...responses: Response[]) => {
    const network = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
    for (const response of responses) network.mockResolvedValueOnce(response);
    vi.stubGlobal('fetch', network);
    return network;
  };
  const keyOf = (init: RequestInit | undefined) => new Headers(init?.headers).get('idempotency-key');
  afterEach(() => vi.unstubAllGlobals());

  test('asks for the second factor and sends the same act again with the same key', async () => {
    const network = answers(
      json(403, { code: 'fresh_auth_required', message: '请确认' }),
      json(200, { id: '7' }),
    );
    installGate({ signedOut: () => {}, confirmIdentity: async () => true });
    await expect(send(write, { body: { name: 'a' } })).resolves.toEqual({ id: '7' });
    const [first, second] = network.mock.calls;
    expect(keyOf(first?.[1])).toBe(keyOf(second?.[1]));
  });

  test('gives the refusal back when the person does not confirm', async () => {
    const network = answers(json(403, { code: 'fresh_auth_required', message: '请确认' }));
    installGate({ signedOut: () => {}, confirmIdentity: async () => false });
    await expect(send(write, { body: { name: 'a' } })).rejects.toMatchObject({ code: 'fresh_auth_required' });
    expect(network).toHaveBeenCalledTimes(1);
  });

  test('tells the shell when the session has ended, but not when a password was wrong', async () => {
    const signedOut = vi.fn();
    installGate({ signedOut, confirmIdentity: async () => false });
    answers(
      json(401, { code: 'bad_credentials', message: '不对' }),
      json(401, { code: 'not_signed_in', message: '' }),
    );
    await expect(send(write, { body: { name: 'a' } })).rejects.toBeInstanceOf(ApiError);
    expect(signedOut).toHaveBeenCalledTimes(0);
    await expect(send(write, { body: { name: 'a' } })).rejects.toBeInstanceOf(ApiError);
    expect(signedOut).toHaveBeenCalledTimes(1);
  });

  test('turns a lost line into a sentence', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed to fetch')));
    await expect(send(write, { body: { name: 'a' } })).rejects.toMatchObject({
      status: 0,
      isRetryable: true,
    });
  });

  test('replies nothing on 204', async () => {
    answers(new Response(null, { status: 204 }));
    await expect(send(write, { body: { name: 'a' } })).resolves.toBeUndefined();
  });
});
