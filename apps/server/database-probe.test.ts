import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { closeDb, openDb } from '#platform/db/pool';
import { createEmptyDatabase } from '#platform/testing/database';
import { databaseProbe } from './database-probe.ts';

const envOf = (url: string) => ({ db: openDb(url, { max: 5 }), masterKey: Buffer.alloc(32) });

test('a database that answers is there', async () => {
  const database = await createEmptyDatabase();
  const env = envOf(database.ownerUrl);
  expect(await databaseProbe(env)()).toBe(true);
  await closeDb(env.db);
  await database.drop();
});

test('one that takes connections and says nothing is away, and is asked by one connection only', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const env = envOf(`postgres://u@127.0.0.1:${port}/d`);
  const probe = databaseProbe(env, 20);
  expect([await probe(), await probe(), await probe()]).toEqual([false, false, false]);
  expect(sockets).toHaveLength(1);
  for (const socket of sockets) socket.destroy();
  silent.close();
  await closeDb(env.db);
});
