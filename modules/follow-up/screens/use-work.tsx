import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useEffectEvent, useRef } from 'react';
import type { RouteReply, RouteSpec } from '#platform/http/route';
import { type ApiError, routeQuery, useCommand, useRoute } from '#ui/api';
import { platformEvents, useEvents } from '#ui/events';
import { myWork } from '../contract.ts';
import type { LeaseData, WorkView } from '../work.contract.ts';

/** The one record of what the caller holds; every command's reply takes its place. */
const workKey = routeQuery(myWork).queryKey;

const REFRESH_MS = 60_000;
/** A hint about what I just did myself is not worth a question. */
const HINT_MS = 1_500;

export interface WorkSource {
  readonly work: WorkView | undefined;
  readonly error: ApiError | null;
  readonly refresh: () => void;
}

export function useWork(): WorkSource {
  const client = useQueryClient();
  const query = useRoute(myWork, undefined, { refetchInterval: REFRESH_MS });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const refresh = useCallback(() => void client.invalidateQueries({ queryKey: workKey }), [client]);
  const hinted = () => {
    const at = Date.now();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const fresh = client.getQueryState(workKey)?.dataUpdatedAt ?? 0;
      if (fresh < at) refresh();
    }, HINT_MS);
  };
  useEvents(platformEvents, { queue: hinted, reconnected: refresh });
  return { work: query.data, error: query.error, refresh };
}

/** When the server gave the last reply to an act of this page; what comes otherwise was done elsewhere. */
let ownReplyAt: number | null = null;

/** Tells once when the candidate in hand is gone without an act of this page: the time is over, or somebody has moved the case. */
export function useLeaseGone(work: WorkView | undefined, tell: (before: LeaseData) => void): void {
  const held = useRef<LeaseData | null>(null);
  const gone = useEffectEvent(tell);
  useEffect(() => {
    if (!work) return;
    const before = held.current;
    held.current = work.lease;
    if (before && before.id !== work.lease?.id && work.serverNow !== ownReplyAt) gone(before);
  }, [work]);
}

/** Puts a reply in the place of what was shown; an older question still on its way may not overwrite it. */
export function useReplaceWork(): (work: WorkView) => void {
  const client = useQueryClient();
  return useCallback(
    (work) => {
      ownReplyAt = work.serverNow;
      void client.cancelQueries({ queryKey: workKey });
      client.setQueryData(workKey, work);
    },
    [client],
  );
}

/** Changes what is held without asking again: a number was dialled, the lease was renewed. */
export function useAmendLease(): (leaseId: string, change: Partial<LeaseData>) => void {
  const client = useQueryClient();
  return useCallback(
    (leaseId, change) => {
      client.setQueryData<WorkView>(workKey, (work) =>
        work?.lease?.id === leaseId ? { ...work, lease: { ...work.lease, ...change } } : work,
      );
    },
    [client],
  );
}

type WorkRoute = RouteSpec & { readonly reply: RouteSpec['reply'] };

/** A command whose reply is the whole screen. */
export function useWorkCommand<R extends WorkRoute>(
  route: RouteReply<R> extends WorkView ? R : never,
  onDone?: (work: WorkView) => void,
) {
  const replace = useReplaceWork();
  return useCommand(route as R, {
    renews: [],
    onDone: (reply) => {
      replace(reply as unknown as WorkView);
      onDone?.(reply as unknown as WorkView);
    },
  });
}
