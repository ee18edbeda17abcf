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
