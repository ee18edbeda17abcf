import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diskFiles } from '#platform/files/store';
import { formatBearer } from '#platform/http/request-session';
import { newId } from '#platform/ids';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import { deliveryEndpoints } from './routes.ts';

/** A clerk closes the page, or the line breaks, in the middle of an upload. */
let world: World;
let server: Awaited<ReturnType<typeof serveEndpoints>>;
let clerk: Person;
let folder: string;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  folder = await mkdtemp(join(tmpdir(), 'delivery-cut-'));
  const files = diskFiles(folder);
  server = await serveEndpoints({ ...world, files }, deliveryEndpoints, {
    permissions: PERMISSIONS,
    permissionsOf,
  });
  await server.app.listen({ port: 0 });
  clerk = await world.addPerson({ roles: ['file_clerk'] });
});
afterAll(async () => {
  await server?.close();
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

const halves = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.part'));

async function openTransactions(): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*)::int as open from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'`.execute(world.owner.kysely);
  return rows[0]?.open ?? 0;
}

test.each([1, 2])('of %i files: no transaction stays open, nothing half stays on disk', async (files) => {
  const { port } = server.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const head = [
    `POST /api/imports?province=51&batchId=${crypto.randomUUID()}&files=${files} HTTP/1.1`,
    ...['Host: 127.0.0.1', 'x-requested-with: zhizhao', `idempotency-key: ${newId()}`],
    `cookie: zhizhao_session=${formatBearer(clerk)}`,
    'content-type: multipart/form-data; boundary=cut',
    'content-length: 10000000',
  ];
  const part = ['--cut', 'content-disposition: form-data; name="file"; filename="T_TDD.DBF"'];
  socket.write(`${head.join('\r\n')}\r\n\r\n${part.join('\r\n')}\r\n\r\n${'x'.repeat(500_000)}`);
  await expect.poll(halves, { timeout: 20_000 }).toHaveLength(1);
  expect(await openTransactions()).toBe(1);
  socket.destroy();
  await expect.poll(openTransactions, { timeout: 20_000 }).toBe(0);
  await expect.poll(halves, { timeout: 20_000 }).toEqual([]);
});
