import { useQuery } from '@tanstack/react-query';
import { currentSession } from '#platform/session/contract';
import { ApiError, api } from '#ui/api';

export const sessionKey = ['session', 'me'] as const;

/** The session as the server sees it; `null` when nobody is signed in. */
export function useSessionQuery() {
  return useQuery({
    queryKey: sessionKey,
    staleTime: Number.POSITIVE_INFINITY,
    // Not on focus: a step of signing in may show what is shown only once.
    refetchOnWindowFocus: false,
    queryFn: async ({ signal }) => {
      try {
        return await api(currentSession, undefined, { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
  });
}
