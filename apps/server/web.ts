import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import compress from '@fastify/compress';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const dist = fileURLToPath(new URL('../workbench/dist/', import.meta.url));
const YEAR_MS = 365 * 86_400_000;

/** Serves the built workbench: hashed assets for a year, every other address gives the page, which routes by itself. */
export async function serveWeb(app: FastifyInstance): Promise<void> {
  await app.register(compress, { global: true, threshold: 1024 });
  if (!existsSync(join(dist, 'index.html'))) return;
  await app.register(fastifyStatic, { root: dist, wildcard: false, index: false, serveDotFiles: false });
  await app.register(fastifyStatic, {
    root: join(dist, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    immutable: true,
    maxAge: YEAR_MS,
  });
  app.get('/*', (request, reply) =>
    request.url.startsWith('/api/')
      ? reply.callNotFound()
      : reply.header('cache-control', 'no-cache').sendFile('index.html'),
  );
}
