import { sql } from 'kysely';
import pg from 'pg';
import type { Ctx } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import type { Log } from '#platform/log';

const CHANNEL = 'zhizhao_event';
const RECONNECT_MS = 1000;

/** A hint that something changed; carries no personal data. A client that missed it finds the same by asking. */
export interface PlatformEvent {
  readonly tenantId: string;
  /** `job`, `notice`, `queue`, `import`, … : what the listener should ask for again. */
  readonly topic: string;
  /** Only for this person; absent: for everybody of the tenant. */
  readonly userId?: string;
  readonly subjectId?: string;
}

/** Published when the transaction commits. */
export async function publish(
  ctx: Ctx,
  event: { topic: string; userId?: UserId; subjectId?: string },
): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${JSON.stringify({ tenantId: ctx.tenantId, ...event })})`.execute(
    ctx.tx,
  );
}

export interface EventHub {
  subscribe(listener: (event: PlatformEvent) => void): () => void;
  close(): Promise<void>;
}

/** One listening connection a process; reconnects by itself. */
export async function openEvents(url: string, log: Log): Promise<EventHub> {
  const listeners = new Set<(event: PlatformEvent) => void>();
  let closed = false;
  let client: pg.Client | undefined;
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url });
    client = next;
    next.on('error', () => {});
    next.on('end', () => {
      if (!closed)
        setTimeout(
          () => connect().catch((error: unknown) => log.warn({ err: error }, 'event listener')),
          RECONNECT_MS,
        );
    });
    next.on('notification', ({ payload }) => {
      const event = JSON.parse(payload ?? '{}') as PlatformEvent;
      for (const listener of listeners) listener(event);
    });
    await next.connect();
    await next.query(`listen ${CHANNEL}`);
  };
  await connect();
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      closed = true;
      await client?.end();
    },
  };
}
