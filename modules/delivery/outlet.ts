import type { Copy } from '#platform/db/copy';
import { type StagingTable, stagingColumns } from './staging.store.ts';

const FLUSH_BYTES = 2_000_000;

/** Lines of COPY text on their way into the staging tables; one COPY runs while the next lines are collected. */
export interface Outlet {
  put(table: StagingTable, line: string): void;
  drain(): Promise<void>;
  finish(): Promise<void>;
}

interface Waiting {
  table: StagingTable;
  bytes: Buffer;
  used: number;
}

const CHUNK_BYTES = 1 << 20;
/** A UTF-16 unit is at most three bytes of UTF-8. */
const BYTES_PER_UNIT = 3;

/** Lines are written into a few buffers that are used again and again: nothing of a row outlives it. */
export function makeOutlet(copy: Copy): Outlet {
  const open = new Map<StagingTable, Waiting>();
  const free: Buffer[] = [];
  let full: Waiting[] = [];
  let size = 0;
  let sending: Promise<void> = Promise.resolve();
  const send = async (batch: readonly Waiting[]): Promise<void> => {
    for (const { table, bytes, used } of batch) {
      await copy(table, stagingColumns(table), bytes.subarray(0, used));
      if (bytes.length === CHUNK_BYTES) free.push(bytes);
    }
  };
  const flush = async (): Promise<void> => {
    await sending;
    sending = send([...full, ...open.values()]);
    // The fault is thrown where it is awaited; until then it must not end the process.
    sending.catch(() => undefined);
    open.clear();
    full = [];
    size = 0;
  };
  const roomFor = (table: StagingTable, most: number): Waiting => {
    const current = open.get(table);
    if (current && current.bytes.length - current.used >= most) return current;
    if (current) full.push(current);
    const fits = most <= CHUNK_BYTES;
    const bytes = (fits && free.pop()) || Buffer.allocUnsafeSlow(fits ? CHUNK_BYTES : most);
    const fresh = { table, bytes, used: 0 };
    open.set(table, fresh);
    return fresh;
  };
  return {
    put: (table, line) => {
      const room = roomFor(table, line.length * BYTES_PER_UNIT);
      const written = room.bytes.write(line, room.used);
      room.used += written;
      size += written;
    },
    drain: async () => {
      if (size >= FLUSH_BYTES) await flush();
    },
    finish: async () => {
      await flush();
      await sending;
    },
  };
}
