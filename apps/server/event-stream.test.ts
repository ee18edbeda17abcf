import { afterAll, beforeAll, expect, test } from 'vitest';
import { publish } from '#platform/http/events';
import { formatBearer } from '#platform/http/request-session';
import { setDisabled } from '#platform/session/accounts';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { permissionsOf } from '#staff/rules';
import { serveAll } from './testing/whole-server.ts';

/** ASVS 7.4.1, 7.4.2: an event stream is a request that lasts; it must not outlast the session that opened it. */
let world: World;
let address: string;
let close: () => Promise<void>;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  const { app, ...server } = await serveAll(world);
  address = await app.listen({ port: 0, host: '127.0.0.1' });
  close = server.close;
});
afterAll(async () => {
  await close();
  await world.close();
});

const listen = (who: Person) =>
  fetch(`${address}/api/events`, {
    headers: { cookie: `zhizhao_session=${formatBearer(who)}`, 'x-requested-with': 'zhizhao' },
  });

/** What comes until the server ends the stream. */
async function heard(response: Response): Promise<string> {
  let text = '';
  for await (const part of response.body ?? []) text += new TextDecoder().decode(part);
  return text;
}

test('somebody who is disabled hears no more, at once; others hear on', async () => {
  const leaver = await world.addPerson({ roles: ['caller'] });
  const other = await world.addPerson({ roles: ['caller'] });
  const [mine, theirs] = [await listen(leaver), await listen(other)];
  await world.as('system', (ctx) => publish(ctx, { topic: 'import' }));
  await world.as('system', (ctx) => setDisabled(ctx, leaver.userId, true, '离职'));
  await world.as('system', (ctx) => publish(ctx, { topic: 'notice' }));
  const all = await heard(mine);
  expect(all).toContain('event: import');
  expect(all).not.toContain('event: notice');
  expect((await listen(leaver)).status).toBe(401);
  await world.as('system', (ctx) => setDisabled(ctx, other.userId, true, '离职'));
  expect(await heard(theirs)).toContain('event: notice');
});
