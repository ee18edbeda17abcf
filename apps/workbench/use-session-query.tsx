import { useQuery } from '@tanstack/react-query';
import { ApiError, api } from '#ui/api';
import { sessionRoutes } from './session-routes.ts';

export const sessionKey = ['session', 'me'] as const;

/** The session as the server sees it; `null` when nobody is signed in. */
export function useSessionQuery() {
  return useQuery({
    queryKey: sessionKey,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      try {
        return await api(sessionRoutes.read, undefined, { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
  });
}
