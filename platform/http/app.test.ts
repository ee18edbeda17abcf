import { expect, test } from 'vitest';
import { makeLog } from '#platform/log';
import { makeApp } from './app.ts';

const options = { log: makeLog('silent'), trustProxy: false, secure: false, fileBytes: 1024 };

test('an address is limited in what it asks of the API, not in the pages and files it loads', async () => {
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
