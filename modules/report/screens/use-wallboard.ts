import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { routeQuery, urlOf, useRoute } from '#ui/api';
import { useEvents } from '#ui/events';
import { wallboard, wallboardStream } from '../contract.ts';

const POLL_MS = 3000;
/** Silence of the stream after which the page asks by itself. */
const SILENCE_MS = 10_000;

function onVisibility(listener: () => void) {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}
const useVisible = (): boolean => useSyncExternalStore(onVisibility, () => !document.hidden);

/** The wallboard, pushed by the server while the page is visible, asked for where the push does not get through. */
export function useWallboard() {
  const client = useQueryClient();
  const visible = useVisible();
  const pushed = useRef(0);
  const [live, setLive] = useState(true);
  useEvents(visible ? urlOf(wallboardStream, undefined) : null, {
    wallboard: (data) => {
      client.setQueryData(routeQuery(wallboard, undefined).queryKey, data);
      pushed.current = performance.now();
    },
  });
  useEffect(() => {
    const timer = setInterval(() => setLive(performance.now() - pushed.current < SILENCE_MS), POLL_MS);
    return () => clearInterval(timer);
  }, []);
  return useRoute(wallboard, undefined, live ? {} : { refetchInterval: POLL_MS });
}
