import type { FastifyInstance } from 'fastify';
import { makeApp } from '#platform/http/app';
import type { Endpoint } from '#platform/http/endpoint';
import { serve } from '#platform/http/serve';
import { makeLog } from '#platform/log';
import type { Parts } from '#platform/module';
import { serverParts, type World } from './app.ts';

/** The web server with the endpoints of one module, for its tests; the whole server is `buildServer` of apps/server. */
export async function serveEndpoints(
  world: World,
  endpointsOf: (parts: Parts) => Endpoint[],
  access: {
    permissions: ReadonlySet<string>;
    permissionsOf: (roles: readonly string[]) => ReadonlySet<string>;
  },
): Promise<{ app: FastifyInstance; close: () => Promise<void> }> {
  const { events } = await serverParts(world);
  const app = await makeApp({
    log: makeLog('silent'),
    trustProxy: false,
    secure: false,
    fileBytes: 50 * 1024 * 1024,
  });
  serve(app, endpointsOf({ files: world.files, events }), {
    env: world.env,
    session: { idleMinutes: 30, permissionsOf: access.permissionsOf },
    cookieName: 'zhizhao_session',
    permissions: access.permissions,
  });
  return {
    app,
    close: async () => {
      await app.close();
      await events.close();
    },
  };
}
