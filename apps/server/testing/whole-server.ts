import type { FastifyInstance } from 'fastify';
import type { Endpoint } from '#platform/http/endpoint';
import { openEvents } from '#platform/http/events';
import { makeLog } from '#platform/log';
import type { World } from '#platform/testing/app';
import { allEndpoints, buildServer, type ServerOptions } from '../app.ts';

export interface WholeServer {
  readonly app: FastifyInstance;
  readonly endpoints: readonly Endpoint[];
  /** Ends the server and its event hub; the world stays the test's own to close. */
  close(): Promise<void>;
}

/** The web server with every module over the world of a test, not listening. `change`: what the test wants otherwise, TLS or a log it reads. */
export async function serveAll(
  world: World,
  change: Partial<Omit<ServerOptions, 'events'>> = {},
): Promise<WholeServer> {
  const log = change.log ?? makeLog('silent');
  const events = await openEvents(world.appUrl, log);
  const options: ServerOptions = {
    ...{ env: world.env, files: world.files, events, log },
    ...{ secure: false, trustProxy: false, fileBytes: 1000, idleMinutes: 30, absoluteHours: 10 },
    ...change,
  };
  const app = await buildServer(options);
  return {
    app,
    endpoints: allEndpoints(options),
    close: async () => {
      await app.close();
      await events.close();
    },
  };
}
