import { open } from 'node:fs/promises';

/** Bytes with a name: a file on disk or an entry of a zip. Never held in memory as a whole. */
export interface ByteSource {
  /** Path inside the delivery, with `/`. */
  name: string;
  size: number;
  /** A fresh reading from the start; stopping early closes it. A chunk is only good until the next is asked for. */
  chunks(): AsyncGenerator<Buffer, void, undefined>;
}

const CHUNK_BYTES = 1 << 18;

export function fileSource(path: string, name: string, size: number): ByteSource {
  return {
    name,
    size,
    async *chunks() {
      const handle = await open(path, 'r');
      // One buffer is in use while the next is filled.
      const buffers = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)] as const;
      let turn = 0;
      const readAt = (position: number): Promise<{ bytesRead: number; buffer: Buffer }> => {
        turn = 1 - turn;
        const reading = handle.read(turn === 0 ? buffers[0] : buffers[1], 0, CHUNK_BYTES, position);
        reading.catch(() => undefined);
        return reading;
      };
      let position = 0;
      let next = readAt(position);
      try {
        for (;;) {
          const { bytesRead, buffer } = await next;
          if (bytesRead === 0) return;
          position += bytesRead;
          next = readAt(position);
          yield bytesRead === CHUNK_BYTES ? buffer : buffer.subarray(0, bytesRead);
        }
      } finally {
        await next.catch(() => undefined);
        await handle.close();
      }
    },
  };
}

/** The same bytes; `share` is how much of them the last reading has passed, 0 to 1. */
export function measured(source: ByteSource): { source: ByteSource; share: () => number } {
  let passed = 0;
  return {
    share: () => (source.size > 0 ? Math.min(1, passed / source.size) : 0),
    source: {
      ...source,
      async *chunks() {
        passed = 0;
        for await (const chunk of source.chunks()) {
          passed += chunk.length;
          yield chunk;
        }
      },
    },
  };
}

/** The first bytes of a source, at most `limit`. */
export async function headOf(source: ByteSource, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of source.chunks()) {
    parts.push(Buffer.from(chunk));
    length += chunk.length;
    if (length >= limit) break;
  }
  return Buffer.concat(parts).subarray(0, limit);
}

/** Everything, for small parts whose size was checked before. */
export async function allOf(source: ByteSource): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of source.chunks()) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}
