import type { ServerResponse } from 'node:http';
import type { StreamIo } from '#platform/http/endpoint';

/**
 * Answers with a stream of server-sent events that stays open until the browser leaves or we end it; `onClose` is called then. The
 * browser asks again two seconds after an end. No proxy may keep or buffer it.
 */
export function openEventStream({ request, reply }: StreamIo, onClose: () => void): ServerResponse {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write('retry: 2000\n\n');
  request.raw.on('close', onClose);
  return raw;
}
