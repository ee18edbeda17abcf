import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeLog } from '#platform/log';
import { makeApp } from './app.ts';

const options = { log: makeLog('silent'), trustProxy: false, secure: false, fileBytes: 1024 };

test('what comes without a sign-in is limited in what it asks of the API, not in the pages and files it loads', async () => {
  const app = await makeApp({ ...options, requestsPerMinute: 2 });
  app.get('/api/notes', async () => ({ items: [] }));
  app.get('/assets/page.js', async () => '');
  const statuses = async (url: string): Promise<number[]> => [
    (await app.inject({ url })).statusCode,
    (await app.inject({ url })).statusCode,
    (await app.inject({ url })).statusCode,
  ];
  expect(await statuses('/assets/page.js')).toEqual([200, 200, 200]);
  expect(await statuses('/api/notes')).toEqual([200, 200, 429]);
  await app.close();
});

test('an office behind one address: everybody has a limit of their own, invented sign-ins share that of the address', async () => {
  const app = await makeApp({ ...options, requestsPerMinute: 2 });
  app.get('/api/notes', async () => ({ items: [] }));
  const status = async (cookie: string): Promise<number> =>
    (await app.inject({ url: '/api/notes', headers: { cookie } })).statusCode;
  expect([await status('a=1'), await status('a=1'), await status('a=1')]).toEqual([200, 200, 429]);
  expect([await status('a=2'), await status('a=2')]).toEqual([200, 200]);
  // Five asked so far; the address has twenty times two.
  const invented = [];
  for (let n = 0; n < 36; n += 1) invented.push(await status(`a=x${n}`));
  expect(invented).toEqual([...Array.from({ length: 35 }, () => 200), 429]);
  const other = await app.inject({ url: '/api/notes', remoteAddress: '192.0.2.7' });
  expect(other.statusCode).toBe(200);
  await app.close();
});

test('a proxy that gives us another Host: pages of the public address are our own, others are not', async () => {
  const app = await makeApp({ ...options, publicUrl: 'https://zs.example.test' });
  app.post('/api/notes', async () => ({}));
  const status = async (origin: string): Promise<number> => {
    const headers = { origin, host: '127.0.0.1:8080', 'x-requested-with': 'zhizhao' };
    return (await app.inject({ method: 'POST', url: '/api/notes', headers })).statusCode;
  };
  expect(await status('https://zs.example.test')).toBe(200);
  expect(await status('http://127.0.0.1:8080')).toBe(200);
  expect(await status('https://zs.example.test.evil.example')).toBe(403);
  await app.close();
});

test('a form where a file is expected is the wrong type of content', async () => {
  const app = await makeApp(options);
  app.post('/api/files', async (request) => ({ file: (await request.file())?.filename }));
  const headers = { 'x-requested-with': 'zhizhao', 'content-type': 'application/json' };
  const answer = await app.inject({ method: 'POST', url: '/api/files', headers, payload: '{}' });
  expect([answer.statusCode, answer.json().message]).toEqual([415, '请求格式不正确，请刷新页面后重试。']);
  await app.close();
});

test('a stop answers what is under way and does not wait for streams of events', async () => {
  const app = await makeApp(options);
  const [arrived, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  app.get('/api/slow', async () => {
    arrived.resolve();
    await answer.promise;
    return { done: true };
  });
  app.get('/api/events', async (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.raw.write('retry: 2000\n\n');
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  await fetch(`${url}/api/events`);
  const slow = fetch(`${url}/api/slow`).then(async (response) => response.json());
  await arrived.promise;
  const closed = app.close();
  await sleep(50);
  answer.resolve();
  expect(await slow).toEqual({ done: true });
  await closed;
});
