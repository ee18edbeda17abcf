import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLog } from '#platform/log';
import { makeApp } from './app.ts';

/** A body that comes drop by drop over a real socket: refused, and the connection is gone (ASVS 15.1.3). */
let app: FastifyInstance;
let seen: unknown[];

beforeAll(async () => {
  seen = [];
  app = await makeApp({
    log: makeLog('silent'),
    trustProxy: false,
    secure: false,
    fileBytes: 1000,
    bodyMs: 150,
  });
  app.post('/form', async ({ body }) => {
    seen.push(body);
    // Longer than a body may take: the work itself has no such limit.
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { done: true };
  });
  app.post('/upload', async (request) => {
    const part = await request.file();
    return { bytes: (await part?.toBuffer())?.length ?? 0 };
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());

async function open(path: string, type: string, length: number): Promise<Socket> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nx-requested-with: zhizhao\r\nconnection: close\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`,
  );
  return socket;
}

test('a form that does not arrive in time is refused with a sentence, and its half is not used', async () => {
  const socket = await open('/form', 'application/json', 1000);
  socket.write('{"reason": "half');
  const reply = await text(socket);
  expect(reply).toMatch(/^HTTP\/1\.1 408 /);
  expect(reply).toContain('太久没有传完');
  expect(seen).toEqual([]);
});

test('one that arrives whole has all the time that its work takes', async () => {
  const body = '{"reason":"whole"}';
  const socket = await open('/form', 'application/json', body.length);
  socket.write(body);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [\s\S]*"done":true/);
  expect(seen).toEqual([{ reason: 'whole' }]);
});

test('a file may take longer', async () => {
  const [head, tail] = [
    '--b\r\ncontent-disposition: form-data; name="f"; filename="a"\r\n\r\nab',
    'c\r\n--b--\r\n',
  ];
  const socket = await open('/upload', 'multipart/form-data; boundary=b', head.length + tail.length);
  socket.write(head);
  await new Promise((resolve) => setTimeout(resolve, 300));
  socket.write(tail);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [\s\S]*"bytes":3/);
});
