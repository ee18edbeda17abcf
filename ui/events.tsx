import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

/** One function per event name; the data arrives parsed from JSON. */
export type EventHandlers = Readonly<Record<string, (data: unknown) => void>>;

const waitFirstMs = 1_000;
const waitMaxMs = 30_000;

/** Wait before the nth reconnection: doubling, at most half a minute, spread so that a restart is not a stampede. */
export function reconnectWait(failures: number, random: number): number {
  const full = Math.min(waitMaxMs, waitFirstMs * 2 ** Math.min(failures, 10));
  return Math.round(full / 2 + (full / 2) * random);
}

/**
 * Listens to server-sent events of `url` (under /api) while mounted, and reconnects for ever. After a gap the handler
 * `reconnected` is called, if there is one, to read again what may have been missed.
 */
export function useEvents(url: string | null, handlers: EventHandlers): void {
  const names = Object.keys(handlers).sort().join(' ');
  const handle = useEffectEvent((name: string, data: unknown) => handlers[name]?.(data));
  useEffect(() => {
    if (!url) return;
    return listen(url, names.split(' '), handle);
  }, [url, names]);
}

function listen(url: string, names: readonly string[], handle: (name: string, data: unknown) => void) {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  const connect = () => {
    source = new EventSource(url);
    source.onopen = () => {
      if (failures > 0) handle('reconnected', null);
      failures = 0;
      lost.delete(url);
      announce();
    };
    source.onerror = () => {
      source?.close();
      lost.add(url);
      announce();
      timer = setTimeout(connect, reconnectWait(failures++, Math.random()));
    };
    for (const name of names) {
      source.addEventListener(name, (event) => handle(name, JSON.parse(event.data)));
    }
  };
  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
    lost.delete(url);
    announce();
  };
}

export type Connection = 'online' | 'reconnecting' | 'offline';

const lost = new Set<string>();
const listeners = new Set<() => void>();
const announce = () => {
  for (const listener of listeners) listener();
};

function subscribe(listener: () => void) {
  listeners.add(listener);
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

const current = (): Connection => {
  if (!navigator.onLine) return 'offline';
  return lost.size > 0 ? 'reconnecting' : 'online';
};

/** State of the line to the server, for the strip at the edge of the page. */
export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, current, () => 'online');
}
