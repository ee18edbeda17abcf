import { useSyncExternalStore } from 'react';

let offsetMs = 0;

/** Below this the difference is the rounding of the header and the way here, not a wrong clock. */
const clockSlackMs = 5_000;

/** Deadlines count by the server's clock: office machines are often minutes off. */
export function noteServerTime(dateHeader: string | null): void {
  const server = dateHeader ? Date.parse(dateHeader) : Number.NaN;
  if (Number.isNaN(server)) return;
  const difference = server - Date.now();
  offsetMs = Math.abs(difference) > clockSlackMs ? difference : 0;
}

/** Now in milliseconds, by the server's clock. */
export const serverNow = (): number => Date.now() + offsetMs;

/** Now, renewed every second or every minute: all readers of one page share the tick. */
export function useNow(every: 'second' | 'minute' = 'second'): number {
  const ticker = tickers[every];
  return useSyncExternalStore(ticker.subscribe, ticker.read, ticker.read);
}

const tickers = { second: createTicker(1_000), minute: createTicker(60_000) } as const;

function createTicker(stepMs: number) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let now = serverNow();
  const tick = () => {
    now = serverNow();
    for (const listener of listeners) listener();
  };
  return {
    read: () => now,
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (listeners.size === 1) {
        now = serverNow();
        timer = setInterval(tick, stepMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
  };
}
