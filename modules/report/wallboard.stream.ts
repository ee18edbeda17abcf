import type { ServerResponse } from 'node:http';
import { type Env, inTenant, system } from '#platform/db/tenant';
import type { StreamIo } from '#platform/http/endpoint';
import { openEventStream } from '#platform/http/event-stream';
import type { TenantId } from '#platform/ids';
import { readWallboard } from './wallboard.service.ts';

const EVERY_MS = 3000;
/** After this a stream ends and the browser asks again, so that a right taken away does not last; often enough to keep the session of a screen on a wall. */
const LIFE_MS = 10 * 60_000;

/** The wall of one college: computed once for all who look, and not at all while nobody does. */
class Wall {
  readonly #viewers = new Set<ServerResponse>();
  readonly #compute: () => Promise<string | null>;
  #timer: NodeJS.Timeout | undefined;

  constructor(compute: () => Promise<string | null>) {
    this.#compute = compute;
  }

  join(viewer: ServerResponse): void {
    this.#viewers.add(viewer);
    if (this.#viewers.size === 1) void this.#round();
  }

  /** True when the last one left. */
  leave(viewer: ServerResponse): boolean {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0) return false;
    clearTimeout(this.#timer);
    return true;
  }

  /** The next round starts when this one is over: a slow database is not asked twice at once. */
  async #round(): Promise<void> {
    const figures = await this.#compute().catch(() => null);
    for (const viewer of this.#viewers) {
      // A viewer that cannot keep up misses a round instead of filling the memory.
      if (viewer.writableNeedDrain || viewer.writableEnded) continue;
      viewer.write(figures === null ? ': \n\n' : `event: wallboard\ndata: ${figures}\n\n`);
    }
    clearTimeout(this.#timer);
    if (this.#viewers.size > 0) this.#timer = setTimeout(() => void this.#round(), EVERY_MS);
  }
}

const walls = new Map<TenantId, Wall>();

/** The figures as text for everybody of the college who may see the whole season; null when there is no season. */
async function figuresOf(env: Env, tenantId: TenantId): Promise<string | null> {
  const board = await inTenant(env, { tenantId, actor: system }, readWallboard);
  return board.ok ? JSON.stringify(board.value) : null;
}

/** Keeps an event stream open for one viewer, as long as they may see the season. */
export function streamWallboard(io: StreamIo, checkMs?: number): void {
  const { tenantId } = io.caller;
  const wall = walls.get(tenantId) ?? new Wall(() => figuresOf(io.env, tenantId));
  walls.set(tenantId, wall);
  const viewer = openEventStream(
    io,
    () => {
      clearTimeout(life);
      if (wall.leave(viewer)) walls.delete(tenantId);
    },
    checkMs,
  );
  const life = setTimeout(() => viewer.end(), LIFE_MS);
  wall.join(viewer);
}
