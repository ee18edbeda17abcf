import type { FastifyInstance } from 'fastify';
import type { Env } from '#platform/db/tenant';
import { databaseProbe } from './database-probe.ts';
import type { Metrics } from './metrics.ts';

/** `/healthz`: the process runs. `/readyz`: it can reach its database. `/metrics`: figures for Prometheus. */
export function serveHealth(app: FastifyInstance, env: Env): void {
  const metrics = metricsOnce();
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const { observe } = await metrics();
    observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  app.get('/healthz', async () => ({ status: 'ok' }));
  const answers = databaseProbe(env);
  app.get('/readyz', async (_request, reply) =>
    (await answers()) ? { status: 'ready' } : reply.code(503).send({ status: 'database unreachable' }),
  );
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics();
    return reply.type(contentType).send(await text());
  });
}

/** Loaded with the first answer: nothing is measured before it, and no start waits for it. */
function metricsOnce(): () => Promise<Metrics> {
  let made: Promise<Metrics> | undefined;
  return () => {
    made ??= import('./metrics.ts').then(({ makeMetrics }) => makeMetrics());
    return made;
  };
}
