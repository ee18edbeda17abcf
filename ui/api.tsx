import {
  type QueryKey,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useRef } from 'react';
import type { RouteInput, RouteReply, RouteSpec } from '#platform/http/route';
import { ApiError, type CallArgs, newKey, type SendOptions, send } from './request.tsx';

export { ApiError, urlOf } from './request.tsx';

/** Calls a route by its contract. Rejects with `ApiError`, whose message is the sentence to show. */
export function api<R extends RouteSpec>(
  route: R,
  ...[input, options]: CallArgs<R, SendOptions>
): Promise<RouteReply<R>> {
  return send(route, input, options);
}

/** First word of the path: `/candidates/:id/notes` belongs to `candidates`. Commands renew by this word. */
export const topicOf = (route: RouteSpec): string => route.path.split('/')[1] ?? '';

/** Key and function of a query on a route, for `useQuery`, `prefetchQuery` and the query table. */
export function routeQuery<R extends RouteSpec>(route: R, ...[input]: CallArgs<R>) {
  return queryOf(route, input);
}

/** The same for an input that is not known by its type. */
export function queryOf<R extends RouteSpec>(route: R, input: RouteInput<R> | undefined) {
  const queryKey: QueryKey = [topicOf(route), route.path, input ?? null];
  return {
    queryKey,
    queryFn: ({ signal }: { signal: AbortSignal }): Promise<RouteReply<R>> => send(route, input, { signal }),
  };
}

export interface QueryOptions {
  readonly enabled?: boolean;
  readonly refetchInterval?: number;
  readonly staleTime?: number;
}

/** Reads a route, by GET or as a search, and keeps it fresh. The input may be `undefined` where the route needs none. */
export function useRoute<R extends RouteSpec>(
  route: R,
  ...[input, options]: CallArgs<R, QueryOptions>
): UseQueryResult<RouteReply<R>, ApiError> {
  return useQuery<RouteReply<R>, ApiError>({ ...queryOf(route, input), ...options });
}

export interface CommandOptions<Reply> {
  /** Topics to renew after success; by default the route's own. Pass `[]` to renew nothing. */
  readonly renews?: readonly string[];
  readonly onDone?: (reply: Reply) => void;
}

/**
 * A command with its idempotency key. When nobody knows whether the server did it (network, gateway), it is sent
 * again twice with the same key, and pressing the button again with the same input keeps the key too.
 */
export function useCommand<R extends RouteSpec>(
  route: R,
  options: CommandOptions<RouteReply<R>> = {},
): UseMutationResult<RouteReply<R>, ApiError, RouteInput<R>> {
  const client = useQueryClient();
  const open = useRef<OpenAct | null>(null);
  return useMutation<RouteReply<R>, ApiError, RouteInput<R>>({
    mutationFn: (input) => {
      open.current = actFor(open.current, JSON.stringify(input ?? null));
      return send(route, input, { idempotencyKey: open.current.key });
    },
    // Without a network it fails at once and says so, instead of waiting in silence.
    networkMode: 'always',
    retry: (failures, error) => failures < 2 && error instanceof ApiError && error.isRetryable,
    retryDelay: (failures) => 800 * (failures + 1),
    onSuccess: async (reply) => {
      open.current = null;
      options.onDone?.(reply);
      await Promise.all(
        (options.renews ?? [topicOf(route)]).map((topic) => client.invalidateQueries({ queryKey: [topic] })),
      );
    },
    onError: (error) => {
      if (!error.isRetryable) open.current = null;
    },
  });
}

interface OpenAct {
  readonly key: string;
  readonly input: string;
}

/** The same input while the outcome is unknown is the same act; anything else is a new one. */
export function actFor(open: OpenAct | null, input: string): OpenAct {
  return open?.input === input ? open : { key: newKey(), input };
}
