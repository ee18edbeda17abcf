import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

/** One function per event name; the data arrives parsed from JSON. */
export type EventHandlers = Readonly<Record<string, (data: unknown) => void>>;

const waitFirstMs = 1_000;
const waitMaxMs = 30_000;
/** A tab that nobody sees gives its connection back after this long. */
const hiddenMs = 5_000;

/** Wait before the nth reconnection: doubling, at most half a minute, spread so that a restart is not a stampede. */
export function reconnectWait(failures: number, random: number): number {
  const full = Math.min(waitMaxMs, waitFirstMs * 2 ** Math.min(failures, 10));
  return Math.round(full / 2 + (full / 2) * random);
}

/**
 * Listens to server-sent events while mounted; all listeners of one address share one connection, because browsers
 * allow only six a server. For the same reason a hidden tab lets go of its own, or the seventh tab would wait for ever.
 * It reconnects for ever; after a gap `reconnected` is called, if there is such a handler, to read again what may have
 * been missed. The platform's own stream is `platformEvents`.
 */
export function useEvents(url: string | null, handlers: EventHandlers): void {
  const names = Object.keys(handlers).sort().join(' ');
  const handle = useEffectEvent((name: string, data: unknown) => handlers[name]?.(data));
  useEffect(() => {
    if (!url) return;
    const stream = streams.get(url) ?? openStream(url);
    const listener: Listener = { names: names.split(' '), handle: (name, data) => handle(name, data) };
    stream.join(listener);
    return () => stream.leave(listener);
  }, [url, names]);
}

/** Hints of what changed, by topic (`job`, `notice`, `queue`, `import`, …), with `{ subjectId }`. */
export const platformEvents = '/api/events';

interface Listener {
  readonly names: readonly string[];
  readonly handle: (name: string, data: unknown) => void;
}

interface Stream {
  join(listener: Listener): void;
  leave(listener: Listener): void;
}

const streams = new Map<string, Stream>();

function openStream(url: string): Stream {
  const members = new Set<Listener>();
  const known = new Set<string>();
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let gap = false;
  let resting = false;
  const tell = (name: string, data: unknown) => {
    for (const member of members) if (member.names.includes(name)) member.handle(name, data);
  };
  const attach = (name: string) =>
    source?.addEventListener(name, (event) => tell(name, JSON.parse((event as MessageEvent<string>).data)));
  const connect = () => {
    source = new EventSource(url);
    source.onopen = () => {
      if (gap) tell('reconnected', null);
      gap = false;
      failures = 0;
      lost.delete(url);
      announce();
    };
    source.onerror = () => {
      source?.close();
      gap = true;
      lost.add(url);
      announce();
      timer = setTimeout(connect, reconnectWait(failures++, Math.random()));
    };
    for (const name of known) attach(name);
  };
  const rest = () => {
    clearTimeout(timer);
    source?.close();
    gap = true;
    resting = true;
  };
  const look = () => {
    clearTimeout(idle);
    if (document.visibilityState === 'hidden') idle = setTimeout(rest, hiddenMs);
    else if (resting) {
      resting = false;
      connect();
    }
  };
  const watching = new AbortController();
  const watch = ({ signal }: AbortController) => {
    document.addEventListener('visibilitychange', look, { signal });
    window.addEventListener('pageshow', look, { signal });
    window.addEventListener('pagehide', rest, { signal });
  };
  const close = () => {
    watching.abort();
    clearTimeout(idle);
    clearTimeout(timer);
    source?.close();
    streams.delete(url);
    lost.delete(url);
    announce();
  };
  const stream: Stream = {
    join(listener) {
      members.add(listener);
      const fresh = listener.names.filter((name) => name !== 'reconnected' && !known.has(name));
      for (const name of fresh) known.add(name);
      if (source) fresh.forEach(attach);
      else if (!resting) connect();
    },
    leave(listener) {
      members.delete(listener);
      if (members.size === 0) close();
    },
  };
  streams.set(url, stream);
  watch(watching);
  look();
  return stream;
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
