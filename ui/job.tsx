import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { RouteSpec } from '#platform/http/route';
import { api } from './api.tsx';
import { platformEvents, useEvents } from './events.tsx';
import type { ApiError } from './request.tsx';

/** A background job as `GET /api/jobs/:id` replies. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly state: 'queued' | 'running' | 'done' | 'refused' | 'failed';
  readonly progress: {
    readonly done?: number;
    readonly total?: number | null;
    readonly unit?: string;
    readonly step?: string;
    /** When this step began, by the server's clock. */
    readonly since?: number;
  };
  readonly result: unknown;
  readonly error: string | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** How often to ask while a job runs, in case no event arrives. */
const pollMs = 3_000;

export const isOver = (job: Job | undefined): boolean =>
  job !== undefined && job.state !== 'queued' && job.state !== 'running';

/** Follows a job by events and by asking, until it is over. Put its id into the address to survive a reload. */
export function useJob(id: string | null) {
  const client = useQueryClient();
  const queryKey = ['jobs', id] as const;
  const job = useQuery<Job, ApiError>({
    queryKey,
    enabled: id !== null,
    refetchInterval: (query) => (isOver(query.state.data) ? false : pollMs),
    queryFn: async ({ signal }) => {
      const spec = { method: 'GET', path: `/jobs/${id}`, permission: 'signed_in', summary: '' };
      return (await api(spec as RouteSpec, undefined, { signal })) as unknown as Job;
    },
  });
  const renew = () => void client.invalidateQueries({ queryKey });
  useEvents(id !== null && !isOver(job.data) ? platformEvents : null, { job: renew, reconnected: renew });
  return job;
}
