import type { ServerResponse } from 'node:http';
import type { StreamIo } from '#platform/http/endpoint';

/** How long a stream outlives its session, its account or its rights at most. */
const CHECK_MS = 20_000;
/** Bytes that may wait for a browser that does not read. More means that it is gone, and asks anew when it is back. */
const WAITING_BYTES = 1_000_000;

/**
 * Answers with a stream of server-sent events that stays open until the browser leaves or we end it; `onClose` is called then. It ends when
 * the session ends, the account is disabled or gets other roles: the browser asks again two seconds after an end, and is judged like any
 * request. No proxy may keep or buffer it.
 */
export function openEventStream(
  { request, reply, stands }: StreamIo,
  onClose: () => void,
  checkMs: number = CHECK_MS,
): ServerResponse {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write('retry: 2000\n\n');
  let check: NodeJS.Timeout;
  const later = () => {
    check = setTimeout(async () => {
      // A database that does not answer says nothing about the session: asked again.
      const over = !(await stands().catch(() => true));
      if (raw.writableLength > WAITING_BYTES || (over && raw.writableNeedDrain)) raw.destroy();
      else if (over) raw.end();
      else later();
    }, checkMs);
  };
  later();
  // Whatever is written to a browser that has just left, or after the end, is lost and no fault.
  raw.on('error', () => {});
  request.raw.on('close', () => {
    clearTimeout(check);
    onClose();
  });
  return raw;
}
